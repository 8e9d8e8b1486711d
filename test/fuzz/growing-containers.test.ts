import { describe, expect, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/generated/index';
import { createWorkspaceIndex } from '../../shared/src/workspace/workspace-index';
import { plainContext } from '../../tools/lint-context';
import { expectProportional, type Lint, type Make } from './growth';

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

const lintAs =
  (path: string): Lint =>
  text => {
    const facts = createWorkspaceIndex({ complete: true });
    const file = engine.open({ path, text });
    facts.update(path, file.facts());
    return file.lint({ ...plainContext('strict'), sizeLimit: 1 << 24, workspace: facts.index }).findings;
  };

describe('Compose files', () => {
  test.each(Object.keys(projects))('%s', name => expectProportional(name, projects[name]!, lintAs('compose.yaml'), size), 120_000);
});

describe('command lines', () => {
  test.each(Object.keys(scripts))('%s', name => expectProportional(name, scripts[name]!, lintAs('run.sh'), size), 120_000);
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
