import { useTranslation } from 'react-i18next';

/** The names of roles in the language of the reader, or a word for none. */
export function useRoleNames(): (roles: readonly string[]) => string {
  const { t, i18n } = useTranslation();
  const comma = i18n.language === 'en' ? ', ' : '、';
  return (roles) =>
    roles.length === 0 ? t('users.none') : roles.map((role) => t(`role.${role}`, { defaultValue: role })).join(comma);
}
