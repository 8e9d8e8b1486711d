import type { Locator } from 'playwright-core';
import { afterEach, describe, expect, it, onTestFailed } from 'vitest';
import { openWorkbench, type Workbench } from '../../tools/vscode/workbench';
import { missing, shots, vsix } from './support';

/** The checklist and the interview in the real workbench, by the keyboard alone, in each theme and in a narrow window. */

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
    ['640', 'Default Light Modern', 640],
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
    // all of the question and of what it takes for granted is there to be read: it goes over as many lines as it needs
    const asked = pick.locator('.quick-input-message');
    expect(await asked.textContent()).toMatch(/^web: .*\? Answer yes if: /);
    expect(await asked.evaluate(cutOff)).toBe(false);
    // a quick pick takes 62 % of a window: 300 px of this one
    await page.setViewportSize({ width: 484, height: 800 });
    expect(await asked.evaluate(cutOff)).toBe(false);
    const answers = pick.locator('.monaco-list-row .label-name');
    for (const each of await answers.all())
      expect([await each.textContent(), await each.evaluate(cutOff)]).toEqual([expect.anything(), false]);
    await page.setViewportSize({ width, height: 800 });
    const before = await asked.textContent();
    await page.keyboard.press('Enter');
    const now = async (): Promise<string | null> => ((await pick.isVisible()) ? await asked.textContent({ timeout: 500 }) : null);
    await expect.poll(() => now().catch(() => before), effect).not.toBe(before);
  });
});

/** Whether part of a text is outside of its box, or of a box around it. */
function cutOff(shown: unknown): boolean {
  type Box = { readonly scrollWidth: number; readonly clientWidth: number; readonly parentElement: Box | null; readonly className: string };
  const isCut = ({ scrollWidth, clientWidth }: Box): boolean => clientWidth > 0 && scrollWidth > clientWidth + 1;
  for (let box = shown as Box | null; box && !box.className.includes('quick-input-widget'); box = box.parentElement)
    if (isCut(box)) return true;
  return false;
}

/** How far the rows of a list reach to the right. */
async function widest(rows: Locator): Promise<number> {
  const boxes = await Promise.all((await rows.all()).map(row => row.boundingBox()));
  return Math.max(...boxes.map(box => (box ? box.x + box.width : 0)));
}
