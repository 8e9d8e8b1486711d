import { describe, expect, it } from 'vitest';
import { defaultConfig, effectiveConfig } from '../../../shared/src/engine/config/effective';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { LintContext } from '../../../shared/src/engine/types';
import { rules } from '../../../shared/src/families/generated/index';
import type { FactLevel, ImageFacts } from '../../../shared/src/knowledge/image-facts';
import { findImageProfile } from '../../../shared/src/knowledge/image-profiles';
import { postureFileOf } from '../../../shared/src/output/posture/file';
import { readChain } from '../../../shared/src/services/facts/chain';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { withImageFacts } from '../../../shared/src/workspace/with-image-facts';
import { makeImage, type MadeImage } from '../../support/image-chain';
import { fc } from '../../support/property';

const engine = createEngine(rules);

/** The facts of a made image. */
function factsOf(image: MadeImage, level: FactLevel = 'verified'): ImageFacts {
  const { digest, chain } = makeImage(image);
  const read = readChain(digest, chain, level);
  if (!read.ok) throw new Error(read.problem);
  return read.value.facts;
}

/** No table has it: what is said of it comes from its own bytes. */
const name = 'registry.example.com/made/image:1.0';
expect(findImageProfile(name)).toBeNull();

const all = effectiveConfig(null, '', { profile: 'strict' });
const config = all === 'excluded' ? defaultConfig : all;

function contextWith(facts: ImageFacts | null): LintContext {
  const index = createWorkspaceIndex({ complete: true }).index;
  return { config, today: '2026-11-30', workspace: withImageFacts(index, () => facts), digest: () => null };
}

/** The findings of a file as `rule messageId`, and the class of the first fix of each, where the images have these facts. */
function lint(path: string, text: string, facts: ImageFacts | null): ReadonlyMap<string, string> {
  const { findings } = engine.open({ path, text }).lint(contextWith(facts));
  return new Map(findings.map(({ rule, messageId, fixes }) => [`${rule} ${messageId}`, fixes[0]?.class ?? 'none']));
}

const dockerfile = `FROM ${name}\nRUN make\nCOPY app app\nEXPOSE 8080\nCMD ["/srv/app", "serve"]\n`;
const compose = `services:\n  web:\n    image: ${name}\n`;
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: ${name}
`;
const numeric: MadeImage = { config: { User: '1001:1001', WorkingDir: '/srv' } };
const named: MadeImage = { config: { User: 'web' }, history: [{ created_by: 'RUN /bin/sh -c useradd -u 10001 web # buildkit' }] };
const root: MadeImage = { config: { User: '' } };

/** Why findings of a file are left, by their rules, where the images have these facts. */
function left(path: string, text: string, facts: ImageFacts | null): ReadonlyMap<string, string> {
  const { findings } = engine.open({ path, text }).lint(contextWith(facts));
  return new Map(findings.flatMap(({ rule, left: why }) => (why ? [[rule, why.reason] as const] : [])));
}

describe('why something is left', () => {
  const pod = deployment.replace('image: ', 'securityContext: { runAsNonRoot: true }\n          image: ');

  const files = [
    ['Dockerfile', dockerfile],
    ['Dockerfile', `${dockerfile}USER web\nWORKDIR data\n`],
    ['Dockerfile', `FROM ${name}\nRUN useradd -s /bin/bash web\nCOPY app app\nUSER web\nCMD serve & watch\n`],
    ['Dockerfile', `FROM ${name}\nUSER root\nCMD ["prepare"]\n`],
    ['compose.yaml', compose],
    ['deployment.yaml', deployment],
    ['deployment.yaml', pod],
  ] as const;

  it.each(files)('is never that its image is unknown, where that has facts: %s', (path, text) => {
    for (const level of ['verified', 'as-served', 'claimed'] as const)
      for (const image of [root, numeric, named])
        expect([...left(path, text, factsOf(image, level))].filter(([, why]) => why === 'unknown-image')).toEqual([]);
  });

  it('is that without facts', () => {
    const rules = files.flatMap(([path, text]) =>
      [...left(path, text, null)].flatMap(([rule, why]) => (why === 'unknown-image' ? rule : [])),
    );
    expect(new Set(rules)).toEqual(
      new Set([
        'dockerfile/root-user',
        'dockerfile/non-numeric-user',
        'dockerfile/relative-workdir',
        'dockerfile/low-uid-user',
        'dockerfile/missing-init',
        'compose/root-user',
      ]),
    );
  });

  it('a number that the history gives a name is proposed, with its digest', () => {
    const { findings } = engine.open({ path: 'deployment.yaml', text: pod }).lint(contextWith(factsOf(named)));
    const fix = findings.find(({ rule }) => rule === 'kubernetes/image-user-mismatch')?.fixes[0];
    expect(fix).toMatchObject({ class: 'attended', data: { uid: 10001 } });
    expect(fix?.assumes.map(({ id, data }) => [id, data?.['digest']])).toEqual([['claimed', factsOf(named).digest]]);
  });
});

describe('a release that has ended', () => {
  const ended = (image: MadeImage, level: FactLevel, reference = name): readonly string[] =>
    [...lint('Dockerfile', `FROM ${reference}\n`, factsOf(image, level)).keys()].filter(key => key.includes('end-of-life'));
  const buster: MadeImage = { history: [{ created_by: "# debian.sh --arch 'amd64' out/ 'buster' '@1690000000'" }] };

  it.each(['verified', 'as-served', 'claimed'] as const)('is found behind a name that says nothing: %s', level => {
    expect(ended(buster, level)).toEqual(['dockerfile/end-of-life-image grown']);
    expect(ended({ config: { Env: ['NODE_VERSION=16.20.2'] } }, level)).toEqual(['dockerfile/end-of-life-image grown']);
    expect(ended({ config: { Env: ['NODE_VERSION=99.0.0'] } }, level)).toEqual([]);
  });

  it('by its own name stays what it is, whatever an image claims', () => {
    expect(ended({ config: { Env: ['NODE_VERSION=99.0.0'] } }, 'verified', 'node:16')).toEqual(['dockerfile/end-of-life-image ended']);
    expect(ended(buster, 'verified', 'node:16')).toEqual(['dockerfile/end-of-life-image ended']);
  });
});

describe('a Dockerfile on an image of which no table knows', () => {
  const of = (facts: ImageFacts | null): ReadonlyMap<string, string> => lint('Dockerfile', dockerfile, facts);

  it('is not known to run as root without facts', () => {
    expect([...of(null).keys()]).toContain('dockerfile/root-user unknown');
  });

  it.each([numeric, named])('does not run as root by verified facts', image => {
    expect([...of(factsOf(image)).keys()].filter(key => key.startsWith('dockerfile/root-user'))).toEqual([]);
  });

  it('runs as root by facts of any level', () => {
    for (const level of ['verified', 'as-served', 'claimed'] as const)
      expect([...of(factsOf(root, level)).keys()]).toContain('dockerfile/root-user missing');
  });

  it('may run as root by facts that are not verified', () => {
    for (const level of ['as-served', 'claimed'] as const)
      expect([...of(factsOf(numeric, level)).keys()]).toContain('dockerfile/root-user unknown');
  });

  it('has its working directory, as a fix to review and never a safe one', () => {
    expect(of(null).get('dockerfile/relative-workdir destination')).toBe('attended');
    expect(of(factsOf(numeric)).get('dockerfile/relative-workdir destination')).toBe('review');
    expect(of(factsOf(numeric, 'as-served')).get('dockerfile/relative-workdir destination')).toBe('attended');
    const { findings } = engine.open({ path: 'Dockerfile', text: dockerfile }).lint(contextWith(factsOf(numeric)));
    expect(findings.find(({ rule }) => rule === 'dockerfile/relative-workdir')?.fixes[0]).toMatchObject({
      data: { absolute: '/srv/app' },
      assumes: [{ id: 'configured', data: { level: 'verified' } }],
    });
  });

  it('has the number of its user by name as one to propose', () => {
    const by = (user: string, facts: ImageFacts | null): string | undefined =>
      lint('Dockerfile', dockerfile.replace('EXPOSE', `USER ${user}\nEXPOSE`), facts).get('dockerfile/non-numeric-user name');
    expect(by('web', null)).toBe('none');
    for (const level of ['verified', 'as-served', 'claimed'] as const) expect(by('web', factsOf(named, level))).toBe('attended');
    expect(by('other', factsOf(named))).toBe('none');
  });

  it('has its health check', () => {
    const checked = { config: { Healthcheck: { Test: ['CMD', '/healthy'] } } };
    const missing = 'dockerfile/missing-healthcheck missing';
    expect([...of(factsOf(root)).keys()]).toContain(missing);
    expect([...of(factsOf(checked)).keys()]).not.toContain(missing);
    expect([...of(factsOf(checked, 'claimed')).keys()]).toContain(missing);
    expect([...of(factsOf({ config: { Healthcheck: { Test: ['NONE'] } } })).keys()]).toContain(missing);
  });
});

describe('a service of Compose', () => {
  const of = (facts: ImageFacts | null): readonly string[] =>
    [...lint('compose.yaml', compose, facts).keys()].filter(key => key.startsWith('compose/root-user'));

  it('is a question without facts, and is answered by verified ones', () => {
    expect(of(null)).toEqual(['compose/root-user unknown']);
    expect(of(factsOf(numeric))).toEqual([]);
    expect(of(factsOf(named))).toEqual([]);
    expect(of(factsOf(root))).toEqual(['compose/root-user image']);
  });

  it('keeps its capabilities a question, and what was to review without facts', () => {
    const classes = (facts: ImageFacts | null, text = compose): readonly (string | undefined)[] => {
      const found = lint('compose.yaml', text, facts);
      return ['compose/capabilities-not-dropped missing', 'compose/privilege-escalation missing'].map(key => found.get(key));
    };
    for (const facts of [null, factsOf(numeric), factsOf(named), factsOf(root)]) expect(classes(facts)).toEqual(['attended', 'review']);
    const written = `${compose}    user: "1000:1000"\n`;
    for (const facts of [null, factsOf(numeric), factsOf(root)]) expect(classes(facts, written)).toEqual(['review', 'review']);
  });

  it('runs as root by facts that are not verified, and never as another user', () => {
    for (const level of ['as-served', 'claimed'] as const) {
      expect(of(factsOf(numeric, level))).toEqual(['compose/root-user unknown']);
      expect(of(factsOf(root, level))).toEqual(['compose/root-user image']);
    }
  });
});

describe('facts of one platform', () => {
  const compose64 = (platform: string): readonly string[] =>
    [...lint('compose.yaml', `${compose}    platform: ${platform}\n`, factsOf(numeric)).keys()].filter(key =>
      key.startsWith('compose/root-user'),
    );
  const from64 = (platform: string): readonly string[] =>
    [...lint('Dockerfile', dockerfile.replace('FROM', `FROM --platform=${platform}`), factsOf(numeric)).keys()].filter(key =>
      key.startsWith('dockerfile/root-user'),
    );

  it('say nothing of an image that is asked for by another', () => {
    expect(compose64('linux/amd64')).toEqual([]);
    expect(compose64('linux/arm64')).toEqual(['compose/root-user unknown']);
    expect(compose64('linux/amd')).toEqual(['compose/root-user unknown']);
    expect(from64('linux/amd64')).toEqual([]);
    expect(from64('linux/arm64')).toEqual(['dockerfile/root-user unknown']);
    expect(from64('$TARGETPLATFORM')).toEqual(['dockerfile/root-user unknown']);
  });
});

describe('a container of a pod', () => {
  const unset = 'kubernetes/run-as-root unset';
  const of = (facts: ImageFacts | null): ReadonlyMap<string, string> => lint('deploy.yaml', deployment, facts);

  it('is proposed a probe of the port that its image exposes, by the table or by facts', () => {
    const port = (facts: ImageFacts | null, text = deployment): unknown => {
      const { findings } = engine.open({ path: 'deploy.yaml', text }).lint(contextWith(facts));
      const fixes = findings.find(({ rule }) => rule === 'kubernetes/missing-liveness-probe')!.fixes;
      return fixes.map(fix => [fix.id, fix.class, fix.data?.['port']])[0];
    };
    const exposing: MadeImage = { config: { User: '1001', ExposedPorts: { '8443/tcp': {}, '53/udp': {} } } };
    expect(port(null)).toEqual(['port', 'attended', 'of your choice']);
    for (const level of ['verified', 'as-served', 'claimed'] as const)
      expect(port(factsOf(exposing, level))).toEqual(['connect', 'attended', 8443]);
    // another command may listen elsewhere
    const other = deployment.replace(`image: ${name}`, `image: ${name}\n          command: [other]`);
    expect(port(factsOf(exposing), other)).toEqual(['port', 'attended', 'of your choice']);
  });

  it('is told to run as the user of its image, to review where that is verified', () => {
    expect(of(null).get(unset)).toBe('attended');
    expect(of(factsOf(numeric)).get(unset)).toBe('review');
    expect(of(factsOf(root)).get(unset)).toBe('attended');
    for (const level of ['as-served', 'claimed'] as const) expect(of(factsOf(numeric, level)).get(unset)).toBe('attended');
  });

  it('keeps its capabilities a question: no configuration says what the file of a program carries', () => {
    for (const facts of [null, factsOf(numeric), factsOf(root)]) {
      const found = [...of(facts)].filter(([key]) => key.startsWith('kubernetes/capabilities-not-dropped'));
      expect(found.length).toBeGreaterThan(0);
      for (const [, cls] of found) expect(cls).toBe('attended');
    }
    const { findings } = engine.open({ path: 'deploy.yaml', text: deployment }).lint(contextWith(factsOf(numeric)));
    const fix = findings.find(({ rule }) => rule === 'kubernetes/capabilities-not-dropped')?.fixes[0];
    expect(fix?.assumes.map(({ id }) => id)).toEqual(['image-facts', 'unread-capabilities']);
  });

  it('keeps its root filesystem a question', () => {
    const found = [...of(factsOf(numeric))].filter(([key]) => key.startsWith('kubernetes/writable-root-filesystem'));
    expect(found.map(([, cls]) => cls)).toEqual(['attended']);
  });

  it('names digest and level of what a fix rests on', () => {
    const facts = factsOf(numeric);
    const { findings } = engine.open({ path: 'deploy.yaml', text: deployment }).lint(contextWith(facts));
    const fix = findings.find(({ rule }) => rule === 'kubernetes/run-as-root')?.fixes[0];
    expect(fix?.assumes).toContainEqual({
      id: 'image-facts',
      data: { container: 'web', digest: facts.digest, level: 'verified', object: 'Deployment "web"' },
    });
  });

  it('gets the number of its user from the history as one to propose', () => {
    const proposed = (image: MadeImage, level: FactLevel): unknown => {
      const { findings } = engine.open({ path: 'deploy.yaml', text: deployment }).lint(contextWith(factsOf(image, level)));
      const fix = findings.find(({ rule }) => rule === 'kubernetes/run-as-root')?.fixes[0];
      return fix && [fix.class, JSON.stringify(fix.assumes).includes('"uid":10001')];
    };
    expect(proposed(named, 'verified')).toEqual(['attended', true]);
    expect(proposed(named, 'as-served')).toEqual(['attended', true]);
  });

  it('cannot start with runAsNonRoot where its image is root, or has a name', () => {
    const strict = deployment.replace(`image: ${name}\n`, `image: ${name}\n          securityContext: { runAsNonRoot: true }\n`);
    const said = (facts: ImageFacts | null): readonly string[] =>
      [...lint('deploy.yaml', strict, facts).keys()].filter(key => key.startsWith('kubernetes/image-user-mismatch'));
    expect(said(null)).toEqual([]);
    expect(said(factsOf(numeric))).toEqual([]);
    expect(said(factsOf(named))).toEqual(['kubernetes/image-user-mismatch name']);
    for (const level of ['verified', 'as-served', 'claimed'] as const)
      expect(said(factsOf(root, level))).toEqual(['kubernetes/image-user-mismatch root']);
    for (const level of ['as-served', 'claimed'] as const) expect(said(factsOf(numeric, level))).toEqual([]);
  });
});

describe('an image that a table knows', () => {
  const nginx = 'nginx:1.29.1';
  const of = (image: MadeImage, level: FactLevel): ReadonlyMap<string, string> => {
    const facts = factsOf(image, level);
    return lint('deploy.yaml', deployment.replace(name, nginx), facts);
  };
  const same: MadeImage = { config: { Entrypoint: ['/docker-entrypoint.sh'], Cmd: ['nginx', '-g', 'daemon off;'] } };

  it('is overruled by what is verified, and questioned by what is not', () => {
    const before = lint('deploy.yaml', deployment.replace(name, nginx), null).get('kubernetes/run-as-root unset');
    expect(of(same, 'verified').get('kubernetes/run-as-root unset')).toBe(before);
    expect(of({ config: { ...(same.config as object), User: '101' } }, 'verified').get('kubernetes/run-as-root unset')).toBe('review');
    expect(of({ config: { ...(same.config as object), User: '101' } }, 'claimed').get('kubernetes/run-as-root unset')).toBe('attended');
  });
});

describe('the posture', () => {
  const userBy = (facts: ImageFacts | null): unknown => {
    const opened = engine.open({ path: 'compose.yaml', text: compose });
    const context = contextWith(facts);
    return postureFileOf({ path: 'compose.yaml', engine, opened, context, result: opened.lint(context) }).images;
  };

  it('counts images by the user of their configuration, and believes only what is verified of other users', () => {
    const says = (user: string): unknown => [{ reference: name, user }];
    expect(userBy(null)).toEqual(says('unknown'));
    expect(userBy(factsOf(numeric))).toEqual(says('other'));
    expect(userBy(factsOf(named))).toEqual(says('other'));
    expect(userBy(factsOf(root))).toEqual(says('root'));
    expect(userBy(factsOf(numeric, 'claimed'))).toEqual(says('unknown'));
    expect(userBy(factsOf(root, 'claimed'))).toEqual(says('root'));
  });
});

describe('facts that are not verified', () => {
  const files = { Dockerfile: dockerfile, 'compose.yaml': compose, 'deploy.yaml': deployment } as const;
  const images = fc.record({
    User: fc.constantFrom('', '0', 'root', '1000', '1000:0', 'web', 'web:web', '65532', '00'),
    WorkingDir: fc.constantFrom('', '/', '/srv'),
    Entrypoint: fc.constantFrom(null, [], ['/app'], ['nginx'], ['sh', '-c', 'gosu web app']),
    ExposedPorts: fc.constantFrom({}, { '80/tcp': {} }, { '8080/tcp': {} }),
    Volumes: fc.constantFrom({}, { '/data': {} }, { '/etc': {} }),
    Healthcheck: fc.constantFrom({}, { Test: ['NONE'] }, { Test: ['CMD', 'true'] }),
  });
  const keysOf = (found: ReadonlyMap<string, string>): ReadonlySet<string> => new Set([...found.keys()].map(key => key.split(' ')[0]!));
  const ranks = ['none', 'manual', 'attended', 'review', 'safe'];

  it('remove no finding, and lift no fix', () => {
    const before = new Map(Object.entries(files).map(([path, text]) => [path, lint(path, text, null)]));
    fc.assert(
      fc.property(images, fc.constantFrom<FactLevel>('as-served', 'claimed'), (config, level) => {
        for (const [path, text] of Object.entries(files)) {
          const after = lint(path, text, factsOf({ config }, level));
          const old = before.get(path)!;
          for (const rule of keysOf(old)) expect(keysOf(after)).toContain(rule);
          for (const [key, cls] of after) {
            const was = old.get(key);
            if (was !== undefined) expect(ranks.indexOf(cls), `${path} ${key}`).toBeLessThanOrEqual(ranks.indexOf(was));
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('never make a fix safe, nor do verified ones', () => {
    const safe = (path: string, text: string, facts: ImageFacts | null): readonly string[] =>
      [...lint(path, text, facts)].filter(([, cls]) => cls === 'safe').map(([key]) => key);
    for (const [path, text] of Object.entries(files)) {
      const before = safe(path, text, null);
      for (const image of [numeric, named, root]) for (const key of safe(path, text, factsOf(image))) expect(before).toContain(key);
    }
  });
});
