import { FlagField, IntegerField, ListField, TextField } from '../../common/http/index.js';

export class DifferenceDto {
  @TextField({ max: 500, about: 'what it is about' })
  subject: string;

  @TextField({ max: 500, min: 0 })
  expected: string;

  @TextField({ max: 500, min: 0 })
  found: string;
}

export class FindingDto {
  @TextField({ max: 5 })
  code: string;

  @TextField({ max: 200 })
  zh: string;

  @TextField({ max: 200 })
  en: string;

  @IntegerField({ min: 0, max: 2_000_000_000, about: 'how many differences there are' })
  count: number;

  @ListField(() => DifferenceDto, { max: 10, about: 'the first of them' })
  examples: DifferenceDto[];
}

export class ReconciliationDto {
  @TextField({ max: 6 })
  poolArea: string;

  @FlagField({ about: 'whether every invariant holds' })
  consistent: boolean;

  @ListField(() => FindingDto, { max: 200 })
  findings: FindingDto[];
}
