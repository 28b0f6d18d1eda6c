import {
  AmountField,
  ChoiceField,
  FlagField,
  IdField,
  IntegerField,
  ListField,
  MonthField,
  PageQueryDto,
  ReasonField,
  TextField,
} from '../../common/http/index.js';
import { ORDER_STATES } from '../domain/lifecycle.js';
import { type Scheme, SCHEMES } from '../domain/types.js';

const YEAR = { min: 2000, max: 2099 } as const;
const RUN_STATES = ['running', 'trial', 'submitted', 'reviewed', 'approved', 'returned', 'closed'];
const SHARE = /^(0(\.\d{1,6})?|1(\.0{1,6})?)$/;
const FACTOR = /^(0|[1-9]\d?)(\.\d{1,6})?$/;

export class OpinionDto {
  @TextField({ max: 2000, min: 0, optional: true })
  opinion?: string;
}

export class ReturnDto {
  @TextField({ max: 2000, about: 'why it is returned' })
  opinion: string;
}

export class ReasonDto {
  @TextField({ min: 2, max: 500 })
  reason: string;
}

export class RevealDto {
  @ReasonField()
  reason: string;
}

export class BudgetListDto extends PageQueryDto {
  @ChoiceField(SCHEMES, { optional: true })
  scheme?: Scheme;

  @IntegerField({ ...YEAR, optional: true, fromText: true })
  year?: number;
}

export class SchemeYearDto {
  @ChoiceField(SCHEMES)
  scheme: Scheme;

  @IntegerField(YEAR)
  year: number;
}

export class NegotiateDto {
  @AmountField({ optional: true, about: 'the negotiated amount; left out = back to the formula' })
  amount?: string;

  @TextField({ min: 2, max: 500 })
  reason: string;
}

export class NegotiatedDto {
  @IdField()
  providerId: string;

  @AmountField()
  amount: string;
}

export class BudgetWhatIfDto {
  @AmountField({ optional: true })
  income?: string;

  @TextField({ max: 9, pattern: FACTOR, optional: true, about: 'growth factor of every provider, e.g. "1.05"' })
  growth?: string;

  @TextField({ max: 9, pattern: SHARE, optional: true })
  reserveRate?: string;

  @ListField(() => NegotiatedDto, { max: 500, optional: true })
  negotiated?: NegotiatedDto[];
}

export class MonthListDto extends PageQueryDto {
  @ChoiceField(SCHEMES, { optional: true })
  scheme?: Scheme;

  @IntegerField({ ...YEAR, optional: true, fromText: true })
  year?: number;

  @ChoiceField(RUN_STATES, { optional: true })
  state?: string;
}

export class MonthTrialDto {
  @ChoiceField(SCHEMES)
  scheme: Scheme;

  @MonthField()
  month: string;

  @FlagField({ optional: true, about: 'compute a trial or returned month again from the facts of now' })
  recompute?: boolean;
}

export class AdjustmentDto {
  @IdField()
  providerId: string;

  @AmountField({ negative: true, about: 'more (+) or less (−) to pay this month' })
  amount: string;

  @TextField({ min: 2, max: 500 })
  reason: string;

  @TextField({ max: 200, min: 0, optional: true, about: 'number of the document' })
  document?: string;

  @IdField({ optional: true, about: 'the closed month settlement that this line corrects' })
  correctsMonthId?: string;
}

export class DeductionListDto extends PageQueryDto {
  @ChoiceField(['proposed', 'decided', 'withdrawn', 'applied'], { optional: true })
  state?: string;

  @ChoiceField(SCHEMES, { optional: true })
  scheme?: Scheme;

  @MonthField({ optional: true })
  month?: string;
}

export class DeductionDto {
  @IdField()
  providerId: string;

  @ChoiceField(SCHEMES)
  scheme: Scheme;

  @MonthField({ about: 'the month from which it is taken' })
  month: string;

  @AmountField()
  amount: string;

  @TextField({ min: 2, max: 500 })
  reason: string;

  @TextField({ max: 200, min: 0, optional: true })
  document?: string;

  @IdField({ optional: true })
  settlementId?: string;
}

export class DeductionDecisionDto {
  @FlagField({ about: 'true = it is taken; false = it is withdrawn' })
  uphold: boolean;

  @TextField({ min: 2, max: 500 })
  opinion: string;
}

export class AssessmentListDto extends PageQueryDto {
  @IntegerField({ ...YEAR, optional: true, fromText: true })
  year?: number;
}

export class AssessmentDto {
  @IdField()
  providerId: string;

  @IntegerField(YEAR)
  year: number;

  @TextField({ max: 6, pattern: /^(100(\.0{1,2})?|\d{1,2}(\.\d{1,2})?)$/, about: 'score 0–100' })
  score: string;

  @TextField({ max: 7, pattern: FACTOR, about: 'index of the grade (考核系数)' })
  gradeIndex: string;

  @IntegerField({ min: 0, max: 100_000, about: 'confirmed complaints of refused admission' })
  complaints: number;

  @TextField({ max: 500, min: 0, optional: true })
  evidence?: string;
}

export class ReadmissionListDto extends PageQueryDto {
  @ChoiceField(SCHEMES, { optional: true })
  scheme?: Scheme;

  @IntegerField({ ...YEAR, optional: true, fromText: true })
  year?: number;

  @ChoiceField(['open', 'reasonable', 'unreasonable'], { optional: true })
  state?: string;
}

export class ReadmissionDecisionDto {
  @FlagField()
  reasonable: boolean;

  @TextField({ min: 2, max: 500 })
  reason: string;

  @TextField({ max: 500, min: 0, optional: true })
  evidence?: string;
}

export class ClearingListDto extends PageQueryDto {
  @ChoiceField(SCHEMES, { optional: true })
  scheme?: Scheme;

  @IntegerField({ ...YEAR, optional: true, fromText: true })
  year?: number;
}

export class ClearingTrialDto extends SchemeYearDto {
  @FlagField({ optional: true, about: 'compute a trial or returned clearing again from the facts of now' })
  recompute?: boolean;
}

export class BandDto {
  @TextField({
    max: 8,
    pattern: SHARE,
    optional: true,
    about: 'upper bound as a share of the budget; left out = beyond',
  })
  upTo?: string;

  @TextField({ max: 8, pattern: SHARE })
  share: string;
}

export class ClearingWhatIfDto {
  @ListField(() => BandDto, { max: 20, optional: true })
  overspend?: BandDto[];

  @ListField(() => BandDto, { max: 20, optional: true })
  saving?: BandDto[];

  @FlagField({ optional: true, about: 'false = without quality conditions' })
  quality?: boolean;
}

export class OrderListDto extends PageQueryDto {
  @ChoiceField(ORDER_STATES, { optional: true })
  state?: string;

  @ChoiceField(SCHEMES, { optional: true })
  scheme?: Scheme;

  @IdField({ optional: true, about: 'month settlement or clearing' })
  sourceId?: string;
}

export class PaidDto {
  @TextField({ max: 60, about: 'reference of the bank' })
  bankReference: string;
}
