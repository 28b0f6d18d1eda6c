import { Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Settings } from '../common/config/index.js';
import { Transactions, type Tx } from '../common/db/index.js';
import { fen, rate } from '../common/money/index.js';
import type { LocalDate } from '../common/time/index.js';
import {
  type CatalogueItem,
  CatalogueSnapshot,
  type ItemClass,
  type ItemKind,
  type PriceLevel,
} from './domain/snapshot.js';

const CHANNEL = 'catalogue_changed';
const RECONNECT_PAUSE_MS = 2_000;

interface ItemRow {
  code: string;
  kind: ItemKind;
  name: string;
  unit: string;
  class: ItemClass;
  selfpay_rate: string;
  special: string | null;
  valid_from: LocalDate;
  valid_to: LocalDate | null;
  ceilings: Record<string, string> | null;
}

/**
 * The catalogue in memory, for settlement: read once, then again whenever the database says (NOTIFY at commit) that it
 * changed. A settlement stores no version of its own: the lines carry what was looked up.
 */
@Injectable()
export class Catalogue implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Catalogue.name);
  private current = new CatalogueSnapshot(0n, []);
  private loading: Promise<void> | null = null;
  private stale = false;
  private listener: pg.Client | null = null;
  private retry: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly transactions: Transactions,
    private readonly settings: Settings,
  ) {}

  /** The catalogue of the newest version this process has read. Cheap: no database. */
  snapshot(): CatalogueSnapshot {
    return this.current;
  }

  /** Reads the catalogue now if its version moved on; calls that come together share one read. */
  async refresh(): Promise<CatalogueSnapshot> {
    this.stale = true;
    while (this.stale || this.loading !== null) {
      if (this.loading === null) {
        this.stale = false;
        this.loading = this.load().finally(() => {
          this.loading = null;
        });
      }
      await this.loading;
    }
    return this.current;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
    await this.listen();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.retry !== null) clearTimeout(this.retry);
    const listener = this.listener;
    this.listener = null;
    await listener?.end();
  }

  private async load(): Promise<void> {
    const next = await this.transactions.read(async (tx) => {
      const { version } = await tx.one<{ version: bigint }>('SELECT version FROM catalogue_version WHERE id = 1');
      return version === this.current.version ? null : new CatalogueSnapshot(version, await readItems(tx));
    });
    if (next !== null && next.version > this.current.version) this.current = next;
  }

  // A connection of its own: a pooled one goes back to other work and would lose the subscription.
  private async listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.settings.databaseUrl,
      options: '-c role=tongchou_app',
      application_name: `tongchou ${this.settings.processId} catalogue`,
      connectionTimeoutMillis: 2_000,
      keepAlive: true,
    });
    const lost = (reason: string): void => {
      if (this.listener === client) this.listener = null;
      this.later(`catalogue listener lost (${reason})`, () => this.listen());
    };
    client.on('error', (error) => {
      lost(error.message);
    });
    client.on('notification', () => {
      this.refreshQuietly();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      lost(error instanceof Error ? error.message : 'cannot connect');
      await client.end().catch(() => undefined);
      return;
    }
    this.listener = client;
    // What was announced while nobody listened is found by its version.
    this.refreshQuietly();
  }

  private refreshQuietly(): void {
    this.refresh().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : 'unknown';
      this.later(`catalogue not refreshed (${reason})`, () => {
        this.refreshQuietly();
        return Promise.resolve();
      });
    });
  }

  // One pending attempt at a time is enough: whatever succeeds first ends with a fresh snapshot.
  private later(why: string, work: () => Promise<void>): void {
    if (this.stopped || this.retry !== null) return;
    this.logger.warn(`${why}, trying again`);
    this.retry = setTimeout(() => {
      this.retry = null;
      void work();
    }, RECONNECT_PAUSE_MS);
    this.retry.unref();
  }
}

async function readItems(tx: Tx): Promise<CatalogueItem[]> {
  const rows = await tx.query<ItemRow>(
    `SELECT i.code, i.kind, i.name, i.unit, i.class, i.selfpay_rate, i.special,
            lower(i.valid) AS valid_from, upper(i.valid) AS valid_to, c.ceilings
       FROM catalogue_item i
       LEFT JOIN (SELECT item_code, jsonb_object_agg(price_level, ceiling_fen::text) AS ceilings
                    FROM catalogue_ceiling GROUP BY item_code) c ON c.item_code = i.code`,
  );
  return rows.map((row) => ({
    code: row.code,
    kind: row.kind,
    name: row.name,
    unit: row.unit,
    class: row.class,
    selfpayRate: rate(row.selfpay_rate),
    ceilings: Object.fromEntries(
      Object.entries(row.ceilings ?? {}).map(([level, text]) => [level as PriceLevel, fen(BigInt(text))]),
    ),
    special: row.special,
    validFrom: row.valid_from,
    validTo: row.valid_to,
  }));
}
