import { useMutation } from '@tanstack/react-query';
import { Button, Input, Select, Table } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client';
import type { Problem } from '../api/problem';
import { fenOf, sumYuan, yuanText } from '../money/format';
import { money } from './columns';
import { ErrorPanel } from './ErrorPanel';
import { MoneyText } from './MoneyText';
import { Panel } from './Page';
import { PlainTable } from './PlainTable';

/** One provider now and as it would be. */
export interface Compared {
  providerId: string;
  name: string;
  now: string;
  whatIf: string;
}

export interface WhatIfField {
  name: string;
  label: string;
  placeholder?: string;
  options?: { value: string; label: string }[];
}

interface Props<A> {
  route: string;
  fields: WhatIfField[];
  /** The request from the texts of the fields; empty fields are left out by the page. */
  body: (values: Record<string, string>) => unknown;
  compare: (answer: A) => Compared[];
}

/** The same calculation with other figures, side by side with the present one; nothing is written. */
export function WhatIfPanel<A>({ route, fields, body, compare }: Props<A>) {
  const { t } = useTranslation();
  const [values, setValues] = useState<Record<string, string>>({});
  const run = useMutation<A, Problem>({ mutationFn: () => call<A>('POST', route, { body: body(values) }) });
  return (
    <Panel title={t('whatIf.title')} unit>
      <p className="muted">{t('whatIf.note')}</p>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        {fields.map((field) => (
          <WhatIfInput
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            onChange={(value) => {
              setValues({ ...values, [field.name]: value });
            }}
          />
        ))}
        <Button htmlType="submit" loading={run.isPending}>
          {t('whatIf.run')}
        </Button>
      </form>
      {run.error === null ? null : (
        <div style={{ marginTop: 12 }}>
          <ErrorPanel problem={run.error} />
        </div>
      )}
      {run.data === undefined ? null : <Comparison rows={compare(run.data)} />}
    </Panel>
  );
}

interface InputProps {
  field: WhatIfField;
  value: string;
  onChange: (value: string) => void;
}

function WhatIfInput({ field, value, onChange }: InputProps) {
  const id = useId();
  let control: ReactNode;
  if (field.options === undefined) {
    control = (
      <Input
        id={id}
        value={value}
        placeholder={field.placeholder}
        style={{ width: 180 }}
        onChange={(event) => {
          onChange(event.target.value.trim());
        }}
      />
    );
  } else {
    control = (
      <Select
        id={id}
        aria-label={field.label}
        value={value}
        options={field.options}
        style={{ width: 220 }}
        onChange={onChange}
      />
    );
  }
  return (
    <div className="field">
      <label htmlFor={id}>{field.label}</label>
      {control}
    </div>
  );
}

type Row = Compared & { difference: string };

function Comparison({ rows }: { rows: Compared[] }) {
  const { t } = useTranslation();
  const data: Row[] = rows.map((row) => ({
    ...row,
    difference: yuanText((fenOf(row.whatIf) ?? 0n) - (fenOf(row.now) ?? 0n)),
  }));
  const sum = (key: 'now' | 'whatIf' | 'difference') => (
    <MoneyText value={sumYuan(data.map((row) => row[key]))} strong />
  );
  return (
    <div style={{ marginTop: 12 }}>
      <PlainTable<Row>
        label={t('whatIf.title')}
        size="small"
        rowKey={(row) => row.providerId}
        dataSource={data}
        pagination={data.length > 100 ? { pageSize: 100, showSizeChanger: false } : false}
        columns={[
          { title: t('field.provider'), dataIndex: 'name' },
          money<Row>(t('whatIf.now'), 'now'),
          money<Row>(t('whatIf.then'), 'whatIf'),
          money<Row>(t('whatIf.difference'), 'difference', true),
        ]}
        summary={() => (
          <Table.Summary.Row>
            <Table.Summary.Cell index={0}>{t('table.total')}</Table.Summary.Cell>
            {(['now', 'whatIf', 'difference'] as const).map((key, index) => (
              <Table.Summary.Cell key={key} index={index + 1} align="right">
                {sum(key)}
              </Table.Summary.Cell>
            ))}
          </Table.Summary.Row>
        )}
      />
    </div>
  );
}
