import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, until, type Workbench } from '../../tools/vscode/workbench';
import { firstUse } from '../support/first-use';
import { missing, shots, vsix } from './support';

/** The first test of the editor once more, with squiggle, key and notification as a person has them; nothing can be looked up. */

const fileOf = (index: number): string => `${index}/${firstUse[index]!.file}`;
const files = {
  ...Object.fromEntries(firstUse.map(({ text }, index) => [fileOf(index), text])),
  // nobody listens on the port of "discard"
  'pin/Dockerfile': 'FROM 127.0.0.1:9/node:26.1.0\nUSER 1000\n',
};
const effect = { timeout: 15_000 };

describe.skipIf(missing !== undefined)('first use, in the workbench', () => {
  let bench: Workbench & { readonly workspace: string };
  beforeAll(async () => {
    bench = await openWorkbench({ vsix, files, shots });
  });
  afterAll(async () => bench?.close());

  it.each(firstUse.map((each, index) => ({ ...each, index })))('$title', async ({ index, text, token, entry, mended }) => {
    const { page } = bench;
    const file = fileOf(index);
    const saved = async (key: string, wanted: string): Promise<void> => {
      await page.keyboard.press(key);
      await page.keyboard.press('Control+s');
      await expect.poll(() => fs.readFileSync(path.join(bench.workspace, file), 'utf8'), { timeout: 5000 }).toBe(wanted);
    };
    const menu = page.locator('.action-widget .monaco-list-row', { hasText: entry }).first();
    await bench.open(file);
    await page.locator('.squiggly-warning').first().waitFor({ timeout: 30_000 });
    await until(async () => {
      await bench.clickOn(token.split(' ')[1]!);
      await page.keyboard.press('Control+Period');
      await menu.waitFor({ timeout: 4000 });
    });
    await bench.shoot(`first-use-${index}`);
    await menu.click();
    await page
      .locator('.action-widget')
      .first()
      .waitFor({ state: 'hidden', ...effect });
    await saved('Escape', mended);
    await page.locator('.editor-group-container.active .view-lines').first().click();
    await saved('Control+z', text);
  });

  it('offline, pin says at once why it cannot', async () => {
    await bench.open('pin/Dockerfile');
    await bench.command('Bulkhead: Pin All Images in This File');
    const notice = bench.page.locator('.notifications-center .monaco-list-row', { hasText: '127.0.0.1:9/node:26.1.0 was not pinned: ' });
    await until(async () => {
      await bench.command('Notifications: Show Notifications');
      await notice.first().waitFor({ timeout: 4000 });
    });
    await bench.shoot('first-use-pin');
    expect(await notice.first().innerText()).toMatch(/Retry/);
  });
});
