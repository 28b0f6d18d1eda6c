import i18n from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en';
import { zh } from './zh';

const KEY = 'tongchou.language';
export type Language = 'zh-CN' | 'en';

function remembered(): Language {
  return window.localStorage.getItem(KEY) === 'en' ? 'en' : 'zh-CN';
}

/** Starts the texts: Chinese unless this browser chose English before. A missing key shows itself as the key. */
export function startTexts(): void {
  void i18n.use(initReactI18next).init({
    lng: remembered(),
    fallbackLng: false,
    resources: { 'zh-CN': { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  document.documentElement.lang = i18n.language;
}

export function chooseLanguage(language: Language): void {
  window.localStorage.setItem(KEY, language);
  document.documentElement.lang = language;
  void i18n.changeLanguage(language);
}
