import { describe, expect, it } from 'vitest';
import type { FactLevel, ImageFacts } from '../../../shared/src/knowledge/image-facts';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { withImageFacts } from '../../../shared/src/workspace/with-image-facts';
import { type MadeImage } from '../../support/image-chain';
import { type MadeEntry } from '../../support/tar';
import {
  carrying,
  contextWith,
  deployment,
  dropping,
  engine,
  factsOf,
  ipcLock,
  levels,
  lint,
  name,
  netBind,
  passwd,
  program,
  said,
  server,
  shell,
  starts,
} from './made-facts';

describe('USER by name in a Dockerfile', () => {
  const of = (facts: ImageFacts | null, user: string): readonly string[] =>
    said('dockerfile/non-numeric-user', 'Dockerfile', `FROM ${name}\nUSER ${user}\nCMD ["/server"]\n`, facts);

  it('gets its number from /etc/passwd, to review where that is verified', async () => {
    expect(of(null, 'web')).toEqual(['name none']);
    expect(of(await factsOf({}, [passwd, shell]), 'web')).toEqual(['name review']);
    for (const level of ['as-served', 'claimed'] as const)
      expect(of(await factsOf({}, [passwd, shell], level), 'web')).toEqual(['name attended']);
    expect(of(await factsOf({}, [passwd, shell]), 'other')).toEqual(['name none']);
  });

  it('is root where it has the number 0, whatever it is called', async () => {
    const root = (facts: ImageFacts | null, text: string): readonly string[] => said('dockerfile/root-user', 'Dockerfile', text, facts);
    const text = `FROM ${name}\nUSER toor\nCMD ["/server"]\n`;
    expect(root(null, text)).toEqual([]);
    for (const level of levels) expect(root(await factsOf({}, [passwd, shell], level), text)[0]).toMatch(/^explicit/);
    expect(root(await factsOf({}, [passwd, shell]), text.replace('toor', 'web'))).toEqual([]);
    expect(root(await factsOf({}, [passwd, shell]), text.replace('USER', 'RUN useradd -u 7 toor\nUSER'))).toEqual([]);
  });
});

describe('an image that is configured to run as a user by name', () => {
  const unset = (facts: ImageFacts): readonly string[] => said('kubernetes/run-as-root', 'deploy.yaml', deployment(), facts);

  it('runs as its number in a pod', async () => {
    const facts = await factsOf({ ...starts, User: 'web' }, [passwd, server]);
    const opened = engine.open({ path: 'deploy.yaml', text: deployment() });
    const finding = opened.lint(contextWith(facts)).findings.find(({ rule }) => rule === 'kubernetes/run-as-root')!;
    expect(finding.fixes[0]!.class).toBe('review');
    const rendered = opened.render(finding, finding.fixes[0]!);
    expect(rendered.ok && rendered.edits.map(({ newText }) => newText).join('')).toContain('runAsUser: 10001');
    for (const level of ['as-served', 'claimed'] as const)
      expect(unset(await factsOf({ ...starts, User: 'web' }, [passwd, server], level))).toEqual(['unset attended']);
  });

  it('runs as root where that is its number', async () => {
    for (const level of levels) {
      const facts = await factsOf({ ...starts, User: 'toor' }, [passwd, server], level);
      const of = said('compose/root-user', 'compose.yaml', `services:\n  web:\n    image: ${name}\n`, facts);
      expect(of[0]).toMatch(/^image/);
    }
  });
});

describe('a health check that asks with a client', () => {
  const dockerfile = `FROM ${name}\nHEALTHCHECK CMD ["curl", "-f", "http://127.0.0.1:8080/"]\nUSER 1000\nCMD ["/server"]\n`;
  const compose = `services:\n  web:\n    image: ${name}\n    healthcheck: { test: ["CMD", "curl", "-f", "http://127.0.0.1/"] }\n`;
  const probe = deployment('          livenessProbe: { exec: { command: ["curl", "-f", "http://127.0.0.1/"] } }\n');
  const places = [
    ['dockerfile/missing-health-client', 'Dockerfile', dockerfile],
    ['compose/missing-healthcheck', 'compose.yaml', compose],
    ['kubernetes/missing-probe-program', 'deploy.yaml', probe],
  ] as const;

  it.each(places)('%s: always fails without it', async (rule, path, text) => {
    expect(said(rule, path, text, null)).toEqual([]);
    for (const level of levels) expect(said(rule, path, text, await factsOf({}, [passwd], level))[0]).toMatch(/^lacks/);
    expect(said(rule, path, text, await factsOf({}, [passwd, program('usr/bin/curl')]))).toEqual([]);
  });

  it.each(places)('%s: an image of a name that usually lacks it may have it', async (rule, path, text) => {
    const debian = text.replace(name, 'debian:13');
    expect(said(rule, path, debian, null)[0]).toMatch(/^lacks/);
    expect(said(rule, path, debian, await factsOf({}, [passwd, program('usr/bin/curl')]))).toEqual([]);
    expect(said(rule, path, debian, await factsOf({}, [passwd, program('usr/bin/curl')], 'as-served'))[0]).toMatch(/^lacks/);
  });
});

describe('a hook or probe of a pod', () => {
  const of = (facts: ImageFacts | null, command: string, more = ''): readonly string[] =>
    said(
      'kubernetes/missing-probe-program',
      'deploy.yaml',
      deployment(`          lifecycle: { preStop: { exec: { command: ${command} } } }\n${more}`),
      facts,
    );

  it('needs the shell that it asks for, and what that starts first', async () => {
    const bare = await factsOf({}, [passwd, server]);
    for (const command of ['[sh, -c, sleep 5]', '[/bin/sh, -c, sleep 5]', '[bash, stop.sh]']) {
      expect(of(null, command)).toEqual([]);
      for (const level of levels) expect(of({ ...bare, level }, command)).toEqual(['lacks none']);
    }
    const shelly = await factsOf({}, [passwd, shell]);
    expect(of(shelly, '[sh, -c, sleep 5]')).toEqual([]);
    expect(of(shelly, '[sh, -c, "curl -f http://127.0.0.1/ || exit 1"]')).toEqual(['lacks none']);
    expect(of(shelly, '[sh, -c, "test -f /x || curl -f http://127.0.0.1/"]')).toEqual([]);
  });

  it('may have what its container starts or mounts', async () => {
    const bare = await factsOf({}, [passwd, server]);
    expect(of(bare, '[sh, -c, sleep 5]', '          args: [/tools/install]\n')).toEqual([]);
    expect(of(bare, '[sh, -c, sleep 5]', '          volumeMounts: [{ name: tools, mountPath: /bin }]\n')).toEqual([]);
  });
});

describe('a shell form', () => {
  const of = (facts: ImageFacts | null, image = name): readonly string[] =>
    said('dockerfile/shell-in-scratch', 'Dockerfile', `FROM ${image}\nUSER 1000\nCMD serve --all\n`, facts);

  it('needs a shell in the image', async () => {
    expect(of(null)).toEqual([]);
    for (const level of levels) expect(of(await factsOf({}, [passwd, server], level))).toEqual(['start none']);
    expect(of(await factsOf({}, [passwd, shell]))).toEqual([]);
  });

  it('has one in an image of a name that usually has none, where that is verified', async () => {
    const distroless = 'gcr.io/distroless/static-debian12';
    expect(of(null, distroless)).toEqual(['start none']);
    expect(of(await factsOf({}, [passwd, shell]), distroless)).toEqual([]);
    expect(of(await factsOf({}, [passwd, shell], 'as-served'), distroless)).toEqual(['start none']);
  });
});

describe('an init', () => {
  const of = (facts: ImageFacts | null): readonly string[] =>
    lint('Dockerfile', `FROM ${name}\nUSER 1000\nCMD serve & watch\n`, facts).flatMap(({ rule, fixes }) =>
      rule === 'dockerfile/missing-init' ? fixes.map(fix => `${fix.id} ${fix.class}`) : [],
    );

  it('that the base image certainly has is started', async () => {
    const tini = program('sbin/tini');
    expect(of(null)).toEqual([]);
    expect(of(await factsOf({}, [passwd, shell, tini]))).toEqual(['present review']);
    for (const level of ['as-served', 'claimed'] as const) expect(of(await factsOf({}, [passwd, shell, tini], level))).toEqual([]);
    // its entry point is one already
    const started = await factsOf({ Entrypoint: ['/sbin/tini', '--'] }, [passwd, shell, tini]);
    expect(said('dockerfile/missing-init', 'Dockerfile', `FROM ${name}\nUSER 1000\nCMD serve & watch\n`, started)).toEqual([]);
  });
});

describe('an entry point that switches to another user', () => {
  const configured = { Entrypoint: ['/entry.sh'], Cmd: ['/server'] } as const;

  it('is a hint in a Dockerfile where that is verified', async () => {
    const of = async (level: FactLevel, text = `FROM ${name}\nCMD ["/server"]\n`): Promise<string> =>
      said('dockerfile/root-user', 'Dockerfile', text, await factsOf(configured, [passwd, shell, dropping, server], level))[0]!;
    expect(await of('verified')).toMatch(/^drops/);
    expect(await of('as-served')).toMatch(/^missing/);
    expect(await of('verified', `FROM ${name}\nENTRYPOINT ["/server"]\n`)).toMatch(/^missing/);
  });

  it('keeps root and its capabilities a question in a pod, whoever served it', async () => {
    for (const level of levels) {
      const facts = await factsOf(configured, [passwd, shell, dropping, server], level);
      const fixes = lint('deploy.yaml', deployment(), facts).find(({ rule }) => rule === 'kubernetes/capabilities-not-dropped')!.fixes;
      expect(fixes.map(fix => fix.class)).not.toContain('review');
    }
  });
});

describe('the capabilities of a program', () => {
  const user = { ...starts, User: '1000' } as const;
  const drop = async (entries: readonly MadeEntry[], level: FactLevel = 'verified', more = '', own: MadeImage['config'] = user) => {
    const facts = await factsOf(own, entries, level);
    return lint('deploy.yaml', deployment(more), facts).find(({ rule }) => rule === 'kubernetes/capabilities-not-dropped')!.fixes[0]!;
  };

  it('are dropped for review only where its file was read', async () => {
    expect((await drop([passwd, server])).class).toBe('review');
    expect((await drop([passwd])).class).toBe('attended');
    for (const level of ['as-served', 'claimed'] as const) expect((await drop([passwd, server], level)).class).toBe('attended');
    // another command than the image's default was not read
    expect((await drop([passwd, server], 'verified', '          command: ["/other"]\n')).class).toBe('attended');
    const script = program('server', '#!/bin/sh\nexec /elsewhere\n');
    expect((await drop([passwd, script])).class).toBe('attended');
    const becoming = program('server', '#!/bin/sh\nexec "$@"\n');
    expect((await drop([passwd, becoming, program('app')], 'verified', '', { ...user, Cmd: ['/app'] })).class).toBe('review');
  });

  it('stay where its file carries them', async () => {
    const added = async (capability: Buffer): Promise<readonly [string, boolean]> => {
      const fix = await drop([passwd, carrying(capability)]);
      return [fix.class, JSON.stringify(fix.assumes).includes('IPC_LOCK')];
    };
    expect(await added(netBind)).toEqual(['review', false]);
    expect(await added(ipcLock)).toEqual(['attended', true]);
  });

  it('and a set-user-ID program make it a question to forbid more rights', async () => {
    const of = async (entries: readonly MadeEntry[]): Promise<readonly string[]> =>
      said('kubernetes/privilege-escalation', 'deploy.yaml', deployment(), await factsOf(user, entries));
    const plain = await of([passwd, server]);
    expect(plain).not.toEqual(['unset attended']);
    for (const other of [carrying(ipcLock), { ...server, mode: 0o4755 }]) expect(await of([passwd, other])).toEqual(['unset attended']);
  });
});

describe('a smaller base image', () => {
  const rule = 'dockerfile/base-image-alternative';
  const text = (rest: string): string => `FROM node:24-bookworm\nWORKDIR /app\nCOPY . .\n${rest}`;
  const shellForm = text('CMD node server.js\n');
  const execForm = text('CMD ["node", "server.js"]\n');
  const titles = (file: string, facts: ImageFacts | null): readonly string[] =>
    lint('Dockerfile', file, facts).flatMap(found =>
      found.rule === rule ? found.fixes.map(fix => `${fix.class} ${String(fix.data?.['instead'])}${String(fix.data?.['known'])}`) : [],
    );

  it('is proposed with whom it runs as, and whether it has a shell', async () => {
    const bare = await factsOf({ User: '65532' }, [passwd, server]);
    expect(titles(execForm, null)[0]).toBe('attended node:24-bookworm-slim');
    for (const [level, word] of [
      ['verified', 'verified'],
      ['as-served', 'as served'],
      ['claimed', 'claimed'],
    ] as const)
      expect(titles(execForm, { ...bare, level })[0]).toBe(`attended node:24-bookworm-slim (runs as 65532, has no shell, ${word})`);
    expect(titles(execForm, await factsOf({}, [passwd, shell]))[0]).toBe(
      'attended node:24-bookworm-slim (runs as root, has a shell, verified)',
    );
  });

  it.each([
    ['a shell form', shellForm],
    ['a RUN', text('RUN npm ci\nCMD ["node", "server.js"]\n')],
    ['a health check of the shell', text('HEALTHCHECK CMD ["sh", "-c", "node check.js"]\nCMD ["node", "server.js"]\n')],
    ['a client', text('HEALTHCHECK CMD ["curl", "-f", "http://127.0.0.1/"]\nCMD ["node", "server.js"]\n')],
  ])('without what the stage needs is proposed by no edit, and not at all where that is verified: %s', async (_, file) => {
    expect(titles(file, await factsOf({}, [passwd, server]))).toEqual([]);
    for (const level of ['as-served', 'claimed'] as const) {
      const found = titles(file, await factsOf({}, [passwd, server], level));
      expect(found.length).toBeGreaterThan(0);
      for (const title of found) expect(title).toMatch(/^manual /);
    }
    // one that has it is proposed
    expect(titles(file, await factsOf({}, [passwd, shell, program('usr/bin/curl')]))[0]).toMatch(/^attended node:24-bookworm-slim/);
  });

  it('for another platform is not the one that was looked up', async () => {
    const facts = await factsOf({}, [passwd, server]);
    for (const platform of ['linux/arm64', '$TARGETPLATFORM'])
      expect(titles(execForm.replace('FROM', `FROM --platform=${platform}`), facts)[0]).toBe('attended node:24-bookworm-slim');
    expect(titles(execForm.replace('FROM', 'FROM --platform=linux/amd64'), facts)[0]).toContain('has no shell');
  });

  it('that only takes what was built elsewhere needs no shell for that', async () => {
    const go = 'FROM golang:1.26\nCOPY . .\nRUN make\nCMD ["/app"]\n';
    const facts = await factsOf({}, [passwd, server]);
    expect(titles(go, facts).length).toBeGreaterThan(0);
    expect(titles(go.replace('["/app"]', '/app --all'), facts)).toEqual([]);
  });
});

describe('the unprivileged twin of an image', () => {
  type Place = readonly [rule: string, path: string, image: string, write: (image: string) => string];
  const places: readonly [Place, Place] = [
    [
      'dockerfile/root-user',
      'Dockerfile',
      'nginx:1.29.1',
      (image: string) => `FROM ${image}\nCOPY site /srv\nCMD nginx -g "daemon off;"\n`,
    ],
    ['kubernetes/run-as-root', 'deploy.yaml', 'gitea/gitea:1.24.6', (image: string) => deployment().replace(name, image)],
  ];

  /** The twins that are proposed, where one of them has these facts. */
  const twins = ([rule, path, image, write]: Place, facts: ImageFacts | null): readonly unknown[] => {
    const { index } = createWorkspaceIndex({ complete: true });
    const workspace = withImageFacts(index, text => (text === image ? null : facts));
    const { findings } = engine.open({ path, text: write(image) }).lint({ ...contextWith(null), workspace });
    return findings
      .flatMap(found => (found.rule === rule ? found.fixes : []))
      .flatMap(fix => (fix.id === 'twin' ? fix.data?.['image'] : []));
  };

  it.each(places)('%s: is not proposed where it is root after all', async (...place) => {
    expect(twins(place, null)).toHaveLength(1);
    expect(twins(place, await factsOf({ User: '1000' }, [passwd, shell]))).toHaveLength(1);
    for (const level of levels) expect(twins(place, await factsOf({ User: '' }, [passwd, shell], level))).toEqual([]);
  });

  it('is not proposed where a shell form would have no shell, if that is verified', async () => {
    const [dockerfile] = places;
    expect(twins(dockerfile, await factsOf({ User: '101' }, [passwd, server]))).toEqual([]);
    expect(twins(dockerfile, await factsOf({ User: '101' }, [passwd, server], 'claimed'))).toHaveLength(1);
  });
});
