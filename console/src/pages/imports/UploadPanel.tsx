import { InboxOutlined } from '@ant-design/icons';
import { Alert, Button, Form, Input, Progress, Select, Upload } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { newKey, upload } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import type { ImportBatch } from '../../api/model';
import { ErrorPanel } from '../../widgets/ErrorPanel';
import { Panel } from '../../widgets/Page';
import { useInstitutions } from '../options';

interface Values {
  institutionId: string;
  month: string;
}

/** Hospital, month, file: dragged here or picked; progress while it travels, the batch page when it has arrived. */
export function UploadPanel() {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const sending = useSending();
  const institutions = useInstitutions();
  return (
    <Panel title={t('imports.upload')}>
      {sending.problem === null ? null : <ErrorPanel problem={sending.problem} />}
      <Form<Values>
        layout="vertical"
        onFinish={(values) => {
          if (file !== null) sending.send(file, values);
        }}
      >
        <div className="filters" style={{ marginBottom: 12 }}>
          <Form.Item
            name="institutionId"
            label={t('field.provider')}
            rules={[{ required: true, message: t('form.required', { field: t('field.provider') }) }]}
          >
            <Select
              style={{ width: 280 }}
              showSearch={{ optionFilterProp: 'label' }}
              options={institutions}
              placeholder={t('imports.chooseProvider')}
            />
          </Form.Item>
          <Form.Item
            name="month"
            label={t('imports.month')}
            rules={[
              { required: true, message: t('form.required', { field: t('imports.month') }) },
              { pattern: /^\d{4}-(0[1-9]|1[0-2])$/, message: t('form.shape.month') },
            ]}
          >
            <Input style={{ width: 140 }} placeholder="YYYY-MM" />
          </Form.Item>
        </div>
        <Upload.Dragger
          accept=".csv,.txt,.xlsx"
          maxCount={1}
          disabled={sending.percent !== null}
          beforeUpload={(picked) => {
            setFile(picked);
            return false;
          }}
          onRemove={() => {
            setFile(null);
          }}
          aria-label={t('imports.drop')}
        >
          <p className="ant-upload-drag-icon">
            <InboxOutlined />
          </p>
          <p className="ant-upload-text">{t('imports.drop')}</p>
          <p className="ant-upload-hint">{t('imports.dropHint')}</p>
        </Upload.Dragger>
        {sending.percent === null ? null : (
          <Progress percent={sending.percent} aria-label={t('imports.progress')} style={{ marginTop: 12 }} />
        )}
        {sending.percent === 100 ? (
          <Alert type="info" title={t('imports.reading')} style={{ marginTop: 12 }} showIcon />
        ) : null}
        <Button
          type="primary"
          htmlType="submit"
          style={{ marginTop: 12 }}
          disabled={file === null}
          loading={sending.percent !== null}
        >
          {t('imports.send')}
        </Button>
      </Form>
    </Panel>
  );
}

function useSending() {
  const [percent, setPercent] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const key = useRef(newKey());
  const navigate = useNavigate();
  const queries = useQueryClient();
  const send = (file: File, values: Values): void => {
    const form = new FormData();
    form.set('institutionId', values.institutionId);
    form.set('month', values.month);
    form.set('file', file);
    setPercent(0);
    setProblem(null);
    upload<ImportBatch>('/discharge-imports', { form, idempotencyKey: key.current, onProgress: setPercent })
      .then(async (batch) => {
        key.current = newKey();
        await queries.invalidateQueries();
        await navigate(`/discharge-imports/${batch.id}`);
      })
      .catch((thrown: unknown) => {
        const refused = asProblem(thrown);
        if (refused.status !== 0) key.current = newKey();
        setProblem(refused);
      })
      .finally(() => {
        setPercent(null);
      });
  };
  return { percent, problem, send };
}
