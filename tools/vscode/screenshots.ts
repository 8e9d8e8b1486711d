import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { root } from './host';
import { openWorkbench, until, type Workbench } from './workbench';

/**
 * Takes the pictures of the documentation from the real editor: `npx tsx tools/vscode/screenshots.ts [docs | policy | walkthrough | narrow]`
 * (docs/images and images/walkthrough).
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

const vsix = path.join(root, 'dist/bulkhead.vsix');
const example = (name: string): string => fs.readFileSync(path.join(root, 'examples', name), 'utf8');

/** Opens the Dockerfile, with its findings and without the side bar. */
async function openAlone(bench: Workbench): Promise<void> {
  const { page } = bench;
  await bench.open('Dockerfile');
  await page.locator('.squiggly-warning, .squiggly-error').first().waitFor({ timeout: 30_000 });
  await until(async () => {
    await page.keyboard.press('Control+b');
    await page.locator('.part.sidebar').waitFor({ state: 'hidden', timeout: 2000 });
  });
}

async function takeScreenshots(shots: string): Promise<void> {
  const files = {
    Dockerfile: example('python-service/insecure/Dockerfile'),
    'deployment.yaml': example('python-service/insecure/deployment.yaml'),
  };
  const bench = await openWorkbench({ vsix, files, shots, settings: bare, size: { width: 900, height: 500 } });
  const { page } = bench;
  const away = (): Promise<void> => page.mouse.move(880, 300);
  try {
    await openAlone(bench);
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

/** A Deployment that breaks a policy of its own repository: the light bulb, and what it writes. */
async function takePolicy(shots: string): Promise<void> {
  const files = {
    'web.yaml': example('gate/own/web.yaml'),
    'policies/cluster-policy.yaml': example('gate/own/policies/cluster-policy.yaml'),
  };
  const bench = await openWorkbench({ vsix, files, shots, settings: bare, size: { width: 980, height: 520 } });
  const { page } = bench;
  try {
    await bench.open('web.yaml');
    await page.locator('.squiggly-error').first().waitFor({ timeout: 30_000 });
    const fix = page.locator('.action-widget .monaco-list-row', { hasText: 'two-replicas' }).first();
    await until(async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+b');
      await page.locator('.part.sidebar').waitFor({ state: 'hidden', timeout: 2000 });
      await page.locator('.squiggly-error').first().click({ force: true });
      await page.keyboard.press('Control+Period');
      await fix.waitFor({ timeout: 4000 });
    });
    await page.mouse.move(900, 470);
    await bench.shoot('policy-fix');
    await fix.click();
    await page.locator('.view-line', { hasText: 'replicas: 2' }).first().waitFor({ timeout: 10_000 });
    await page.locator('.squiggly-error').first().waitFor({ state: 'detached', timeout: 15_000 });
    await bench.shoot('policy-fixed');
  } finally {
    await bench.close();
  }
}

/** The pictures of the walkthrough, in a light and a dark theme: small, since they are part of the package. */
async function takeWalkthrough(shots: string, theme: string, suffix: string): Promise<void> {
  const files = {
    Dockerfile: example('node-service/insecure/Dockerfile'),
    'deployment.yaml': example('node-service/insecure/deployment.yaml'),
  };
  const settings = { ...bare, 'workbench.colorTheme': theme, 'workbench.statusBar.visible': false, 'editor.glyphMargin': false };
  const bench = await openWorkbench({ vsix, files, shots, settings, size: { width: 500, height: 400 } });
  const { page } = bench;
  /** Only what matters of the window, so much of it that it can be read in the narrow column beside another editor. */
  const shoot = async (name: string, width: number, height: number, y = 35): Promise<void> => {
    // Text on plain ground: with 16 colours it loses nothing that one would see, and lossless WebP takes half the bytes of PNG.
    const picture = await sharp(await page.screenshot({ clip: { x: 0, y, width, height } }))
      .png({ colours: 16, dither: 0 })
      .toBuffer();
    await sharp(picture)
      .webp({ lossless: true, effort: 6 })
      .toFile(path.join(shots, `${name}-${suffix}.webp`));
  };
  const away = (): Promise<void> => page.mouse.move(480, 380);
  const tokens = (text: RegExp) => page.locator('.view-line', { hasText: text }).last().locator('span span');
  try {
    await openAlone(bench);
    const hover = page.locator('.monaco-hover:visible', { hasText: /secret/i }).first();
    await until(async () => {
      await away();
      await page
        .locator('.view-line span span', { hasText: /SESSION_SECRET/ })
        .last()
        .hover({ position: { x: 60, y: 8 } });
      await hover.waitFor({ timeout: 4000 });
    });
    await page.waitForTimeout(500);
    await shoot('finding', 500, 124, 149);

    const menu = async (token: Locator, x: number, row: RegExp): Promise<void> => {
      await until(async () => {
        await page.keyboard.press('Escape');
        await away();
        await token.click({ position: { x, y: 8 } });
        await page.keyboard.press('Control+Period');
        await page.locator('.action-widget .monaco-list-row', { hasText: row }).first().waitFor({ timeout: 4000 });
      });
      await away();
    };
    await menu(tokens(/ADD\sserver/).first(), 12, /COPY/);
    await shoot('fix', 460, 200, 54);
    await menu(tokens(/FROM\snode/).last(), 30, /digest/);
    await shoot('pin', 460, 130);
    await page.keyboard.press('Escape');

    await bench.open('deployment.yaml');
    await page.locator('.squiggly-warning').first().waitFor({ timeout: 30_000 });
    await page.setViewportSize({ width: 900, height: 360 });
    await bench.command('Bulkhead: Harden This File');
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor({ timeout: 15_000 });
    // room for what the rows say
    const sash = await page.locator('.part.sidebar').boundingBox();
    const edge = (sash?.x ?? 0) + (sash?.width ?? 170);
    await page.mouse.move(edge, 200);
    await page.mouse.down();
    await page.mouse.move(edge + 90, 200, { steps: 5 });
    await page.mouse.up();
    await page.mouse.move(600, 340);
    await page.waitForTimeout(1000);
    await shoot('harden', 590, 146, 73);
  } finally {
    await bench.close();
  }
}

/** Moves the edge of the side bar until it is so wide. */
async function widenSideBar(page: Page, width: number): Promise<void> {
  await until(async () => {
    const box = (await page.locator('.part.sidebar').boundingBox())!;
    await page.mouse.move(box.x + box.width, 300);
    await page.mouse.down();
    await page.mouse.move(box.x + width, 300, { steps: 5 });
    await page.mouse.up();
    const now = (await page.locator('.part.sidebar').boundingBox())!.width;
    if (Math.abs(now - width) > 2) throw new Error(`the side bar is ${now} px wide`);
  });
}

/** What people see who have 300 px for it: the checklist, a question and the posture, in a theme. */
async function takeNarrow(shots: string, theme: string, suffix: string): Promise<void> {
  const files = {
    Dockerfile: example('python-service/insecure/Dockerfile'),
    'deployment.yaml': example('python-service/insecure/deployment.yaml'),
  };
  const settings = { ...bare, 'workbench.colorTheme': theme };
  const bench = await openWorkbench({ vsix, files, shots, settings, size: { width: 1100, height: 720 } });
  const { page } = bench;
  const part = async (name: string, shown: Locator): Promise<void> => {
    await page.waitForTimeout(1000);
    await shown.screenshot({ path: path.join(shots, `${name}-${suffix}.png`) });
  };
  try {
    await bench.open('deployment.yaml');
    await page.locator('.squiggly-warning').first().waitFor({ timeout: 30_000 });
    await bench.command('Bulkhead: Harden This File');
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor({ timeout: 15_000 });
    await widenSideBar(page, 300);
    await page.mouse.move(900, 600);
    await part('narrow-checklist', page.locator('.part.sidebar'));

    // a quick pick takes 62 % of the window
    await page.setViewportSize({ width: 484, height: 720 });
    const pick = page.locator('.quick-input-widget:visible');
    await bench.command('Bulkhead: Answer Questions').catch(() => undefined);
    await pick.locator('.quick-input-title', { hasText: /^Question/ }).waitFor({ timeout: 20_000 });
    await part('narrow-question', pick);
    await page.keyboard.press('Escape');

    await page.setViewportSize({ width: 1100, height: 720 });
    await bench.command('Bulkhead: Show Posture');
    const view = page.locator('iframe.webview.ready');
    await view.contentFrame().frameLocator('iframe#active-frame').locator('h1').waitFor({ timeout: 20_000 });
    await until(async () => {
      await page.keyboard.press('Control+b');
      await page.locator('.part.sidebar').waitFor({ state: 'hidden', timeout: 2000 });
    });
    await page.setViewportSize({ width: 600, height: 720 });
    await part('narrow-posture', view);
  } finally {
    await bench.close();
  }
}

/** Takes the pictures of the documentation, of the walkthrough, or of both; `narrow`: those of views with 300 px, to be looked at. */
async function main(only: string | undefined): Promise<void> {
  if (only === 'narrow') {
    const shots = path.join(root, 'test-results/ui');
    await takeNarrow(shots, 'Default Light Modern', 'light');
    await takeNarrow(shots, 'Default Dark Modern', 'dark');
    await takeNarrow(shots, 'Default High Contrast', 'contrast');
    return;
  }
  const docs = path.join(root, 'docs/images');
  if (only !== 'walkthrough' && only !== 'policy') await takeScreenshots(docs);
  if (only !== 'walkthrough') await takePolicy(docs);
  if (only === 'docs' || only === 'policy') return;
  await takeWalkthrough(path.join(root, 'images/walkthrough'), 'Default Light Modern', 'light');
  await takeWalkthrough(path.join(root, 'images/walkthrough'), 'Default Dark Modern', 'dark');
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
