import { Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../api/model';
import { count, state, text } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { Page } from '../../widgets/Page';
import { instantText } from '../../widgets/time';
import { useChoices } from '../options';

const POLL_MS = 4000;

export default function JobList() {
  const { t } = useTranslation();
  const { values, change } = useFilters({ kind: '', state: '', period: '' });
  return (
    <Page title={t('menu.jobs')} trail={[{ text: t('menu.group.system') }]} note={t('jobs.note')}>
      <FilterBar
        values={values}
        onChange={change}
        filters={[
          { name: 'kind', label: t('jobs.kind') },
          {
            name: 'state',
            label: t('field.state'),
            options: useChoices('state', ['waiting', 'running', 'done', 'failed']),
          },
          { name: 'period', label: t('jobs.period') },
        ]}
      />
      <section className="panel">
        <DataTable<Job>
          label={t('menu.jobs')}
          route="/jobs"
          query={values}
          refetchMs={POLL_MS}
          rowKey={(job) => job.id}
          columns={[
            {
              title: t('jobs.kind'),
              render: (_, job) => t(`job.${job.kind.replaceAll('.', '-')}`, { defaultValue: job.kind }),
            },
            text<Job>(t('jobs.period'), 'period'),
            state<Job>(t('field.state'), 'state'),
            { title: t('jobs.progress'), width: 180, render: (_, job) => <JobProgress job={job} /> },
            count<Job>(t('jobs.attempts'), 'attempts'),
            text<Job>(t('field.by'), 'createdBy'),
            { title: t('jobs.created'), render: (_, job) => instantText(job.createdAt) },
            { title: t('jobs.finished'), render: (_, job) => instantText(job.finishedAt) },
            {
              title: t('jobs.error'),
              render: (_, job) => (job.error === null ? '—' : `${job.error.code ?? ''} ${job.error.message}`),
            },
          ]}
        />
      </section>
    </Page>
  );
}

function JobProgress({ job }: { job: Job }) {
  const { t } = useTranslation();
  if (job.unitsPlanned === null || job.unitsPlanned === 0) return '—';
  const label = t('jobs.units', { done: job.unitsDone, planned: job.unitsPlanned });
  return (
    <>
      <Progress
        percent={Math.floor((job.unitsDone * 100) / job.unitsPlanned)}
        size="small"
        showInfo={false}
        aria-label={label}
      />
      <span className="num-inline">{label}</span>
    </>
  );
}
