import { Alert, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Person } from '../../api/model';
import { useAct } from '../../api/hooks';
import { path } from '../../api/client';
import { ErrorPanel } from '../../widgets/ErrorPanel';
import type { PageOf } from '../../widgets/DataTable';

const LENGTH = 18;

/** Finds the person of a whole identity number. It travels in the body: numbers do not belong into addresses. */
export function NumberSearch() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useAct<PageOf<Person>>();
  const [number, setNumber] = useState('');
  const found = search.data?.items;
  const find = (): void => {
    search.mutate(
      { route: path('/persons/search'), body: { idNo: number.trim() } },
      {
        onSuccess: ({ items }) => {
          const [person] = items;
          if (person !== undefined) void navigate(`/persons/${person.id}`);
        },
      },
    );
  };
  return (
    <section className="panel">
      <Input.Search
        className="number-search"
        aria-label={t('persons.byNumber')}
        placeholder={t('persons.byNumber')}
        enterButton={t('persons.find')}
        autoComplete="off"
        maxLength={30}
        value={number}
        loading={search.isPending}
        onChange={(event) => {
          setNumber(event.target.value);
        }}
        onSearch={() => {
          if (number.trim().length >= LENGTH) find();
        }}
      />
      {search.error === null ? null : <ErrorPanel problem={search.error} />}
      {found?.length === 0 ? <Alert type="info" showIcon title={t('persons.noSuchNumber')} /> : null}
    </section>
  );
}
