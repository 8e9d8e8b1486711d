import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { built, root } from '../support/built';

/** What ships names the work of others that it contains. */

const notices = readFileSync(built('ThirdPartyNotices.txt'), 'utf8');
const packages = JSON.parse(readFileSync(join(root, 'dist/packages.json'), 'utf8')) as {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}[];

describe('ThirdPartyNotices.txt', () => {
  test.each(packages)('names $name $version, with its licence', ({ name, version, folder }) => {
    const { license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { readonly license: string };
    expect(notices).toContain(`\n${name} ${version} (${license})\n`);
  });

  test('has a text of some length for each', () => {
    const parts = notices.split(/^={80}\n.*\n={80}\n/m).slice(1);
    expect(parts).toHaveLength(packages.length);
    expect(parts.filter(part => part.trim().length < 500)).toEqual([]);
  });

  // Found apart from the build, which shares a core between two bundles.
  test.each([
    'client/src/main.node.ts',
    'server/src/main.node.ts',
    'server/src/main.worker.ts',
    'server/src/cli/main.ts',
    'client/src/main.browser.ts',
    'server/src/main.browser.ts',
  ])('leaves no package of %s out', entry => {
    const browser = entry.includes('browser');
    const { metafile } = buildSync({
      absWorkingDir: root,
      entryPoints: [entry],
      outdir: 'dist',
      bundle: true,
      write: false,
      metafile: true,
      platform: browser ? 'browser' : 'node',
      mainFields: browser ? ['browser', 'module', 'main'] : ['module', 'main'],
      external: ['vscode'],
      logLevel: 'error',
    });
    const names = Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) =>
        bytesInOutput > 0 ? (/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []) : [],
      ),
    );
    expect(names.length).toBeGreaterThan(0);
    expect([...new Set(names)].filter(name => !packages.some(known => known.name === name))).toEqual([]);
  });
});

/** What `npm run audit` makes of an answer: its verdict, asked for in a process of its own. */
function judge(answer: string): unknown {
  const program = `import { judge } from './tools/advisories.mjs'; console.log(JSON.stringify(judge(process.argv[1], ['node_modules/yaml'])));`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program, answer], { cwd: root, encoding: 'utf8' });
  return JSON.parse(printed);
}

describe('npm run audit', () => {
  const advisory = { title: 'Loops for ever', severity: 'high', url: 'https://example.com/1' };
  const answer = (name: string, severity: string, nodes = [`node_modules/${name}`]): string =>
    JSON.stringify({ vulnerabilities: { [name]: { name, severity, via: [{ ...advisory, severity }, 'other'], nodes } } });

  test.each([
    ['a grave advisory of what ships', answer('yaml', 'critical'), { found: ['yaml'], others: 0 }],
    ['a moderate one', answer('yaml', 'moderate'), { found: [], others: 1 }],
    ['a grave one of a tool', answer('mocha', 'high'), { found: [], others: 1 }],
    [
      'a grave one of another copy of the package',
      answer('yaml', 'high', ['node_modules/mocha/node_modules/yaml']),
      { found: [], others: 1 },
    ],
    ['no advisories', '{"vulnerabilities":{}}', { found: [], others: 0 }],
    ['an error', '{"message":"405 Method Not Allowed","error":{}}', null],
    ['nothing', '', null],
  ])('%s', (_name, text, expected) => {
    const verdict = judge(text) as { readonly found: { readonly name: string }[]; readonly others: number } | null;
    expect(verdict && { found: verdict.found.map(({ name }) => name), others: verdict.others }).toEqual(expected);
  });
});
