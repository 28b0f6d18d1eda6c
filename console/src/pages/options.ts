import { useTranslation } from 'react-i18next';
import { useRead } from '../api/hooks';
import type { Institution } from '../api/model';
import type { PageOf } from '../widgets/DataTable';

interface Option {
  value: string;
  label: string;
}

/** Choices of a filter whose texts stand under one key, e.g. `scheme`. */
export function useChoices(prefix: string, values: readonly string[]): Option[] {
  const { t } = useTranslation();
  return values.map((value) => ({ value, label: t(`${prefix}.${value}`) }));
}

export const SCHEMES = ['310', '390'] as const;

/** The institutions that the user may see, for choices by name. */
export function useInstitutions(): Option[] {
  const read = useRead<PageOf<Institution>>('/institutions', { limit: 200 });
  return (read.data?.items ?? []).map((institution) => ({ value: institution.id, label: institution.name }));
}
