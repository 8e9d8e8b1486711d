// Bundles everything into dist/. `--production` minifies, leaves source maps out, and makes the npm package of the CLI in dist/npm.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minify } from 'terser';
import { tsImport } from 'tsx/esm/api';
import { ofClients, ofServers, takeCommon } from './common-modules.mjs';
import { bundledFolders, bundledInputs, printNotices, readPackages } from './notices.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Tools in TypeScript: the list of all rules, which the bundles load, the pages of the rules, and where these are on the web.
const { writeIndexFile, shownPages, translatedPages } = await tsImport('./rules/products.ts', import.meta.url);
const { pagesAddress } = await tsImport('./pages-address.ts', import.meta.url);
writeIndexFile();

const production = process.argv.includes('--production');
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

/** One copy of the names of VS Code: esbuild makes one in each module that imports it, of hundreds of names, at every start. */
const vscodeOnce = {
  name: 'vscode-once',
  setup(builder) {
    builder.onResolve({ filter: /^vscode$/ }, ({ kind, namespace }) =>
      kind === 'import-statement' && namespace !== 'vscode' ? { path: 'vscode', namespace: 'vscode' } : { path: 'vscode', external: true },
    );
    builder.onLoad({ filter: /.*/, namespace: 'vscode' }, () => ({ contents: 'export * from "vscode";' }));
  },
};

/** What starts processes, loaded when one is started: with what Node loads for it, a tenth of the time above bare Node of a run on one file. */
const lateProcesses = {
  name: 'late-processes',
  setup(builder) {
    builder.onResolve({ filter: /^node:child_process$/ }, ({ namespace }) =>
      namespace === 'late' ? { path: 'node:child_process', external: true } : { path: 'node:child_process', namespace: 'late' },
    );
    const late = ['spawn', 'execFile'].map(name => `export const ${name} = (...of) => require('node:child_process').${name}(...of);`);
    builder.onLoad({ filter: /.*/, namespace: 'late' }, () => ({ contents: late.join('\n') }));
  },
};

const servers = takeCommon(root, ofServers);
const clients = takeCommon(root, ofClients);
const node = { platform: 'node', format: 'cjs', target: 'node20', mainFields: ['module', 'main'] };
const browser = { platform: 'browser', target: 'es2022', mainFields: ['browser', 'module', 'main'] };
/** What is run by `cli.js`, which gives it what Node gives a module: no text of three megabytes need be put together then. */
const asFunction = {
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
};
/** Everything that is bundled: the source, what it becomes, and for which host. */
const entries = [
  {
    from: 'client/src/main.node.ts',
    to: 'client.js',
    options: { ...node, ...ofClients.loaders.node, plugins: [vscodeOnce, clients.plugin] },
  },
  { from: 'server/src/main.node.ts', to: 'server.js', options: node },
  { from: 'server/src/main.worker.ts', to: 'worker.js', options: { ...node, ...ofServers.loaders.node, plugins: [servers.plugin] } },
  { from: 'server/src/cli/main.ts', to: 'command.js', options: { ...node, ...asFunction, plugins: [lateProcesses] } },
  {
    from: 'server/src/main.browser.ts',
    to: 'browser/server.js',
    options: { ...browser, format: 'iife', ...ofServers.loaders.browser, plugins: [servers.plugin] },
  },
];
/** What the entries have in common, which is known when they are done. */
const commonEntries = [
  { to: 'core.js', options: { ...browser, format: 'iife' }, source: servers.source },
  { to: 'browser/client.js', options: { ...browser, format: 'cjs', plugins: [vscodeOnce] }, source: clients.source },
];

/**
 * Large JSON is parsed with JSON.parse, which is several times faster at start than the same data as an object literal, and not before somebody asks for
 * one of its members.
 */
const parsedJson = {
  name: 'parsed-json',
  setup(builder) {
    builder.onLoad({ filter: /\.json$/ }, async ({ path }) => {
      const data = JSON.parse(await readFile(path, 'utf8'));
      const text = JSON.stringify(data);
      if (text.length < 4096 || Array.isArray(data)) return undefined;
      const contents = `const all = () => {
  const data = JSON.parse(${JSON.stringify(text)});
  for (const key in data) Object.defineProperty(module.exports, key, { value: data[key], enumerable: true });
  return data;
};
for (const key of ${JSON.stringify(Object.keys(data))}) Object.defineProperty(module.exports, key, { get: () => all()[key], enumerable: true, configurable: true });`;
      return { contents, loader: 'js' };
    });
  },
};

/** What all bundles have in common. */
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  define: { BULKHEAD_VERSION: JSON.stringify(manifest.version), BULKHEAD_PAGES: JSON.stringify(pagesAddress(manifest)) },
};

const started = Date.now();
const metafiles = [];
let failed = false;

await mkdir(join(root, 'dist'), { recursive: true });
await Promise.all(entries.map(({ from, to, options }) => bundle(to, { ...options, entryPoints: [from] })));
await Promise.all(commonEntries.map(({ to, options, source }) => bundle(to, { ...options, stdin: source() })));
// What starts the command line knows its code by its hash, so that it never takes what V8 made of other code for that.
const command = await readFile(join(root, 'dist/command.js')).catch(() => '');
await bundle('cli.js', {
  ...node,
  banner: { js: '#!/usr/bin/env node' },
  define: { BULKHEAD_CODE: JSON.stringify(createHash('sha256').update(command).digest('hex').slice(0, 40)) },
  entryPoints: ['server/src/cli/start.ts'],
});
if (!failed) await chmod(join(root, 'dist/cli.js'), 0o755);

/** Runs one build and says how large its bundle is. */
async function bundle(to, options) {
  try {
    const { metafile } = await build({
      ...common,
      ...options,
      outfile: join(root, 'dist', to),
      plugins: [...(options.plugins ?? []), parsedJson],
    });
    metafiles.push(metafile);
    await Promise.all(
      Object.keys(metafile.outputs)
        .filter(name => name.endsWith('.js'))
        .map(async name => {
          if (production && to !== 'command.js') await renameLocals(name);
          await escapeUnicode(name);
        }),
    );
    const bytes = Object.entries(metafile.outputs).find(([name]) => name.endsWith('.js'))?.[1].bytes ?? 0;
    console.log(`build: dist/${to} ${(bytes / 1024).toFixed(0)} KB`);
    if (process.argv.includes('--metafile')) await writeFile(join(root, 'dist', `${to}.meta.json`), JSON.stringify(metafile));
  } catch {
    // esbuild has printed why
    console.error(`build: ${to} failed`);
    failed = true;
  }
}

/** Writes what esbuild leaves as it is, characters in regular expressions, as escapes: of one that is not ASCII V8 makes two bytes of each character of a bundle, and reads it three times as long. */
async function escapeUnicode(name) {
  const path = join(root, name);
  const code = await readFile(path, 'utf8');
  const ascii = code.replace(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (ascii !== code) await writeFile(path, ascii);
}

/**
 * Compresses anew and names what is local, by Terser: its names are the same from function to function, so that the package is 42 kB smaller than by esbuild alone.
 */
async function renameLocals(name) {
  const path = join(root, name);
  const { code } = await minify(await readFile(path, 'utf8'), {
    compress: { passes: 2 },
    mangle: true,
    ecma: 2020,
    format: { ascii_only: true },
  });
  await writeFile(path, code);
}

// What `bulkhead init agent` writes.
await copyFile(join(root, 'skills/container-hardening/SKILL.md'), join(root, 'dist/SKILL.md'));
// The pages of the rules, read when somebody asks for one: `bulkhead explain`, hover.
await writeFile(join(root, 'dist/rules.json'), JSON.stringify(shownPages()));
await writeFile(join(root, 'dist/rules.ja.json'), JSON.stringify(translatedPages()));

if (!failed) {
  const packages = await readPackages(root, bundledFolders(metafiles));
  await writeFile(join(root, 'dist/ThirdPartyNotices.txt'), printNotices(packages));
  // which packages these are, for the test of the notices and for `npm run audit`
  const listed = packages.map(({ name, version, folder }) => ({ name, version, folder }));
  await writeFile(join(root, 'dist/packages.json'), JSON.stringify(listed, null, 2) + '\n');
  // of which the SBOM is made
  await writeFile(join(root, 'dist/metafile.json'), JSON.stringify(bundledInputs(metafiles)));
}
if (production && !failed) await makeNpmPackage();
console.log(`build: ${failed ? 'failed' : 'done'} in ${Date.now() - started} ms`);
process.exitCode = failed ? 1 : 0;

/** Puts the npm package of the CLI together: bundles only, no dependencies. */
async function makeNpmPackage() {
  const target = join(root, 'dist/npm');
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const files = [];
  for (const [from, name] of [
    ['dist/cli.js', 'cli.js'],
    ['dist/command.js', 'command.js'],
    ['dist/server.js', 'server.js'],
    ['dist/worker.js', 'worker.js'],
    ['dist/core.js', 'core.js'],
    ['dist/rules.json', 'rules.json'],
    ['dist/rules.ja.json', 'rules.ja.json'],
    ['l10n/ja.json', 'l10n/ja.json'],
    ['l10n/cli.ja.json', 'l10n/cli.ja.json'],
    ['dist/SKILL.md', 'SKILL.md'],
    ['schema/bulkhead.schema.json', 'bulkhead.schema.json'],
    ['docs/cli.md', 'README.md'],
    ['LICENSE', 'LICENSE'],
    ['dist/ThirdPartyNotices.txt', 'ThirdPartyNotices.txt'],
  ]) {
    // a translation may not have begun
    if (name.startsWith('l10n/') && !existsSync(join(root, from))) continue;
    await mkdir(dirname(join(target, name)), { recursive: true });
    await copyFile(join(root, from), join(target, name));
    files.push(name);
  }
  const { version, description, license, keywords, repository, homepage, bugs, engines, channels } = manifest;
  const npm = {
    name: channels.npm ?? manifest.name,
    ...{ version, description, license, keywords, repository, homepage, bugs },
    engines: { node: engines.node },
    bin: { bulkhead: 'cli.js' },
    files,
  };
  await writeFile(join(target, 'package.json'), JSON.stringify(npm, null, 2) + '\n');
  console.log('build: dist/npm');
}
