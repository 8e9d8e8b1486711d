import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, it, onTestFailed } from 'vitest';
import { openWorkbench, until, type Workbench } from '../../tools/vscode/workbench';
import { axeViolationsOf, missing, shots, vsix } from './support';

/** Show Posture in the real workbench: a page in the colours of the theme, without a script, whose links open files and pages of rules. */

/** A file whose name would be markup, and would be more arguments of a command. */
const odd = 'deploy/<img src=x onerror=alert(1)>"],["x.yaml';
const pod = `apiVersion: v1
kind: Pod
metadata:
  name: tool
spec:
  containers:
    - name: tool
      image: registry.example.com/acme/tool:1.2.3
      securityContext: { privileged: true }
`;

const effect = { timeout: 10_000 };

describe.skipIf(missing !== undefined)('the posture in the workbench', () => {
  let bench: Workbench | undefined;
  afterEach(async () => bench?.close());

  it.each([
    ['Default Light Modern', 'light'],
    ['Default Dark Modern', 'dark'],
    ['Default High Contrast', 'contrast'],
  ])('%s', async (theme, name) => {
    const settings = { 'workbench.colorTheme': theme };
    const files = {
      Dockerfile: 'FROM node:latest\nRUN sudo ls\nUSER node\n',
      'deploy/tool.yaml': pod,
      [odd]: pod.replace('name: tool', 'name: odd'),
    };
    const size = { width: 1400, height: 1000 };
    const outside: string[] = [];
    const opened = (bench = await openWorkbench({ vsix, files, shots, settings, size, onOutside: address => outside.push(address) }));
    const { page } = opened;
    onTestFailed(async () => opened.shoot(`failed posture ${name}`));
    await opened.open('Dockerfile');
    await opened.command('Bulkhead: Show Posture');
    const inner = (): FrameLocator => page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await inner().locator('h1', { hasText: 'Container security posture' }).waitFor(effect);
    await opened.shoot(`posture-view-${name}`);
    expect(await inner().locator('img, script[src]').count()).toBe(0);
    expect(await axeViolationsOf(await frameOf(page, 'h1'))).toEqual([]);
    const { color: foreground, backgroundColor: background } = await styleOf(inner().locator('body'));
    expect([lightness(background) > 0.5, contrast(foreground, background) > 7]).toEqual([name === 'light', true]);
    if (name === 'contrast') expect(background).toBe('rgb(0, 0, 0)');
    for (const mark of ['.about', '.mark.error', '.tiles .warning', '.mark.privileged', 'table a']) {
      const { color } = await styleOf(inner().locator(mark).first());
      expect([mark, contrast(color, background) >= 4.5]).toEqual([mark, true]);
    }
    await inner().locator('a', { hasText: odd }).first().click(effect);
    await page.locator('.tab.active', { hasText: 'x.yaml' }).first().waitFor(effect);
    await inner().locator('a', { hasText: 'dockerfile/sudo' }).first().click(effect);
    await page.locator('.tab', { hasText: 'sudo' }).first().waitFor(effect);
    // the page of a rule is our Markdown in VS Code's own preview, whose colours and document are its own
    const said = await axeViolationsOf(await frameOf(page, '.markdown-body'), '.markdown-body');
    expect(said.filter(one => !/^(?:region|color-contrast):/.test(one))).toEqual([]);
    await opened.shoot(`rule-view-${name}`);
    expect(outside).toEqual([]);
  });
});

/** The document of the webview that has such an element. */
async function frameOf(page: Page, selector: string): Promise<Frame> {
  return await until(async () => {
    for (const frame of page.frames())
      if (
        (await frame
          .locator(selector)
          .count()
          .catch(() => 0)) > 0
      )
        return frame;
    await page.waitForTimeout(500);
    throw new Error(`no frame has ${selector}`);
  }, 20);
}

/** The colours of an element as they come out. */
async function styleOf(element: Locator): Promise<{ readonly color: string; readonly backgroundColor: string }> {
  return await element.evaluate((shown: unknown) => {
    type Style = { readonly color: string; readonly backgroundColor: string };
    const { color, backgroundColor } = (globalThis as unknown as { getComputedStyle(element: unknown): Style }).getComputedStyle(shown);
    return { color, backgroundColor };
  });
}

/** WCAG 2.2: relative luminance of `rgb(r, g, b)`. */
function lightness(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(part => {
    const value = Number(part) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [lightness(one), lightness(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
