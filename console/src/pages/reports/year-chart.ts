import type { YearRow } from '../../api/model';
import { formatYuan, plotNumber } from '../../money/format';
import type { ChartOption } from '../../widgets/Chart';

interface Words {
  total: string;
  fund: string;
  unit: string;
  nameOf: (row: YearRow) => string;
}

const COLOURS = ['#9db8e8', '#0958d9', '#b7d7a8', '#237804', '#e6c28c', '#ad4e00'];

/** Total cost and fund payments of a scheme: one group of bars per part of the region, two bars per year. */
export function yearChart(rows: readonly YearRow[], words: Words): ChartOption {
  const keys = [...new Set(rows.map((row) => row.key))];
  const years = [...new Set(rows.map((row) => row.year))].sort((a, b) => a - b);
  const rowOf = (key: string, year: number) => rows.find((row) => row.key === key && row.year === year);
  const names = keys.map((key) => {
    const row = rows.find((candidate) => candidate.key === key);
    return row === undefined ? key : words.nameOf(row);
  });
  const bars = (field: 'totalCost' | 'fund', name: string) =>
    years.map((year) => ({
      name: `${String(year)} ${name}`,
      type: 'bar' as const,
      barMaxWidth: 34,
      data: keys.map((key) => plotNumber(rowOf(key, year)?.[field])),
    }));
  const exact = (series: number, index: number): string => {
    const field = series < years.length ? 'totalCost' : 'fund';
    return formatYuan(rowOf(keys[index] ?? '', years[series % years.length] ?? 0)?.[field]);
  };
  return {
    color: COLOURS,
    legend: { top: 0, right: 0 },
    grid: { left: 8, right: 12, top: 40, bottom: 8, containLabel: true },
    tooltip: {
      trigger: 'item',
      // Plain canvas text: markup with style attributes is forbidden by the content security policy.
      renderMode: 'richText',
      formatter: (item: unknown) => {
        const { seriesIndex, seriesName, dataIndex, name } = item as Item;
        return `${name}\n${seriesName} ${exact(seriesIndex, dataIndex)} ${words.unit}`;
      },
    },
    xAxis: { type: 'category', data: names, axisLabel: { interval: 0, color: '#333' } },
    yAxis: { type: 'value', axisLabel: { color: '#333', formatter: (value: number) => axisText(value) } },
    series: [...bars('totalCost', words.total), ...bars('fund', words.fund)],
  };
}

interface Item {
  seriesIndex: number;
  seriesName: string;
  dataIndex: number;
  name: string;
}

/** Ticks of an axis in 万; a picture's scale, not an amount. */
export function axisText(value: number): string {
  return `${(value / 10_000).toLocaleString('en-US', { maximumFractionDigits: 1 })}`;
}
