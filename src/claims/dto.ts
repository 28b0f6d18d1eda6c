import { ChoiceField, IdField, MonthField, PageQueryDto, TextField } from '../common/http/index.js';

/** Filters of the list of settlements. */
export class ListSettlementsDto extends PageQueryDto {
  @IdField({ optional: true })
  providerId?: string;

  @IdField({ optional: true })
  personId?: string;

  @MonthField({ optional: true, about: 'the month the settlement is booked in' })
  month?: string;

  @ChoiceField(['310', '390'], { optional: true })
  scheme?: string;

  @TextField({ max: 64, optional: true })
  billNo?: string;
}

/** Language of an explanation. */
export class ExplainQueryDto {
  @ChoiceField(['zh', 'en'], { optional: true, about: 'left out = by Accept-Language' })
  lang?: 'zh' | 'en';
}

/** Why a settlement is taken back. */
export class ReverseDto {
  @TextField({ max: 500, about: 'reason, kept with the reversal' })
  reason: string;
}
