import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { root } from '../../tools/vscode/host';
import { openWorkbench, until, type Workbench } from '../../tools/vscode/workbench';
import { missing, shots, vsix } from './support';

/** What `npm start` opens, and the walkthrough: each step is done by doing what it says. */

/** Time for one visible effect, in milliseconds. */
const effect = { timeout: 20_000 };

const example = (name: string): string => fs.readFileSync(path.join(root, 'examples', name), 'utf8');

describe.skipIf(missing !== undefined)('a new user', () => {
  let bench: Workbench;
  let page: Page;
  /** Titles of the steps that are done. */
  const done = async (): Promise<string[]> => {
    const steps = page.locator('.getting-started-step', { has: page.locator('.codicon.complete') });
    return (await steps.locator('.step-title').allTextContents()).map(text => text.trim());
  };

  beforeAll(async () => {
    const files = { 'README.md': example('README.md'), Dockerfile: example('node-service/insecure/Dockerfile') };
    bench = await openWorkbench({
      vsix,
      files,
      shots,
      size: { width: 1400, height: 900 },
      start: true,
    });
    page = bench.page;
  });
  afterAll(() => bench?.close());

  it('is shown the README and the walkthrough, of which nothing is done yet', async () => {
    onTestFailed(() => bench.shoot('walkthrough-failed'));
    await page.locator('.tab', { hasText: 'Preview README.md' }).waitFor(effect);
    await page.locator('.getting-started-category-details, .getting-started-step').first().waitFor(effect);
    await expect
      .poll(() => page.locator('.getting-started-step .step-title').allTextContents(), effect)
      .toEqual([
        'See a finding',
        'Fix it',
        'Harden the file',
        'Pin an image',
        'Check the whole workspace',
        'See the worst problems first',
        'Convert a docker run command',
      ]);
    expect(await done()).toEqual([]);
    const picture = page.locator('.getting-started-media img').first();
    const width = (): Promise<number> => picture.evaluate(image => (image as unknown as { naturalWidth: number }).naturalWidth);
    await expect.poll(width, effect).toBeGreaterThan(0);
    // alone in the window: beside another editor VS Code leaves pictures out
    expect(await picture.isVisible()).toBe(true);
    await bench.shoot('walkthrough');
  });

  it('gets the file that the pictures show, beside the walkthrough; to see a finding is to look at one', async () => {
    onTestFailed(() => bench.shoot('walkthrough-example-failed'));
    await page.locator('.getting-started-step', { hasText: 'See a finding' }).getByText('Open an Example').click(effect);
    await page.locator('.squiggly-error, .squiggly-warning').first().waitFor(effect);
    expect(await done()).toEqual([]);
    await until(async () => {
      await page.mouse.move(1300, 850);
      await page
        .locator('.view-line span span', { hasText: /SESSION_SECRET/ })
        .last()
        .hover({ position: { x: 60, y: 8 } });
      await page
        .locator('.monaco-hover:visible', { hasText: /secret/i })
        .first()
        .waitFor({ timeout: 4000 });
    });
    await expect.poll(done, effect).toEqual(['See a finding']);
    await page.keyboard.press('Escape');
  });

  it('has done a step once it was done', async () => {
    onTestFailed(() => bench.shoot('walkthrough-steps-failed'));
    await bench.open('Dockerfile');
    await page.locator('.squiggly-warning').first().waitFor(effect);
    const menu = page.locator('.action-widget .monaco-list-row', { hasText: 'COPY' }).first();
    await until(async () => {
      await page.keyboard.press('Escape');
      await page
        .locator('.view-line', { hasText: /ADD\sserver/ })
        .first()
        .locator('span span')
        .first()
        .click();
      await page.keyboard.press('Control+Period');
      await menu.waitFor({ timeout: 4000 });
    });
    await menu.click();
    await page
      .locator('.view-line', { hasText: /COPY\sserver/ })
      .first()
      .waitFor(effect);
    await bench.command('Bulkhead: Get Started');
    await expect.poll(done, effect).toEqual(['See a finding', 'Fix it']);
  });

  it('can pin, since the extension host is Node, whatever the window is', async () => {
    onTestFailed(() => bench.shoot('walkthrough-pin-failed'));
    await bench.open('Dockerfile');
    await until(async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('F1');
      await page.locator('.quick-input-widget:visible input').first().fill('>Bulkhead: Pin All');
      await page
        .locator('.quick-input-list .monaco-list-row', { hasText: 'Pin All Images in This File' })
        .first()
        .waitFor({ timeout: 4000 });
    });
    await page.keyboard.press('Escape');
  });
});
