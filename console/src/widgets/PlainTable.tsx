import { Empty, Grid, Table, type TableProps } from 'antd';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

interface Props<T> extends TableProps<T> {
  /** Read out by screen readers and shown nowhere. */
  label: string;
  empty?: ReactNode;
}

/**
 * antd's table, dense, sideways scrollable by keyboard, with a sentence instead of an empty box. On a phone no column
 * stays: a name held on the left and an action held on the right would leave the amounts a slit to be read through.
 */
export function PlainTable<T extends object>({ label, empty, columns, ...table }: Props<T>) {
  const { t } = useTranslation();
  const wide = Grid.useBreakpoint().md === true;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    for (const part of box.current?.querySelectorAll('.ant-table-content, .ant-table-body') ?? []) {
      part.setAttribute('tabindex', '0');
      part.setAttribute('role', 'region');
      part.setAttribute('aria-label', label);
    }
  });
  return (
    <div ref={box}>
      <Table<T>
        size="middle"
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty ?? t('table.empty')} /> }}
        {...(columns === undefined
          ? {}
          : { columns: wide ? columns : columns.map((column) => ({ ...column, fixed: false })) })}
        {...table}
      />
    </div>
  );
}
