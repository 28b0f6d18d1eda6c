import { Injectable } from '@nestjs/common';
import { Areas, CatalogueItems } from '../catalogue/index.js';
import { Claims } from '../claims/index.js';
import type { Tx } from '../common/db/index.js';
import { fen, type Fen, sumFen } from '../common/money/index.js';
import { type LocalDate, monthOf } from '../common/time/index.js';
import { Roster } from '../enrollment/index.js';
import { Ledger } from '../ledger/index.js';
import { ProviderRegisters } from '../providers/index.js';
import { COUNTIES, POOL } from './domain/geography.js';
import type { DemoPerson } from './domain/people.js';
import type { Region } from './domain/region.js';

/** Who signs for the registers of the demonstration. */
const MAKER = 'clerk';
const SIGNER = 'approver';
/** Credited to an employee's own account each January, in fen. */
const ACCOUNT_CREDIT = { employed: 120_000, retired: 96_000 } as const;
/** Lines of one journal; its line number is a small integer. */
const CREDITS_PER_JOURNAL = 2_000;

/** Writes areas, catalogue, providers, people and what employees have on their own accounts. */
@Injectable()
export class RegisterLoader {
  constructor(
    private readonly areas: Areas,
    private readonly catalogue: CatalogueItems,
    private readonly providers: ProviderRegisters,
    private readonly roster: Roster,
    private readonly claims: Claims,
    private readonly ledger: Ledger,
  ) {}

  async registers(tx: Tx, region: Region): Promise<void> {
    const root = { code: POOL.code, name: POOL.name, level: 'pool' as const, parentCode: null, path: POOL.code };
    const counties = COUNTIES.map(({ code, name }) => ({
      code,
      name,
      level: 'county' as const,
      parentCode: POOL.code,
      path: `${POOL.code}.${code}`,
    }));
    await this.areas.add(tx, [root, ...counties]);
    await this.catalogue.add(tx, region.catalogue);
    await this.providers.insertMany(tx, POOL.code, region.providers.register, { maker: MAKER, signer: SIGNER });
  }

  async people(tx: Tx, region: Region): Promise<void> {
    await this.roster.insertMany(tx, POOL.code, region.people, MAKER);
  }

  /** What the yearly credit to all employees' accounts comes to. */
  creditTotal(region: Region, on: LocalDate): Fen {
    return sumFen(region.people.map((person) => creditOf(person, on) ?? fen(0)));
  }

  /** The yearly credit to employees' accounts: the money moves from premium income to what the fund owes each person. */
  async accountCredits(tx: Tx, region: Region, on: LocalDate): Promise<void> {
    const credits = region.people.flatMap((person) => {
      const amount = creditOf(person, on);
      return amount === null ? [] : [{ personId: person.id, amount }];
    });
    await this.claims.creditAccounts(tx, POOL.code, credits);
    for (let start = 0; start < credits.length; start += CREDITS_PER_JOURNAL) {
      const part = credits.slice(start, start + CREDITS_PER_JOURNAL);
      await this.ledger.post(
        tx,
        {
          poolArea: POOL.code,
          scheme: '310',
          period: monthOf(on),
          postedOn: on,
          sourceKind: 'account-credit',
          sourceId: `${on}-${String(start / CREDITS_PER_JOURNAL + 1)}`,
          memo: '个人账户划入',
          lines: part.map(({ personId, amount }) => ({ debit: '4001', credit: '2101', amount, creditParty: personId })),
        },
        { username: MAKER, poolArea: POOL.code },
      );
    }
  }
}

function creditOf(person: DemoPerson, on: LocalDate): Fen | null {
  const coverage = person.coverages.find(({ scheme, from }) => scheme === '310' && from <= on);
  if (coverage === undefined) return null;
  return fen(coverage.insuredType === 'retired' ? ACCOUNT_CREDIT.retired : ACCOUNT_CREDIT.employed);
}
