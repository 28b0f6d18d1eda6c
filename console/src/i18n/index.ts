import i18n from 'i18next';
import { initReactI18next } from 'react-i18next';

const KEY = 'tongchou.language';
export type Language = 'zh-CN' | 'en';

/** Each language is a chunk of its own; only the one in use is fetched. */
const TEXTS: Record<Language, () => Promise<object>> = {
  'zh-CN': async () => (await import('./zh')).zh,
  en: async () => (await import('./en')).en,
};

/** Texts of pages that not everybody opens; fetched with the page. */
const OF_PAGES = {
  security: {
    'zh-CN': async () => (await import('./zh/security')).security,
    en: async () => (await import('./en/security')).security,
  },
  reports: {
    'zh-CN': async () => (await import('./zh/reports')).reports,
    en: async () => (await import('./en/reports')).reports,
  },
} satisfies Record<string, Record<Language, () => Promise<object>>>;
export type PageTexts = keyof typeof OF_PAGES;
const fetched = new Set<PageTexts>();

/** Loads the texts of some pages; before a page of these is drawn. */
export async function pageTexts(name: PageTexts, language = i18n.language as Language): Promise<void> {
  fetched.add(name);
  i18n.addResourceBundle(language, 'translation', await OF_PAGES[name][language](), true);
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
  await Promise.all([...fetched].map((name) => pageTexts(name, language)));
  window.localStorage.setItem(KEY, language);
  document.documentElement.lang = language;
  await i18n.changeLanguage(language);
}
