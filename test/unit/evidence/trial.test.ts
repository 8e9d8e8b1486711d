import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { LintContext } from '../../../shared/src/engine/types';
import { rules } from '../../../shared/src/families/generated/index';
import type { ImageFacts } from '../../../shared/src/knowledge/image-facts';
import type { KnownTrial, TrialFacts, TrialPlace } from '../../../shared/src/knowledge/trials';
import { withImageFacts, withTrials } from '../../../shared/src/workspace/with-image-facts';
import { emptyWorkspace } from '../../../shared/src/workspace/workspace-index';
import { plainTrial } from '../../../tools/rules/case-trials';
import { plainContext } from '../../../tools/lint-context';
import { fc } from '../../support/property';

const engine = createEngine(rules);

/** Everything was taken away, and it worked. */
const perfect: TrialFacts = {
  ...plainTrial,
  user: { uid: 1000, gid: 1000 },
  readOnly: true,
  folders: [
    { path: '/tmp', kind: 'memory' },
    { path: '/var/cache/app', kind: 'memory' },
    { path: '/opt/app/etc', kind: 'volume' },
  ],
  capabilities: [],
  noNewPrivileges: true,
};

const digest = plainTrial.digest;
const compose = `services:
  api:
    image: example.com/acme/api:1.4
    command: [serve, --port, "8080"]
    environment:
      MODE: production
      DB_PASSWORD: gh4-kjsd-8872
    volumes:
      - data:/srv/data
    networks: [inner]
volumes:
  data:
networks:
  inner:
`;
const run = `docker run -d --name api -e MODE=production -v data:/srv/data example.com/acme/api:1.4 serve --port 8080\n`;
const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: api
      image: example.com/acme/api:1.4
      args: [serve]
      volumeMounts:
        - { name: data, mountPath: /srv/data }
  volumes:
    - name: data
      emptyDir: {}
`;

function contextOf(known: readonly KnownTrial[], facts: ImageFacts | null = null): LintContext {
  const context = plainContext();
  return {
    ...context,
    workspace: withTrials(
      withImageFacts(emptyWorkspace, () => facts),
      () => known,
    ),
  };
}

/** What a trial of the only thing of a file is about. */
function placeIn(path: string, text: string, context = contextOf([])): TrialPlace {
  const [place, ...others] = engine.open({ path, text }).trials(context);
  expect(others).toEqual([]);
  return place!;
}

const tried = (path: string, text: string, facts: TrialFacts = perfect): KnownTrial => ({ facts, about: placeIn(path, text).about });

const files = [
  ['compose.yaml', compose],
  ['run.sh', run],
  ['pod.yaml', pod],
] as const;

/** The rules that a trial answers. */
const answered = /\/(?:root-user|run-as-root|writable-root-filesystem|capabilities-not-dropped|privilege-escalation)$/;

const left = (path: string, text: string, context: LintContext): readonly string[] =>
  engine
    .open({ path, text })
    .harden(context)
    .left.map(({ finding }) => finding.rule)
    .filter(rule => answered.test(rule));

describe.each(files)('%s', (path, text) => {
  test('leaves to a person what is not known, and nothing of it once it was tried', () => {
    const folders = perfect.folders.filter(({ kind }) => path !== 'pod.yaml' || kind === 'memory');
    const context = contextOf([tried(path, text, { ...perfect, folders })]);
    expect(left(path, text, contextOf([])).length).toBeGreaterThan(1);
    expect(left(path, text, context)).toEqual([]);
  });

  test('says by an answer alone nothing of what an image that nobody knows writes later, as root, and so of the rest', () => {
    const folders = perfect.folders.filter(({ kind }) => kind === 'memory');
    const asked = (facts: Partial<TrialFacts>): readonly string[] =>
      left(path, text, contextOf([tried(path, text, { ...perfect, folders, ...facts })])).map(rule => rule.slice(rule.indexOf('/') + 1));
    const open = asked({ isBounded: false });
    expect(open).toEqual(expect.arrayContaining(['writable-root-filesystem', 'capabilities-not-dropped']));
    expect(open).not.toContain('privilege-escalation');
    expect(asked({ isBounded: false, level: 'started' })).toEqual(open);
    expect(asked({ isBounded: false, level: 'exercised' })).toEqual([]);
    expect(asked({ isBounded: true, level: 'started' })).toEqual([]);
  });

  test('counts for what harden made of it, so that hardening twice changes nothing', () => {
    const context = contextOf([tried(path, text)]);
    const once = engine.open({ path, text }).harden(context).text;
    expect(once).not.toBe(text);
    expect(engine.open({ path, text: once }).harden(context).text).toBe(once);
    expect(placeIn(path, once, context).outdated).toBeNull();
  });

  test('makes nothing safe, and says what it rests on', () => {
    // a pod asks about a folder with files of the image, and so about what was tried with it
    const folders = perfect.folders.filter(({ kind }) => kind === 'memory' || path !== 'pod.yaml');
    const context = contextOf([tried(path, text, { ...perfect, folders })]);
    const plain = engine.open({ path, text }).lint(contextOf([])).findings;
    const safe = (findings: typeof plain): readonly string[] =>
      findings.flatMap(({ rule, fixes }) => fixes.flatMap(fix => (fix.class === 'safe' ? `${rule} ${fix.id}` : [])));
    const { findings } = engine.open({ path, text }).lint(context);
    expect(safe(findings)).toEqual(safe(plain));
    for (const { rule, fixes } of findings.filter(finding => answered.test(finding.rule)))
      expect(
        fixes[0]?.assumes.map(({ id }) => id),
        rule,
      ).toEqual(expect.arrayContaining(['proved', 'same-tag']));
  });
});

const build = `FROM example.com/acme/base:1\nCOPY . /app\nRUN make\nCMD ["/app/serve"]\n`;
const built = 'services:\n  app:\n    image: nginx:1.28\n    command: [nginx]\n';

test.each<readonly [path: string, text: string]>([...files, ['Dockerfile', build], ['compose.yaml', built]])(
  '%s has the same findings, whatever a trial says',
  (path, text) => {
    const found = (context: LintContext): readonly string[] =>
      engine
        .open({ path, text })
        .lint(context)
        .findings.map(({ rule, range, messageId }) => `${rule} ${range.start} ${messageId}`);
    const plain = found(contextOf([]));
    const right = fc.constantFrom('user' as const, 'files' as const, 'capabilities' as const, 'escalation' as const, 'pids' as const);
    const facts = fc.record({
      user: fc.constantFrom(null, { uid: 0, gid: 0 }, { uid: 1000, gid: 1000 }),
      readOnly: fc.boolean(),
      folders: fc.subarray([...perfect.folders]),
      capabilities: fc.constantFrom(null, [], ['CHOWN'], ['SETUID', 'SETGID']),
      noNewPrivileges: fc.boolean(),
      init: fc.boolean(),
      needs: fc.uniqueArray(right),
    });
    const { about } = placeIn(path, text);
    fc.assert(
      fc.property(facts, made => {
        expect(found(contextOf([{ facts: { ...plainTrial, ...made }, about }]))).toEqual(plain);
      }),
    );
  },
);

test.each([
  ['command', '"8080"', '"8081"'],
  ['environment', 'production', 'debug'],
  ['environment', '      MODE: production\n', ''],
  ['image', 'api:1.4', 'api:1.5'],
  ['mounts', 'data:/srv/data', 'data:/srv/other'],
  ['mounts', 'data:/srv/data', 'data:/srv/data:ro'],
  ['mounts', '      - data:/srv/data\n', '      - data:/srv/data\n      - data:/srv/more\n'],
  ['options', '    networks: [inner]\n', '    network_mode: host\n'],
  ['options', '    networks: [inner]\n', '    networks: [inner]\n    group_add: ["12"]\n'],
  ['user', '    networks: [inner]\n', '    networks: [inner]\n    user: "2000:2000"\n'],
  [null, 'gh4-kjsd-8872', 'other-9987-secret'],
  [null, '    networks: [inner]\n', '    networks: [inner]\n    read_only: true\n    user: "1000:1000"\n    cap_drop: [ALL]\n'],
  [null, '    networks: [inner]\n', '    networks: [inner]\n    tmpfs: [/tmp]\n    restart: always\n    mem_limit: 1g\n'],
  ['mounts', '    networks: [inner]\n', '    networks: [inner]\n    tmpfs: [/srv/app]\n'],
] as const)('is outdated by another %s: %j', (change, before, after) => {
  const context = contextOf([tried('compose.yaml', compose)]);
  const text = compose.replace(before, after);
  expect(text).not.toBe(compose);
  expect(placeIn('compose.yaml', text, context).outdated).toEqual(change && { date: perfect.date, change });
});

test.each([
  ['build', 'RUN make', 'RUN make all'],
  ['build', 'base:1', 'base:2'],
  [null, 'base:1', `base:1@${digest}`],
  [null, 'CMD', 'LABEL a=b\nUSER 1000:1000\nCMD'],
  [null, 'COPY', '# a comment\nCOPY'],
] as const)('of a build is outdated by another %s: %j', (change, before, after) => {
  const known = tried('Dockerfile', build);
  const { about } = placeIn('Dockerfile', build.replace(before, after));
  expect(about.build === known.about.build).toBe(change === null);
});

describe('the digest', () => {
  const pinned = (hex: string): string => compose.replace('api:1.4', `api:1.4@sha256:${hex.repeat(64)}`);
  const own = tried('compose.yaml', compose);
  const claimed: KnownTrial = { ...own, facts: { ...perfect, origin: 'claimed' } };
  const outdated = (text: string, known: KnownTrial, facts: ImageFacts | null = null): TrialPlace['outdated'] =>
    placeIn('compose.yaml', text, contextOf([known], facts)).outdated;
  const changed = { date: perfect.date, change: 'digest' };
  const looked = (hex: string, level: ImageFacts['level'] = 'as-served'): ImageFacts => ({
    level,
    digest: `sha256:${hex.repeat(64)}`,
    platform: 'linux/amd64',
    user: '',
    claimedUid: null,
    bases: [],
    entrypoint: [],
    command: [],
    workdir: '/',
    ports: [],
    volumes: [],
    variables: [],
    health: null,
    stopSignal: null,
  });

  test('that is written has to be the one that ran', () => {
    expect([outdated(pinned('5'), own), outdated(pinned('6'), own)]).toEqual([null, changed]);
    expect([outdated(pinned('5'), claimed), outdated(pinned('6'), claimed)]).toEqual([null, changed]);
  });

  test('that was looked up, too', () => {
    expect([outdated(compose, own, looked('5')), outdated(compose, own, looked('6'))]).toEqual([null, changed]);
  });

  test('that only a file of the repository says is not known', () => {
    expect(outdated(compose, own, looked('6', 'claimed'))).toBeNull();
    expect(outdated(compose, claimed, looked('5'))).toBeNull();
    expect(outdated(compose, claimed, looked('5', 'claimed'))).toEqual(changed);
  });

  test('of a tag may have moved: own evidence says so, and what came with the repository does not count', () => {
    expect([outdated(compose, own), outdated(compose, claimed)]).toEqual([null, changed]);
  });
});

test('What a trial found to be needed is not taken away, and the question says so', () => {
  const needs = ['user', 'files', 'capabilities', 'escalation'] as const;
  const context = contextOf([tried('compose.yaml', compose, { ...plainTrial, needs })]);
  const result = engine.open({ path: 'compose.yaml', text: compose }).harden(context);
  const details = result.left.flatMap(({ finding: { rule }, detail }) =>
    answered.test(rule) && typeof detail === 'object' ? [[rule.replace('compose/', ''), detail.seen]] : [],
  );
  expect(Object.fromEntries(details)).toEqual({
    'root-user': 'trial-needs-user',
    'writable-root-filesystem': 'trial-needs-files',
    'capabilities-not-dropped': 'trial-needs-capabilities',
    'privilege-escalation': 'trial-needs-escalation',
  });
  expect(result.text).not.toMatch(/read_only|cap_drop|no-new-privileges|user:/);
});

test('A folder that keeps data is asked about, since a tmpfs would lose it; and so are the user and the capabilities that were tried with it', () => {
  const facts: TrialFacts = { ...perfect, folders: [{ path: '/var/lib/app', kind: 'memory' }] };
  const context = contextOf([tried('compose.yaml', compose, facts)]);
  const asked = ['compose/root-user', 'compose/capabilities-not-dropped', 'compose/writable-root-filesystem'];
  expect([...left('compose.yaml', compose, context)].sort()).toEqual([...asked].sort());
});

test('As a volume it is given, unless several containers would share that, or the program itself is in it', () => {
  const askedOf = (text: string, more: object): number => {
    const facts: TrialFacts = { ...perfect, folders: [{ path: '/var/lib/app', kind: 'volume', ...more }] };
    return left('compose.yaml', text, contextOf([tried('compose.yaml', text, facts)])).length;
  };
  expect(askedOf(compose, {})).toBe(0);
  expect(askedOf(compose, { isProgram: true })).toBe(3);
  expect(askedOf(compose.replace('    networks:', '    scale: 2\n    networks:'), {})).toBe(3);
});
