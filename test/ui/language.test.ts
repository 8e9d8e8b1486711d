import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../tools/vscode/host';
import { openWorkbench, until, type Workbench } from '../../tools/vscode/workbench';
import { missing, shots, vsix } from './support';

/** The packaged extension in a workbench whose display language is Japanese, beside a made-up translation: every text in brackets. */

const bracketed = (file: string): string => {
  const table = JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')) as Record<string, string>;
  return JSON.stringify(Object.fromEntries(Object.entries(table).map(([key, text]) => [key, `«${text}»`])));
};

describe.skipIf(missing !== undefined)('in Japanese', () => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await openWorkbench({
      vsix,
      shots,
      language: 'ja',
      files: { Dockerfile: 'FROM node:latest\nWORKDIR /app\nADD server.js /app/\nCMD ["node", "server.js"]\n' },
      settings: { 'editor.lightbulb.enabled': 'on' },
      afterInstall: extension => {
        fs.mkdirSync(path.join(extension, 'l10n'), { recursive: true });
        fs.writeFileSync(path.join(extension, 'l10n/ja.json'), bracketed('l10n/en.json'));
        fs.writeFileSync(path.join(extension, 'l10n/bundle.l10n.ja.json'), bracketed('l10n/bundle.l10n.json'));
      },
    });
    await bench.open('Dockerfile');
    await bench.page.locator('.squiggly-warning, .squiggly-error').first().waitFor({ timeout: 60_000 });
  }, 240_000);
  afterAll(() => bench?.close());

  it('the hover and its page are in it', async () => {
    const { page } = bench;
    const shown = await until(async () => {
      await page.keyboard.press('Escape');
      await page
        .locator('.view-line span span', { hasText: /node:latest/ })
        .first()
        .hover();
      // the rule's page, which has a translation, comes after the finding
      const hover = page.locator('.monaco-hover:visible', { hasText: /[ぁ-ん]{2}/ }).first();
      await hover.waitFor({ timeout: 4000 });
      return hover.innerText();
    });
    expect(shown).toContain('«');
    await bench.shoot('language-hover');
  });

  it('the light bulb is in it', async () => {
    const { page } = bench;
    const shown = await until(async () => {
      await page.keyboard.press('Escape');
      await bench.clickOn('node');
      await page.keyboard.press('Control+.');
      const menu = page.locator('.action-widget:visible');
      await menu.waitFor({ timeout: 4000 });
      return menu.innerText();
    });
    expect(shown).toContain('«Suppress…»');
    // the headings are VS Code's own
    const english = shown.split('\n').filter(line => line.trim() !== '' && !line.startsWith('«'));
    expect(english.filter(line => !/^(?:Quick Fix|Rewrite|More Actions\.\.\.|Source Action)$/.test(line.trim()))).toEqual([]);
    await bench.shoot('language-light-bulb');
    await page.keyboard.press('Escape');
  });
});
