import { BootstrapService } from '../identity/index.js';
import { type Command, print, withApplication } from './command.js';

export const bootstrapAdminCommand: Command = {
  name: 'bootstrap-admin',
  about: 'make the one-time token for the first administrator (printed once)',
  run: () =>
    withApplication(async (app) => {
      const made = await app.get(BootstrapService).createToken();
      if (made === undefined) {
        print('an administrator exists already; no token was made');
        return 1;
      }
      print(`one-time token (valid for 24 hours): ${made.token}`);
      print(`also in ${made.file}; use it with POST /api/v1/auth/bootstrap {token, username, displayName, password}`);
      return 0;
    }),
};
