import type { Locator } from 'playwright-core';
import { afterEach, describe, expect, it, onTestFailed } from 'vitest';
import { openWorkbench, until, type Workbench } from '../../tools/vscode/workbench';
import { missing, shots, vsix } from './support';

/** The checklist and the interview in the real workbench, by the keyboard alone, in each theme. */

const compose = `services:
  web:
    image: registry.example.com/acme/shop:1
    network_mode: host
    mem_limit: 64m
`;
const effect = { timeout: 20_000 };

describe.skipIf(missing !== undefined)('without a mouse', () => {
  let bench: Workbench | undefined;
  afterEach(async () => bench?.close());

  it.each([
    ['light', 'Default Light Modern', 1200],
    ['dark', 'Default Dark Modern', 1200],
    ['contrast', 'Default High Contrast', 1200],
  ])('%s: a checklist that is ticked and applied, and an interview that is answered', async (name, theme, width) => {
    const settings = { 'workbench.colorTheme': theme };
    const opened = (bench = await openWorkbench({
      vsix,
      files: { 'compose.yaml': compose },
      shots,
      settings,
      size: { width, height: 800 },
    }));
    const { page } = opened;
    onTestFailed(async () => opened.shoot(`failed interview ${name}`));
    await opened.open('compose.yaml');
    await page.locator('.squiggly-warning, .squiggly-error').first().waitFor(effect);

    await opened.command('Bulkhead: Harden This File');
    const rows = page.locator('.customview-tree .monaco-list-row', { has: page.locator('.custom-view-tree-node-item-checkbox') });
    await rows.first().waitFor(effect);
    await opened.shoot(`checklist-${name}`);
    // a row says what it does, as which class, and whether it is ticked, to who does not see it
    const said = await rows.first().getAttribute('aria-label');
    expect(said).toMatch(/selected/);
    expect(await widest(rows)).toBeLessThanOrEqual(width);
    await page.keyboard.press('Control+Enter');
    await page.locator('.view-line', { hasText: 'no-new-privileges' }).first().waitFor(effect);

    const pick = page.locator('.quick-input-widget:visible');
    // the first question may take the place of the palette before anybody sees that closed
    await opened.command('Bulkhead: Answer Questions').catch(() => undefined);
    await pick.locator('.quick-input-title', { hasText: /^Question 1 of/ }).waitFor(effect);
    await opened.shoot(`interview-${name}`);
    expect(await pick.locator('.monaco-list-row').first().getAttribute('aria-label')).toContain('Yes, fix it');
    const box = (await pick.boundingBox())!;
    expect(box.x >= 0 && box.x + box.width <= width).toBe(true);
    const before = await pick.locator('input').first().getAttribute('placeholder');
    await page.keyboard.press('Enter');
    await until(async () => {
      const now = (await pick.isVisible()) ? await pick.locator('input').first().getAttribute('placeholder', { timeout: 500 }) : null;
      if (now === before) throw new Error('the question is still there');
    }, 20);
  });
});

/** How far the rows of a list reach to the right. */
async function widest(rows: Locator): Promise<number> {
  const boxes = await Promise.all((await rows.all()).map(row => row.boundingBox()));
  return Math.max(...boxes.map(box => (box ? box.x + box.width : 0)));
}
