/**
 * @fastify/static requires `content-disposition`, which is an ES module. Node does that since 20.19, Jest's module loader
 * does not; so its own source is compiled here. Mapped in jest.config.js.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

const file = join(__dirname, '../../node_modules/content-disposition/dist/index.js');
const { code } = transformSync(readFileSync(file, 'utf8'), { module: { type: 'commonjs' }, jsc: { target: 'es2022' } });
const compiled = { exports: {} };
new Function('exports', 'require', 'module', code)(compiled.exports, require, compiled);
module.exports = compiled.exports;
