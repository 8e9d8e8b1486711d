import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { built, root } from '../support/built';

/** What a release rests on: its checks, the list of what is bundled, and which job may do what. */

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly steps?: readonly Step[];
}

const jobsOf = (file: string): readonly (readonly [string, Job])[] =>
  Object.entries(
    (parse(readFileSync(join(root, '.github/workflows', file), 'utf8')) as { readonly jobs: Readonly<Record<string, Job>> }).jobs,
  );

const release = jobsOf('release.yml');
const building = jobsOf('build-release.yml');
const publishing = release.filter(([, { environment }]) => environment !== undefined);
const usesOf = ({ steps }: Job): readonly string[] => (steps ?? []).flatMap(({ uses }) => uses ?? []);

it('npm run release:check has no problem: our own linter and zizmor are silent, too', { timeout: 240_000 }, () => {
  built('cli.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'tools/release/check.ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (stdout.includes('skipped: ')) console.log(/^skipped: .*$/m.exec(stdout)![0]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

describe('the workflows', () => {
  it('publish in jobs that have an environment, a condition, and no code of the repository', () => {
    expect(publishing.map(([name]) => name)).toEqual(['marketplace', 'open-vsx', 'npm', 'image', 'github-release']);
    for (const [, job] of publishing) {
      expect(usesOf(job)[0]).toBe('$/.github/actions/take');
      expect(job.if).toMatch(/needs\.channels\.outputs\.[\w-]+ == 'true'/);
      expect(usesOf(job).filter(uses => /checkout|cache/.test(uses))).toEqual([]);
    }
  });

  it('give an identity to jobs that publish or attest alone, and none to the one that runs code of dependencies', () => {
    const identified = [...building, ...release]
      .filter(([, { permissions }]) => permissions?.['id-token'] === 'write')
      .map(([name]) => name);
    // that of "build" is for the attesting job of the workflow that it calls
    expect(identified).toEqual(['attest', 'build', 'marketplace', 'open-vsx', 'npm', 'image']);
    const [, build] = building.find(([name]) => name === 'build')!;
    expect(build.permissions).toEqual({ contents: 'read' });
    expect(release.find(([name]) => name === 'build')![1].steps).toBeUndefined();
  });

  it('use no stored secret, and every action by its commit', () => {
    const files = ['workflows/release.yml', 'workflows/build-release.yml', 'actions/take/action.yml'];
    const text = files.map(file => readFileSync(join(root, '.github', file), 'utf8')).join('\n');
    expect(text).not.toMatch(/secrets\./);
    // GitHub takes no variable of such a name
    expect(text).not.toMatch(/vars\.GITHUB_/i);
    const used = [...text.matchAll(/\buses: (\S+)/g)].map(match => match[1]!).filter(uses => !uses.startsWith('$/'));
    expect(used.length).toBeGreaterThan(8);
    expect(used.filter(uses => !/^[\w./-]+@[0-9a-f]{40}$/.test(uses))).toEqual([]);
  });

  it('tell what each channel is skipped without', () => {
    const [, channels] = release.find(([name]) => name === 'channels')!;
    const folder = mkdtempSync(join(tmpdir(), 'bulkhead-channels-'));
    try {
      const run = (env: NodeJS.ProcessEnv): string =>
        execFileSync('bash', ['-euo', 'pipefail', '-c', channels.steps![0]!.run!], {
          encoding: 'utf8',
          env: {
            PATH: process.env['PATH'],
            GITHUB_OUTPUT: join(folder, 'output'),
            AZURE_CLIENT_ID: '',
            OPEN_VSX: '',
            NPM: '',
            IMAGE: '',
            RELEASE_PAGE: '',
            ...env,
          },
        });
      expect(run({}).match(/^::notice .*$/gm)).toHaveLength(5);
      expect(readFileSync(join(folder, 'output'), 'utf8')).toContain('any=false');
      expect(run({ NPM: 'true' })).not.toContain('npm: the variable');
      expect(readFileSync(join(folder, 'output'), 'utf8')).toMatch(/^npm=true$[\s\S]*^any=true$/m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it('the SBOM names the packages of the bundles, each once, with its licence', { timeout: 120_000 }, () => {
  built('cli.js');
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-sbom-'));
  try {
    const file = join(folder, 'sbom.json');
    execFileSync(
      join(root, 'node_modules/.bin/cyclonedx-esbuild'),
      ['dist/metafile.json', '--output-reproducible', '--validate', '--output-file', file],
      {
        cwd: root,
        stdio: 'ignore',
      },
    );
    const { components, bomFormat } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly bomFormat: string;
      readonly components: readonly { group?: string; name: string; version: string; purl: string; licenses: readonly unknown[] }[];
    };
    const packages = JSON.parse(readFileSync(join(root, 'dist/packages.json'), 'utf8')) as readonly { name: string; version: string }[];
    expect(bomFormat).toBe('CycloneDX');
    expect(components.map(({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name}@${version}`).sort()).toEqual(
      [...new Set(packages.map(({ name, version }) => `${name}@${version}`))].sort(),
    );
    expect(components.filter(({ licenses, purl }) => licenses.length === 0 || !purl.startsWith('pkg:npm/'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
