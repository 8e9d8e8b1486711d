import * as fs from 'node:fs';
import * as path from 'node:path';
import { root } from './host';
import { openWorkbench, until } from './workbench';

/**
 * Takes the pictures of the documentation from the real editor: `npx tsx tools/vscode/screenshots.ts [FOLDER]` (docs/images).
 * Needs what the workbench test needs: dist/bulkhead.vsix, the embedded VS Code, Chromium.
 */

/** Nothing in the window but the file. */
const bare = {
  'workbench.activityBar.location': 'hidden',
  'workbench.layoutControl.enabled': false,
  'window.commandCenter': false,
  'editor.minimap.enabled': false,
  'editor.renderLineHighlight': 'none',
  'editor.occurrencesHighlight': 'off',
  'editor.selectionHighlight': false,
  'editor.lightbulb.enabled': 'on',
  'editor.scrollBeyondLastLine': false,
  'diffEditor.renderOverviewRuler': false,
  'breadcrumbs.enabled': false,
  'problems.decorations.enabled': false,
};

const example = (name: string): string => fs.readFileSync(path.join(root, 'examples', name), 'utf8');

async function takeScreenshots(shots: string): Promise<void> {
  const files = {
    Dockerfile: example('python-service/insecure/Dockerfile'),
    'deployment.yaml': example('python-service/insecure/deployment.yaml'),
  };
  const vsix = path.join(root, 'dist/bulkhead.vsix');
  const bench = await openWorkbench({ vsix, files, shots, settings: bare, size: { width: 900, height: 500 } });
  const { page } = bench;
  const away = (): Promise<void> => page.mouse.move(880, 300);
  try {
    await bench.open('Dockerfile');
    await page.locator('.squiggly-warning, .squiggly-error').first().waitFor({ timeout: 30_000 });
    await until(async () => {
      await page.keyboard.press('Control+b');
      await page.locator('.part.sidebar').waitFor({ state: 'hidden', timeout: 2000 });
    });
    await page.locator('.squiggly-warning').nth(2).waitFor({ timeout: 10_000 });

    await until(async () => {
      await page.keyboard.press('Escape');
      await page
        .locator('.view-line span span', { hasText: /0\.0\.0\.0/ })
        .last()
        .click({ position: { x: 60, y: 8 } });
      await page.keyboard.press('Control+Period');
      await page.locator('.action-widget .monaco-list-row', { hasText: 'gunicorn' }).first().waitFor({ timeout: 4000 });
    });
    await away();
    await bench.shoot('dockerfile-findings');
    await page.keyboard.press('Escape');

    const hover = page.locator('.monaco-hover:visible', { hasText: 'tls-verification-disabled' }).first();
    await until(async () => {
      await away();
      await page
        .locator('.view-line span span', { hasText: /trusted-host/ })
        .last()
        .hover({ position: { x: 150, y: 8 } });
      await hover.waitFor({ timeout: 4000 });
    });
    await bench.shoot('hover');
    await away();

    await bench.open('deployment.yaml');
    await page.locator('.squiggly-warning').first().waitFor({ timeout: 30_000 });
    await page.setViewportSize({ width: 1180, height: 640 });
    await bench.command('Bulkhead: Harden This File');
    await page.locator('.monaco-diff-editor .view-line', { hasText: 'allowPrivilegeEscalation' }).first().waitFor({ timeout: 15_000 });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await away();
    await page.waitForTimeout(1000);
    await bench.shoot('harden');
  } finally {
    await bench.close();
  }
}

takeScreenshots(path.resolve(process.argv[2] ?? path.join(root, 'docs/images'))).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
