// `npm run audit`: whether something that ships has a known vulnerability. Asks npm, which asks its registry: where that gives no answer
// (offline, a mirror without advisories), that is one line and no failure. What only builds and tests use is counted and fails nothing.
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from './advisories.mjs';
import { root } from './setup.mjs';

/** Milliseconds that npm may take. */
const patience = 60_000;

/** Asks npm; gives what it printed, whatever its exit code. */
const ask = () =>
  new Promise(resolve => {
    // every dependency is a devDependency, since all that ships is bundled: nothing may be left out but what no bundle can hold
    const args = ['audit', '--json', '--omit=optional', '--omit=peer'];
    const options = { cwd: root, timeout: patience, maxBuffer: 1 << 26, shell: process.platform === 'win32' };
    execFile('npm', args, options, (_error, stdout) => resolve(stdout));
  });

async function main() {
  const build = spawnSync(process.execPath, [join(root, 'tools/build.mjs')], { cwd: root, encoding: 'utf8' });
  if (build.status !== 0) {
    console.error(`the build failed, so nobody knows what ships:\n${build.stdout}${build.stderr}`);
    return 1;
  }
  const bundled = JSON.parse(readFileSync(join(root, 'dist/packages.json'), 'utf8'));
  const verdict = judge(
    await ask(),
    bundled.map(({ folder }) => folder),
  );
  if (verdict === null) {
    console.log('no answer: the registry that npm asks has no advisories to give, or cannot be reached; nothing is checked');
    return 0;
  }
  for (const { name, title, severity, url } of verdict.found) console.error(`${name}: ${severity}: ${title} (${url})`);
  console.log(`${bundled.length} bundled packages, ${verdict.found.length} grave advisories; ${verdict.others} of other kinds`);
  return verdict.found.length > 0 ? 1 : 0;
}

process.exitCode = await main();
