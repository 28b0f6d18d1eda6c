import 'reflect-metadata';
import { commands } from './cli/commands.js';
import { rootLogger } from './common/logging/index.js';

/** `node dist/cli.js <command> [options]`: 0 on success, 1 on failure or on a difference found, 2 on wrong use. */
async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    process.stdout.write(`${usage()}\n`);
    return name === undefined || name === 'help' || name === '--help' ? 0 : 2;
  }
  return command.run(rest);
}

function usage(): string {
  const lines = commands.map(({ name, usage: args = '', about }) => `  ${`${name} ${args}`.padEnd(58)} ${about}`);
  return ['usage: node dist/cli.js <command>', '', ...lines].join('\n');
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    rootLogger().error({ stack }, message);
    process.stderr.write(`${message}\n`);
    process.exitCode = 1;
  },
);
