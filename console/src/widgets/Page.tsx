import { Breadcrumb, Skeleton } from 'antd';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Problem } from '../api/problem';
import { ErrorPanel } from './ErrorPanel';

interface Props {
  title: string;
  /** From the menu group downwards, without the page itself. */
  trail?: { text: string; to?: string }[];
  note?: ReactNode;
  /** State tags and the like, right after the title. */
  labels?: ReactNode;
  extra?: ReactNode;
  children: ReactNode;
}

/** The head every page has: breadcrumb, one h1, labels, actions, a sentence on what it is for. */
export function Page({ title, trail = [], note, labels, extra, children }: Props) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [title, t]);
  return (
    <>
      {trail.length === 0 ? null : (
        <Breadcrumb
          items={[
            { title: <Link to="/">{t('menu.workplace')}</Link> },
            ...trail.map((part) => ({
              title: part.to === undefined ? part.text : <Link to={part.to}>{part.text}</Link>,
            })),
            { title },
          ]}
        />
      )}
      <div className="page-head">
        <h1>{title}</h1>
        {labels}
        {extra === undefined || extra === null ? null : <div className="page-extra">{extra}</div>}
        {note === undefined ? null : <div className="page-note">{note}</div>}
      </div>
      {children}
    </>
  );
}

interface LoadedProps<T> {
  query: { data: T | undefined; error: Problem | null; refetch: () => unknown };
  children: (data: T) => ReactNode;
}

/** Loading skeleton, error with a retry, or the data. */
export function Loaded<T>({ query, children }: LoadedProps<T>) {
  if (query.error !== null && query.data === undefined) {
    return <ErrorPanel problem={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) {
    return (
      <div className="panel">
        <Skeleton active paragraph={{ rows: 6 }} />
      </div>
    );
  }
  return (
    <>
      {query.error === null ? null : <ErrorPanel problem={query.error} onRetry={() => void query.refetch()} />}
      {children(query.data)}
    </>
  );
}

interface PanelProps {
  title?: ReactNode;
  extra?: ReactNode;
  /** Says that the amounts in the box are yuan. */
  unit?: boolean;
  children: ReactNode;
}

/** A titled white box. */
export function Panel({ title, extra, unit = false, children }: PanelProps) {
  const { t } = useTranslation();
  return (
    <section className="panel">
      {title === undefined ? null : (
        <h2>
          {title}
          {unit ? <span className="unit">{t('money.unit')}</span> : null}
          {extra === undefined ? null : <span style={{ marginLeft: 'auto', fontWeight: 400 }}>{extra}</span>}
        </h2>
      )}
      {children}
    </section>
  );
}

/** One key figure. */
export function Figure({ name, value, note }: { name: ReactNode; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="figure">
      <div className="figure-name">{name}</div>
      <div className="figure-value">{value}</div>
      {note === undefined ? null : <div className="figure-note">{note}</div>}
    </div>
  );
}
