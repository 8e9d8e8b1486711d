#!/usr/bin/env node
// `node tools/run.mjs FOLDER [ARGUMENT...]` bundles FOLDER/main.ts and runs it: what is measured is code as it ships, not as a loader compiles it.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tsImport } from 'tsx/esm/api';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = process.argv[2];
const { writeIndexFile } = await tsImport('./rules/products.ts', import.meta.url);
writeIndexFile();

const outfile = join(root, 'dist', folder.replaceAll('/', '-'), 'main.mjs');
await build({
  absWorkingDir: root,
  entryPoints: [`${folder}/main.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  // for the module that the engine loads on demand
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'warning',
});
// in a process of its own, since a loader for TypeScript lives in this one
const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(3)], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
