import { Settings } from '../common/config/index.js';
import { migrateDatabase } from '../data-source.js';
import { type Command, print } from './command.js';

export const migrateCommand: Command = {
  name: 'migrate',
  about: 'bring the database to the newest schema',
  async run() {
    const { databaseUrl } = new Settings(process.env);
    if (databaseUrl === '') throw new Error('DATABASE_URL is not set');
    const done = await migrateDatabase(databaseUrl);
    print(done.length === 0 ? 'the schema is up to date' : `migrated: ${done.join(', ')}`);
    return 0;
  },
};
