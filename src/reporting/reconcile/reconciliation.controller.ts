import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../identity/index.js';
import { ReconciliationDto } from './reconciliation.dto.js';
import { Reconciliation } from './reconciliation.js';

@ApiTags('reconciliation')
@ApiBearerAuth()
@Controller('reconciliation')
export class ReconciliationController {
  constructor(private readonly reconciliation: Reconciliation) {}

  /** Proves the invariants of the pool from its rows; `npm run reconcile` does the same. */
  @Get()
  @ApiOkResponse({ type: ReconciliationDto })
  async check(@CurrentActor() actor: Actor): Promise<ReconciliationDto> {
    const findings = await this.reconciliation.check(actor.poolArea);
    return {
      poolArea: actor.poolArea,
      consistent: findings.every(({ count }) => count === 0),
      findings: findings.map(({ invariant: { code, zh, en }, count, examples }) => ({
        code,
        zh,
        en,
        count,
        examples: [...examples],
      })),
    };
  }
}
