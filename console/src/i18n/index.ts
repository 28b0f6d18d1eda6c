import i18n from 'i18next';
import { initReactI18next } from 'react-i18next';

const KEY = 'tongchou.language';
export type Language = 'zh-CN' | 'en';

/** Each language is a chunk of its own; only the one in use is fetched. */
const TEXTS: Record<Language, () => Promise<object>> = {
  'zh-CN': async () => (await import('./zh')).zh,
  en: async () => (await import('./en')).en,
};

/** Texts of pages that few open, and seldom; fetched with the page. */
const SECURITY: Record<Language, () => Promise<object>> = {
  'zh-CN': async () => (await import('./zh/security')).security,
  en: async () => (await import('./en/security')).security,
};
let withSecurity = false;

/** Loads the texts of sign-in codes, account security and users; before a page of these is drawn. */
export async function securityTexts(language = i18n.language as Language): Promise<void> {
  withSecurity = true;
  i18n.addResourceBundle(language, 'translation', await SECURITY[language](), true);
}

function remembered(): Language {
  return window.localStorage.getItem(KEY) === 'en' ? 'en' : 'zh-CN';
}

/** Starts the texts: Chinese unless this browser chose English before. A missing key shows itself as the key. */
export async function startTexts(): Promise<void> {
  const language = remembered();
  await i18n.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await TEXTS[language]() } },
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language): Promise<void> {
  if (!i18n.hasResourceBundle(language, 'translation')) {
    i18n.addResourceBundle(language, 'translation', await TEXTS[language]());
  }
  if (withSecurity) await securityTexts(language);
  window.localStorage.setItem(KEY, language);
  document.documentElement.lang = language;
  await i18n.changeLanguage(language);
}
