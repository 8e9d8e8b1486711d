import * as fs from 'node:fs';
import * as path from 'node:path';
import { findChromium, hostReady, root } from '../../tools/vscode/host';

/** The packaged extension; BULKHEAD_VSIX names another one. */
export const vsix = process.env['BULKHEAD_VSIX'] ?? path.join(root, 'dist/bulkhead.vsix');

/** Where pictures are kept. */
export const shots = path.join(root, 'test-results/ui');

/** What the workbench lacks here; `undefined`: nothing. */
export const missing = !fs.existsSync(vsix)
  ? 'no dist/bulkhead.vsix (npm run package)'
  : !hostReady()
    ? 'no VS Code under .vscode-test/host (bash tools/vscode/setup-host.sh)'
    : findChromium() === undefined
      ? 'no Chromium'
      : undefined;
if (missing !== undefined) console.log(`skipped: workbench: ${missing}`);
