import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { openWorkbench } from '../../tools/vscode/workbench';
import { missing, shots, vsix } from './support';

it.skipIf(missing !== undefined)('a server that cannot start is told once, and the language status offers another try', async () => {
  const bench = await openWorkbench({
    vsix,
    files: { Dockerfile: 'FROM node:latest\n' },
    shots,
    afterInstall: extension => fs.writeFileSync(path.join(extension, 'dist/server.js'), 'throw new Error("broken on purpose");\n'),
  });
  const { page } = bench;
  try {
    await bench.open('Dockerfile');
    const status = page.locator('[id="status.languageStatus"]');
    await expect
      .poll(
        async () => {
          await page.mouse.move(640, 300);
          await status.hover();
          return page.locator('.hover-language-status:visible', { hasText: 'Bulkhead is not running' }).count();
        },
        { timeout: 30_000, interval: 1000 },
      )
      .toBeGreaterThan(0);
    await bench.command('Notifications: Show Notifications');
    const notifications = page.locator('.notifications-center .monaco-list-row');
    await notifications.first().waitFor({ timeout: 10_000 });
    await bench.shoot('broken-server');
    const texts = await notifications.allInnerTexts();
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain('could not be started');
  } finally {
    await bench.close();
  }
});
