import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeIndexFile } from '../../tools/rules/products';
import { bundlesVariable } from './bundle';

/** Runs once, before any test file is loaded. */
export function setup(): () => void {
  writeIndexFile();
  const bundles = mkdtempSync(join(tmpdir(), 'bulkhead-bundles-'));
  process.env[bundlesVariable] = bundles;
  return () => rmSync(bundles, { recursive: true, force: true });
}
