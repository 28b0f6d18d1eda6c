import { Settings } from '../common/config/index.js';
import { makeServerLogin } from '../server-login.js';
import { type Command, print } from './command.js';

export const serverLoginCommand: Command = {
  name: 'server-login',
  about: 'make the login that DATABASE_URL names, as the owner of MIGRATE_DATABASE_URL; it may work and nothing else',
  async run() {
    const { databaseUrl, ownerDatabaseUrl } = new Settings(process.env);
    if (databaseUrl === '') throw new Error('DATABASE_URL is not set');
    const { login, made } = await makeServerLogin(databaseUrl, ownerDatabaseUrl);
    print(`${made ? 'made' : 'renewed'} the login ${login}, a member of tongchou_app and of nothing else`);
    return 0;
  },
};
