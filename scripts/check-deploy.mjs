/**
 * The files of deploy/ without a container engine: Dockerfiles and compose file linted, what they copy or mount is
 * there and let in by .dockerignore, their versions are the program's, secrets stand in no environment, nginx accepts
 * its configuration (where an nginx can be had).
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { ensureDebian } from './lib/debian.mjs';
import { instructionsOf } from './lib/dockerfile.mjs';
import { testConfiguration } from './lib/nginx.mjs';
import { ROOT, say } from './lib/process.mjs';

const DEPLOY = join(ROOT, 'deploy');
const DOCKERFILES = ['Dockerfile', 'database.Dockerfile'];
const faults = [];
const read = (file) => readFileSync(join(ROOT, file), 'utf8');

function checkDockerfile(name) {
  const text = readFileSync(join(DEPLOY, name), 'utf8');
  for (const { range, message } of validate(text)) faults.push(`${name}:${range.start.line + 1} ${message}`);
  const instructions = instructionsOf(text);
  const last = instructions.slice(instructions.findLastIndex(({ keyword }) => keyword === 'FROM'));
  const has = (keyword) => last.some((each) => each.keyword === keyword);
  for (const keyword of ['USER', 'STOPSIGNAL', 'LABEL']) if (!has(keyword)) faults.push(`${name} has no ${keyword}`);
  if (/^USER (root|0)\b/m.test(text)) faults.push(`${name} runs as root`);
  for (const { keyword, value } of instructions) {
    if (keyword === 'ARG' && /_IMAGE=/.test(value) && !/_IMAGE=\S+:\d+\.\d+/.test(value))
      faults.push(`${name}: ${value} has no exact version`);
    if (['ENV', 'ARG'].includes(keyword) && /PASSWORD|SECRET|DATABASE_URL|KEY/.test(value))
      faults.push(`${name}: a secret in ${keyword}`);
  }
}

/** What the build context holds, by the rules of .dockerignore as they are written here: all out, some in, some out again. */
function checkContext() {
  const rules = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (rules[0] !== '*') faults.push('.dockerignore must begin with *: what is not named stays outside');
  const letIn = new Set(rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1)));
  for (const { keyword, value } of instructionsOf(read('deploy/Dockerfile'))) {
    if (keyword !== 'COPY' || value.startsWith('--from')) continue;
    for (const source of value.split(/\s+/).slice(0, -1)) {
      if (!existsSync(join(ROOT, source))) faults.push(`Dockerfile copies ${source}, which is not there`);
      if (!letIn.has(source) && !letIn.has(source.split('/')[0]))
        faults.push(`Dockerfile copies ${source}, which .dockerignore keeps out`);
    }
  }
}

async function checkCompose() {
  const file = join(DEPLOY, 'compose.yaml');
  const { rules } = parse(readFileSync(join(DEPLOY, '.dclintrc.yaml'), 'utf8'));
  const linter = new DCLinter({ rules, quiet: false, debug: false, exclude: [] });
  for (const { messages } of linter.lintFiles([file], false))
    for (const { line, message } of messages) faults.push(`compose.yaml:${line} ${message}`);
  const compose = parse(readFileSync(file, 'utf8'), { merge: true });
  for (const [name, service] of Object.entries(compose.services)) {
    checkService(name, service, compose);
  }
}

function checkService(name, service, { secrets, volumes }) {
  for (const [key, value] of Object.entries(service.environment ?? {})) {
    if (/PASSWORD|SECRET|DATABASE_URL/.test(key) && !/_FILE$/.test(key))
      faults.push(`compose.yaml: ${name} has ${key} in its environment`);
    const secret = /^\/run\/secrets\/(.+)$/.exec(String(value))?.[1];
    if (secret !== undefined && !service.secrets?.includes(secret))
      faults.push(`compose.yaml: ${name} reads the secret ${secret}, which it is not given`);
  }
  for (const secret of service.secrets ?? [])
    if (secrets[secret] === undefined) faults.push(`compose.yaml: ${name} asks for a secret ${secret}`);
  for (const volume of service.volumes ?? []) {
    const [source] = volume.split(':');
    if (source.startsWith('.')) {
      if (!source.startsWith('./secrets/') && !existsSync(join(DEPLOY, source)))
        faults.push(`compose.yaml: ${name} mounts ${source}, which is not there`);
    } else if (!(source in volumes)) faults.push(`compose.yaml: ${name} mounts an unknown volume ${source}`);
  }
  if (service.image !== undefined && !/:v?\d+\.\d+/.test(service.image))
    faults.push(`compose.yaml: ${name} has no exact version: ${service.image}`);
}

function checkVersions() {
  const { version } = JSON.parse(read('package.json'));
  const label = /image\.version="([^"]+)"/.exec(read('deploy/Dockerfile'))?.[1];
  const image = /image: tongchou:(\S+)/.exec(read('deploy/compose.yaml'))?.[1];
  for (const [where, found] of Object.entries({ Dockerfile: label, 'compose.yaml': image }))
    if (found !== version) faults.push(`${where} says version ${found}, package.json ${version}`);
}

async function checkNginx() {
  if (!(await ensureDebian(['nginx-light'], ['nginx']))) {
    say('The configuration of the proxy is not tried: no nginx was found and none could be installed.');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-nginx-'));
  try {
    const { code, output } = await testConfiguration(folder, read('deploy/nginx/nginx.conf'));
    if (code !== 0) faults.push(`nginx refuses its configuration: ${output.trim()}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const name of DOCKERFILES) checkDockerfile(name);
checkContext();
await checkCompose();
checkVersions();
await checkNginx();
for (const fault of faults) say(fault);
say(`deploy/: ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
