import type { components } from './schema';
import type { BilingualText, TraceLine } from './trace';

/**
 * What the server answers, page by page. Amounts are decimal text in yuan, days and months are text. Shapes that the
 * API description names come from it; the others are written here as the pages need them.
 */
type Schemas = components['schemas'];

export type Institution = Schemas['InstitutionDto'];
export type Agreement = Schemas['AgreementDto'];
export type Person = Schemas['PersonDto'];
export type PersonDetail = Schemas['PersonDetailDto'];
export type Coverage = Schemas['CoverageDto'];
export type Department = Schemas['DepartmentDto'];
export type Physician = Schemas['PhysicianDto'];
export type Job = Schemas['JobRunDto'];
export type AuditEvent = Schemas['AuditEventDto'];
export type ChainState = Schemas['ChainStateDto'];
export type ChainStream = Schemas['ChainStreamDto'];
export type User = Schemas['UserDto'];
export type UserWithCode = Schemas['UserWithCodeDto'];
export type RoleChange = Schemas['RoleChangeDto'];
export type CredentialReset = Schemas['ResetDto'];
export type ResetCode = Schemas['ResetCodeDto'];
export type ResetConfirmation = Schemas['ResetConfirmationDto'];
export type OwnSecurity = Schemas['OwnSecurityDto'];
export type OwnSession = Schemas['SessionDto'];
export type Enrolment = Schemas['EnrolmentDto'];
export type RecoveryCodes = Schemas['RecoveryCodesDto'];
export type Challenge = Schemas['ChallengeDto'];
export type Role = Schemas['RoleDto'];
export type Me = Schemas['ActorDto'];
export type YearRow = Schemas['YearRowDto'];
export type Years = Schemas['YearsDto'];
export type YearsRow = Schemas['YearsRowDto'];
export type YearTable = Schemas['YearTableDto'];
export type Workplace = Schemas['WorkplaceDto'];

export interface ApprovalAct {
  step: string;
  actorName: string;
  opinion: string;
  actedAt: string;
  round: number;
}

export interface MonthTotals {
  providers: number;
  accepted: string;
  deduction: string;
  deposit: string;
  held: string;
  carryIn: string;
  recovered: string;
  adjustment: string;
  pay: string;
}

export interface MonthRun {
  id: string;
  scheme: string;
  month: string;
  state: string;
  round: number;
  createdAt: string;
  startedBy: string;
  submittedBy: string | null;
  closedOn: string | null;
  closedBy: string | null;
  policyVersion: string;
  snapshotHash: string | null;
  totals: MonthTotals | null;
}

export interface MonthLine {
  providerId: string;
  providerName: string;
  level: string;
  mode: string;
  settlements: number;
  accepted: string;
  deduction: string;
  deposit: string;
  held: string;
  carryIn: string;
  recovered: string;
  adjustment: string;
  pay: string;
  carryOut: string;
  lastMonthAccepted: string;
  ytdBudgeted: string;
  annualBudget: string | null;
  exceptions: string[];
}

export interface MonthDetail extends MonthRun {
  lines: MonthLine[];
  timeline: ApprovalAct[];
}

export interface MonthSheet extends MonthLine {
  trace: TraceLine[];
  cells: {
    fund: string;
    category: string;
    accepted: string;
    eligible: string;
    withheld: string;
    ytdAccepted: string;
  }[];
  adjustments: { id: string; amount: string; reason: string; document: string; createdBy: string; createdAt: string }[];
}

export interface BudgetRow {
  id: string;
  scheme: string;
  year: number;
  version: number;
  state: string;
  available: string;
  income: string;
  reason: string;
  createdBy: string;
  approvedBy: string | null;
}

export interface BudgetLine {
  providerId: string;
  providerName: string;
  group: string;
  base: string;
  formula: string;
  negotiated: string | null;
  negotiatedReason: string | null;
  amount: string;
  used: string | null;
  trace: TraceLine[];
}

export interface BudgetDetail extends BudgetRow {
  reserve: string;
  setAside: string;
  setAsides: { code: string; name: BilingualText; amount: string }[];
  lines: BudgetLine[];
  timeline: ApprovalAct[];
}

export interface Settlement {
  id: string;
  kind: string;
  reversesId: string | null;
  reversedBy: string | null;
  billNo: string;
  personId: string;
  providerId: string;
  areaCode: string;
  scheme: string;
  insuredType: string;
  category: string;
  level: string;
  emergency: boolean;
  admittedOn: string;
  dischargedOn: string;
  month: string;
  settledOn: string;
  settledAt: string;
  lineCount: number;
  source: string;
  postedBy: string;
  total: string;
  fulamtOwnpay: string;
  overlmtSelfpay: string;
  preselfpay: string;
  inscp: string;
  deductible: string;
  fundPaySum: string;
  psnPart: string;
  hospPart: string;
  acctPay: string;
  cashPay: string;
  funds: Record<string, string>;
  policyVersion: string;
}

export interface SettledLine {
  lineNo: number;
  itemCode: string;
  class: string;
  feeDate: string;
  quantity: string;
  unitPrice: string;
  amount: string;
  fulamtOwnpay: string;
  overlmtSelfpay: string;
  preselfpay: string;
  inscp: string;
}

export interface SettlementDetail extends Settlement {
  lines: SettledLine[];
}

export interface ImportBatch {
  id: string;
  institutionId: string;
  institutionName: string;
  month: string;
  fileName: string;
  state: 'staged' | 'done';
  rows: number;
  imported: number;
  errors: number;
  pending: number;
  schemes: { scheme: string; rows: number; total: string; imported: number; importedTotal: string }[];
  createdBy: string;
  createdAt: string;
  finishedAt: string | null;
}

export interface ImportRow {
  rowNo: number;
  cells: Record<string, string>;
  state: 'pending' | 'imported' | 'error';
  settlementId: string | null;
  faults: { column: string; value: string; reason: BilingualText; remedy: BilingualText }[];
}

export interface ClearingTotals {
  providers: number;
  accepted: string;
  budget: string;
  payable: string;
  paid: string;
  balance: string;
}

export interface ClearingRun {
  id: string;
  scheme: string;
  year: number;
  state: string;
  round: number;
  policyVersion: string;
  startedBy: string;
  createdAt: string;
  submittedBy: string | null;
  closedOn: string | null;
  closedBy: string | null;
  snapshotHash: string | null;
  totals: ClearingTotals | null;
}

export interface ClearingLine {
  providerId: string;
  providerName: string;
  level: string;
  accepted: string;
  refused: string;
  budget: string;
  a: string;
  extra: string;
  retained: string;
  penalty: string;
  borne: string;
  payable: string;
  paid: string;
  prepaid: string;
  depositHeld: string;
  depositReturned: string;
  depositForfeited: string;
  poolShare: string;
  balance: string;
  qualityFailures: string[];
  exceptions: string[];
}

export interface ClearingDetail extends ClearingRun {
  lines: ClearingLine[];
  timeline: ApprovalAct[];
}

export interface ClearingSheet extends ClearingLine {
  trace: TraceLine[];
}

export interface PaymentOrder {
  id: string;
  orderNo: string;
  scheme: string;
  providerId: string;
  providerName: string;
  sourceKind: string;
  sourceId: string;
  period: string;
  amount: string;
  payeeName: string;
  payeeBank: string;
  payeeAccount: string;
  state: string;
  preparedBy: string;
  preparedOn: string;
  reviewedBy: string | null;
  approvedBy: string | null;
  signedBy: string | null;
  sentOn: string | null;
  paidOn: string | null;
  bankReference: string | null;
  returnReason: string | null;
}

export interface OrderDetail extends PaymentOrder {
  timeline?: ApprovalAct[];
}

export interface AccountBalance {
  account: string;
  nameZh: string;
  nameEn: string;
  nature: string;
  debit: string;
  credit: string;
  balance: string;
}

export interface TrialBalance {
  scheme: string | null;
  upTo: string | null;
  outOfBalance: string;
  accounts: AccountBalance[];
}

export interface JournalHead {
  id: string;
  period: string;
  scheme: string;
  postedOn: string;
  sourceKind: string;
  sourceId: string;
  memo: string;
  lineCount: number;
  total: string;
  postedBy: string;
  createdAt: string;
}

export interface JournalLine {
  debit: string;
  credit: string;
  debitParty: string | null;
  creditParty: string | null;
  amount: string;
}

export interface Journal extends JournalHead {
  lines: JournalLine[];
}
