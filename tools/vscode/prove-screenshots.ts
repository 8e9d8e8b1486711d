import * as path from 'node:path';
import { root } from './host';
import { openWorkbench, until } from './workbench';

/**
 * Takes the pictures of docs/prove.md, from a question of harden to a proved fix: `npx tsx tools/vscode/prove-screenshots.ts`. It needs what screenshots.ts needs, and
 * Podman with an image `nginx:1.29`.
 */

const compose = `services:
  web:
    image: nginx:1.29
    ports:
      - "127.0.0.1:8080:80"
    restart: unless-stopped
`;

async function main(): Promise<void> {
  const bench = await openWorkbench({
    vsix: path.join(root, 'dist/bulkhead.vsix'),
    files: { 'compose.yaml': compose },
    shots: path.join(root, 'docs/images'),
    size: { width: 1250, height: 700 },
    settings: { 'editor.minimap.enabled': false },
  });
  const { page } = bench;
  const wanted = page.locator('.action-widget .monaco-list-row', { hasText: /Prove/ }).first();
  try {
    await bench.open('compose.yaml');
    await page.locator('.squiggly-warning, .squiggly-info').first().waitFor({ timeout: 30_000 });
    await until(async () => {
      await page.keyboard.press('Escape');
      await page
        .locator('.view-line span span', { hasText: /web/ })
        .last()
        .click({ position: { x: 8, y: 8 } });
      await page.keyboard.press('Control+Period');
      await wanted.waitFor({ timeout: 4000 });
    });
    await bench.shoot('prove-question');
    await wanted.click();
    const start = page.locator('.monaco-dialog-box .monaco-button', { hasText: /^Start$/ }).first();
    await start.click({ timeout: 60_000 });
    await page.locator('.view-line', { hasText: 'proved' }).first().waitFor({ timeout: 120_000 });
    await bench.open('compose.yaml');
    await bench.command('Bulkhead: Harden This File');
    await page.locator('.monaco-diff-editor .view-line', { hasText: '101:101' }).first().waitFor({ timeout: 20_000 });
    await bench.shoot('prove-fix');
  } finally {
    await bench.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
