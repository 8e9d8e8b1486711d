import { hostileSize, inputs, many, times } from './make';
import type { HostileInput } from './types';

const size = hostileSize - 2000;
const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostNetwork: true, containers: [{name: a, image: nginx, securityContext: {privileged: true}}]}\n';

/** Patterns that a matcher could get lost in. */
const globs: Readonly<Record<string, () => string>> = {
  'stars in folders': () => `${'**/'.repeat(3000)}x`,
  stars: () => '*'.repeat(size),
  'stars and letters': () => `${'*a'.repeat(size / 2)}`,
  'stars and letters, short': () => `${'*a'.repeat(30)}b`,
  'question marks': () => `${'?'.repeat(size)}`,
  'braces in braces': () => '{a,'.repeat(size / 4) + '}'.repeat(size / 4),
  'braces beside braces': () => `${'{a,b}'.repeat(40)}/c`,
  'braces beside braces, by the thousand': () => '{a,b}'.repeat(size / 5),
  'ranges in braces': () => '{1..99999}'.repeat(50),
  'open braces': () => '{'.repeat(size),
  'open brackets': () => '['.repeat(size),
  classes: () => '[a-z]*'.repeat(size / 6),
  negations: () => '!'.repeat(size),
  'extended patterns': () => `${'+(a|*'.repeat(size / 12)}${')'.repeat(size / 12)}`,
  folders: () => 'a/'.repeat(size / 2),
  'folders upward': () => '../'.repeat(size / 3),
  backslashes: () => '\\'.repeat(size),
  'many patterns': () => many(i => `**/*${i}*\n`),
  'many exceptions': () => many(i => `!**/*${i}*\n`),
  'many stars in many patterns': () => many('**/**/**/*a*a*a*a*b\n'),
  comments: () => many('#\n'),
  NULs: () => '\0'.repeat(size),
};

const quoted = (text: string): string => JSON.stringify(text);

/** Files that say how others are read. */
export const sideFileInputs: readonly HostileInput[] = [
  ...inputs('.dockerignore', 'an ignore file', globs),
  ...inputs(
    '.dockerignore',
    'an ignore file with exceptions',
    Object.fromEntries(Object.entries(globs).map(([name, make]) => [name, () => `*\n!${make()}`])),
  ),
  ...inputs(
    '.bulkhead.yaml',
    'an exclusion',
    Object.fromEntries(Object.entries(globs).map(([name, make]) => [name, () => `exclude:\n  - ${quoted(make().slice(0, size / 2))}\n`])),
  ),
  ...inputs(
    '.bulkhead.yaml',
    'an exception of a path',
    Object.fromEntries(
      Object.entries(globs).map(([name, make]) => [
        name,
        () => `exceptions:\n  - rule: kubernetes/latest-tag\n    path: ${quoted(make().slice(0, size / 2))}\n`,
      ]),
    ),
  ),
  ...inputs('.bulkhead.yaml', 'a configuration', {
    'exceptions by the thousand': () =>
      `exceptions:\n${many(i => `  - {rule: kubernetes/latest-tag, path: "**/*${i}*", name: "a*${i}"}\n`)}`,
    'exceptions of one rule': () => `exceptions:\n${many('  - {rule: kubernetes/latest-tag}\n')}`,
    'exceptions of no rule': () => `exceptions:\n${many(i => `  - {rule: kubernetes/latset-tag${i}}\n`)}`,
    'overrides by the thousand': () => `overrides:\n${many(i => `  - {files: ["**/${i}"], rules: {kubernetes/latest-tag: off}}\n`)}`,
    'overrides of everything': () => `overrides:\n${many('  - {files: ["**"], profile: strict}\n')}`,
    'exclusions by the thousand': () => `exclude:\n${many(i => `  - "**/a*${i}*b"\n`)}`,
    'aliases that double': () => `x: [&l0 ["**/a"], ${times(2000, i => `&l${i + 1} [*l${i}, *l${i}]`, ', ')}]\nexclude: *l2000\n`,
    'a billion laughs': () =>
      `x: [&l0 ["**/a"], ${times(12, i => `&l${i + 1} [${times(10, () => `*l${i}`, ', ')}]`, ', ')}]\nexclude: *l12\n`,
    'merges that double': () => `x: [&l0 {profile: strict}, ${times(2000, i => `&l${i + 1} {<<: [*l${i}, *l${i}]}`, ', ')}]\n<<: *l2000\n`,
    'a configuration of itself': () => `overrides: &o\n  - {files: *o, rules: &r {kubernetes/latest-tag: *r}, overrides: *o}\n`,
    'open brackets': () => `exclude: ${'['.repeat(size)}`,
    'unknown keys': () => many(i => `profil${i}: strict\n`),
    'unknown rules': () => `rules:\n${many(i => `  kubernetes/latest-tga${i}: off\n`)}`,
    'one rule again and again': () => `rules:\n${many('  kubernetes/latest-tag: off\n')}`,
    'pod paths': () => `podPaths:\n${many(i => `  example.com/W${i}: spec.${'a.'.repeat(i % 100)}b\n`)}`,
    'a long pod path': () => `podPaths:\n  example.com/Widget: ${'a.'.repeat(size / 2)}b\n`,
    registries: () => `trustedRegistries:\n${many(i => `  - r${i}.example.com\n`)}`,
    images: () => `images:\n${many(i => `  r.example.com/a${i}: Dockerfile.${i}\n`)}`,
    documents: () => many('---\nprofile: strict\n'),
    'one long word': () => 'a'.repeat(size),
    'a long version': () => `kubernetesVersion: "1.${'9'.repeat(size)}"\n`,
    quantities: () => `defaults:\n  resources: {limits: {memory: "${'1.'.repeat(size / 2)}Mi", cpu: "${'1'.repeat(1000)}x"}}\n`,
    prototypes: () => `rules:\n${many('  __proto__: {constructor: {prototype: off}}\n')}`,
    'a date of digits': () => `exceptions:\n  - {rule: kubernetes/latest-tag, until: "${'2'.repeat(size)}"}\n`,
  }),
  ...inputs('docker-compose.yml', 'Compose', {
    services: () => `services:\n${many(i => `  s${i}: {image: a, build: {context: ., dockerfile: Dockerfile.${i}}}\n`)}`,
    'one image, many builds': () => `services:\n${many(i => `  s${i}: {image: r.example.com/a, build: ./b${i}}\n`)}`,
    'services that extend each other': () => `services:\n${many(i => `  s${i}: {extends: {service: s${i + 1}}, image: a}\n`)}`,
    'aliases that double': () =>
      `x-a: [&l0 {image: a, build: .}, ${times(2000, i => `&l${i + 1} {<<: [*l${i}, *l${i}]}`, ', ')}]\nservices: {s: *l2000}\n`,
    'variables in variables': () => `services:\n  s: {image: ${'${a:-'.repeat(size / 6)}${'}'.repeat(size / 6)}, build: .}\n`,
  }),
  ...inputs('.github/workflows/ci.yaml', 'workflows', {
    jobs: () => `on: push\njobs:\n${many(i => `  j${i}: {steps: [{run: docker build -t a${i} .}]}\n`)}`,
    steps: () =>
      `on: push\njobs:\n  j:\n    steps:\n${many(i => `      - run: docker build -t r.example.com/a:${i} -f Dockerfile.${i} .\n`)}`,
    expressions: () => `on: push\njobs:\n  j: {name: "${many('${{ a ')}"}\n`,
    'one long script': () =>
      `on: push\njobs:\n  j:\n    steps:\n      - run: |\n${many('          docker build -t a . && docker build -t b . \\\n')}`,
  }),
  ...inputs('policy.yaml', 'policies', {
    'rules of Kyverno': () =>
      `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nspec:\n  rules:\n${many(i => `    - {name: r${i}, match: {any: [{resources: {kinds: [Pod]}}]}}\n`)}`,
    'a policy beside a pod': () =>
      `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nspec: ${'{a: '.repeat(10_000)}{}${'}'.repeat(10_000)}\n---\n${pod}`,
  }),
  ...inputs('skaffold.yaml', 'builds', {
    artifacts: () =>
      `apiVersion: skaffold/v4beta1\nkind: Config\nbuild:\n  artifacts:\n${many(i => `    - {image: r.example.com/a${i}, docker: {dockerfile: Dockerfile.${i}}}\n`)}`,
  }),
  ...inputs('Makefile', 'builds', {
    commands: () => many(i => `all:\n\tdocker build -t a${i} . --file Dockerfile.${i} \\\n`),
    'quotes left open': () => many(`docker build -t "a`),
    'continued lines': () => `docker build \\\n${many(' \\\n')}`,
  }),
  ...inputs('Tiltfile', 'builds', {
    calls: () => many(i => `docker_build('a${i}', '.', dockerfile='Dockerfile.${i}')\n`),
    'calls left open': () => many("docker_build('a', "),
    'calls in calls': () => many('docker_build('),
  }),
  ...inputs('build.sh', 'builds', { 'commands of a script': () => many('docker build -t a -t b -t c . ; ') }),
];

const dockerfile = 'FROM nginx\nADD a /b\nRUN sudo true\n';

/** Names that a file of a hostile repository may have. */
export const nameInputs: readonly HostileInput[] = Object.entries({
  'line breaks': 'a\nb\r\n[link](https://example.com)/Dockerfile',
  'escapes of a terminal': '\u001b[31mred\u001b]0;title\u0007/Dockerfile',
  'four thousand characters': `${'a'.repeat(4084)}/Dockerfile`,
  'four thousand folders': `${'a/'.repeat(2042)}pod.yaml`,
  dots: `${'../'.repeat(1300)}pod.yaml`,
  'lone surrogates': '\ud800/\udc00/pod.yaml',
  'right to left': '\u202egpj.\u202c/pod.yaml',
  'brackets and braces': '[a]{b,c}(d)*?/pod.yaml',
  'a colon and a percent sign': 'C:%2e%2e%00/pod.yaml',
  quotes: `"'\`$(id)/Dockerfile`,
  markdown: '**a** <img src=x> | `b`/Dockerfile',
  'a NUL': 'a\0b/Dockerfile',
  'workflow commands': '::error::a%0A::set-output/Dockerfile',
  'nothing but a suffix': '.yaml',
  'a prototype': '__proto__',
  'many dots before the suffix': `${'.'.repeat(4000)}yaml`,
  hyphens: `values${'-'.repeat(4000)}.yaml`,
  'templates, again and again': `${'templates/'.repeat(400)}a.yaml`,
  'a patch by name': `${'patch-'.repeat(600)}patch.yaml`,
  nothing: '',
}).map(([name, path]) => ({ name: `a name: ${name}`, path, text: path.endsWith('Dockerfile') ? dockerfile : pod }));
