import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, PageQueryDto, TextField } from '../../common/http/index.js';

export class AreaDto {
  @ApiProperty()
  code: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ enum: ['pool', 'county', 'town', 'village'] })
  level: string;

  @ApiProperty({ type: String, nullable: true })
  parentCode: string | null;
}

export class CatalogueQueryDto extends PageQueryDto {
  @TextField({ max: 50, optional: true, about: 'part of the name, or the beginning of the code' })
  q?: string;

  @ChoiceField(['drug', 'service', 'consumable'], { optional: true })
  kind?: string;

  @ChoiceField(['A', 'B', 'C'], { optional: true, about: '甲 A, 乙 B, 丙 C' })
  class?: string;
}

export class CeilingDto {
  @ApiProperty({ enum: ['tertiary', 'secondary', 'primary'] })
  priceLevel: string;

  @ApiProperty({ example: '12.50', description: 'yuan per unit' })
  ceiling: string;
}

export class CatalogueItemDto {
  @ApiProperty()
  code: string;

  @ApiProperty({ enum: ['drug', 'service', 'consumable'] })
  kind: string;

  @ApiProperty()
  name: string;

  @ApiProperty()
  unit: string;

  @ApiProperty({ enum: ['A', 'B', 'C'] })
  class: string;

  @ApiProperty({ example: '0.1000', description: 'share the person pays first' })
  selfpayRate: string;

  @ApiProperty({ example: '12.50', description: 'yuan per unit' })
  referencePrice: string;

  @ApiProperty({ type: String, nullable: true })
  special: string | null;

  @ApiProperty({ format: 'date' })
  validFrom: string;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  validTo: string | null;

  @ApiProperty({ type: [CeilingDto] })
  ceilings: CeilingDto[];
}

export class CatalogueItemPageDto {
  @ApiProperty({ type: [CatalogueItemDto] })
  items: CatalogueItemDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
