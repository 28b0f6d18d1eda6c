import { BootstrapService } from '../identity/index.js';
import { type Command, print, withApplication } from './command.js';

export const bootstrapAdminCommand: Command = {
  name: 'bootstrap-admin',
  about: 'make one-time tokens for the administrators that are missing (printed once)',
  run: () =>
    withApplication(async (app) => {
      const { tokens, file } = await app.get(BootstrapService).createTokens();
      if (tokens.length === 0) {
        print('no administrator is missing; no token was made');
        return 1;
      }
      print('one-time tokens, valid for 24 hours; give each to the person who takes the seat, and to nobody else:');
      for (const { role, token } of tokens) print(`  ${role.padEnd(8)} ${token}`);
      print(`also in ${file} (delete it afterwards)`);
      print('each person uses theirs with POST /api/v1/auth/bootstrap {token, username, displayName, password}');
      return 0;
    }),
};
