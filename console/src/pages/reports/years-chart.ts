import type { YearsRow } from '../../api/model';
import { formatYuan, plotNumber } from '../../money/format';
import type { ChartOption } from '../../widgets/Chart';
import { percent } from './Growth';
import { axisText } from './year-chart';

/** One line: its name, and of each year where it lies and what it says; null where the year has nothing. */
interface Line {
  readonly name: string;
  readonly at: (year: number) => { readonly height: number; readonly text: string } | null;
}

type MoneyField = 'income' | 'totalCost' | 'fund';
type GrowthField = 'totalGrowth' | 'fundGrowth';

const COLOURS = ['#0958d9', '#ad4e00', '#237804', '#531dab'];
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond'];

/** Whole years of one scheme: a year of ten months beside years of twelve would look like a fall. */
export function moneyChart(rows: readonly YearsRow[], names: Record<MoneyField, string>): ChartOption {
  const whole = rows.filter((row) => row.months === 12);
  const fields = (['totalCost', 'fund', 'income'] as const).filter((field) => whole.some((row) => row[field] !== null));
  const lines = fields.map((field) => ({
    name: names[field],
    at: (year: number) => {
      const value = whole.find((row) => row.year === year)?.[field] ?? null;
      return value === null ? null : { height: plotNumber(value), text: formatYuan(value) };
    },
  }));
  return linesOver(yearsOf(whole), lines, axisText);
}

/** Growth of both schemes; that of the unfinished year is against the same months and belongs to the others. */
export function growthChart(
  rows: readonly YearsRow[],
  nameOf: (scheme: string, field: GrowthField) => string,
): ChartOption {
  const lines = schemesOf(rows).flatMap((scheme) =>
    (['totalGrowth', 'fundGrowth'] as const).map((field) => ({
      name: nameOf(scheme, field),
      at: (year: number) => {
        const value = rows.find((row) => row.year === year && row.scheme === scheme)?.[field] ?? null;
        return value === null ? null : { height: Number(value), text: percent(value) };
      },
    })),
  );
  return linesOver(yearsOf(rows), lines, String);
}

/** Insured at the end of each year; of the unfinished one at the end of its last month. */
export function headsChart(rows: readonly YearsRow[], nameOf: (scheme: string) => string): ChartOption {
  const lines = schemesOf(rows).map((scheme) => ({
    name: nameOf(scheme),
    at: (year: number) => {
      const heads = rows.find((row) => row.year === year && row.scheme === scheme)?.heads;
      return heads === undefined ? null : { height: heads, text: heads.toLocaleString('en-US') };
    },
  }));
  return linesOver(yearsOf(rows), lines, (value) => value.toLocaleString('en-US'));
}

function schemesOf(rows: readonly YearsRow[]): string[] {
  return [...new Set(rows.map((row) => row.scheme))];
}

function yearsOf(rows: readonly YearsRow[]): number[] {
  return [...new Set(rows.map((row) => row.year))].sort((a, b) => a - b);
}

function linesOver(years: number[], lines: readonly Line[], tick: (value: number) => string): ChartOption {
  return {
    color: COLOURS,
    legend: { top: 0, right: 0 },
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    tooltip: {
      trigger: 'axis',
      // Plain canvas text: markup with style attributes is forbidden by the content security policy.
      renderMode: 'richText',
      formatter: (items: unknown) => {
        const year = years[(items as { dataIndex: number }[])[0]?.dataIndex ?? 0] ?? 0;
        return [String(year), ...lines.map(({ name, at }) => `${name} ${at(year)?.text ?? '—'}`)].join('\n');
      },
    },
    xAxis: { type: 'category', data: years.map(String), boundaryGap: false, axisLabel: { color: '#333' } },
    yAxis: { type: 'value', axisLabel: { color: '#333', formatter: tick } },
    series: lines.map(({ name, at }, index) => ({
      name,
      type: 'line' as const,
      symbol: SYMBOLS[index % SYMBOLS.length] ?? 'circle',
      symbolSize: 7,
      data: years.map((year) => at(year)?.height ?? null),
    })),
  };
}
