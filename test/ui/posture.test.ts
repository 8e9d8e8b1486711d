import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Browser } from 'playwright-core';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchBrowser, root } from '../../tools/vscode/host';
import { axeViolations, shots } from './support';

/** The page that `bulkhead report` makes, as a browser and a screen reader have it. */

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-posture-'));
const file = path.join(scratch, 'report.html');

describe.skipIf(findChromium() === undefined)('the posture of a workspace as a page', () => {
  let browser: Browser;
  beforeAll(async () => {
    fs.mkdirSync(shots, { recursive: true });
    const args = ['dist/cli.js', 'report', 'examples', '--no-cache', '--today', '2026-11-24', '--output-file', file];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    fs.rmSync(scratch, { recursive: true, force: true });
  });

  it.each([
    ['light', { colorScheme: 'light' as const, viewport: { width: 1100, height: 900 } }],
    ['dark', { colorScheme: 'dark' as const, viewport: { width: 1100, height: 900 } }],
    ['narrow', { colorScheme: 'light' as const, viewport: { width: 390, height: 844 } }],
    ['narrow-dark', { colorScheme: 'dark' as const, viewport: { width: 390, height: 844 } }],
    ['narrowest', { colorScheme: 'light' as const, viewport: { width: 300, height: 844 } }],
    ['print', { colorScheme: 'light' as const, viewport: { width: 794, height: 1123 } }],
  ])('%s: accessible, no wider than the window, and it asks for nothing', async (name, options) => {
    // axe runs by itself in the page, past the policy that keeps every script of the page out
    const context = await browser.newContext({ ...options, bypassCSP: true });
    const page = await context.newPage();
    const asked: string[] = [];
    const said: string[] = [];
    page.on('request', request => asked.push(request.url()));
    page.on('console', message => said.push(message.text()));
    if (name === 'print') await page.emulateMedia({ media: 'print' });
    await page.goto(pathToFileURL(file).href);
    await page.screenshot({ path: path.join(shots, `posture-${name}.png`) });
    expect(await axeViolations(page)).toEqual([]);
    const [scrollWidth, clientWidth] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    );
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
    // a table that scrolls hides its counts from who does not try
    const wide = await page.evaluate<string[]>(
      `[...document.body.querySelectorAll('*')].filter(each => each.getBoundingClientRect().right > innerWidth + 0.5).map(each => each.outerHTML.slice(0, 80))`,
    );
    expect(wide).toEqual([]);
    expect(asked).toEqual([pathToFileURL(file).href]);
    expect(said).toEqual([]);
    await context.close();
  });
});
