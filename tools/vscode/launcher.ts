import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { format } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage, quietSettings, restrictedSettings, startServer, workbenchUrl, writeSettings, type Server } from './host';

/**
 * Stands in for the desktop executable of VS Code: takes the arguments that @vscode/test-electron passes, runs the suite in the extension
 * host of the embedded server with a headless Chromium as its window, and exits with the suite's status.
 *
 * Exit codes: the suite's own; 70 when the host or the page ended before the suite did; 124 after VSCODE_HOST_TIMEOUT seconds (180);
 * 130 when told to stop. VSCODE_HOST_TRUST=1 opens the workspace restricted. VSCODE_HOST_SHOTS names a folder for a last screenshot.
 */

/** Exit codes of the launcher's own. */
const crashed = 70;
const timedOut = 124;
const stopped = 130;

/** The arguments that matter; the rest are for the desktop. */
interface Arguments {
  workspace: string | undefined;
  tests: string | undefined;
  userData: string | undefined;
  extensions: string | undefined;
  readonly development: string[];
}

function readArguments(argv: readonly string[]): Arguments {
  const result: Arguments = { workspace: undefined, tests: undefined, userData: undefined, extensions: undefined, development: [] };
  for (const argument of argv) {
    if (!argument.startsWith('--')) {
      result.workspace ??= argument;
      continue;
    }
    const at = argument.indexOf('=');
    const value = at < 0 ? '' : argument.slice(at + 1);
    switch (at < 0 ? argument : argument.slice(0, at)) {
      case '--extensionDevelopmentPath':
        result.development.push(value);
        break;
      case '--extensionTestsPath':
        result.tests = value;
        break;
      case '--user-data-dir':
        result.userData = value;
        break;
      case '--extensions-dir':
        result.extensions = value;
        break;
    }
  }
  return result;
}

/**
 * The module that the extension host runs in place of the suite. It sends the suite's console to a file, since the workbench mixes its own
 * log into what it reports, and notes whether `run` resolved, since a crashed extension host is reported as success.
 */
function wrapperSource(tests: string, outputFile: string, resultFile: string): string {
  return `'use strict';
const fs = require('fs');
const { format } = require('util');
const output = fs.openSync(${JSON.stringify(outputFile)}, 'a');
for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
  const before = console[level];
  const value = (...args) => { fs.writeSync(output, format(...args) + '\\n'); before.apply(console, args); };
  Object.defineProperty(console, level, { configurable: true, writable: true, value });
}
exports.run = async () => {
  try {
    await require(${JSON.stringify(tests)}).run();
    fs.writeFileSync(${JSON.stringify(resultFile)}, 'pass');
  } catch (error) {
    fs.writeFileSync(${JSON.stringify(resultFile)}, 'fail');
    fs.writeSync(output, String(error && error.stack || error) + '\\n');
    throw error;
  }
};
`;
}

/** Gives a function that copies to standard output what a file has gained since the last call. */
function follower(file: string): () => void {
  let seen = 0;
  return () => {
    const size = fs.statSync(file).size;
    if (size <= seen) return;
    const fresh = Buffer.alloc(size - seen);
    const descriptor = fs.openSync(file, 'r');
    fs.readSync(descriptor, fresh, 0, fresh.length, seen);
    fs.closeSync(descriptor);
    seen = size;
    process.stdout.write(fresh);
  };
}

const args = readArguments(process.argv.slice(2));
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-host-'));
const outputFile = path.join(scratch, 'suite.out');
const resultFile = path.join(scratch, 'suite.result');
const verbose = process.env['VSCODE_HOST_VERBOSE'] !== undefined;
const shots = process.env['VSCODE_HOST_SHOTS'];
const trust = process.env['VSCODE_HOST_TRUST'] !== undefined;
const seconds = Number(process.env['VSCODE_HOST_TIMEOUT'] ?? 180);

fs.writeFileSync(outputFile, '');
const follow = follower(outputFile);
const following = setInterval(follow, 100);

let server: Server | undefined;
let browser: Browser | undefined;
let page: Page | undefined;
let ending = false;

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  if (shots !== undefined && page !== undefined) {
    fs.mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: path.join(shots, 'end.png'), timeout: 5000 }).catch(() => undefined);
  }
  clearInterval(following);
  follow();
  await Promise.race([browser?.close().catch(() => undefined), new Promise(resolve => setTimeout(resolve, 3000))]);
  server?.stop();
  if (process.env['VSCODE_HOST_KEEP'] === undefined) fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  else console.error(`launcher: kept ${scratch}`);
  process.exit(code);
}

function fail(message: string, code: number): void {
  if (!ending) console.error(`launcher: ${message}`);
  void end(code);
}

async function main(): Promise<void> {
  const userData = args.userData ?? path.join(scratch, 'user');
  const extensions = args.extensions ?? path.join(scratch, 'extensions');
  fs.mkdirSync(extensions, { recursive: true });
  writeSettings(userData, { ...quietSettings, ...(trust && restrictedSettings) });

  server = await startServer({ scratch, userData, extensions, trust });
  server.process.on('exit', code => fail(`the VS Code server ended (${code ?? 'signal'})`, crashed));
  browser = await launchBrowser();
  page = await openPage(browser);
  page.on('crash', () => fail('the page crashed', crashed));
  if (verbose) {
    page.on('console', message => console.error(`console ${message.type()} ${message.text().slice(0, 300)}`));
    await page.exposeFunction('codeAutomationLog', (type: string, values: unknown[]) =>
      console.error(`workbench ${type} ${format(...values)}`),
    );
  }
  await page.exposeFunction('codeAutomationExit', (code: number) => {
    const outcome = fs.existsSync(resultFile) ? fs.readFileSync(resultFile, 'utf8') : undefined;
    if (args.tests !== undefined && outcome === undefined) return fail('the extension host ended before the suite did', crashed);
    void end(outcome === 'fail' ? code || 1 : code);
  });

  const remote = (file: string): string => `vscode-remote://127.0.0.1:${server?.port ?? 0}${path.resolve(file)}`;
  const payload: [string, string][] = args.development.map(folder => ['extensionDevelopmentPath', remote(folder)]);
  if (args.tests !== undefined) {
    const wrapper = path.join(scratch, 'wrapper.cjs');
    fs.writeFileSync(wrapper, wrapperSource(path.resolve(args.tests), outputFile, resultFile));
    payload.push(['extensionTestsPath', remote(wrapper)]);
  }
  payload.push(['skipWelcome', 'true']);
  await page.goto(workbenchUrl(server, args.workspace, payload), { timeout: 60_000 });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(stopped));
setTimeout(() => fail(`no result after ${seconds} s`, timedOut), seconds * 1000).unref();
main().catch((error: unknown) => fail(error instanceof Error ? (error.stack ?? error.message) : String(error), crashed));
