/**
 * The server's image without a container engine: a folder laid out as deploy/Dockerfile says. Stages are folders, COPY
 * copies, RUN runs. What Docker adds – layers, isolation, the base image – is not tried.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { instructionsOf } from './dockerfile.mjs';
import { Refusal, ROOT, run, say } from './process.mjs';

/** What a short trial takes from the clone instead of installing and building it again. */
const FROM_CLONE = { '/src/node_modules': 'node_modules', '/src/dist': 'dist', '/src/console/dist': 'console/dist' };

/**
 * @typedef {object} Image
 * @property {string} app working directory of the last stage
 * @property {Record<string, string>} env of the last stage
 * @property {string[]} command
 * @property {string[]} healthcheck
 * @property {string} user
 */

/**
 * @param {string} folder an empty folder
 * @param {{install: boolean}} options `install` runs every RUN (npm ci, builds); otherwise the clone's own packages and
 *   builds stand in for the two building stages
 * @returns {Promise<Image>}
 */
export async function assembleImage(folder, { install }) {
  const image = { app: '', env: {}, command: [], healthcheck: [], user: 'root' };
  let stage = '';
  let workdir = '/';
  const at = (path) => join(folder, stage, path.startsWith('/') ? path : join(workdir, path));
  for (const { keyword, value } of instructionsOf(readFileSync(join(ROOT, 'deploy', 'Dockerfile'), 'utf8'))) {
    const last = stage === 'last';
    if (keyword === 'FROM') {
      stage = / AS (\w+)/.exec(value)?.[1] ?? 'last';
      workdir = '/';
    } else if (keyword === 'WORKDIR') {
      workdir = value;
      mkdirSync(at('.'), { recursive: true });
    } else if (keyword === 'COPY' && (install || last)) copy(value, { folder, at, install });
    else if (keyword === 'RUN' && install && !last) await runStep(value, at('.'));
    else if (last) describe(image, keyword, value);
  }
  image.app = at('.');
  return image;
}

function copy(value, { folder, at, install }) {
  const words = value.split(/\s+/);
  const stage = /^--from=(\w+)$/.exec(words[0])?.[1];
  const sources = words.slice(stage === undefined ? 0 : 1, -1);
  const target = words.at(-1);
  for (const source of sources) {
    // Many sources, or one into a folder: each keeps its name. Docker copies what is in a folder, not the folder.
    const to = target.endsWith('/') ? at(join(target, basename(source))) : at(target);
    if (stage !== undefined && !install) {
      mkdirSync(join(to, '..'), { recursive: true });
      symlinkSync(join(ROOT, FROM_CLONE[source]), to);
    } else {
      const from = stage === undefined ? join(ROOT, source) : join(folder, stage, source);
      if (!existsSync(from)) throw new Refusal(`The Dockerfile copies ${source}, which is not there.`);
      cpSync(from, to, { recursive: true, filter: (path) => stage !== undefined || !isKeptOut(path) });
    }
  }
}

/** The last lines of .dockerignore: what is built and installed on this machine does not go into the image. */
function isKeptOut(path) {
  return ['console/node_modules', 'console/dist'].some((kept) => path === join(ROOT, kept));
}

async function runStep(command, cwd) {
  say(`RUN ${command}`);
  const env = { ...process.env, SCARF_ANALYTICS: 'false', npm_config_loglevel: 'error' };
  delete env.NODE_ENV;
  for (const name of Object.keys(env)) if (/^npm_(?!config_(registry|loglevel|cache))/.test(name)) delete env[name];
  const { code, output } = await run('sh', ['-ec', command], { cwd, env });
  if (code !== 0) throw new Refusal(`RUN ${command} failed:\n${output.trim().split('\n').slice(-20).join('\n')}`);
}

function describe(image, keyword, value) {
  if (keyword === 'ENV') {
    for (const [, name, text] of value.matchAll(/(\w+)=(\S+)/g)) image.env[name] = text;
  } else if (keyword === 'CMD') image.command = JSON.parse(value);
  else if (keyword === 'HEALTHCHECK') image.healthcheck = JSON.parse(value.slice(value.indexOf('CMD ') + 4));
  else if (keyword === 'USER') image.user = value;
}
