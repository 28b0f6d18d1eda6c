/** In what way the record is broken. */
export type FindingKind =
  | 'row-changed'
  | 'row-missing'
  | 'row-added'
  | 'row-back-dated'
  | 'block-changed'
  | 'block-missing'
  | 'block-not-linked'
  | 'month-missing'
  | 'tail-cut'
  | 'chain-rebuilt'
  | 'anchor-forged';

/** One place where the record is not what was chained or anchored. */
export interface Finding {
  readonly kind: FindingKind;
  readonly stream: string;
  readonly table: string;
  /** The block that knows better; null for a row that no block knows. */
  readonly seq: bigint | null;
  /** Place within the block, from 0. */
  readonly position: number;
  /** The key of the row, where it is about one: `id`, `journal/line`, `scheme/period`. */
  readonly key: string | null;
  readonly month: string | null;
  /** Figures that help to find the cause, such as two hashes. */
  readonly facts: Readonly<Record<string, string>>;
}

const WORDS: Readonly<Record<FindingKind, readonly [zh: string, en: string]>> = {
  'row-changed': ['该行内容被改动', 'the row was changed'],
  'row-missing': ['该行被删除', 'the row was deleted'],
  'row-added': ['该行系事后插入，链上没有', 'the row was put in afterwards, no block knows it'],
  'row-back-dated': ['该行时间早于上次封链，系倒填', 'the row claims to be older than the sweep before it'],
  'block-changed': ['该块内容与其哈希不符', 'the block is not what its hash says'],
  'block-missing': ['该块缺失', 'the block is missing'],
  'block-not-linked': ['该块未接在前一块之后', 'the block does not follow the one before it'],
  'month-missing': ['该月数据整体缺失且无归档记录', 'the month is gone and no record says that it was archived'],
  'tail-cut': ['锚点所记的块已不存在，尾部被截断', 'an anchor knows this block, the chain ends before it'],
  'chain-rebuilt': ['该块与锚点不符，链被重造', 'the block differs from the anchor, the chain was made anew'],
  'anchor-forged': [
    '锚点签名无效或彼此不衔接',
    'the anchor is not signed by the key, or does not follow the one before',
  ],
};

/** The finding in words. */
function findingText(finding: Finding, language: 'zh' | 'en'): string {
  return WORDS[finding.kind][language === 'zh' ? 0 : 1];
}

/** Where it is and what it is, on one line: `audit block 3: audit_event 0190… (2026-11): …`. */
export function findingLine(finding: Finding): string {
  const { stream, seq, table, key, month } = finding;
  const block = seq === null ? '' : ` block ${seq.toString()}`;
  const what = [table, key, month === null ? null : `(${month.slice(0, 7)})`].filter((part) => part !== null).join(' ');
  return `${stream}${block}: ${what}: ${findingText(finding, 'zh')} | ${findingText(finding, 'en')}`;
}

/** Keeps the first findings in the order of the record and counts the others, so that any number of them fits in memory. */
export class Findings {
  private readonly kept: Finding[] = [];
  count = 0;

  constructor(private readonly limit: number) {}

  add(finding: Finding): void {
    this.count += 1;
    const at = this.kept.findIndex((other) => compare(finding, other) < 0);
    if (at >= 0) this.kept.splice(at, 0, finding);
    else this.kept.push(finding);
    if (this.kept.length > this.limit) this.kept.pop();
  }

  /** In the order of the record: by block and place in it; rows that no block knows after those. */
  first(): readonly Finding[] {
    return this.kept;
  }
}

function compare(one: Finding, other: Finding): number {
  if (one.stream !== other.stream) return one.stream < other.stream ? -1 : 1;
  if (one.seq !== other.seq) {
    if (one.seq === null || other.seq === null) return one.seq === null ? 1 : -1;
    return one.seq < other.seq ? -1 : 1;
  }
  if (one.position !== other.position) return one.position - other.position;
  return (one.key ?? '') < (other.key ?? '') ? -1 : 1;
}
