import { Controller, Get, Param, ParseUUIDPipe, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { attachment, ChoiceField, MonthField } from '../../common/http/index.js';
import { parseMonth } from '../../common/time/index.js';
import { type Actor, CurrentActor } from '../../identity/index.js';
import { type Scheme, SCHEMES } from '../domain/types.js';
import { type IssuedFile, Papers } from './papers.service.js';

const PDF = 'application/pdf';
const CSV = 'text/csv; charset=utf-8';
const FILE = { schema: { type: 'string', format: 'binary' } };

export class BankFileDto {
  @ChoiceField(SCHEMES)
  scheme: Scheme;

  @MonthField({ about: 'the month paid for; December for orders of a clearing' })
  period: string;
}

/** Papers to be printed, filed and sent: they say what the records say and change nothing. */
@ApiTags('payment')
@ApiBearerAuth()
@Controller()
export class PapersController {
  constructor(private readonly papers: Papers) {}

  @Get('month-settlements/:id/lines/:providerId/sheet.pdf')
  @ApiOperation({ summary: 'Settlement sheet of a provider (月度结算单); marked as a trial until the month is closed' })
  @ApiProduces(PDF)
  @ApiOkResponse(FILE)
  async monthSheet(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Param('providerId', ParseUUIDPipe) providerId: string,
  ): Promise<StreamableFile> {
    return download(await this.papers.monthSheet(actor, id, providerId), PDF);
  }

  @Get('clearings/:id/lines/:providerId/letter.pdf')
  @ApiOperation({ summary: 'Letter on the annual clearing of a provider (年终清算通知书)' })
  @ApiProduces(PDF)
  @ApiOkResponse(FILE)
  async clearingLetter(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Param('providerId', ParseUUIDPipe) providerId: string,
  ): Promise<StreamableFile> {
    return download(await this.papers.clearingLetter(actor, id, providerId), PDF);
  }

  @Get('payment-orders/bank-file.csv')
  @ApiOperation({ summary: 'Bank payment file of a scheme and month: orders signed off or sent, with a trailer' })
  @ApiProduces('text/csv')
  @ApiOkResponse(FILE)
  async bankFile(@CurrentActor() actor: Actor, @Query() query: BankFileDto): Promise<StreamableFile> {
    return download(await this.papers.bankFile(actor, query.scheme, parseMonth(query.period)), CSV);
  }

  @Get('payment-orders/:id/voucher.pdf')
  @ApiOperation({ summary: 'Payment voucher (付款凭证); says so when it is not signed off or was returned' })
  @ApiProduces(PDF)
  @ApiOkResponse(FILE)
  async voucher(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<StreamableFile> {
    return download(await this.papers.voucher(actor, id), PDF);
  }
}

function download({ name, bytes }: IssuedFile, type: string): StreamableFile {
  return new StreamableFile(bytes, { type, disposition: attachment(name), length: bytes.length });
}
