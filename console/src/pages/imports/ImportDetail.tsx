import { DownloadOutlined } from '@ant-design/icons';
import { Button, Progress, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { download, path } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { ImportBatch, ImportRow } from '../../api/model';
import { inLanguage } from '../../api/trace';
import { asProblem, type Problem } from '../../api/problem';
import { count, money } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { ErrorPanel } from '../../widgets/ErrorPanel';
import { useFilters } from '../../widgets/Filters';
import { Figure, Loaded, Page, Panel } from '../../widgets/Page';
import { PlainTable } from '../../widgets/PlainTable';
import { StateTag } from '../../widgets/StateTag';
import { instantText } from '../../widgets/time';
import { ImportState } from './ImportList';

const POLL_MS = 1500;

export default function ImportDetail() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const route = path('/discharge-imports/{id}', { id });
  const [polling, setPolling] = useState(true);
  const read = useRead<ImportBatch>(route, {}, polling ? POLL_MS : undefined);
  const wanted = read.data?.state !== 'done';
  if (wanted !== polling) setPolling(wanted);
  const [problem, setProblem] = useState<Problem | null>(null);
  return (
    <Page
      title={read.data?.fileName ?? t('menu.discharge-imports')}
      trail={[{ text: t('menu.group.claims') }, { text: t('menu.discharge-imports'), to: '/discharge-imports' }]}
      labels={read.data === undefined ? null : <ImportState batch={read.data} />}
      extra={
        (read.data?.errors ?? 0) > 0 ? (
          <Button
            icon={<DownloadOutlined />}
            onClick={() => {
              download(`${route}/errors.csv`, `errors-${id}.csv`).catch((thrown: unknown) => {
                setProblem(asProblem(thrown));
              });
            }}
          >
            {t('imports.errorBook')}
          </Button>
        ) : null
      }
    >
      {problem === null ? null : <ErrorPanel problem={problem} />}
      <Loaded query={read}>{(batch) => <Batch batch={batch} route={route} />}</Loaded>
    </Page>
  );
}

function Batch({ batch, route }: { batch: ImportBatch; route: string }) {
  const { t } = useTranslation();
  const done = batch.imported + batch.errors;
  return (
    <>
      <p className="muted">
        {batch.institutionName} · {batch.month} · {batch.createdBy} · {instantText(batch.createdAt)}
      </p>
      {batch.state === 'done' ? null : (
        <Panel>
          <Progress
            percent={batch.rows === 0 ? 0 : Math.floor((done * 100) / batch.rows)}
            aria-label={t('imports.progress')}
          />
          {t('imports.runningNote')}
        </Panel>
      )}
      <div className="figures" data-testid="import-counts">
        <Figure name={t('imports.rows')} value={batch.rows} note={t('imports.everyRow')} />
        <Figure name={t('imports.imported')} value={batch.imported} />
        <Figure
          name={t('imports.errors')}
          value={<span className={batch.errors > 0 ? 'over' : ''}>{batch.errors}</span>}
        />
      </div>
      <Schemes batch={batch} />
      <Rows batch={batch} route={route} />
    </>
  );
}

function Rows({ batch, route }: { batch: ImportBatch; route: string }) {
  const { t } = useTranslation();
  const { values, change } = useFilters({ state: batch.errors > 0 ? 'error' : '' });
  return (
    <Panel
      title={t('imports.rowsTitle')}
      extra={
        <Segmented
          aria-label={t('field.state')}
          value={values.state === '' ? 'all' : values.state}
          onChange={(value) => {
            change({ state: value });
          }}
          options={[
            { value: 'error', label: t('imports.onlyErrors') },
            { value: 'imported', label: t('imports.onlyImported') },
            { value: 'all', label: t('filter.all') },
          ]}
        />
      }
    >
      <DataTable<ImportRow>
        unit
        label={t('imports.rowsTitle')}
        route={`${route}/rows`}
        query={{ state: values.state === 'all' ? '' : values.state }}
        rowKey={(row) => String(row.rowNo)}
        columns={[
          count<ImportRow>(t('fault.row'), 'rowNo'),
          { title: t('imports.caseNo'), render: (_, row) => row.cells['caseNo'] ?? '—' },
          { title: t('field.state'), render: (_, row) => <StateTag state={row.state} /> },
          {
            title: t('settlements.total'),
            align: 'right',
            className: 'num',
            render: (_, row) => row.cells['total'] ?? '—',
          },
          { title: t('imports.faults'), render: (_, row) => <Faults row={row} /> },
          {
            title: t('settlements.one'),
            render: (_, row) =>
              row.settlementId === null ? '—' : <Link to={`/settlements/${row.settlementId}`}>{t('action.open')}</Link>,
          },
        ]}
      />
    </Panel>
  );
}

function Faults({ row }: { row: ImportRow }) {
  const { t, i18n } = useTranslation();
  if (row.faults.length === 0) return '—';
  return (
    <ul className="plain-list" style={{ whiteSpace: 'normal', minWidth: 320 }}>
      {row.faults.map((fault) => (
        <li key={`${fault.column}-${fault.reason.en}`}>
          <strong>{fault.column}</strong>{' '}
          {t('imports.value', { value: fault.value === '' ? t('imports.blank') : fault.value })}{' '}
          <span className="negative">{inLanguage(fault.reason, i18n.language)}</span> →{' '}
          {inLanguage(fault.remedy, i18n.language)}
        </li>
      ))}
    </ul>
  );
}

type SchemeSum = ImportBatch['schemes'][number];

/** Per scheme what the file says and what became settlements: the two sums must meet when every row is in. */
function Schemes({ batch }: { batch: ImportBatch }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('imports.schemes')} unit>
      <PlainTable<SchemeSum>
        label={t('imports.schemes')}
        rowKey={(sum) => sum.scheme}
        dataSource={batch.schemes}
        columns={[
          { title: t('field.scheme'), render: (_, sum) => t(`scheme.${sum.scheme}`) },
          count<SchemeSum>(t('imports.readable'), 'rows'),
          money<SchemeSum>(t('imports.fileTotal'), 'total'),
          count<SchemeSum>(t('imports.imported'), 'imported'),
          money<SchemeSum>(t('imports.total'), 'importedTotal', true),
        ]}
      />
    </Panel>
  );
}
