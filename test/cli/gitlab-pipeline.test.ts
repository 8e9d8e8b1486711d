import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { gitlabPipeline } from '../../shared/src/services/writers/gitlab-pipeline';
import { folder as folderOf } from './cli';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

/** Programs that jobs call, as scripts: each writes down how it was called. */
const tools = {
  apk: '',
  cosign: '',
  'buildctl-daemonless.sh': '',
  crane: `case "$1" in ls) printf 'latest\nv1.0.0\nv1.2.0\nv1.10.0\nv1.9.0\n';; digest) echo ${digest('e')};; push) echo "$3@${digest('f')}";; esac`,
  trivy: `case "$*" in *${digest('b')}*) exit 1;; esac`,
};

/** Runs the script of a job with these programs alone beside those of the machine. Gives its exit code and the calls. */
function run(
  job: string,
  files: Readonly<Record<string, string>> = {},
): { readonly code: number | null; readonly calls: readonly string[] } {
  const { path: folder } = folderOf();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, text] of Object.entries(tools)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> "${join(bin, 'calls')}"\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const work = join(folder, 'work');
  mkdirSync(work);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(work, name), text);
  const jobs = parse(gitlabPipeline({ context: '.', file: null })) as Record<string, { before_script?: string[]; script: string[] }>;
  const { before_script: before = [], script } = jobs[job]!;
  const { status, error } = spawnSync('sh', ['-ec', [...before, ...script].join('\n')], {
    cwd: work,
    env: {
      PATH: `${bin}:${process.env['PATH']}`,
      CI_REGISTRY_IMAGE: 'registry.example.com/a/app',
      CI_REGISTRY: 'registry.example.com',
      CI_COMMIT_TAG: 'v2.0.0',
    },
  });
  if (error) throw error;
  return { code: status, calls: readFileSync(join(bin, 'calls'), 'utf8').trim().split('\n') };
}

describe.skipIf(process.platform === 'win32')('the jobs of the pipeline of GitLab that is written, with made-up programs', () => {
  it('builds, and scans with and without a report', () => {
    expect(run('build')).toMatchObject({ code: 0, calls: [expect.stringContaining('--output type=docker,dest=image.tar')] });
    expect(run('scan').calls.map(call => /--exit-code \d/.exec(call)?.[0])).toEqual(['--exit-code 0', '--exit-code 1']);
  });

  it('signs the digest of what it pushed', () => {
    expect(run('release').calls.at(-1)).toBe(`cosign sign --yes registry.example.com/a/app:v2.0.0@${digest('f')}`);
  });

  it('scans again what manifests name by digest, each once, and the newest releases by theirs', () => {
    const files = {
      'web.yaml': `image: ghcr.io/acme/web:1.2@${digest('a')}\n`,
      'compose.yml': `image: "ghcr.io/acme/web:1.2@${digest('a')}"\n`,
      'README.md': `ghcr.io/acme/old@${digest('c')}\n`,
    };
    const { code, calls } = run('rescan', files);
    expect(code).toBe(0);
    expect(calls.filter(call => call.startsWith('crane digest'))).toEqual(
      ['v1.2.0', 'v1.9.0', 'v1.10.0'].map(tag => `crane digest registry.example.com/a/app:${tag}`),
    );
    expect(calls.filter(call => call.startsWith('trivy'))).toEqual(
      [`ghcr.io/acme/web:1.2@${digest('a')}`, `registry.example.com/a/app@${digest('e')}`].map(
        image => `trivy image --exit-code 1 ${image}`,
      ),
    );
  });

  it('scans them all, and fails where one has a finding', () => {
    const { code, calls } = run('rescan', { 'a.yaml': `image: a@${digest('a')}\n---\nimage: b@${digest('b')}\n` });
    expect(code).toBe(1);
    expect(calls.filter(call => call.startsWith('trivy'))).toHaveLength(3);
    expect(run('rescan').code).toBe(0);
  });
});
