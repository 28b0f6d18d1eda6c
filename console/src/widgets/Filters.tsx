import { Button, Input, Select } from 'antd';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

export interface Filter {
  name: string;
  label: string;
  /** A choice when options are given, free text otherwise; `month`, `day` and `year` check their form. */
  options?: { value: string; label: string }[];
  kind?: 'text' | 'month' | 'day' | 'year';
  width?: number;
  /** A choice that is always made: there is no 全部. */
  required?: boolean;
}

/** The filters of the page as they stand in the URL, with defaults for those that are not there. */
export function useFilters<K extends string>(
  defaults: Record<K, string>,
): {
  values: Record<K, string>;
  change: (values: Partial<Record<string, string>>) => void;
} {
  const [search, setSearch] = useSearchParams();
  const values = { ...defaults };
  for (const name of Object.keys(defaults) as K[]) values[name] = search.get(name) ?? defaults[name];
  const change = (next: Partial<Record<string, string>>): void => {
    setSearch((previous) => {
      const merged = new URLSearchParams(previous);
      for (const [name, value] of Object.entries(next)) {
        if (value === undefined || value === '') merged.delete(name);
        else merged.set(name, value);
      }
      return merged;
    });
  };
  return { values, change };
}

interface Props {
  filters: Filter[];
  values: Record<string, string>;
  onChange: (values: Partial<Record<string, string>>) => void;
  extra?: ReactNode;
}

/** Query area above a list: choices act at once, texts on Enter or 查询; everything lands in the URL. */
export function FilterBar({ filters, values, onChange, extra }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(values);
  const written = JSON.stringify(values);
  useEffect(() => {
    setDraft(JSON.parse(written) as Record<string, string>);
  }, [written]);
  return (
    <form
      className="panel filters"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(draft);
      }}
    >
      {filters.map((filter) => (
        <FilterField
          key={filter.name}
          filter={filter}
          value={draft[filter.name] ?? ''}
          onDraft={(value) => {
            setDraft({ ...draft, [filter.name]: value });
          }}
          onChoose={(value) => {
            onChange({ ...draft, [filter.name]: value });
          }}
        />
      ))}
      <Button type="primary" htmlType="submit">
        {t('action.query')}
      </Button>
      <Button
        onClick={() => {
          onChange(Object.fromEntries(filters.map((filter) => [filter.name, ''])));
        }}
      >
        {t('action.reset')}
      </Button>
      {extra}
    </form>
  );
}

interface FieldProps {
  filter: Filter;
  value: string;
  onDraft: (value: string) => void;
  onChoose: (value: string) => void;
}

function FilterField({ filter, value, onDraft, onChoose }: FieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const width = { width: filter.width ?? 170 };
  return (
    <div className="field">
      <label htmlFor={id}>{filter.label}</label>
      {filter.options === undefined ? (
        <Input
          id={id}
          name={filter.name}
          style={width}
          value={value}
          allowClear
          {...(filter.kind === undefined || filter.kind === 'text' ? {} : shapeOf(filter.kind, t))}
          onChange={(event) => {
            onDraft(event.target.value.trim());
          }}
        />
      ) : (
        <Select
          id={id}
          style={width}
          value={value}
          options={[...(filter.required ? [] : [{ value: '', label: t('filter.all') }]), ...filter.options]}
          onChange={onChoose}
          aria-label={filter.label}
          showSearch={filter.options.length > 12 ? { optionFilterProp: 'label' } : false}
        />
      )}
    </div>
  );
}

function shapeOf(
  kind: 'month' | 'day' | 'year',
  t: (key: string) => string,
): { pattern: string; placeholder: string; title: string } {
  const pattern = { month: '\\d{4}-(0[1-9]|1[0-2])', day: '\\d{4}-\\d{2}-\\d{2}', year: '\\d{4}' }[kind];
  return { pattern, placeholder: t(`filter.shape.${kind}`), title: t(`filter.shape.${kind}`) };
}
