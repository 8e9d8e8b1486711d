import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { createIndexOnDemand } from '../../../shared/src/workspace/index-on-demand';
import type { WorkspaceIndex } from '../../../shared/src/workspace/types';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';

// What files of one project say together: nothing is missing that another of them says, and nothing is reported in a file that it does not say.

const engine = createEngine(rules);

type Files = Readonly<Record<string, string>>;

function indexOf(files: Files): WorkspaceIndex {
  const facts = createWorkspaceIndex({ complete: true });
  for (const [path, text] of Object.entries(files)) facts.update(path, engine.open({ path, text }).facts());
  return facts.index;
}

/** The same files, read when somebody asks for them. */
function onDemand(files: Files): WorkspaceIndex {
  return createIndexOnDemand({
    files: () => ({ paths: Object.keys(files), complete: true }),
    text: path => files[path] ?? null,
    facts: (path, text) => engine.open({ path, text }).facts(),
  }).index;
}

/** `service: rule` of what is found in one of the files, of these rules. */
function found(path: string, files: Files, ...names: readonly string[]): readonly string[] {
  const [first, second] = [indexOf(files), onDemand(files)].map(workspace =>
    engine
      .open({ path, text: files[path]! })
      .lint({ ...plainContext(), workspace })
      .findings.filter(({ rule }) => names.some(name => rule === `compose/${name}`) || rule.startsWith('bulkhead/'))
      .map(({ rule, object }) => `${object?.name ?? ''}: ${rule.slice(rule.indexOf('/') + 1)}`),
  );
  expect(second).toEqual(first);
  return first!;
}

function hardened(path: string, files: Files): string {
  return engine.open({ path, text: files[path]! }).harden({ ...plainContext(), workspace: indexOf(files) }).text;
}

const web = (...lines: readonly string[]): string =>
  ['services:', '  web:', '    image: example.com/acme/web:1.4', ...lines.map(line => `    ${line}`), ''].join('\n');
const over = (...lines: readonly string[]): string => ['services:', '  web:', ...lines.map(line => `    ${line}`), ''].join('\n');
const readOnly = 'writable-root-filesystem';
const missing = `web: ${readOnly}`;

describe('a file and what is laid over it', () => {
  test.each<[string, Files, string, string[]]>([
    ['a file alone', { 'compose.yaml': web() }, 'compose.yaml', [missing]],
    ['its override says it', { 'compose.yaml': web(), 'compose.override.yaml': over('read_only: true') }, 'compose.yaml', []],
    ['the older name', { 'docker-compose.yml': web(), 'docker-compose.override.yml': over('read_only: true') }, 'docker-compose.yml', []],
    ['in a folder', { 'a/compose.yml': web(), 'a/compose.override.yml': over('read_only: true') }, 'a/compose.yml', []],
    ['of another folder', { 'a/compose.yml': web(), 'compose.override.yml': over('read_only: true') }, 'a/compose.yml', [missing]],
    [
      'of another service',
      { 'compose.yaml': web(), 'compose.override.yaml': over('read_only: true').replace('web', 'db') },
      'compose.yaml',
      [missing],
    ],
    ['the override does not say it', { 'compose.yaml': web(), 'compose.override.yaml': over('init: true') }, 'compose.yaml', [missing]],
    [
      'the override is broken',
      { 'compose.yaml': web(), 'compose.override.yaml': `${over('read_only: true')}  web: {}\n` },
      'compose.yaml',
      [missing],
    ],
    [
      'nothing is missing in an override',
      { 'compose.yaml': web('read_only: true'), 'compose.override.yaml': web() },
      'compose.override.yaml',
      [],
    ],
    ['not even if the file lacks it', { 'compose.yaml': web(), 'compose.override.yaml': web() }, 'compose.override.yaml', []],
    [
      'files that nothing loads together',
      { 'compose.yaml': web(), 'compose.prod.yaml': over('read_only: true') },
      'compose.yaml',
      [missing],
    ],
    [
      'files that a script loads together',
      {
        'compose.yaml': web(),
        'compose.prod.yaml': over('read_only: true'),
        'up.sh': 'docker compose -f compose.yaml \\\n  -f compose.prod.yaml up -d\n',
      },
      'compose.yaml',
      [],
    ],
    [
      'a script in a folder, started from the root',
      {
        'compose.yaml': web(),
        'compose.prod.yaml': over('read_only: true'),
        'ci/up.sh': 'docker-compose --file=compose.yaml --file compose.prod.yaml up\n',
      },
      'compose.yaml',
      [],
    ],
    [
      'a make file',
      {
        'compose.yaml': web(),
        'compose.prod.yaml': over('read_only: true'),
        Makefile: 'export COMPOSE_FILE := compose.yaml:compose.prod.yaml\n',
      },
      'compose.yaml',
      [],
    ],
    [
      'the other way round: the last is laid over the first',
      { 'base.yaml': web('read_only: true'), 'prod.yaml': web(), 'up.sh': 'docker compose -f base.yaml -f prod.yaml up\n' },
      'prod.yaml',
      [],
    ],
    [
      'a workflow',
      {
        'compose.yaml': web(),
        'compose.ci.yaml': over('read_only: true'),
        '.github/workflows/ci.yml':
          'on: push\njobs:\n  a:\n    steps:\n      - run: docker compose -f compose.yaml -f compose.ci.yaml up -d\n',
      },
      'compose.yaml',
      [],
    ],
  ])('%s', (_, files, path, expected) => {
    expect(found(path, files, readOnly)).toEqual(expected);
  });

  test('what a file says itself stays bad, whatever is laid over it', () => {
    const files = { 'compose.yaml': web('privileged: true'), 'compose.override.yaml': over('privileged: false') };
    expect(found('compose.yaml', files, 'privileged')).toEqual(['web: privileged']);
    expect(found('compose.override.yaml', files, 'privileged')).toEqual([]);
  });

  test('what the file says is not reported in its override', () => {
    const files = { 'compose.yaml': web('privileged: true', 'ports: ["5432:5432"]'), 'compose.override.yaml': over('init: true') };
    const names = ['privileged', 'published-on-all-interfaces', 'latest-tag', 'missing-digest'];
    expect(found('compose.override.yaml', files, ...names)).toEqual([]);
  });

  test('what an override takes away or replaces', () => {
    const files = {
      'compose.yaml': web('privileged: true', 'ports: ["5432:5432"]', 'tmpfs: [/run]', 'security_opt: ["seccomp=unconfined"]'),
      'compose.override.yaml': over(
        'privileged: !reset null',
        'security_opt: !reset []',
        'ports: !override ["6379:6379"]',
        'tmpfs: !override [/run]',
      ),
    };
    const names = ['privileged', 'published-on-all-interfaces', 'security-profile-disabled', 'conflicting-settings'];
    expect(found('compose.override.yaml', files, ...names)).toEqual(['web: published-on-all-interfaces']);
  });

  test('an override names the image that the file builds', () => {
    const files = { 'compose.yaml': over('build: .'), 'compose.override.yaml': over('image: web') };
    expect(found('compose.override.yaml', files, 'latest-tag', 'missing-digest')).toEqual([]);
    expect(found('compose.override.yaml', { ...files, 'compose.yaml': over('init: true') }, 'latest-tag')).toEqual(['web: latest-tag']);
  });

  test('what an override defines is there', () => {
    const files = {
      'compose.yaml': web('depends_on: [db, nobody]'),
      'compose.override.yaml': 'services:\n  db:\n    image: example.com/acme/db:1\n',
    };
    expect(found('compose.yaml', files, 'dangling-reference')).toEqual(['web: dangling-reference']);
  });

  // the loader joins lists, and refuses what is there twice: harden adds nothing that the other file has
  test('harden writes nothing that collides with the other file', () => {
    const laid = over(
      'tmpfs: [/tmp]',
      'security_opt: ["no-new-privileges:true"]',
      'cap_drop: [ALL]',
      'deploy:',
      '  resources:',
      '    limits:',
      '      memory: 512M',
    );
    const own = web().replace('example.com/acme/web:1.4', 'redis:8');
    const text = hardened('compose.yaml', { 'compose.yaml': own, 'compose.override.yaml': laid.replace('[/tmp]', '[/tmp, /run]') });
    expect(text).toContain('read_only: true');
    expect(text).not.toMatch(/no-new-privileges|cap_drop|memory|\/tmp/);
  });
});

describe('bases in other files', () => {
  const heir = (file: string, ...lines: readonly string[]): string => over('extends:', `  file: ${file}`, '  service: web', ...lines);

  test.each<[string, Files, string, string[]]>([
    ['what an heir lacks is reported at its base', { 'base.yaml': web(), 'a/compose.yaml': heir('../base.yaml') }, 'a/compose.yaml', []],
    ['there', { 'base.yaml': web(), 'a/compose.yaml': heir('../base.yaml') }, 'base.yaml', [missing]],
    ['unless each heir says it', { 'base.yaml': web(), 'a/compose.yaml': heir('../base.yaml', 'read_only: true') }, 'base.yaml', []],
    [
      'all of them',
      { 'base.yaml': web(), 'a/compose.yaml': heir('../base.yaml', 'read_only: true'), 'b/compose.yaml': heir('../base.yaml') },
      'base.yaml',
      [missing],
    ],
    [
      'a base that is started, too',
      { 'compose.yaml': web(), 'a/compose.yaml': heir('../compose.yaml', 'read_only: true') },
      'compose.yaml',
      [missing],
    ],
    ['a base outside of the workspace is never read', { 'compose.yaml': heir('../../etc/base.yaml') }, 'compose.yaml', []],
    ['nor one at an absolute path', { 'compose.yaml': heir('/etc/base.yaml') }, 'compose.yaml', []],
    ['nor one that is not there', { 'compose.yaml': heir('base.yaml') }, 'compose.yaml', []],
    [
      'a circle of two files',
      { 'a.yaml': heir('b.yaml', 'image: example.com/a:1'), 'b.yaml': heir('a.yaml', 'image: example.com/b:1') },
      'a.yaml',
      [],
    ],
    ['a circle of one file', { 'compose.yaml': heir('compose.yaml', 'image: example.com/a:1') }, 'compose.yaml', []],
  ])('%s', (_, files, path, expected) => {
    expect(found(path, files, readOnly)).toEqual(expected);
  });

  test('what the base says is not reported in the heir', () => {
    const files = { 'base.yaml': web('privileged: true'), 'compose.yaml': heir('base.yaml', 'user: "1000:1000"') };
    expect(found('compose.yaml', files, 'privileged', 'latest-tag', 'missing-digest')).toEqual([]);
    expect(found('base.yaml', files, 'privileged')).toEqual(['web: privileged']);
  });

  test('no file asks for what it must not know', () => {
    const asked: string[] = [];
    const files: Files = {
      'compose.yaml': heir('../secret.yaml'),
      'other.yaml': `include: [/etc/compose.yaml, ../x.yaml, "https://example.com/x.yaml"]\n${web()}`,
    };
    const { index } = createIndexOnDemand({
      files: () => ({ paths: Object.keys(files), complete: true }),
      text: path => {
        asked.push(path);
        return files[path] ?? null;
      },
      facts: (path, text) => engine.open({ path, text }).facts(),
    });
    for (const [path, text] of Object.entries(files)) engine.open({ path, text }).lint({ ...plainContext(), workspace: index });
    expect(asked.filter(path => !Object.hasOwn(files, path))).toEqual([]);
  });
});

describe('files of which only others say that they are of Compose', () => {
  const heir = (...lines: readonly string[]): string => web('extends:', '  file: common.yaml', '  service: web', ...lines);
  const bare = 'services:\n  web:\n    restart: always\n';

  test.each<[string, Files, string, string[]]>([
    ['nobody names it', { 'common.yaml': over('privileged: true') }, 'common.yaml', []],
    [
      'a service extends one of it',
      { 'common.yaml': over('privileged: true'), 'compose.yaml': heir() },
      'common.yaml',
      ['web: privileged'],
    ],
    ['what it says is told there', { 'common.yaml': over('privileged: true'), 'compose.yaml': heir() }, 'compose.yaml', []],
    ['what it says of a service is known', { 'common.yaml': over('read_only: true'), 'compose.yaml': heir() }, 'compose.yaml', []],
    ['and what neither says is missing in the heir', { 'common.yaml': bare, 'compose.yaml': heir() }, 'compose.yaml', [missing]],
    ['not in the base, which nobody starts', { 'common.yaml': bare, 'compose.yaml': heir() }, 'common.yaml', []],
    [
      'nor twice in a chain',
      { 'common.yaml': bare, 'mid.yaml': heir(), 'compose.yaml': heir().replace('common', 'mid') },
      'compose.yaml',
      [],
    ],
    [
      'but in its middle',
      { 'common.yaml': bare, 'mid.yaml': heir(), 'compose.yaml': heir().replace('common', 'mid') },
      'mid.yaml',
      [missing],
    ],
    [
      'a file includes it',
      { 'more.yaml': over('privileged: true'), 'compose.yaml': `include:\n  - path: [more.yaml]\n${web()}` },
      'more.yaml',
      ['web: privileged'],
    ],
    [
      'a command loads it',
      { 'prod.yml': over('privileged: true'), 'compose.yaml': web(), 'up.sh': 'docker compose -f compose.yaml -f prod.yml up\n' },
      'prod.yml',
      ['web: privileged'],
    ],
    [
      'its other keys are none of Compose',
      { 'common.yaml': `parameters: {}\n${over('privileged: true')}`, 'compose.yaml': heir() },
      'common.yaml',
      [],
    ],
  ])('%s', (_, files, path, expected) => {
    expect(found(path, files, readOnly, 'privileged')).toEqual(expected);
  });

  test('they are hardened', () => {
    const files = { 'common.yaml': over('ports: ["5432:5432"]'), 'compose.yaml': heir() };
    expect(hardened('common.yaml', files)).toBe(over('ports: ["127.0.0.1:5432:5432"]'));
  });

  test('what harden writes beside a base goes with what that says', () => {
    const files = {
      'common.yaml': over('security_opt: ["no-new-privileges:true"]', 'tmpfs: [/tmp]', 'pids_limit: 50'),
      'compose.yaml': heir().replace('example.com/acme/web:1.4', 'redis:8'),
    };
    const text = hardened('compose.yaml', files);
    expect(text).toContain('read_only: true');
    expect(text).not.toMatch(/no-new-privileges|tmpfs|pids_limit/);
  });
});

describe('the project that an .env names', () => {
  const files = (env: string): Files => ({
    'compose.yaml': web(),
    'compose.override.yaml': over('user: "1000"'),
    'prod.yml': over('read_only: true'),
    '.env': env,
  });
  const both = (env: string): readonly string[] => found('compose.yaml', files(env), readOnly, 'root-user');

  test.each<[string, string, string[]]>([
    ['none', 'A=1\n', [missing]],
    ['its files are laid over one another, and no other is', 'COMPOSE_FILE=compose.yaml:prod.yml\n', ['web: root-user']],
    [
      'in quotes, exported, with a separator of its own',
      'COMPOSE_PATH_SEPARATOR=,\nexport COMPOSE_FILE="compose.yaml,prod.yml"',
      ['web: root-user'],
    ],
    ['the last one counts', 'COMPOSE_FILE=compose.yaml\nCOMPOSE_FILE=compose.yaml:prod.yml # and more\n', ['web: root-user']],
    ['one file is a project: its override is not read', 'COMPOSE_FILE=compose.yaml\n', [missing, 'web: root-user']],
    ['not what is a comment', '# COMPOSE_FILE=compose.yaml:prod.yml\n', [missing]],
    ['not what a variable decides', 'COMPOSE_FILE=compose.yaml:$MORE\n', [missing]],
    ['not what is elsewhere', 'COMPOSE_FILE=compose.yaml:../../prod.yml\n', [missing]],
  ])('%s', (_, env, expected) => {
    expect([...both(env)].sort()).toEqual([...expected].sort());
  });

  test('a file that it names alone is a project', () => {
    const own = {
      'stack.yml': web(),
      '.env': 'COMPOSE_FILE=stack.yml\n',
      'a/compose.yaml': over('extends: {file: ../stack.yml, service: web}', 'read_only: true'),
    };
    expect(found('stack.yml', own, readOnly)).toEqual([missing]);
    expect(found('stack.yml', { ...own, '.env': '' }, readOnly)).toEqual([]);
  });
});

describe('included files', () => {
  const including = `include: [db/compose.yaml]\n${web('depends_on: [db, nobody]')}`;
  const db = 'services:\n  db:\n    image: example.com/acme/db:1\n    privileged: true\n';

  test('their services are there, and are reported where they stand', () => {
    const files = { 'compose.yaml': including, 'db/compose.yaml': db };
    expect(found('compose.yaml', files, 'dangling-reference', 'privileged')).toEqual(['web: dangling-reference']);
    expect(found('db/compose.yaml', files, 'privileged')).toEqual(['db: privileged']);
  });

  test('one that is not known may define anything', () => {
    expect(found('compose.yaml', { 'compose.yaml': including }, 'dangling-reference')).toEqual([]);
  });

  test('files that include one another end', () => {
    const files = { 'compose.yaml': `include: [other.yaml]\n${web()}`, 'other.yaml': `include: [compose.yaml]\n${db}` };
    expect(found('compose.yaml', files, readOnly)).toEqual([missing]);
  });
});

test('a thousand services under a thousand', () => {
  const names = Array.from({ length: 1000 }, (_, i) => `s${i}`);
  const services = (line: string): string => `services:\n${names.map(name => `  ${name}:\n    ${line}\n`).join('')}`;
  const files = {
    'compose.yaml': services('image: example.com/acme/web:1.4'),
    'compose.override.yaml': services('read_only: true'),
  };
  expect(found('compose.yaml', files, readOnly)).toEqual([]);
});
