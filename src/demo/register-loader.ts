import { Injectable } from '@nestjs/common';
import { Areas, CatalogueItems } from '../catalogue/index.js';
import { ProviderRegisters } from '../providers/index.js';
import { COUNTIES, POOL } from './domain/geography.js';
import type { Region } from './domain/region.js';
import { DemoSteps } from './demo-steps.js';

/** Who signs for the registers of the demonstration. */
const MAKER = 'clerk';
const SIGNER = 'approver';

/** Writes areas, catalogue and providers. */
@Injectable()
export class RegisterLoader {
  constructor(
    private readonly steps: DemoSteps,
    private readonly areas: Areas,
    private readonly catalogue: CatalogueItems,
    private readonly providers: ProviderRegisters,
  ) {}

  async load(region: Region): Promise<void> {
    await this.steps.once(POOL.code, 'registers', region.recipe.today, async (tx) => {
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
    });
  }
}
