import type { TableColumnType } from 'antd';
import type { ReactNode } from 'react';
import { MoneyText } from './MoneyText';
import { StateTag } from './StateTag';

/** A right-aligned amount column; `key` names the field with decimal text. */
export function money<T extends object>(title: ReactNode, key: keyof T & string, strong = false): TableColumnType<T> {
  return {
    title,
    key,
    align: 'right',
    className: 'num',
    render: (_, row) => <MoneyText value={row[key] as string | null} strong={strong} />,
  };
}

/** A right-aligned whole number with thousands separators. */
export function count<T extends object>(title: ReactNode, key: keyof T & string): TableColumnType<T> {
  return {
    title,
    key,
    align: 'right',
    className: 'num',
    render: (_, row) => {
      const value = row[key] as number | null | undefined;
      return value === null || value === undefined ? '—' : value.toLocaleString('en-US');
    },
  };
}

/** Plain text; a dash where there is none. */
export function text<T extends object>(title: ReactNode, key: keyof T & string): TableColumnType<T> {
  return { title, key, render: (_, row) => (row[key] as ReactNode) || '—' };
}

/** A state in word, symbol and colour. */
export function state<T extends object>(title: ReactNode, key: keyof T & string): TableColumnType<T> {
  return { title, key, render: (_, row) => <StateTag state={String(row[key])} /> };
}
