import { Alert, Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Fault, Problem } from '../api/problem';

/** A refusal: what happened, its stable code, and per fault row, column, value, reason and remedy. */
export function ErrorPanel({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const { t } = useTranslation();
  const hint = t(`error.status.${String(problem.status)}`, { defaultValue: '' });
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      style={{ marginBottom: 14 }}
      title={problem.message}
      action={onRetry === undefined ? undefined : <Button onClick={onRetry}>{t('action.retry')}</Button>}
      description={
        <>
          {hint === '' ? null : <div>{hint}</div>}
          <div className="mono">
            {problem.code}
            {problem.traceId === undefined ? '' : ` · ${t('error.trace')} ${problem.traceId}`}
          </div>
          {problem.faults.length === 0 ? null : <FaultTable faults={problem.faults} />}
        </>
      }
    />
  );
}

function FaultTable({ faults }: { faults: readonly Fault[] }) {
  const { t } = useTranslation();
  const dash = (text: string | number | undefined) => text ?? '—';
  return (
    <Table<Fault & { key: number }>
      size="small"
      style={{ marginTop: 8 }}
      pagination={faults.length > 20 ? { pageSize: 20 } : false}
      dataSource={faults.map((fault, key) => ({ ...fault, key }))}
      scroll={{ x: 'max-content' }}
      columns={[
        { title: t('fault.row'), dataIndex: 'row', render: dash, align: 'right' },
        { title: t('fault.field'), render: (_, fault) => fault.column ?? fault.field ?? fault.pointer ?? '—' },
        { title: t('fault.value'), dataIndex: 'value', render: dash },
        { title: t('fault.reason'), render: (_, fault) => fault.reason ?? fault.message ?? '—' },
        { title: t('fault.fix'), dataIndex: 'fix', render: dash },
      ]}
    />
  );
}
