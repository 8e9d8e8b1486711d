import type { BuildOptions } from 'esbuild';
import { root } from './built';

/** Names the folder in which the files of one run share their bundles. */
export const bundlesVariable = 'BULKHEAD_TEST_BUNDLES';

/** How esbuild makes one file that Node runs of an entry point, as the product is built: a path from the project's folder. */
export const nodeBundle = (entry: string, outfile: string): BuildOptions => ({
  absWorkingDir: root,
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  logLevel: 'error',
});
