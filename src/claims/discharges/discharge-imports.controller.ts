import { Controller, Get, Header, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { MultipartFields } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { Transactions } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import { type Page, pageOf, PageQueryDto } from '../../common/http/index.js';
import { yuanText } from '../../common/money/index.js';
import { parseMonth } from '../../common/time/index.js';
import { csvText } from '../../exchange/index.js';
import { type Actor, CurrentActor } from '../../identity/index.js';
import { type DischargeFile, DischargeImports } from './discharge-import.service.js';
import { getImport, type ImportRecord, type ImportRow, listImports, listRows } from './discharge-import.store.js';
import { ListRowsDto } from './dto.js';
import { importErrors } from './errors.js';

const MAX_ERRORS = 100_000;
const UPLOAD = {
  type: 'object',
  required: ['institutionId', 'month', 'file'],
  properties: {
    institutionId: { type: 'string', description: 'id or national code of the institution' },
    month: { type: 'string', example: '2026-10' },
    file: { type: 'string', format: 'binary', description: 'CSV (UTF-8 or GB18030) or XLSX' },
  },
};

/** Files of discharges: /api/v1/discharge-imports. */
@ApiTags('discharge-imports')
@Controller('discharge-imports')
export class DischargeImportsController {
  constructor(
    private readonly imports: DischargeImports,
    private readonly transactions: Transactions,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: UPLOAD })
  @ApiOperation({ summary: 'Takes a file; the answer says how many rows can be read, the job settles them' })
  async upload(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): Promise<object> {
    const record = await this.imports.stage(actor, await fileOf(request));
    if (record.state !== 'done') this.imports.executeInBackground(record);
    return viewOf(record);
  }

  @Get()
  @ApiOperation({ summary: 'Imports, newest first' })
  async list(@CurrentActor() actor: Actor, @Query() query: PageQueryDto): Promise<Page<object>> {
    const { limit, after } = pageOf.query(query, 1);
    const rows = await this.transactions.read((tx) => listImports(tx, actor, { limit, after: after?.[0] }));
    return pageOf.page(rows, limit, (row) => [row.id], viewOf);
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far an import is, with its sums per scheme' })
  async get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<object> {
    return viewOf(await this.transactions.read((tx) => getImport(tx, actor, id)));
  }

  @Get(':id/rows')
  @ApiOperation({ summary: 'Rows of the file and what became of each' })
  async rows(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() query: ListRowsDto,
  ): Promise<Page<ImportRow>> {
    const { limit, after } = pageOf.query(query, 1);
    const rows = await this.transactions.read(async (tx) => {
      await getImport(tx, actor, id);
      return listRows(tx, actor, id, { state: query.state, after: Number(after?.[0] ?? 0), limit });
    });
    return pageOf.page(
      rows,
      limit,
      (row) => [String(row.rowNo)],
      (row) => row,
    );
  }

  @Get(':id/errors.csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', `attachment; filename="errors.csv"; filename*=UTF-8''errors.csv`)
  @ApiProduces('text/csv')
  @ApiOperation({ summary: 'Every fault of the file: row, column, value, reason and remedy' })
  errors(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<string> {
    return this.transactions.read(async (tx) => {
      await getImport(tx, actor, id);
      return errorsCsv(await listRows(tx, actor, id, { state: 'error', after: 0, limit: MAX_ERRORS }));
    });
  }
}

/** The faults as CSV, one line each, in Chinese and English. */
export function errorsCsv(rows: readonly ImportRow[]): string {
  return csvText(
    ['行 row', '病例号 case', '列 column', '值 value', '原因', '处理办法', 'reason', 'remedy'],
    rows.flatMap(({ rowNo, cells, faults }) =>
      faults.map(({ column, value, reason, remedy }) => [
        ...[String(rowNo), cells['caseNo'] ?? '', column, value],
        ...[reason.zh, remedy.zh, reason.en, remedy.en],
      ]),
    ),
  );
}

async function fileOf(request: FastifyRequest): Promise<DischargeFile> {
  if (!request.isMultipart()) throw new DomainError(importErrors['no-file']);
  const part = await request.file();
  if (part === undefined) throw new DomainError(importErrors['no-file']);
  const bytes = await part.toBuffer();
  const institution = fieldOf(part.fields, 'institutionId');
  const month = parseMonth(fieldOf(part.fields, 'month'));
  // The client's file name is data to show, never a path.
  return { institution, month, bytes, fileName: part.filename.slice(0, 200) };
}

function fieldOf(fields: MultipartFields, name: string): string {
  const field = fields[name];
  if (field === undefined || Array.isArray(field) || field.type !== 'field' || typeof field.value !== 'string') {
    throw new DomainError(importErrors['no-file']);
  }
  return field.value.trim();
}

function viewOf(record: ImportRecord): object {
  return {
    ...record,
    schemes: record.schemes.map((sum) => ({
      ...sum,
      total: yuanText(sum.total),
      importedTotal: yuanText(sum.importedTotal),
    })),
  };
}
