#!/usr/bin/env node
// `npm start`: installs what is missing, builds, prints what the command line says about examples/, and opens them in an editor with the extension.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode, embeddedVsCodeFits, ensureDependencies, ensureEmbeddedVsCode, root, run } from './setup.mjs';

const node = process.execPath;

/** Whether a program is on the path. */
function has(program) {
  const { status } = spawnSync(process.platform === 'win32' ? 'where' : 'which', [program], { stdio: 'ignore' });
  return status === 0;
}

checkNode();
ensureDependencies();
if (!run(node, ['tools/build.mjs', '--production'])) {
  console.error('the build failed');
  process.exit(2);
}

const first = 'examples/node-service/insecure/Dockerfile';
console.log(`\n$ bulkhead lint ${first}\n`);
// Exit code 1 says that there are findings, which is the point of examples.
run(node, ['dist/cli.js', 'lint', first, '--fail-on', 'never']);
console.log(`\nThat was one file of examples/. In the editor, open ${first} first: examples/README.md says what to try.`);

if (process.argv.includes('--no-editor')) process.exit(0);
if (has('code')) {
  console.log('\nOpening examples/ in Visual Studio Code, with the extension from this folder.');
  const development = [root, join(root, 'tools/vscode/start')].map(folder => `--extensionDevelopmentPath=${folder}`);
  run('code', ['--new-window', ...development, join(root, 'examples')]);
} else if (embeddedVsCodeFits && existsSync(join(root, 'examples'))) {
  console.log('\nThere is no `code` on the path: starting the embedded VS Code (about 700 MB, installed once).');
  if (!ensureEmbeddedVsCode() || !run('npm', ['run', '--silent', 'package'], { stdio: ['ignore', 'ignore', 'inherit'] })) process.exit(2);
  process.exitCode = run(node, ['node_modules/tsx/dist/cli.mjs', 'tools/vscode/serve.ts', 'examples']) ? 0 : 1;
} else {
  console.log(
    '\nTo see the examples in an editor, install Visual Studio Code (https://code.visualstudio.com) with its `code` command and run this again.',
  );
}
