import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { openWorkbench, until, type Workbench } from '../../tools/vscode/workbench';
import { missing, shots, vsix } from './support';

/** Clicks through the real workbench as a user does, on the packaged extension. Pictures are kept in test-results/ui. */

const dockerfile = `FROM node:latest
WORKDIR /app
# the service itself
ADD server.js /app/
CMD ["node", "server.js"]
`;

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: { app: shop }
  template:
    metadata:
      labels: { app: shop }
    spec:
      containers:
        - name: shop # the only one
          image: registry.example.com/acme/shop:1.2.3
---
apiVersion: v1
kind: Pod
metadata:
  name: tool
spec:
  containers:
    - name: tool
      image: registry.example.com/acme/tool:1.2.3
`;

/** Time for one visible effect, in milliseconds. */
const effect = { timeout: 15_000 };

describe.skipIf(missing !== undefined)('the workbench', () => {
  let bench: Workbench & { readonly workspace: string };
  const read = (file: string): string => fs.readFileSync(path.join(bench.workspace, file), 'utf8');
  const saved = async (file: string, test: (text: string) => boolean): Promise<string> => {
    let text = '';
    await until(async () => {
      await bench.page.keyboard.press('Control+s');
      // a file is empty for a moment while it is written
      await expect.poll(() => (text = read(file)) !== '' && test(text), { timeout: 4000 }).toBe(true);
    });
    return text;
  };
  /** Takes the one step back that Apply made. */
  const undone = async (): Promise<void> => {
    await until(async () => {
      await bench.page.locator('.editor-group-container.active .view-lines').click();
      await bench.page.keyboard.press('Control+z');
      await saved('deploy/web.yaml', text => text === deployment);
    });
  };
  const shootOnFailure = (): void => {
    onTestFailed(async ({ task }) => bench.shoot(`failed ${task.name.slice(0, 40)}`));
  };

  beforeAll(async () => {
    const files = { Dockerfile: dockerfile, 'deploy/web.yaml': deployment };
    bench = await openWorkbench({ vsix, files, shots });
  });
  afterAll(async () => bench?.close());

  it('underlines, explains on hover, and fixes from the light bulb', async () => {
    shootOnFailure();
    const { page } = bench;
    await page.getByRole('treeitem', { name: 'Dockerfile' }).dblclick(effect);
    await page.locator('.squiggly-warning').first().waitFor({ timeout: 30_000 });
    await bench.shoot('1-squiggles');

    const hover = page.locator('.monaco-hover:visible', { hasText: 'dockerfile/latest-tag' }).first();
    const overLatest = async (): Promise<void> => {
      await page.mouse.move(5, 400);
      await page
        .locator('.view-line span span', { hasText: /latest/ })
        .last()
        .hover();
    };
    await until(async () => {
      await overLatest();
      await hover.waitFor({ timeout: 4000 });
    });
    await bench.shoot('2-hover');
    // both the code of the finding and the link of our own show the page as a page, inside the editor
    for (const [name, link] of [
      ['code', hover.locator('a.code-link').first()],
      ['link', hover.getByText('Documentation for dockerfile/').first()],
    ] as const) {
      await until(async () => {
        await bench.open('Dockerfile');
        await overLatest();
        await link.click({ timeout: 4000 });
        await page.locator('.tab.active', { hasText: '.md' }).waitFor({ timeout: 4000 });
      });
      await page.locator('iframe.webview').first().waitFor(effect);
      await bench.shoot(`2-page-${name}`);
    }

    const action = page.locator('.action-widget .monaco-list-row', { hasText: 'COPY' }).first();
    await until(async () => {
      await bench.open('Dockerfile');
      await bench.clickOn('ADD');
      await page.keyboard.press('Control+Period');
      await action.waitFor({ timeout: 4000 });
    });
    await bench.shoot('3-light-bulb');
    await page.keyboard.press('Enter');
    await page.locator('.view-line', { hasText: 'COPY server.js' }).waitFor(effect);
    expect(await saved('Dockerfile', text => text.includes('COPY'))).toBe(dockerfile.replace('ADD', 'COPY'));
  });

  it('says in the language status what was checked', async () => {
    shootOnFailure();
    const { page } = bench;
    await bench.open('Dockerfile');
    await page.locator('[id="status.languageStatus"]').hover(effect);
    await page
      .locator('.hover-language-status:visible', { hasText: /finding/ })
      .first()
      .waitFor(effect);
    await bench.shoot('4-language-status');
    await page.mouse.move(640, 300);
  });

  it('shows what a check of the workspace has found, whatever is in front', async () => {
    shootOnFailure();
    const { page } = bench;
    await bench.command('Output: Focus on Output View');
    await page.locator('.panel .output-view').first().waitFor(effect);
    await bench.command('Bulkhead: Check Workspace');
    await page.locator('.panel .markers-panel .monaco-list-row', { hasText: 'web.yaml' }).first().waitFor({ timeout: 30_000 });
    await page.keyboard.press('Control+j');
  });

  it('offers to pin images: the window is a browser, and what asks registries is not', async () => {
    shootOnFailure();
    const { page } = bench;
    await bench.open('Dockerfile');
    await until(async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('F1');
      const input = page.locator('.quick-input-widget:visible input').first();
      await input.fill('>Bulkhead: Pin All Images', { timeout: 4000 });
      const offered = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Pin All Images' });
      await expect.poll(() => offered.count(), { timeout: 4000 }).toBe(1);
    });
    await page.keyboard.press('Escape');
  });

  it('hardens with the keyboard alone: a checklist, a diff that follows it, Apply, and one undo', async () => {
    shootOnFailure();
    const { page } = bench;
    await bench.open('deploy/web.yaml');
    await page.locator('.squiggly-warning').first().waitFor({ timeout: 30_000 });
    await bench.command('Bulkhead: Harden This File');
    const rows = page.locator('.customview-tree .monaco-list-row');
    const boxes = rows.locator('.custom-view-tree-node-item-checkbox');
    const added = page.locator('.monaco-diff-editor .modified .view-line', { hasText: 'allowPrivilegeEscalation' });
    await added.first().waitFor(effect);
    await bench.shoot('5-harden');
    expect(read('deploy/web.yaml')).toBe(deployment);

    // The view has the keyboard: down from row to row, Space on each that is ticked. The headings have no box.
    const isTicked = async (i: number): Promise<boolean> =>
      (await rows.nth(i).locator('.custom-view-tree-node-item-checkbox[aria-checked="true"]').count()) > 0;
    await expect.poll(() => boxes.count(), effect).toBeGreaterThan(1);
    const names = await rows.allTextContents();
    expect(names.filter(name => /^(?:Applied|Your decision)/.test(name)).length).toBeGreaterThan(0);
    const count = await rows.count();
    await page.keyboard.press('Home');
    for (let i = 0; i < count; i++) {
      if (await isTicked(i)) {
        await until(async () => {
          if (await isTicked(i)) await page.keyboard.press('Space');
          await expect.poll(() => isTicked(i), { timeout: 4000 }).toBe(false);
        });
      }
      await page.keyboard.press('ArrowDown');
    }
    await added.first().waitFor({ state: 'hidden', ...effect });
    await bench.shoot('6-nothing-ticked');

    // Back to the first group, below its heading: it alone.
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await until(async () => {
      if (!(await isTicked(1))) await page.keyboard.press('Space');
      await expect.poll(() => isTicked(1), { timeout: 4000 }).toBe(true);
    });
    const changes = page.locator('.monaco-diff-editor .modified .line-insert');
    await changes.first().waitFor(effect);
    await page.keyboard.press('Control+Enter');
    await page.locator('.monaco-diff-editor').waitFor({ state: 'hidden', ...effect });
    const hardened = await saved('deploy/web.yaml', text => text !== deployment);
    await bench.shoot('7-hardened');
    expect(hardened).toContain('# the only one');
    expect(hardened.endsWith(deployment.slice(deployment.indexOf('---\n')))).toBe(true);

    await undone();
  });

  it.each(['view', 'diff'])('has Apply and Discard in the title bar of the %s, also in a narrow window', async place => {
    shootOnFailure();
    const { page } = bench;
    await bench.open('deploy/web.yaml');
    const button = (name: string): Locator =>
      page
        .locator(place === 'view' ? '.part.sidebar' : '.part.editor .editor-actions')
        .getByRole('button', { name })
        .first();
    const diff = page.locator('.monaco-diff-editor');
    await bench.command('Bulkhead: Harden This File');
    await diff.waitFor(effect);
    await button('Discard Hardening').click(effect);
    await diff.waitFor({ state: 'hidden', ...effect });
    expect(read('deploy/web.yaml')).toBe(deployment);

    await page.setViewportSize({ width: 640, height: 600 });
    try {
      await bench.command('Bulkhead: Harden This File');
      await page.locator('.monaco-diff-editor .view-line', { hasText: 'allowPrivilegeEscalation' }).first().waitFor(effect);
      await page.locator('.customview-tree .custom-view-tree-node-item-checkbox').first().waitFor(effect);
      await bench.shoot(`8-narrow-${place}`);
      await button('Apply Selected Groups').click(effect);
      await diff.waitFor({ state: 'hidden', ...effect });
    } finally {
      await page.setViewportSize({ width: 1280, height: 800 });
    }
    const hardened = await saved('deploy/web.yaml', text => text !== deployment);
    expect(hardened).toContain('allowPrivilegeEscalation: false');
    await undone();
  });
});
