import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Transactions } from '../common/db/index.js';
import { type Fen, yuanText } from '../common/money/index.js';
import { Clock, yearOf } from '../common/time/index.js';
import { type Actor, CurrentActor } from '../identity/index.js';
import { WorkplaceDto, YearTableDto, YearTableQueryDto, type YearRowDto } from './dto/reports.dto.js';
import { Workplaces } from './workplace.js';
import { YearsDto, YearsQueryDto } from './dto/years.dto.js';
import { YearsReport } from './years.js';
import { type YearRow, YearTables } from './year-table.js';

@ApiTags('reports')
@ApiBearerAuth()
@Controller('reports')
export class ReportsController {
  constructor(
    private readonly yearTables: YearTables,
    private readonly yearsReport: YearsReport,
    private readonly workplaces: Workplaces,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** Cost and fund payment of a year by scheme, scope, county, level and category, with growth. */
  @Get('year-table')
  @ApiOkResponse({ type: YearTableDto })
  async yearTable(@CurrentActor() actor: Actor, @Query() query: YearTableQueryDto): Promise<YearTableDto> {
    const year = query.year ?? yearOf(this.clock.today());
    const { through, closedThrough, rows } = await this.transactions.read((tx) =>
      this.yearTables.table(tx, actor, year),
    );
    return {
      asOf: this.clock.now().toISOString(),
      year,
      through,
      closedThrough: [...closedThrough],
      scopes: rows.scope.map(shown),
      counties: rows.county.map(shown),
      levels: rows.level.map(shown),
      categories: rows.category.map(shown),
    };
  }

  /** The years of the region one below the other: insured, income, cost and fund payments by scheme, with growth. */
  @Get('years')
  @ApiOkResponse({ type: YearsDto })
  async years(@CurrentActor() actor: Actor, @Query() query: YearsQueryDto): Promise<YearsDto> {
    const { through, rows } = await this.transactions.read((tx) => this.yearsReport.years(tx, actor, query));
    return {
      asOf: this.clock.now().toISOString(),
      through,
      rows: rows.map(({ total, ...row }) => ({
        ...row,
        totalCost: yuanText(total),
        fund: yuanText(row.fund),
        income: yuan(row.income),
        surplus: yuan(row.surplus),
        costPerHead: yuan(row.costPerHead),
      })),
    };
  }

  /** What waits for the user, what is in danger, the figures of the day. */
  @Get('workplace')
  @ApiOkResponse({ type: WorkplaceDto })
  async workplace(@CurrentActor() actor: Actor): Promise<WorkplaceDto> {
    const facts = await this.transactions.read((tx) => this.workplaces.of(tx, actor));
    return {
      asOf: this.clock.now().toISOString(),
      closedMonths: facts.closedMonths,
      todo: facts.todo.map((row) => ({ ...row, amount: yuan(row.amount), since: row.since?.toISOString() ?? null })),
      figures: facts.figures.map((row) => ({ ...row, amount: yuan(row.amount) })),
      warnings: facts.warnings.map((row) => ({ ...row, used: yuan(row.used), budget: yuan(row.budget) })),
    };
  }
}

function shown(row: YearRow): YearRowDto {
  return { ...row, totalCost: yuanText(row.totalCost), fund: yuanText(row.fund) };
}

function yuan(amount: Fen | null): string | null {
  return amount === null ? null : yuanText(amount);
}
