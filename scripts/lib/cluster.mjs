/** A PostgreSQL cluster of Debian's packages in a folder for temporary files, with an archive of its WAL by pgBackRest. */
import { appendFileSync, chownSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, Refusal, run } from './process.mjs';

/** Where Debian keeps the programs of the version that the drill uses. */
export const BIN = '/usr/lib/postgresql/15/bin';

/** One folder with a cluster, its repository and everything pgBackRest writes. */
export class BackedUpCluster {
  /** @param {{folder: string, port: number, owner: {uid?: number, gid?: number}, archiveTimeout: number}} options */
  constructor({ folder, port, owner, archiveTimeout }) {
    Object.assign(this, { folder, port, owner, archiveTimeout });
    this.data = join(folder, 'data');
    this.config = join(folder, 'pgbackrest.conf');
    this.env = {
      ...process.env,
      PGBACKREST_CONFIG: this.config,
      BACKUP_DATA: this.data,
      BACKUP_REPOSITORY: this.#folder('repository'),
      BACKUP_PASSPHRASE_FILE: join(folder, 'backup_passphrase'),
      BACKUP_SOCKET: folder,
      BACKUP_PORT: String(port),
      BACKUP_LOG: this.#folder('log'),
      BACKUP_SPOOL: this.#folder('spool'),
      BACKUP_LOCK: this.#folder('lock'),
    };
    if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
  }

  #folder(name) {
    const path = join(this.folder, name);
    if (!existsSync(path)) mkdirSync(path);
    if (this.owner.uid !== undefined) chownSync(path, this.owner.uid, this.owner.gid);
    return path;
  }

  url(port = this.port) {
    return `postgres://postgres@127.0.0.1:${port}/tongchou`;
  }

  async create() {
    const options = ['--username=postgres', '--auth=trust', '--locale=C.UTF-8', '--encoding=UTF8', '--no-instructions'];
    await this.#must('initdb', join(BIN, 'initdb'), [`--pgdata=${this.data}`, ...options]);
    const archive = `pgbackrest --config=${this.config} --stanza=tongchou archive-push %p`;
    const settings = {
      ...{ listen_addresses: '127.0.0.1', unix_socket_directories: this.folder, jit: 'off', wal_level: 'replica' },
      ...{ archive_mode: 'on', archive_timeout: this.archiveTimeout, archive_command: archive },
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
    appendFileSync(join(this.data, 'postgresql.conf'), lines.join(''));
    await this.start(this.data, this.port);
    await this.#must('createdb', join(BIN, 'createdb'), [
      '-h',
      this.folder,
      '-p',
      String(this.port),
      '-U',
      'postgres',
      'tongchou',
    ]);
  }

  /** Starts a data directory of this folder; returns when it accepts connections and has left recovery. */
  async start(data, port) {
    const args = [
      'start',
      '-w',
      '-t',
      '120',
      '-D',
      data,
      '-l',
      join(this.folder, 'server.log'),
      '-o',
      `-c port=${port}`,
    ];
    await this.#must('pg_ctl start', join(BIN, 'pg_ctl'), args);
  }

  /** `fast` in order, `immediate` as a power cut leaves it. */
  stop(data, mode = 'fast') {
    return run(join(BIN, 'pg_ctl'), ['stop', '-m', mode, '-w', '-D', data], { ...this.owner, cwd: '/' });
  }

  /** One of scripts/backup/*.sh, as the user of the cluster. */
  script(name, ...args) {
    return this.#must(name, 'sh', [join(ROOT, 'scripts', 'backup', `${name}.sh`), ...args]);
  }

  async #must(what, program, args) {
    const { code, output } = await run(program, args, { ...this.owner, cwd: '/', env: this.env });
    if (code !== 0) throw new Refusal(`${what} failed:\n${output.trim().split('\n').slice(-15).join('\n')}`);
    return output;
  }
}
