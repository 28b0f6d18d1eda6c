import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { create, type Font } from 'fontkit';
import pdfmake from 'pdfmake';
import { DomainError } from '../common/errors/index.js';
import { documentErrors } from './domain/errors.js';
import { layOut } from './layout.js';
import { type Sheet, textsOf } from './sheet.js';

const FONT_FILE = /\.(ttf|otf)$/i;

/** Prints official sheets as PDF: A4, the font's used glyphs embedded, text searchable, the same sheet always the same bytes. */
@Injectable()
export class PdfPrinter {
  private font: Promise<{ path: string; font: Font }> | undefined;

  /**
   * @returns the bytes of the PDF
   * @throws `documents.missing-glyph` when a character (a rare name) is not in the font: a wrong paper is worse than none
   */
  async print(sheet: Sheet): Promise<Buffer> {
    const { path, font } = await this.loaded();
    const missing = missingIn(font, textsOf(sheet));
    if (missing.length > 0)
      throw new DomainError(documentErrors['missing-glyph'], { characters: missing.slice(0, 10) });
    pdfmake.setFonts({ sheet: { normal: path, bold: path, italics: path, bolditalics: path } });
    pdfmake.setUrlAccessPolicy(() => false);
    pdfmake.setLocalAccessPolicy((file) => file === path);
    return pdfmake.createPdf(layOut(sheet)).getBuffer();
  }

  // A font that could not be read is asked for again: it may have been put there meanwhile.
  private async loaded(): Promise<{ path: string; font: Font }> {
    this.font ??= loadFont();
    try {
      return await this.font;
    } catch (error) {
      this.font = undefined;
      throw error;
    }
  }
}

// The bureau's own font first (FONT_DIR), else Noto Sans SC that comes with the package.
async function loadFont(): Promise<{ path: string; font: Font }> {
  const path = (await fromDirectory(process.env['FONT_DIR'])) ?? packaged();
  const font = create(await readFile(path));
  if (!('hasGlyphForCodePoint' in font)) throw new Error(`${path} is a collection of fonts; name a single font file`);
  return { path, font };
}

async function fromDirectory(directory: string | undefined): Promise<string | undefined> {
  if (directory === undefined || !existsSync(directory)) return undefined;
  const file = (await readdir(directory)).sort().find((name) => FONT_FILE.test(name));
  return file === undefined ? undefined : join(directory, file);
}

function packaged(): string {
  const root = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/package.json'));
  return join(root, '400Regular', 'NotoSansSC_400Regular.ttf');
}

function missingIn(font: Font, texts: readonly string[]): string[] {
  const characters = new Set(texts.flatMap((text) => Array.from(text)));
  return [...characters].filter((character) => {
    const point = character.codePointAt(0);
    return point !== undefined && point > 0x20 && !font.hasGlyphForCodePoint(point);
  });
}
