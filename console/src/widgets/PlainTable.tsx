import { Empty, Table, type TableProps } from 'antd';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

interface Props<T> extends TableProps<T> {
  /** Read out by screen readers and shown nowhere. */
  label: string;
  empty?: ReactNode;
}

/** antd's table, dense, sideways scrollable by keyboard, with a sentence instead of an empty box. */
export function PlainTable<T extends object>({ label, empty, ...table }: Props<T>) {
  const { t } = useTranslation();
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
        {...table}
      />
    </div>
  );
}
