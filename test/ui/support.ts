import * as fs from 'node:fs';
import * as path from 'node:path';
import axe from 'axe-core';
import type { Frame, Page } from 'playwright-core';
import { findChromium, hostReady, root } from '../../tools/vscode/host';

/** The packaged extension; BULKHEAD_VSIX names another one. */
export const vsix = process.env['BULKHEAD_VSIX'] ?? path.join(root, 'dist/bulkhead.vsix');

/** Where pictures are kept. */
export const shots = path.join(root, 'test-results/ui');

/** What the workbench lacks here; `undefined`: nothing. */
export const missing = !fs.existsSync(vsix)
  ? 'no dist/bulkhead.vsix (npm run package)'
  : !hostReady()
    ? 'no VS Code under .vscode-test/host (bash tools/vscode/setup-host.sh)'
    : findChromium() === undefined
      ? 'no Chromium'
      : undefined;
if (missing !== undefined) console.log(`skipped: workbench: ${missing}`);

/** What axe has to say against a page, or an element of it, each with the first elements that it is about. What is folded away is judged, too. */
export async function axeViolations(page: Page, within = 'html'): Promise<readonly string[]> {
  await page.evaluate(`document.querySelectorAll('details').forEach(details => (details.open = true))`);
  await page.evaluate(axe.source);
  return await page.evaluate(async selector => {
    const inPage = (globalThis as unknown as { axe: typeof axe }).axe;
    const { violations } = await inPage.run(selector);
    return violations.map(({ id, nodes }) => {
      const places = nodes.slice(0, 3).map(({ html }) => html);
      return `${id}: ${places.join(' ')}`;
    });
  }, within);
}

/** The same of a webview that runs no scripts, and so not axe: of its document with the colours that it comes out with. */
export async function axeViolationsOf(frame: Frame, within?: string): Promise<readonly string[]> {
  const html = await frame.evaluate<string>(`(() => {
    const copy = document.documentElement.cloneNode(true);
    copy.querySelectorAll('script, link, meta[http-equiv], base').forEach(element => element.remove());
    const rules = sheet => { try { return [...sheet.cssRules].map(rule => rule.cssText); } catch { return []; } };
    const style = copy.querySelector('head').appendChild(document.createElement('style'));
    style.textContent = [...document.styleSheets].flatMap(rules).join('\\n');
    return '<!DOCTYPE html>' + copy.outerHTML;
  })()`);
  const context = await frame.page().context().browser()!.newContext({ viewport: frame.page().viewportSize() });
  try {
    const page = await context.newPage();
    await page.setContent(html);
    return await axeViolations(page, within);
  } finally {
    await context.close();
  }
}
