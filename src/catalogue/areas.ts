import { Injectable } from '@nestjs/common';
import type { Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { catalogueErrors } from './errors.js';

export type AreaLevel = 'pool' | 'county' | 'town' | 'village';

/** A division of the area tree. `path` holds the codes from the root, joined by dots. */
export interface Area {
  readonly code: string;
  readonly name: string;
  readonly level: AreaLevel;
  readonly parentCode: string | null;
  readonly path: string;
}

const COLUMNS = 'code, name, level, parent_code AS "parentCode", path';

/** The area tree (统筹区 → 县 → 乡镇 → 村). */
@Injectable()
export class Areas {
  /** The pool and everything below it, parents before children. */
  list(tx: Tx, poolArea: string): Promise<Area[]> {
    return tx.query<Area>(`SELECT ${COLUMNS} FROM area WHERE path = $1 OR path LIKE $1 || '.%' ORDER BY path`, [
      poolArea,
    ]);
  }

  /** The county that a division of the pool belongs to. Error `catalogue.unknown-area`, also for the pool itself. */
  async getCounty(tx: Tx, poolArea: string, code: string): Promise<Area> {
    const found = await tx.maybe<Area>(
      `SELECT county.code, county.name, county.level, county.parent_code AS "parentCode", county.path
         FROM area here
         JOIN area county ON county.level = 'county' AND (here.path = county.path OR here.path LIKE county.path || '.%')
        WHERE here.code = $2 AND county.path LIKE $1 || '.%'`,
      [poolArea, code],
    );
    if (found === undefined) throw new DomainError(catalogueErrors['unknown-area'], { code });
    return found;
  }

  /** Adds divisions that are missing, parents before children; those that are there stay as they are. */
  async add(tx: Tx, areas: readonly Area[]): Promise<void> {
    await tx.query(
      `INSERT INTO area (code, name, level, parent_code, path)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
       ON CONFLICT ON CONSTRAINT area_pk DO NOTHING`,
      [
        areas.map((area) => area.code),
        areas.map((area) => area.name),
        areas.map((area) => area.level),
        areas.map((area) => area.parentCode),
        areas.map((area) => area.path),
      ],
    );
  }
}
