import { Settings } from '../common/config/index.js';
import { migrateDatabase } from '../data-source.js';
import { type Command, print } from './command.js';

export const migrateCommand: Command = {
  name: 'migrate',
  about: 'bring the database to the newest schema',
  async run() {
    const { ownerDatabaseUrl } = new Settings(process.env);
    if (ownerDatabaseUrl === '') throw new Error('neither MIGRATE_DATABASE_URL nor DATABASE_URL is set');
    const done = await migrateDatabase(ownerDatabaseUrl, { guardServers: true });
    print(done.length === 0 ? 'the schema is up to date' : `migrated: ${done.join(', ')}`);
    return 0;
  },
};
