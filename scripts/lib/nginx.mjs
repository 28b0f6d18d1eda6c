/** Runs the proxy's configuration with a local nginx: other ports, other upstreams, a certificate made on the spot. */
import { spawn } from 'node:child_process';
import { chownSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { Refusal, run, sleep } from './process.mjs';

/** A self-signed certificate for localhost in `folder`. */
async function selfSigned(folder) {
  const [key, certificate] = [join(folder, 'tls_key.pem'), join(folder, 'tls_certificate.pem')];
  const made = await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-sha256', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate],
  ]);
  if (made.code !== 0) throw new Refusal(`openssl made no certificate: ${made.output}`);
  return { key, certificate };
}

/** The committed configuration with what differs on this machine put in; everything else stays as it is shipped. */
async function localConfiguration(folder, text, { http = 8080, https = 8443, upstreams = ['127.0.0.1:3000'], owner }) {
  const { key, certificate } = await selfSigned(folder);
  if (owner?.uid !== undefined) for (const path of [key, certificate]) chownSync(path, owner.uid, owner.gid);
  const servers = upstreams.map((address) => `server ${address} max_fails=1 fail_timeout=3s;`).join('\n    ');
  const replaced = text
    .replaceAll('/tmp/', `${folder}/`)
    .replace(/(\s*server server-\d:3000[^;]*;)+/, `\n    ${servers}`)
    .replace('listen 8080;', `listen 127.0.0.1:${http};`)
    .replace('listen 8443 ssl', `listen 127.0.0.1:${https} ssl`)
    .replace('/run/secrets/tls_certificate', certificate)
    .replace('/run/secrets/tls_key', key)
    .replace('/dev/stdout', join(folder, 'access.log'));
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, replaced);
  return { file, certificate };
}

/** `nginx -t`. */
export async function testConfiguration(folder, text) {
  const { file } = await localConfiguration(folder, text, {});
  return run('nginx', ['-t', '-q', '-e', 'stderr', '-c', file, '-p', folder]);
}

/**
 * Starts nginx in front of servers.
 * @param {string} folder for its files; its user must be able to write there
 * @param {string} text nginx.conf as it is shipped
 * @param {{http: number, https: number, upstreams: string[], owner?: {uid: number, gid: number}}} options
 * @returns {Promise<{certificate: Buffer, accessLog: () => string, stop: () => Promise<void>}>}
 */
export async function startNginx(folder, text, options) {
  const { file, certificate } = await localConfiguration(folder, text, options);
  const args = ['-c', file, '-p', folder, '-e', 'stderr', '-g', 'daemon off;'];
  const child = spawn('nginx', args, { ...options.owner, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const ended = new Promise((done) => child.on('close', done));
  for (let tries = 0; !(await answers(options.https)); tries += 1) {
    if (child.exitCode !== null || tries > 100) throw new Refusal(`nginx did not start: ${errors}`);
    await sleep(50);
  }
  return {
    certificate: readFileSync(certificate),
    accessLog: () => readFileSync(join(folder, 'access.log'), 'utf8'),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function answers(port) {
  return new Promise((done) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}
