import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import {
  installExtension,
  installStart,
  launchBrowser,
  openPage,
  quietSettings,
  restrictedSettings,
  startServer,
  workbenchUrl,
  writeSettings,
} from './host';

/** A real workbench in a headless Chromium, with the packaged extension installed, driven as a person would. */
export interface Workbench {
  readonly page: Page;
  /** Opens a file of the workspace by its path there. */
  open(file: string): Promise<void>;
  /** Runs a command of the palette by its title. */
  command(title: string): Promise<void>;
  /** Puts the cursor on the first place in the active editor where `text` stands. */
  clickOn(text: string): Promise<void>;
  /** Saves a picture of the window. */
  shoot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** What a workbench is opened on. */
export interface WorkbenchOptions {
  /** The packaged extension. */
  readonly vsix: string;
  /** Text by path; they make the workspace. */
  readonly files: Readonly<Record<string, string>>;
  /** Folder for pictures. */
  readonly shots: string;
  readonly size?: { readonly width: number; readonly height: number };
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings of the machine, which no user settings of a browser can set. */
  readonly machine?: Readonly<Record<string, unknown>>;
  /** The display language, such as `ja`; default: English. */
  readonly language?: string;
  /** Opened in Restricted Mode: VS Code asks nothing, and trusts nothing. */
  readonly restricted?: boolean;
  /** With what `npm start` opens. */
  readonly start?: boolean;
  /** Gets the address of each request that the page makes of another host; none of them is let through. */
  readonly onOutside?: (address: string) => void;
  /** Gets the folder of the installed extension before VS Code starts. */
  readonly afterInstall?: (extension: string) => void;
}

/** Repeats a step until its effect shows: a key that is pressed while the workbench is busy is lost. A step that fails at once gets time in between. */
export async function until<Value>(step: () => Promise<Value>, attempts = 5): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (attempt === attempts) throw error;
      await new Promise(resolve => setTimeout(resolve, 250));
    }
  }
}

/** Time for the effect of one step, in milliseconds. */
const stepTime = 4000;

/** Installs the extension into a fresh VS Code and opens it on a fresh workspace. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench & { readonly workspace: string }> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-ui-'));
  const workspace = path.join(scratch, 'shop');
  for (const [name, text] of Object.entries(options.files)) {
    fs.mkdirSync(path.dirname(path.join(workspace, name)), { recursive: true });
    fs.writeFileSync(path.join(workspace, name), text);
  }
  fs.mkdirSync(options.shots, { recursive: true });
  const userData = path.join(scratch, 'user');
  const extensions = path.join(scratch, 'extensions');
  fs.mkdirSync(extensions);
  writeSettings(userData, { ...quietSettings, ...(options.restricted && restrictedSettings), ...options.settings });
  fs.mkdirSync(path.join(userData, 'Machine'), { recursive: true });
  fs.writeFileSync(path.join(userData, 'Machine/settings.json'), JSON.stringify(options.machine ?? {}));
  await installExtension(options.vsix, extensions, scratch);
  if (options.start) await installStart(extensions, scratch);
  const installed = fs.readdirSync(extensions).find(name => /^[\w-]+\.bulkhead-/.test(name));
  if (installed !== undefined) options.afterInstall?.(path.join(extensions, installed));
  const server = await startServer({ scratch, userData, extensions, allBuiltins: true, trust: options.restricted === true });
  const browser = await launchBrowser();
  const page = await openPage(browser, options.size, options.onOutside, options.language);
  const close = async (): Promise<void> => {
    await browser.close().catch(() => undefined);
    server.stop();
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await page.goto(workbenchUrl(server, workspace), { timeout: 60_000 });
    await page.waitForSelector('.monaco-workbench .explorer-folders-view .monaco-list-row', { timeout: 60_000 });
  } catch (error) {
    await close();
    throw error;
  }
  const quickInput = (): Locator => page.locator('.quick-input-widget:visible');
  const ask = async (text: string, row: string): Promise<void> => {
    await until(async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('F1');
      await quickInput().waitFor({ timeout: stepTime });
      // what takes the focus meanwhile, as an editor that opens, closes it again
      await quickInput().locator('input').first().fill(text, { timeout: stepTime });
      await page.locator('.quick-input-list .monaco-list-row', { hasText: row }).first().waitFor({ timeout: stepTime });
    });
    await page.keyboard.press('Enter');
    await quickInput().waitFor({ state: 'hidden', timeout: stepTime });
  };
  return {
    page,
    workspace,
    close,
    open: async file => {
      await until(async () => {
        await ask(file, path.basename(file));
        await page.locator('.tab.active', { hasText: path.basename(file) }).waitFor({ timeout: stepTime });
      });
    },
    command: title => ask(`>${title}`, title),
    clickOn: async text => {
      await page.locator('.editor-group-container.active .view-line span span', { hasText: text }).first().click();
    },
    shoot: async name => {
      await page.screenshot({ path: path.join(options.shots, `${name}.png`) });
    },
  };
}
