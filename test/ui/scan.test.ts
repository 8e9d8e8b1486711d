import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { openWorkbench, until, type Workbench } from '../../tools/vscode/workbench';
import { installScanner } from '../support/fake-scanner';
import { entry, trivyJson } from '../support/scan-report';
import { missing, shots, vsix } from './support';

/** A scan in the real workbench, from the light bulb to what is ignored; the scanner only replays. */

const hostile = {
  ...entry('CVE-2099-1004', 'HIGH', '2.0.1', '<img src=x onerror=alert(1)>'),
  Title: '[click me](command:workbench.action.quit) ![x](https://outside.example/x.png) \u001b[31mred\n# heading',
  PrimaryURL: 'https://example.com/CVE-2099-1004',
};
const hidden = {
  Type: 'vulnerability',
  Status: 'ignored',
  Statement: 'TLS ends at the proxy, nothing listens',
  Source: '.trivyignore.yaml',
  Finding: entry('CVE-2099-1009', 'CRITICAL', '3.0.2', 'libssl3'),
};
const report = trivyJson([], {
  ArtifactName: 'node:20.11-bookworm',
  Results: [
    {
      Target: 'node:20.11-bookworm (debian 12.4)',
      Class: 'os-pkgs',
      Type: 'debian',
      Vulnerabilities: [
        { ...entry('CVE-2099-1001', 'CRITICAL', '3.0.15-1', 'libssl3'), InstalledVersion: '3.0.11-1' },
        { ...entry('CVE-2099-1002', 'HIGH', '3.0.15-1', 'libssl3'), InstalledVersion: '3.0.11-1' },
        { ...entry('CVE-2099-1003', 'MEDIUM', null, 'perl-base'), InstalledVersion: '5.36.0-7' },
        hostile,
      ],
      ExperimentalModifiedFindings: [hidden],
    },
  ],
});

const effect = { timeout: 15_000 };

describe.skipIf(missing !== undefined)('a scan in the workbench', () => {
  let bench: (Workbench & { readonly workspace: string }) | undefined;
  const tools = path.join(shots, 'scan-tools');
  afterEach(async ({ task }) => {
    // before the window is gone
    if (task.result?.state === 'fail') await bench?.shoot('failed scan');
    await bench?.close();
  });
  afterAll(() => fs.rmSync(tools, { recursive: true, force: true }));

  it.each([
    ['Default Dark Modern', 'dark', { width: 1280, height: 800 }],
    ['Default Light Modern', 'light', { width: 1280, height: 800 }],
    ['Default Dark Modern', 'narrow', { width: 760, height: 700 }],
  ])('%s, %s', async (theme, name, size) => {
    const scanner = installScanner(path.join(tools, name), 'trivy', { report });
    const outside: string[] = [];
    const opened = (bench = await openWorkbench({
      vsix,
      files: { Dockerfile: 'FROM node:20.11-bookworm\nWORKDIR /app\nUSER node\n' },
      shots,
      size,
      settings: { 'workbench.colorTheme': theme },
      machine: { 'bulkhead.scan.path': scanner.path },
      onOutside: address => outside.push(address),
    }));
    const { page } = opened;
    await opened.open('Dockerfile');
    const action = page.locator('.action-widget .monaco-list-row', { hasText: 'Scan node:20.11-bookworm for vulnerabilities' }).first();
    await until(async () => {
      await page.keyboard.press('Escape');
      await opened.clickOn('bookworm');
      await page.keyboard.press('Control+Period');
      await action.waitFor({ timeout: 4000 });
    });
    await opened.shoot(`scan-${name}-1-action`);
    expect(scanner.calls()).toEqual([]);
    await action.click();
    await page.locator('.squiggly-error').first().waitFor({ timeout: 30_000 });
    const told = page
      .locator('.notifications-center .monaco-list-row', { hasText: 'node:20.11-bookworm: 1 critical, 2 high with a fix; 4 in all' })
      .first();
    await until(async () => {
      await opened.command('Notifications: Show Notifications');
      await told.waitFor({ timeout: 4000 });
    });
    await opened.shoot(`scan-${name}-2-found`);

    await told.click();
    await told.getByRole('button', { name: 'Show' }).first().click();
    const row = (text: string): Locator => page.locator('.monaco-list-row', { hasText: text }).first();
    await row('node:20.11-bookworm').waitFor(effect);
    await opened.shoot(`scan-${name}-3-view`);
    await until(async () => {
      await row('libssl3 3.0.11-1').click();
      await row('CVE-2099-1001').waitFor({ timeout: 4000 });
    });
    await opened.shoot(`scan-${name}-4-package`);
    expect(await page.locator('.monaco-list-row img[src="x"]').count()).toBe(0);

    const hover = page.locator('.monaco-hover:visible', { hasText: 'CVE-2099-1004' }).first();
    await until(async () => {
      await page.mouse.move(5, 400);
      await page
        .locator('.view-line span span', { hasText: /bookworm/ })
        .last()
        .hover();
      await hover.waitFor({ timeout: 4000 });
    });
    await opened.shoot(`scan-${name}-5-hover`);
    expect(await hover.locator('img').count()).toBe(0);
    expect(await hover.locator('a[data-href^="command:workbench"]').count()).toBe(0);
    await page.mouse.move(5, 400);

    const box = page.locator('.quick-input-widget:visible input').first();
    await until(async () => {
      await row('CVE-2099-1001').hover();
      await row('CVE-2099-1001').locator('.action-label[aria-label^="Ignore"]').first().click({ timeout: 4000 });
      await box.waitFor({ timeout: 4000 });
    });
    await opened.shoot(`scan-${name}-6-reason`);
    await box.fill('TLS ends at the proxy');
    await page.keyboard.press('Enter');
    const file = path.join(opened.workspace, '.trivyignore.yaml');
    await expect
      .poll(() => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''), effect)
      .toMatch(/id: CVE-2099-1001\n(?:.*\n)*.*TLS ends at the proxy/);
    await page.locator('.squiggly-warning').first().waitFor(effect);
    await until(async () => {
      await row('2 left out').click();
      await row('CVE-2099-1009').waitFor({ timeout: 4000 });
    });
    expect(await row('CVE-2099-1001').innerText()).toContain('TLS ends at the proxy');
    await opened.shoot(`scan-${name}-7-ignored`);
    expect(outside).toEqual([]);
  });
});
