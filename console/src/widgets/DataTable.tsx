import { Button, Select, type TableColumnsType } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Query } from '../api/client';
import { useRead } from '../api/hooks';
import { ErrorPanel } from './ErrorPanel';
import { PlainTable } from './PlainTable';

/** A page of a list as the server sends it. */
export interface PageOf<T> {
  items: T[];
  nextCursor: string | null;
}

interface Props<T> {
  route: string;
  query?: Query;
  columns: TableColumnsType<T>;
  rowKey: (row: T) => string;
  label: string;
  empty?: ReactNode;
  refetchMs?: number;
  /** Says below the table that its amounts are yuan. */
  unit?: boolean;
}

/** A list read page by page with cursors; a changed filter starts again at the first page. */
export function DataTable<T extends object>(props: Props<T>) {
  return <CursorTable<T> key={JSON.stringify([props.route, props.query])} {...props} />;
}

function CursorTable<T extends object>({
  route,
  query = {},
  columns,
  rowKey,
  label,
  empty,
  refetchMs,
  unit = false,
}: Props<T>) {
  const { t } = useTranslation();
  const [limit, setLimit] = useState(50);
  const [cursors, setCursors] = useState<string[]>([]);
  const read = useRead<PageOf<T>>(route, { ...query, limit, cursor: cursors.at(-1) }, refetchMs);
  const items = read.data?.items ?? [];
  const next = read.data?.nextCursor ?? null;
  return (
    <>
      {read.error === null ? null : <ErrorPanel problem={read.error} onRetry={() => void read.refetch()} />}
      <PlainTable<T>
        label={label}
        columns={columns}
        rowKey={rowKey}
        dataSource={items}
        loading={read.isFetching && refetchMs === undefined}
        empty={read.isPending ? t('table.loading') : empty}
      />
      <div className="table-foot">
        {unit ? <span className="unit">{t('money.unit')}</span> : null}
        <span className="muted">{t('table.shown', { page: cursors.length + 1, count: items.length })}</span>
        <Select
          aria-label={t('table.perPage')}
          value={limit}
          onChange={(value: number) => {
            setLimit(value);
            setCursors([]);
          }}
          options={[20, 50, 100, 200].map((value) => ({ value, label: t('table.rows', { count: value }) }))}
        />
        <Button
          disabled={cursors.length === 0}
          onClick={() => {
            setCursors(cursors.slice(0, -1));
          }}
        >
          {t('table.previous')}
        </Button>
        <Button
          disabled={next === null}
          onClick={() => {
            if (next !== null) setCursors([...cursors, next]);
          }}
        >
          {t('table.next')}
        </Button>
      </div>
    </>
  );
}
