import * as fs from 'node:fs';
import * as path from 'node:path';
import { root } from './host';
import { openWorkbench, until } from './workbench';

/**
 * Takes pictures of the extension in Japanese, to be looked at: `npx tsx tools/vscode/japanese.ts` (test-results/ja). No language pack is to be had, so that the
 * words of VS Code itself stay English. Needs what the workbench test needs.
 */
const shots = path.join(root, 'test-results/ja');
const example = (name: string): string => fs.readFileSync(path.join(root, 'examples/python-service/insecure', name), 'utf8');

/** A title of the manifest in Japanese, or in English where it is not translated. */
function titleOf(key: string): string {
  const read = (file: string): Record<string, string> =>
    fs.existsSync(path.join(root, file)) ? (JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')) as Record<string, string>) : {};
  return read('package.nls.ja.json')[key] ?? read('package.nls.json')[key]!;
}

async function takeAll(): Promise<void> {
  const bench = await openWorkbench({
    vsix: path.join(root, 'dist/bulkhead.vsix'),
    files: { Dockerfile: example('Dockerfile'), 'deployment.yaml': example('deployment.yaml') },
    shots,
    language: 'ja',
    settings: { 'editor.lightbulb.enabled': 'on' },
    size: { width: 1280, height: 800 },
  });
  const { page } = bench;
  const shown = async (name: string): Promise<void> => {
    await page.waitForTimeout(1500);
    await bench.shoot(name);
    await page.keyboard.press('Escape');
  };
  try {
    await bench.open('Dockerfile');
    await page.locator('.squiggly-warning, .squiggly-error').first().waitFor({ timeout: 60_000 });
    await page.keyboard.press('Control+Shift+m');
    await shown('problems');
    await until(async () => {
      await page
        .locator('.view-line span span', { hasText: /trusted-host/ })
        .last()
        .hover();
      await page.locator('.monaco-hover:visible').first().waitFor({ timeout: 4000 });
    });
    await shown('hover');
    await until(async () => {
      await page.locator('.view-line span span', { hasText: /FROM/ }).first().click();
      await page.keyboard.press('Control+Period');
      await page.locator('.action-widget:visible').waitFor({ timeout: 4000 });
    });
    await shown('light-bulb');
    for (const [name, key] of [
      ['posture', 'command.showPosture'],
      ['walkthrough', 'command.getStarted'],
    ] as const) {
      await bench.command(titleOf(key));
      await page.waitForTimeout(4000);
      await shown(name);
    }
    await bench.open('deployment.yaml');
    await page.locator('.squiggly-warning, .squiggly-error').first().waitFor({ timeout: 60_000 });
    await bench.command(titleOf('command.harden'));
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor({ timeout: 15_000 });
    await shown('harden');
    await page.keyboard.press('Control+Comma');
    await page.locator('.settings-editor input, .settings-editor textarea').first().waitFor({ timeout: 10_000 });
    await page.keyboard.type('bulkhead');
    await page.waitForTimeout(2000);
    await shown('settings');
  } finally {
    await bench.close();
  }
}

takeAll().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
