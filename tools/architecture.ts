// Imports go one way, types too. This table is the architecture: test/unit/imports.test.ts holds the code to it, and CONTRIBUTING.md shows it.

/** The rooms of shared/src with what is in them, the lowest first: each may load those above it in this list. */
export const rooms: Readonly<Record<string, string>> = {
  base: 'texts and ranges, limits, terms, and the ports that hosts fill',
  syntax: 'YAML, shell, references of images and actions',
  knowledge: 'facts about images, programs, secrets, standards, as tables with sources',
  workspace: 'what files say that other files need: which file is what, facts, the index',
  evidence: 'what a container needs to run: its user, what it writes, its capabilities',
  rule: 'what rules are made of: findings, fixes, containers, checks that families share',
  families: 'Dockerfile, Kubernetes, Compose, commands, workflows, policies: models, rules, fixes',
  engine: 'lint, fixes, harden; configuration and suppressions',
  output: 'reports, posture, and the protocol between server and client',
  services: 'what is asked for: convert, write, pin, facts of images, scan, verify signatures',
};

/** Parts that may load less than their room, and the files beside the rooms: whoever loads them is small, or is there before the engine. */
export const stricter: Readonly<Record<string, readonly string[]>> = {
  'base/ports': [],
  'output/protocol': ['base', 'workspace/source', 'rule', 'engine/config'],
  'services/registry': ['base', 'syntax/image', 'syntax/action'],
  'services/signature': ['base', 'services/registry', 'output/report'],
  'services/scan': ['base', 'syntax', 'rule/finding'],
  // the engine's face, what is there before it, and what the command line has for itself
  early: ['base', 'output/report', 'services/scan'],
  formats: ['output', 'services'],
  index: Object.keys(rooms),
};

/** The part of shared/src that a path of a file belongs to: `room/folder`, a room for the files beside its folders, or the name of a file beside the rooms; `undefined` outside. */
export function partOf(file: string): string | undefined {
  const [room, folder, inside] = /^shared\/src\/(.*)$/.exec(file)?.[1]?.split('/') ?? [];
  return folder === undefined || inside === undefined ? room?.replace(/\.ts$/, '') : `${room}/${folder}`;
}

/** Whether a part may load another, types too. A family loads no other, which test/unit/imports.test.ts sees to. */
export function mayLoad(part: string, other: string): boolean {
  if (part === other) return true;
  const names = Object.keys(rooms);
  const [room, target] = [part, other].map(one => one.split('/')[0]!) as [string, string];
  const row = stricter[part];
  if (row) return row.includes(other) || row.includes(target);
  return names.includes(target) && names.indexOf(target) <= names.indexOf(room);
}

/** What of the engine each program may load: its face, and what programs have in common. `shared/host` is what their hosts on Node have in common. */
export const entrances: Readonly<Record<string, readonly string[]>> = {
  'server/src': ['index', 'early', 'formats', 'output/protocol', 'services/registry', 'base/ports', 'services/signature', 'services/prove'],
  'client/src': ['output/protocol', 'services/registry', 'base/ports'],
  'shared/host': ['services/registry', 'base/ports', 'services/signature', 'output/protocol'],
};

/** The one folder of shared/src that knows a package. Engine code knows no others, and no host. */
export const packages: Readonly<Record<string, string>> = {
  yaml: 'syntax/yaml',
  unbash: 'syntax/shell',
  'dockerfile-ast': 'families/dockerfile/fix',
  '@lezer/common': 'evidence/program',
  '@lezer/lr': 'evidence/program',
  '@lezer/python': 'evidence/program',
  '@lezer/javascript': 'evidence/program',
};

/** Packages that are evaluated when they are first needed: only their types may be imported, and `require` loads them. */
export const onDemand: readonly string[] = ['dockerfile-ast', '@lezer/python', '@lezer/javascript'];

const listed = (parts: readonly string[]): string => parts.map(part => `\`${part}\``).join(', ') || 'nothing';

/** The table as lists for CONTRIBUTING.md. */
export function renderArchitecture(): string {
  const below = Object.entries(stricter).filter(([part]) => part !== 'index');
  const lines = [
    ...Object.entries(rooms).map(([room, holds], at) => `${at + 1}. \`${room}\`: ${holds}`),
    '',
    ...below.map(([part, parts]) => `- \`${part}\` loads ${listed(parts)}`),
  ];
  return `\n\n${lines.join('\n')}\n\n`;
}
