import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { type Page, pageOf } from '../common/http/index.js';
import { yuanText } from '../common/money/index.js';
import { type Actor, CurrentActor } from '../identity/index.js';
import { Areas } from './areas.js';
import { CatalogueItems, type CatalogueRecord } from './catalogue-items.js';
import { AreaDto, CatalogueItemDto, CatalogueItemPageDto, CatalogueQueryDto } from './dto/catalogue.dto.js';
import { catalogueErrors } from './errors.js';

@ApiTags('catalogue')
@ApiBearerAuth()
@Controller()
export class CatalogueController {
  constructor(
    private readonly areas: Areas,
    private readonly items: CatalogueItems,
    private readonly transactions: Transactions,
  ) {}

  /** The area tree of the pool, parents before children. */
  @Get('areas')
  @ApiOkResponse({ type: [AreaDto] })
  async areaTree(@CurrentActor() actor: Actor): Promise<AreaDto[]> {
    const areas = await this.transactions.read((tx) => this.areas.list(tx, actor.poolArea));
    return areas.map(({ code, name, level, parentCode }) => ({ code, name, level, parentCode }));
  }

  /** Items of the catalogue by code. */
  @Get('catalogue-items')
  @ApiOkResponse({ type: CatalogueItemPageDto })
  async list(@Query() query: CatalogueQueryDto): Promise<Page<CatalogueItemDto>> {
    const page = pageOf.query(query, 1);
    const rows = await this.transactions.read((tx) => this.items.list(tx, query, page));
    return pageOf.page(rows, page.limit, (row) => [row.code], shown);
  }

  @Get('catalogue-items/:code')
  @ApiOkResponse({ type: CatalogueItemDto })
  async get(@Param('code') code: string): Promise<CatalogueItemDto> {
    const [found] = await this.transactions.read((tx) => this.items.list(tx, { code }, { limit: 1, after: undefined }));
    if (found === undefined) throw new DomainError(catalogueErrors['item-not-found'], { code: code.slice(0, 40) });
    return shown(found);
  }
}

function shown(item: CatalogueRecord): CatalogueItemDto {
  const { referencePrice, ceilings, ...rest } = item;
  return {
    ...rest,
    referencePrice: yuanText(referencePrice),
    ceilings: ceilings.map(({ priceLevel, ceiling }) => ({ priceLevel, ceiling: yuanText(ceiling) })),
  };
}
