import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { githubPipeline } from '../../shared/src/services/writers/github-pipeline';
import { imagePolicies } from '../../shared/src/services/writers/image-policy';
import { createWorkspaceIndex } from '../../shared/src/workspace/workspace-index';
import { corpusFolder } from '../../tools/corpus-folder';
import { plainContext } from '../../tools/lint-context';

/** The examples of the security guide that the project follows, verbatim, on the day that the issue names. */
const path = join(corpusFolder, 'guide.ja.md');
const isHere = existsSync(path);
if (!isHere) console.log('skipped: no guide.ja.md (set BULKHEAD_CORPUS)');

const engine = createEngine(rules);
const context = plainContext();

/** The guide's code blocks of a language that hold a text. */
function block(language: string, mark: string): string {
  const guide = readFileSync(path, 'utf8');
  const found = [...guide.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].filter(match => match[1] === language && match[2]!.includes(mark));
  expect(found).toHaveLength(1);
  return found[0]![2]!;
}

/** Each finding as `rule: the reported text`. */
function findings(text: string, name = 'Dockerfile'): string[] {
  return engine
    .open({ path: name, text })
    .lint(context)
    .findings.map(f => `${f.rule.slice(f.rule.indexOf('/') + 1)}: ${text.slice(f.range.start, f.range.end)}`)
    .sort();
}

function harden(text: string): string {
  const once = engine.open({ path: 'Dockerfile', text }).harden(context).text;
  expect(engine.open({ path: 'Dockerfile', text: once }).harden(context).text).toBe(once);
  return once;
}

describe.skipIf(!isHere)("the guide's Dockerfiles", () => {
  const antiPattern = (): string => {
    const text = block('dockerfile', '# NG: root で実行');
    return text.slice(0, text.indexOf('\n# OK:'));
  };

  test('running as root: the user, the old release, and the comment that breaks the exec form', () => {
    expect(findings(antiPattern())).toEqual([
      'end-of-life-image: 20',
      'invalid-instruction: # PID 1 が root で動作',
      'missing-digest: node:20',
      'missing-healthcheck: CMD',
      'root-user: node:20',
    ]);
  });

  test('running as root, hardened: the user that the image has, in front of CMD, and a fixed point', () => {
    const text = antiPattern();
    expect(harden(text)).toBe(
      text.replace('CMD ["node", "server.js"]  # PID 1 が root で動作', 'USER 1000\n# PID 1 が root で動作\nCMD ["node", "server.js"]'),
    );
    expect(findings(harden(text))).toEqual([
      'end-of-life-image: 20',
      'missing-digest: node:20',
      'missing-healthcheck: CMD',
      'missing-init: "node"',
    ]);
  });

  test('the answer to it keeps its named user', () => {
    const text = block('dockerfile', '# NG: root で実行');
    expect(findings(text.slice(text.indexOf('# OK:')))).toEqual([
      'end-of-life-image: 20',
      'missing-digest: node:20-alpine',
      'missing-healthcheck: CMD',
      'missing-init: "node"',
      'non-numeric-user: appuser',
    ]);
  });

  test('the tag latest, and a digest that is none', () => {
    expect(findings(block('dockerfile', 'FROM node:latest'))).toEqual([
      'invalid-image-reference: sha256:abc123def456...',
      'latest-tag: latest',
    ]);
  });

  test('the multi-stage build: its true findings and nothing else', () => {
    const text = block('dockerfile', 'AS production');
    expect(findings(text)).toEqual([
      'end-of-life-image: 20',
      'end-of-life-image: 20',
      'missing-digest: node:20-alpine',
      'missing-digest: node:20-alpine',
      'non-numeric-user: appuser',
      'production-install-before-build: --only=production',
    ]);
    expect(harden(text)).toBe(
      text
        .replace('npm ci --only=production', 'npm ci')
        .replace('RUN npm run build', 'RUN npm run build && npm prune --omit=dev')
        .replace('USER appuser', 'USER 1001'),
    );
  });

  test('the distroless build', () => {
    const text = block('dockerfile', 'gcr.io/distroless/static-debian12:nonroot');
    expect(findings(text)).toEqual([
      'end-of-life-image: 1.22',
      'missing-digest: gcr.io/distroless/static-debian12:nonroot',
      'missing-digest: golang:1.22',
      'missing-healthcheck: ENTRYPOINT',
      'non-numeric-user: nonroot:nonroot',
    ]);
    expect(harden(text)).toBe(text.replace('USER nonroot:', 'USER 65532:'));
  });
});

describe.skipIf(!isHere)("the guide's pipeline", () => {
  const name = '.github/workflows/security.yaml';
  const commit = (letter: string): string => letter.repeat(40);
  /** What GitHub says of the tags that the example names. */
  const pins: Readonly<Record<string, string>> = {
    'actions/checkout@v4': `${commit('a')}#v4.3.1`,
    'github/codeql-action/upload-sarif@v3': `${commit('b')}#v3.31.5`,
    'erzz/dockle-action@v1': `${commit('c')}#v1.4.0`,
  };

  test('what is wrong in it is found', () => {
    expect(findings(block('yaml', 'Trivy vulnerability scan'), name)).toEqual([
      'branch-action: master',
      'ignored-severity: HIGH,CRITICAL',
      'lost-scan-report: github/codeql-action/upload-sarif@v3',
      'missing-permissions: scan',
      'persisted-credentials: actions/checkout@v4',
      'unpinned-action: v1',
      'unpinned-action: v3',
      'unpinned-action: v4',
    ]);
  });

  test('hardened, with the commits that were looked up, it is silent, and runs as before', () => {
    const text = block('yaml', 'Trivy vulnerability scan');
    const known = { ...context, digest: (reference: string) => pins[reference] ?? null };
    const hardened = engine.open({ path: name, text }).harden(known).text;
    expect(hardened).toBe(
      text
        .replace('jobs:\n', 'permissions: {}\n\njobs:\n')
        .replace(
          'ubuntu-latest\n',
          'ubuntu-latest\n    permissions:\n      contents: read\n      actions: read\n      security-events: write\n',
        )
        .replace(
          '- uses: actions/checkout@v4\n',
          `- uses: actions/checkout@${commit('a')} # v4.3.1\n        with:\n          persist-credentials: false\n`,
        )
        .replace('          severity: HIGH,CRITICAL\n', '          severity: HIGH,CRITICAL\n          limit-severities-for-sarif: true\n')
        .replace('trivy-action@master', 'trivy-action@ed142fd0673e97e23eac54620cfb913e5ce36c25 # v0.36.0')
        .replace(
          'uses: github/codeql-action/upload-sarif@v3',
          `if: \${{ !cancelled() }}\n        uses: github/codeql-action/upload-sarif@${commit('b')} # v3.31.5`,
        )
        .replace('dockle-action@v1', `dockle-action@${commit('c')} # v1.4.0`),
    );
    expect(findings(hardened, name)).toEqual([]);
  });
});

describe.skipIf(!isHere)("the guide's daily scan of what is pushed", () => {
  test('is asked for where an image is pushed, and written by init pipeline', () => {
    expect(readFileSync(path, 'utf8')).toContain('レジストリでの定期スキャン (日次)');
    const { files } = githubPipeline('Dockerfile', () => false)!;
    const rescan = files.find(([name]) => name.endsWith('/rescan.yml'))!;
    expect(rescan[1]).toMatch(/^ {4}- cron: '\d+ \d+ \* \* \*'/m);
    expect(unwatched(files.filter(file => file !== rescan))).toEqual(['.github/workflows/release.yml']);
    expect(unwatched(files)).toEqual([]);
  });

  /** The files of a repository that push what nothing scans again. */
  function unwatched(files: readonly (readonly [name: string, text: string])[]): readonly string[] {
    const facts = createWorkspaceIndex({ complete: true });
    for (const [name, text] of files) facts.update(name, engine.open({ path: name, text }).facts());
    return files.flatMap(([name, text]) => {
      const { findings } = engine.open({ path: name, text }).lint({ ...plainContext('strict'), workspace: facts.index });
      return findings.some(({ rule }) => rule === 'workflow/unwatched-image') ? [name] : [];
    });
  }
});

describe.skipIf(!isHere)("the guide's policy for signed images", () => {
  const policy = (): string => block('yaml', 'kind: ClusterPolicy');
  const named = (text: string): string[] => findings(text, 'policy.yaml').map(line => line.slice(0, 90));
  /** Nothing here says which Kyverno reads it: a person says that it is 1.13 or newer. */
  const accepted = { accept: new Set(['policy/deprecated-field']) };

  test('its key is cut off, its pattern matches nothing, and its action stands where Kyverno is giving it up', () => {
    expect(named(policy())).toEqual([
      'bad-public-key: MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE...',
      'deprecated-api: kyverno.io/v1',
      'deprecated-field: validationFailureAction',
      'image-pattern-never-matches: "myregistry/*"',
    ]);
  });

  test('hardened it names the registry, and is silent but for the key, and for the API that has no successor of the same form', () => {
    const { text } = engine.open({ path: 'policy.yaml', text: policy() }).harden(context, accepted);
    expect(text).toContain('imageReferences: ["docker.io/myregistry/*"]');
    expect(text).toContain('failureAction: Enforce');
    expect(named(text)).toEqual(['bad-public-key: MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE...', 'deprecated-api: kyverno.io/v1']);
  });

  test('with a real key only the API is left, and what init image-policy writes in its place is silent in the strict profile', () => {
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString().trim();
    const indent = / *(?=-----BEGIN)/.exec(policy())![0];
    const mended = policy().replace(/ *-----BEGIN[\s\S]*END PUBLIC KEY-----/, key.replace(/^/gm, indent));
    const { text } = engine.open({ path: 'policy.yaml', text: mended }).harden(context, accepted);
    expect(named(text)).toEqual(['deprecated-api: kyverno.io/v1']);
    const signed = [{ images: ['docker.io/myregistry/*'], signers: [{ key }] }];
    const written = imagePolicies(signed, { engine: 'kyverno', enforce: true, transparency: true });
    expect(engine.open({ path: 'policy.yaml', text: written }).lint(plainContext('strict')).findings).toEqual([]);
  });
});

describe.skipIf(!isHere)("the guide's commands of cosign, as a step of a workflow", () => {
  const workflow = (commands: string): string => `name: sign
on:
  push:
    tags: ['v*']
permissions: {}
concurrency: release
jobs:
  sign:
    name: Sign
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - name: Sign
        run: |
${commands.trim().replace(/^(?=.)/gm, '          ')}
`;
  const commands = (): string => block('bash', 'cosign sign');
  const name = '.github/workflows/sign.yml';

  test('a tag is signed and verified where a digest is meant', () => {
    expect(findings(workflow(commands()), name)).toEqual(['signed-by-tag: myregistry/myapp:v1.0.0']);
  });

  test('with a digest they are silent', () => {
    const digest = `myregistry/myapp@sha256:${'a'.repeat(64)}`;
    expect(findings(workflow(commands().replaceAll('myregistry/myapp:v1.0.0', digest)), name)).toEqual([]);
  });
});

describe.skipIf(!isHere)("the guide's commands mean the same wherever they are", () => {
  /** Without the comments, which are none of a list. */
  const lines = (text: string): readonly string[] => text.split('\n').filter(line => line !== '' && !line.startsWith('#'));
  const homes: readonly (readonly [name: string, put: (text: string) => string])[] = [
    ['scripts/release.sh', text => text],
    [
      'Makefile',
      text =>
        `release:\n${lines(text)
          .map(line => `\t${line}\n`)
          .join('')}`,
    ],
    [
      '.gitlab-ci.yml',
      text =>
        `release:\n  script:\n${lines(text)
          .map(line => `    - ${line}\n`)
          .join('')}`,
    ],
  ];
  const scans = (): string => block('bash', 'trivy image --severity');
  const ungated = (): string => scans().replace(/^trivy image --exit-code.*\n/m, '');

  test.each(homes)('%s: scans, of which one stops what is bad', (name, put) => {
    expect(findings(put(scans()), name)).toEqual([]);
  });
  test.each(homes)('%s: scans of which none does', (name, put) => {
    expect(findings(put(ungated()), name)).toEqual([
      'scan-without-gate: trivy image --scanners secret myapp:latest',
      'scan-without-gate: trivy image --severity HIGH,CRITICAL myapp:latest',
    ]);
  });
  test.each(homes)('%s: a tag is signed', (name, put) => {
    expect(findings(put(block('bash', 'cosign sign')), name)).toEqual(['signed-by-tag: myregistry/myapp:v1.0.0']);
  });
});
