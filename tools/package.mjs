#!/usr/bin/env node
// `npm run package`: dist/bulkhead.vsix. Where the repository is known, links and pictures of the pages lead to the tag of this version: what a version shows stays
// what it was released with. Without one, they stay as they are.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { root } from './setup.mjs';

const { pagesAddress } = await tsImport('./pages-address.ts', import.meta.url);
const pages = pagesAddress(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))?.replace(/\/docs\/rules\/$/, '');
const links =
  pages === undefined
    ? ['--allow-missing-repository', '--no-rewrite-relative-links']
    : ['--baseContentUrl', pages, '--baseImagesUrl', pages.replace(/\/(?:blob|src)\//, '/raw/')];
for (const args of [
  ['node_modules/@vscode/vsce/vsce', 'package', '--no-dependencies', ...links, '--out', 'dist/bulkhead.vsix'],
  ['tools/squeeze.mjs', 'dist/bulkhead.vsix'],
]) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
