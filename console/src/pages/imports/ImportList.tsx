import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ImportBatch } from '../../api/model';
import { useMay } from '../../app/session';
import { count, text } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { Page, Panel } from '../../widgets/Page';
import { StateTag } from '../../widgets/StateTag';
import { instantText } from '../../widgets/time';
import { UploadPanel } from './UploadPanel';

const POLL_MS = 4000;

export default function ImportList() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <Page title={t('menu.discharge-imports')} trail={[{ text: t('menu.group.claims') }]} note={t('imports.note')}>
      {may('exchange.import') ? <UploadPanel /> : null}
      <Panel title={t('imports.batches')}>
        <DataTable<ImportBatch>
          label={t('imports.batches')}
          route="/discharge-imports"
          rowKey={(batch) => batch.id}
          refetchMs={POLL_MS}
          empty={t('imports.empty')}
          columns={[
            {
              title: t('imports.file'),
              render: (_, batch) => <Link to={`/discharge-imports/${batch.id}`}>{batch.fileName}</Link>,
            },
            text<ImportBatch>(t('field.provider'), 'institutionName'),
            text<ImportBatch>(t('field.month'), 'month'),
            { title: t('field.state'), render: (_, batch) => <ImportState batch={batch} /> },
            count<ImportBatch>(t('imports.rows'), 'rows'),
            count<ImportBatch>(t('imports.imported'), 'imported'),
            {
              title: t('imports.errors'),
              align: 'right',
              className: 'num',
              render: (_, batch) => <span className={batch.errors > 0 ? 'over' : ''}>{batch.errors}</span>,
            },
            text<ImportBatch>(t('field.by'), 'createdBy'),
            { title: t('field.at'), render: (_, batch) => instantText(batch.createdAt) },
          ]}
        />
      </Panel>
    </Page>
  );
}

/** A batch is done when every row is either imported or reported. */
export function ImportState({ batch }: { batch: ImportBatch }) {
  const { t } = useTranslation();
  if (batch.state !== 'done') return <StateTag state="running" text={t('imports.running')} tone="run" />;
  return batch.errors > 0 ? (
    <StateTag state="error" text={t('imports.doneWithErrors')} tone="stop" />
  ) : (
    <StateTag state="done" text={t('imports.done')} tone="done" />
  );
}
