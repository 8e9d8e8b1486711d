// Imports go one way, types too. This table is the architecture: test/unit/imports.test.ts holds the code to it, and CONTRIBUTING.md shows it.

const ground = ['limits', 'text', 'terms', 'yaml', 'shell', 'image', 'action'];
const words = [...ground, 'fix', 'knowledge', 'run-as', 'source', 'workspace', 'program', 'container', 'rule', 'checks', 'finding'];

/** Part of shared/src to the parts that it may load, types too. Every part may load itself. A family loads no other; see below. */
export const mayLoad: Readonly<Record<string, readonly string[]>> = {
  limits: [],
  text: [],
  terms: [],
  ports: [],
  yaml: ['limits', 'text', 'terms'],
  shell: ['limits', 'text'],
  image: ['text'],
  action: ['text'],
  fix: ['text', 'terms', 'yaml'],
  knowledge: ['text', 'image', 'shell', 'action'],
  'run-as': ['text', 'image', 'knowledge'],
  source: ['limits', 'text', 'yaml'],
  workspace: ['limits', 'text', 'yaml', 'image', 'knowledge', 'run-as', 'source'],
  program: ['text', 'shell', 'knowledge', 'run-as', 'workspace'],
  container: ['text', 'image', 'fix', 'workspace'],
  rule: [...ground, 'knowledge', 'workspace', 'fix'],
  checks: ['limits', 'text', 'terms', 'image', 'fix', 'knowledge', 'run-as', 'workspace', 'program', 'container', 'rule'],
  finding: ['limits', 'text', 'terms', 'fix', 'knowledge'],
  config: ['limits', 'text', 'terms', 'yaml', 'image', 'knowledge', 'rule'],
  family: words,
  suppress: [...words, 'config', 'family'],
  families: [...words, 'family', 'suppress'],
  generated: ['families', 'rule'],
  engine: [...words, 'config', 'family', 'suppress', 'families'],
  registry: ['text', 'ports', 'image', 'action'],
  signature: ['text', 'ports', 'registry'],
  pin: ['text', 'image', 'action', 'registry', 'engine'],
  scan: ['text', 'terms', 'image', 'yaml', 'finding'],
  protocol: ['limits', 'text', 'terms', 'fix', 'source', 'rule', 'config', 'signature'],
  report: [...words, 'config', 'family', 'engine', 'pin', 'signature', 'protocol'],
  convert: [...words, 'config', 'families', 'engine', 'report'],
  posture: [...words, 'engine', 'report'],
  writers: [...words, 'family', 'config'],
  // the engine's face, what is there before it, and what the command line has for itself
  early: ['text', 'terms', 'scan', 'report'],
  formats: ['report', 'convert', 'posture'],
  index: [
    ...words,
    'config',
    'family',
    'suppress',
    'families',
    'generated',
    'engine',
    'pin',
    'scan',
    'report',
    'convert',
    'posture',
    'writers',
  ],
};

/** What of the engine each program may load: its face, and what programs have in common. `shared/host` is what their hosts on Node have in common. */
export const entrances: Readonly<Record<string, readonly string[]>> = {
  'server/src': ['index', 'early', 'formats', 'protocol', 'registry', 'ports', 'signature'],
  'client/src': ['protocol', 'registry', 'ports'],
  'shared/host': ['registry', 'ports', 'signature', 'protocol'],
};

/** The one folder of shared/src that knows a package. Engine code knows no others, and no host. */
export const packages: Readonly<Record<string, string>> = { yaml: 'yaml', unbash: 'shell', 'dockerfile-ast': 'families/dockerfile/fix' };

/** Packages that are evaluated when they are first needed: only their types may be imported, and `require` loads them. */
export const onDemand: readonly string[] = ['dockerfile-ast'];

/** Sets of parts that many rows begin with, by name: wider ones first. */
const sets: readonly (readonly [string, readonly string[]])[] = [
  ['words', words],
  ['ground', ground],
];

/** A row's parts as a reader takes them in: a set by its name. */
function shorten(parts: readonly string[], known = sets): string {
  const [name, members = []] = known.find(([, set]) => set.every(part => parts.includes(part))) ?? [];
  const rest = parts.filter(part => !members.includes(part)).map(part => `\`${part}\``);
  return [...(name === undefined ? [] : [`the ${name}`]), ...rest].join(', ') || 'nothing';
}

/** The table as a list for CONTRIBUTING.md. */
export function renderArchitecture(): string {
  const lines = [
    ...[...sets.entries()].reverse().map(([at, [name, parts]]) => `- the ${name}: ${shorten(parts, sets.slice(at + 1))}`),
    ...Object.entries(mayLoad).map(([part, parts]) => `- \`${part}\` loads ${shorten(parts)}`),
  ];
  return `\n\n${lines.join('\n')}\n\n`;
}
