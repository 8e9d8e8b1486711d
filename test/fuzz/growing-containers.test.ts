import { describe, expect, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { createWorkspaceIndex } from '../../shared/src/workspace/workspace-index';
import { plainContext } from '../../tools/lint-context';
import { expectProportional, type Lint, type Make } from './growth';
import { expectLinear, patience } from '../support/growth';

// Compose files and command lines that grow cost in proportion, whatever it is that there is much of.

const engine = createEngine(rules.filter(({ family }) => family === 'compose' || family === 'run'));

/** In characters: each of them is a finding or two. */
const size = 8000;

const many = (n: number, make: (i: number) => string): string => Array.from({ length: n }, (_, i) => make(i)).join('');

/** One service with a list. */
const list =
  (field: string, item: (i: number) => string): Make =>
  n =>
    `services:\n  a:\n    image: example.com/a:1\n    ${field}:\n${many(n, i => `      - ${item(i)}\n`)}`;

const projects: Readonly<Record<string, Make>> = {
  services: n => `services:\n${many(n, i => `  s${i}:\n    image: example.com/a:1\n    ports: ["${i % 60000}:80"]\n`)}`,
  'services of one name and port': n =>
    `services:\n${many(n, i => `  s${i}:\n    image: a\n    container_name: x\n    ports: ["80:80"]\n`)}`,
  'services that merge one anchor': n =>
    `x-a: &a\n  image: example.com/a:1\n  ports: ["80:80"]\nservices:\n${many(n, i => `  s${i}:\n    <<: *a\n`)}`,
  'heirs of one base': n => `services:\n  b:\n    image: example.com/a:1\n${many(n, i => `  s${i}:\n    extends: b\n`)}`,
  'heirs of each other': n =>
    `services:\n  s0:\n    image: example.com/a:1\n${many(Math.min(n, 150), i => `  s${i + 1}:\n    extends: s${i}\n`)}${'# x\n'.repeat(8 * n)}`,
  'services that wait for each other': n => `services:\n${many(n, i => `  s${i}:\n    image: a:1\n    depends_on: [s${(i + 1) % n}]\n`)}`,
  ports: list('ports', i => `"${i % 60000}:${i % 60000}"`),
  'ports of one number': list('ports', () => '"80:80"'),
  'ranges of ports': list('ports', i => `"${1000 + i}-${2000 + i}:${1000 + i}-${2000 + i}"`),
  volumes: list('volumes', i => `v${i}:/v${i}`),
  'volumes of one target': list('volumes', i => `v${i}:/v`),
  environment: list('environment', i => `PASSWORD_${i}=s3cret-Pa55-${i}`),
  variables: list('command', i => `\${V${i}:-\${W${i}:-x}}`),
  'variables in a text': n => `services:\n  a:\n    image: a:1\n    command: "${many(n, i => `\${V${i}:-`)}${'}'.repeat(n)}"\n`,
  'security options': list('security_opt', i => `label:user:u${i}`),
  secrets: n =>
    `services:\n  a:\n    image: a:1\n    secrets:\n${many(n, i => `      - s${i}\n`)}secrets:\n${many(n, i => `  s${i}:\n    file: s${i}\n`)}`,
  'unknown fields': n => `services:\n  a:\n    image: a:1\n${many(n, i => `    privilegd${i}: true\n`)}`,
  'files that it includes': n => `include:\n${many(n, i => `  - f${i}.yaml\n`)}services:\n  a:\n    image: a:1\n`,
  'suppressions of dclint': n => `services:\n${many(n, i => `  s${i}:\n    # dclint disable-line\n    image: a\n`)}`,
};

const flags =
  (make: (i: number) => string): Make =>
  n =>
    `docker run -d ${many(n, i => `${make(i)} `)}example.com/a:1\n`;

const scripts: Readonly<Record<string, Make>> = {
  commands: n => many(n, i => `docker run -d --name n${i} -p ${i % 60000}:80 -v /var/run/docker.sock:/s nginx\n`),
  'commands on one line': n => `${many(n, i => `docker run -d a${i}; `)}\n`,
  'commands that are continued': n => many(n, i => `docker run -d \\\n  --name n${i} \\\n  --privileged \\\n  nginx\n`),
  'one command over many lines': n => `docker run -d \\\n${many(n, i => `  -e V${i}=${i} \\\n`)}  nginx\n`,
  'continuations with blanks behind them': n => `docker run -d \\ \n${many(n, i => `  -e V${i}=${i} \\ \n`)}  nginx\n`,
  ports: flags(i => `-p ${i % 60000}:80`),
  mounts: flags(i => `-v /m${i}:/m${i}`),
  'unknown options': flags(i => `--privilegd${i}`),
  variables: n => `${many(n, i => `V${i}=nginx:${i}\n`)}${many(n, i => `docker run -d $V${i}\n`)}`,
  'one variable, set again and again': n => many(n, i => `IMAGE=nginx:${i}\ndocker run -d $IMAGE\n`),
  substitutions: n => many(n, i => `docker run -d --name "$(echo n${i})" "\${IMAGE:-nginx}"\n`),
  'here-documents': n => many(n, i => `docker run -i nginx <<EOF\nline ${i}\nEOF\n`),
  'sets of Compose files': n => many(n, i => `docker compose -f a${i}.yaml -f b${i}.yaml up -d\n`),
};

/** Ways that once cost the square of what there is, or more: at a size that shows it. */
const placed: Readonly<Record<string, readonly [path: string, size: number, make: Make]>> = {
  'options that nobody knows': ['run.sh', 30_000, flags(() => '-a')],
  'ports of one number': ['run.sh', 30_000, flags(() => '-p 1:1')],
  'brackets that close': ['web.service', 50_000, n => `[Service]\n${`ExecStart=/usr/bin/docker run ${'}'.repeat(400)} a\n`.repeat(n)}`],
  'comments on one line': ['README.md', 300_000, n => `${'<!--x-->'.repeat(n)}\n\`\`\`sh\ndocker run -d a\n\`\`\`\n`],
  'comments above one fence': [
    'README.md',
    100_000,
    n => `${'<!-- bulkhead-ignore run/x -->\n'.repeat(n)}\`\`\`sh\ndocker run -d a\n\`\`\`\n`,
  ],
  'services that merge one anchor': [
    'compose.yaml',
    20_000,
    n => `x-a: &a\n  image: a\n  ports: ["80:80"]\nservices:\n${many(n, i => `  s${i}:\n    <<: *a\n`)}`,
  ],
  'services that merge an anchor each': [
    'compose.yaml',
    60_000,
    n => `${many(n, i => `x-a${i}: &a${i}\n  image: a\n`)}services:\n${many(n, i => `  s${i}:\n    <<: *a${i}\n`)}`,
  ],
  'heirs of a large base': [
    'compose.yaml',
    60_000,
    n => `services:\n  b:\n    image: a\n    environment:\n${many(n, i => `      V${i}: x\n`)}${many(n, i => `  s${i}: {extends: b}\n`)}`,
  ],
};

/** Compose files of which each includes the next one twice. */
function doubled(n: number): ReadonlyMap<string, string> {
  const name = (i: number): string => (i === 0 ? 'compose.yaml' : `f${i}.yaml`);
  return new Map(
    Array.from({ length: n }, (_, i) => {
      const next = i + 1 < n ? `${name(i + 1)}, ./${name(i + 1)}` : '';
      return [name(i), `include: [${next}]\nservices:\n  s${i}: {image: a}\n# ${n}\n`] as const;
    }),
  );
}

/** Lints the first of several files, with the others beside it. */
function lintFirst(files: ReadonlyMap<string, string>): ReturnType<Lint> {
  const facts = createWorkspaceIndex({ complete: true });
  for (const [path, text] of files) facts.update(path, engine.open({ path, text }).facts());
  const [path = '', text = ''] = [...files][0] ?? [];
  return engine.open({ path, text }).lint({ ...plainContext('strict'), workspace: facts.index }).findings;
}

const lintAs =
  (path: string): Lint =>
  text => {
    const facts = createWorkspaceIndex({ complete: true });
    const file = engine.open({ path, text });
    facts.update(path, file.facts());
    return file.lint({ ...plainContext('strict'), sizeLimit: 1 << 24, workspace: facts.index }).findings;
  };

describe('Compose files', () => {
  test.each(Object.keys(projects))('%s', name => expectProportional(name, projects[name]!, lintAs('compose.yaml'), size), patience);
});

describe('command lines', () => {
  test.each(Object.keys(scripts))('%s', name => expectProportional(name, scripts[name]!, lintAs('run.sh'), size), patience);
});

describe('commands elsewhere, and larger projects', () => {
  test.each(Object.entries(placed))('%s', (name, [path, length, make]) => expectProportional(name, make, lintAs(path), length), patience);
});

describe('files that include each other', () => {
  test('each the next one, twice', () =>
    expectLinear(
      'each the next one, twice',
      doubled,
      files => expect(lintFirst(files).filter(({ rule }) => rule.startsWith('bulkhead/'))).toEqual([]),
      16,
    ));

  test('of more than anybody has, a part is read, and that is said', () => {
    const files = new Map([
      ['compose.yaml', `include:\n${many(300, i => `  - f${i}.yaml\n`)}services: {a: {image: a}}\n`],
      ...Array.from({ length: 300 }, (_, i) => [`f${i}.yaml`, `services: {s${i}: {image: a}}\n`] as const),
    ]);
    expect(lintFirst(files).filter(({ rule }) => rule === 'bulkhead/incomplete')).toMatchObject([{ messageId: 'project' }]);
  });
});

test('a variable of make that holds nothing, ninety-nine times, and so do these', () => {
  const variables = many(5, i => `V${i} = ${`$(V${i + 1})`.repeat(80)}\n`);
  const makefile = `${variables}V5 =\nall:\n\tdocker run -d --privileged $(V0) a\n`;
  expect(lintAs('Makefile')(makefile).map(({ rule }) => rule)).toContain('run/privileged');
});

test('what the variables of a makefile make of it is limited, and what is not read is said', () => {
  const makefile = `A = ${'a'.repeat(390)}\nall:\n${'\tdocker run -d --privileged $(A)\n'.repeat(500)}`;
  const rulesOf = lintAs('Makefile')(makefile).map(({ rule }) => rule);
  expect(rulesOf).toContain('run/privileged');
  expect(rulesOf).toContain('bulkhead/incomplete');
});

// each of these ends, with findings or without
test.each([
  ['a circle of bases', 'compose.yaml', 'services:\n  a: {image: a, extends: b}\n  b: {image: b, extends: a}\n'],
  ['a file that includes itself', 'compose.yaml', 'include: [compose.yaml]\nservices:\n  a: {image: a}\n'],
  ['an alias of what holds it', 'compose.yaml', 'services: &s\n  a: *s\n'],
  [
    'aliases that multiply',
    'compose.yaml',
    `x: &a0 [a]\n${many(30, i => `y${i}: &a${i + 1} [*a${i}, *a${i}]\n`)}services:\n  a: {image: a, command: *a30}\n`,
  ],
  ['braces that are never closed', 'compose.yaml', `services:\n  a: {image: "${'${A:-'.repeat(5000)}"}\n`],
  ['a command that ends in a backslash', 'run.sh', 'docker run -d \\'],
  ['quotes that are never closed', 'run.sh', `docker run ${'"\''.repeat(5000)}`],
  ['nothing behind the verb', 'run.sh', 'docker run\npodman create --\n'],
])('%s', (_, path, text) => {
  expect(lintAs(path)(text).filter(({ rule }) => rule === 'bulkhead/internal-error')).toEqual([]);
});
