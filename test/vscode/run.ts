import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { findChromium, hostReady, installExtension, root } from '../../tools/vscode/host';
import { runWeb, webReady } from './web';

/**
 * Runs the suites in a real VS Code: the embedded one under .vscode-test/host where it is installed, else the one that VSCODE_EXECUTABLE
 * names, else a downloaded desktop VS Code (BULKHEAD_VSCODE_VERSION names its version).
 *
 * Arguments: names of sessions; none: all. BULKHEAD_COUNTS names a file for the counts. Exit code 1 when a test failed.
 */

interface Session {
  readonly name: string;
  readonly suites: readonly string[];
  /** Opened restricted. */
  readonly restricted?: boolean;
  /** A .code-workspace of these folders, in place of one folder. */
  readonly folders?: readonly string[];
  /** The packaged extension instead of the checkout. */
  readonly packaged?: boolean;
  /** In the web extension host of the oldest VS Code that is supported. */
  readonly web?: boolean;
}

const everyday = [
  'first-use',
  'smoke',
  'diagnostics',
  'fixes',
  'harden',
  'configuration',
  'commands',
  'check-workspace',
  'convert',
  'posture',
  'policies',
];

const sessions: readonly Session[] = [
  { name: 'folder', suites: everyday },
  { name: 'activation', suites: ['activation'] },
  { name: 'pins', suites: ['pins', 'signatures', 'look-up'] },
  { name: 'scans', suites: ['scans'] },
  { name: 'prove', suites: ['prove'] },
  { name: 'agents', suites: ['agents'] },
  { name: 'multi-root', suites: ['multi-root'], folders: ['first', 'second'] },
  { name: 'restricted', suites: ['restricted'], restricted: true },
  { name: 'packaged', suites: ['first-use', 'smoke', 'diagnostics', 'harden'], packaged: true },
  { name: 'web', suites: everyday, web: true },
];

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** The names of the tests that failed, each with its message. */
  failures?: readonly string[];
}

const suiteFolder = path.join(root, '.vscode-test/suites');
const vsix = process.env['BULKHEAD_VSIX'] ?? path.join(root, 'dist/bulkhead.vsix');

/** Bundles the suites. Mocha stays outside, since it finds its reporters by name. */
async function bundleSuites(): Promise<void> {
  const names = fs.readdirSync(path.join(root, 'test/vscode/suites')).map(name => `test/vscode/suites/${name}`);
  fs.rmSync(suiteFolder, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: ['test/vscode/index.ts', ...names],
    outdir: suiteFolder,
    outbase: 'test/vscode',
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
}

/** Where VS Code is, and whether it is the stand-in. */
function findExecutable(): { executable: string | undefined; embedded: boolean } {
  const named = process.env['VSCODE_EXECUTABLE'];
  if (named !== undefined) return { executable: named, embedded: false };
  if (hostReady() && findChromium() !== undefined) return { executable: path.join(root, 'tools/vscode/launcher.sh'), embedded: true };
  return { executable: undefined, embedded: false };
}

function makeWorkspace(scratch: string, { folders }: Session): string {
  if (folders === undefined) {
    const workspace = path.join(scratch, 'workspace');
    fs.mkdirSync(workspace);
    return workspace;
  }
  for (const name of folders) fs.mkdirSync(path.join(scratch, name));
  const file = path.join(scratch, 'all.code-workspace');
  fs.writeFileSync(file, JSON.stringify({ folders: folders.map(name => ({ path: name })) }));
  return file;
}

async function runSession(session: Session): Promise<Counts> {
  const { executable, embedded } = findExecutable();
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), `bulkhead-${session.name}-`));
  const countsFile = path.join(scratch, 'counts.json');
  const skipped = (why: string): Counts => {
    console.log(`skipped: VS Code session ${session.name}: ${why}`);
    return { passed: 0, failed: 0, skipped: 1 };
  };
  try {
    if (session.restricted && !embedded) return skipped('@vscode/test-electron always trusts the workspace on the desktop');
    if (session.packaged && !embedded) return skipped('only the embedded VS Code installs into a folder of its own');
    if (session.packaged && !fs.existsSync(vsix)) return skipped('no dist/bulkhead.vsix (npm run package)');
    if (session.web) {
      if (!webReady()) return skipped('no VS Code for the web (bash tools/vscode/setup-web.sh), or no Chromium');
      console.log(`\nVS Code, session ${session.name}`);
      return await runWeb(scratch);
    }
    const extensions = path.join(scratch, 'extensions');
    fs.mkdirSync(extensions);
    let development = root;
    if (session.packaged) {
      await installExtension(vsix, extensions, scratch);
      // A test run needs an extension under development; this one does nothing.
      development = path.join(scratch, 'nothing');
      fs.mkdirSync(development);
      const manifest = { name: 'nothing', publisher: 'bulkhead-test', version: '0.0.0', engines: { vscode: '*' } };
      fs.writeFileSync(path.join(development, 'package.json'), JSON.stringify(manifest));
    }
    const version = process.env['BULKHEAD_VSCODE_VERSION'];
    const workspace = makeWorkspace(scratch, session);
    console.log(`\nVS Code, session ${session.name}`);
    await runTests({
      ...(executable === undefined ? {} : { vscodeExecutablePath: executable }),
      ...(version === undefined ? {} : { version }),
      extensionDevelopmentPath: development,
      extensionTestsPath: path.join(suiteFolder, 'index.js'),
      launchArgs: [workspace, '--disable-extensions', `--user-data-dir=${path.join(scratch, 'user')}`, `--extensions-dir=${extensions}`],
      extensionTestsEnv: {
        BULKHEAD_SUITES: session.suites.join(','),
        BULKHEAD_COUNTS: countsFile,
        VSCODE_HOST_TIMEOUT: process.env['VSCODE_HOST_TIMEOUT'] ?? '300',
        ...(session.restricted ? { VSCODE_HOST_TRUST: '1' } : {}),
      },
    }).catch((error: unknown) => console.error(`session ${session.name}: ${String(error)}`));
    // Without a file the host ended before the suite did.
    if (!fs.existsSync(countsFile)) return { passed: 0, failed: 1, skipped: 0, failures: ['the host ended before its suites did'] };
    return JSON.parse(fs.readFileSync(countsFile, 'utf8')) as Counts;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const total = { passed: 0, failed: 0, skipped: 0, failures: [] as string[] };
  await bundleSuites();
  for (const session of sessions.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const { passed, failed, skipped, failures } = await runSession(session);
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    // Without a name for one (the web host counts alone), the session is named.
    const named = failures ?? (failed > 0 ? [`${failed} failed`] : []);
    total.failures.push(...named.map(each => `session ${session.name}: ${each}`));
  }
  const file = process.env['BULKHEAD_COUNTS'];
  if (file !== undefined) fs.writeFileSync(file, JSON.stringify(total));
  console.log(`VS Code: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
