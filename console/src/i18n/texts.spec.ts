import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHAIN_TEXTS, STREAM_TEXTS } from './chain';
import { en as commonEnglish } from './en';
import { reports as englishReports } from './en/reports';
import { security as englishSecurity } from './en/security';
import { zh as commonChinese } from './zh';
import { reports as chineseReports } from './zh/reports';
import { security as chineseSecurity } from './zh/security';

type Tree = { [key: string]: string | Tree };

function keysOf(tree: Tree, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(prefix + key, value);
    else for (const [inner, text] of keysOf(value, `${prefix}${key}.`)) found.set(inner, text);
  }
  return found;
}

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.spec\.tsx?$|\.d\.ts$/.test(entry.name) ? [path] : [];
  });
}

type Pairs = Readonly<Record<string, { zh: string; en: string }>>;
const inOne = (pairs: Pairs, language: 'zh' | 'en'): Tree =>
  Object.fromEntries(Object.entries(pairs).map(([key, text]) => [key, text[language]]));
const chainIn = (language: 'zh' | 'en'): Tree => ({
  chain: inOne(CHAIN_TEXTS, language),
  stream: inOne(STREAM_TEXTS, language),
});

const chinese = keysOf({ ...commonChinese, ...chineseSecurity, ...chineseReports, ...chainIn('zh') } as Tree);
const english = keysOf({ ...commonEnglish, ...englishSecurity, ...englishReports, ...chainIn('en') } as Tree);
const root = join(import.meta.dirname, '..');
const code = sources(root).filter((path) => !path.includes(`${join('src', 'i18n')}`));

describe('the texts of the console', () => {
  it('has every key in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  });

  it('leaves no text empty, and writes Chinese in Chinese', () => {
    for (const [key, text] of [...chinese, ...english]) expect(text.trim(), key).not.toBe('');
    const wordless = new Set(['filter.shape.month', 'filter.shape.day', 'filter.shape.year', 'jobs.units']);
    const latinOnly = [...chinese].filter(([key, text]) => !/[\u4e00-\u9fff]/.test(text) && !wordless.has(key));
    expect(latinOnly).toEqual([]);
  });

  it('uses the same placeholders in both languages', () => {
    const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
    for (const [key, text] of chinese) expect(placeholders(english.get(key) ?? ''), key).toEqual(placeholders(text));
  });

  it('knows every key that the code asks for', () => {
    const missing: string[] = [];
    let asked = 0;
    for (const path of code) {
      const text = readFileSync(path, 'utf8');
      for (const match of text.matchAll(/\bt\(\s*'([\w.-]+)'/g)) {
        asked += 1;
        if (!chinese.has(match[1] ?? '')) missing.push(`${path}: ${match[1] ?? ''}`);
      }
      for (const match of text.matchAll(/\bt\(\s*`([\w.-]+)\.\$\{/g)) {
        asked += 1;
        const prefix = `${match[1] ?? ''}.`;
        if (![...chinese.keys()].some((key) => key.startsWith(prefix))) missing.push(`${path}: ${prefix}*`);
      }
    }
    expect(asked).toBeGreaterThan(100);
    expect(missing).toEqual([]);
  });

  it('has no Chinese outside the texts, so that the language switch reaches everything', () => {
    const stray = code.filter((path) => {
      const text = readFileSync(path, 'utf8')
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/\/\/.*$/gm, '');
      return /[\u4e00-\u9fff]/.test(text);
    });
    // The language switch names each language in its own words; 亿 and 万 belong to the form of a number.
    expect(stray.map((path) => path.split('/').at(-1)).sort()).toEqual(['LanguageButton.tsx', 'format.ts']);
  });
});
