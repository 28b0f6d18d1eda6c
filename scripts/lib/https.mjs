/** A client that looks at TLS and headers, for the trial of the image. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:tls';

/**
 * @param {{https: number}} ports
 * @param {Buffer} certificate the one that is trusted
 * @param {{path: string, method?: string, body?: object, headers?: object, from?: string}} options `from` is the local address
 */
export function https(ports, certificate, { path, method = 'GET', body, headers = {}, from }) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const json =
    text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  const options = {
    ...{ host: '127.0.0.1', port: ports.https, path, method, ca: certificate, localAddress: from, agent: false },
    headers: { host: 'localhost', ...json, ...headers },
  };
  return new Promise((done, fail) => {
    const request = httpsRequest(options, (response) => {
      const protocol = response.socket.getProtocol();
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => done(answerOf(response, protocol, Buffer.concat(chunks).toString())));
    });
    request.on('error', fail);
    request.end(text);
  });
}

function answerOf({ statusCode, headers }, protocol, text) {
  const isJson = (headers['content-type'] ?? '').includes('json');
  return {
    status: statusCode,
    protocol,
    hsts: headers['strict-transport-security'],
    csp: headers['content-security-policy'] ?? '',
    body: isJson ? JSON.parse(text) : text.slice(0, 200),
  };
}

export function plainHttp(port, path) {
  return new Promise((done, fail) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume();
      done({ status: response.statusCode, location: response.headers.location });
    });
    request.on('error', fail);
    request.end();
  });
}

/** Whether a client that speaks nothing newer than TLS 1.1 is turned away; the client itself is willing. */
export function refusesOldTls(port, certificate) {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1', ca: certificate, servername: 'localhost', ...old });
    socket.once('secureConnect', () => {
      socket.destroy();
      done(false);
    });
    socket.once('error', (error) => done(/alert|protocol/i.test(error.message)));
  });
}
