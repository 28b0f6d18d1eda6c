import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../identity/index.js';
import { WorkplaceDto } from './workplace/workplace.dto.js';
import { Workplaces } from './workplace/workplace.service.js';
import { YearTableDto, YearTableQueryDto } from './year-table/year-table.dto.js';
import { YearTables } from './year-table/year-table.service.js';

@ApiTags('reports')
@ApiBearerAuth()
@Controller('reports')
export class ReportsController {
  constructor(
    private readonly yearTables: YearTables,
    private readonly workplaces: Workplaces,
  ) {}

  /** Cost and fund payments by year with growth (年度总表), cut by scope, county, level or category. */
  @Get('year-table')
  @ApiOkResponse({ type: YearTableDto })
  yearTable(@CurrentActor() actor: Actor, @Query() query: YearTableQueryDto): Promise<YearTableDto> {
    return this.yearTables.table(actor, query.by ?? 'scope', query.from);
  }

  /** The workplace of the signed-in person: what waits, key figures, warnings. */
  @Get('workplace')
  @ApiOkResponse({ type: WorkplaceDto })
  workplace(@CurrentActor() actor: Actor): Promise<WorkplaceDto> {
    return this.workplaces.of(actor);
  }
}
