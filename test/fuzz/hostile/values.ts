import { hostileSize, inputs, many, times } from './make';
import type { HostileInput } from './types';

const width = hostileSize - 2000;
const half = width >> 1;
/** `&name0 [first]`, then levels of ten aliases of the level below. */
const doubling = (levels: number, first: string, level: (i: number) => string): string =>
  `[&l0 ${first}, ${times(levels, i => `&l${i + 1} ${level(i)}`, ', ')}]`;

/** Values that stand on one line, wherever a manifest has one. */
const values: Readonly<Record<string, () => string>> = {
  'open brackets': () => '['.repeat(width),
  'open braces': () => '{'.repeat(width),
  'brackets in brackets': () => '['.repeat(half) + ']'.repeat(half),
  'maps in maps': () => '{a: '.repeat(width / 5) + '}'.repeat(width / 5),
  'complex keys in complex keys': () => '{? '.repeat(width / 4) + '}'.repeat(width / 4),
  'lists as keys': () => `{${many('[a]: b, ', width)}}`,
  'commas alone': () => `[${','.repeat(width)}]`,
  'colons alone': () => `{${many(': ', width)}}`,
  'a billion laughs': () => doubling(12, '[lol]', i => `[${times(10, () => `*l${i}`, ', ')}]`),
  'a billion maps': () => doubling(12, '{a: b}', i => `{${times(10, k => `k${k}: *l${i}`, ', ')}}`),
  'merges of merges': () => doubling(12, '{a: b}', i => `{<<: [${times(10, () => `*l${i}`, ', ')}]}`),
  'merges in a chain': () => doubling(1500, '{a: b}', i => `{<<: *l${i}, k${i}: 1}`),
  'merges that overwrite each other': () => doubling(1500, '{a: b}', i => `{<<: [*l${i}, *l${i}], a: ${i}}`),
  'two aliases at each of many levels': () => doubling(2000, '[x]', i => `[*l${i}, *l${i}]`),
  'one large list, many aliases of it': () => `[&big [${many('x, ', 30_000)}], ${many('*big, ', 60_000)}]`,
  'one large text, many aliases of it': () => `[&big ${'x'.repeat(30_000)}, ${many('*big, ', 60_000)}]`,
  'a list of itself': () => `&self [${many('*self, ', width)}]`,
  'maps of each other': () => `&a {x: &b {y: *a, z: *b, ${many(i => `k${i}: [*a, *b], `, width)}}}`,
  'aliases of nothing': () => `[${many(i => `*none${i}, `, width)}]`,
  'one anchor, again and again': () => `[${many('&a x, ', width)}]`,
  'anchors by the thousand': () => `[${many(i => `&a${i} x, `, width)}]`,
  'two anchors on one node': () => `[${many('&a &b x, ', width)}]`,
  'tags by the thousand': () => `[${many(i => `!t${i} x, `, width)}]`,
  'binary that is none': () => `[${many('!!binary "%", ', width)}]`,
  'a long tag': () => `!${'a!'.repeat(half)} x`,
  'an open double quote': () => `"${many('a b ', width)}`,
  'an open single quote': () => `'${many('a b ', width)}`,
  'escaped quotes, open': () => `"${many('\\"', width)}`,
  backslashes: () => `"${'\\'.repeat(width)}"`,
  'escapes that are none': () => `"${many('\\q\\u12\\x', width)}"`,
  'quotes in quotes': () => `'${"'".repeat(width)}'`,
  'one word': () => 'a'.repeat(width),
  'one number': () => '1'.repeat(width),
  'a number with many dots': () => many('1.', width),
  'an exponent': () => `1e${'9'.repeat(width)}`,
  blanks: () => ' '.repeat(width),
  tabs: () => '\t'.repeat(width),
  NULs: () => `a${'\0'.repeat(width)}b`,
  'lone surrogates': () => many('\ud800x\udc00', width),
  'byte order marks': () => '\ufeff'.repeat(width),
  'line separators': () => many('\u2028\u2029\u0085', width),
  'astral characters': () => many('\u{1f4a3}', width),
  'right-to-left marks': () => many('\u202e\u2066', width),
  'comments without a blank': () => many('a#', width),
  dashes: () => many('- ', width),
  'question marks': () => many('? ', width),
  'template braces': () => '{{'.repeat(half),
  'templates in templates': () => '{{ '.repeat(width / 6) + ' }}'.repeat(width / 6),
  'templates with open strings': () => many('{{ "', width),
  'variables in variables': () => '${a:-'.repeat(width / 6) + '}'.repeat(width / 6),
  'variables that begin': () => '${'.repeat(half),
  'commands that begin': () => '$('.repeat(half),
  'image names without end': () => many('a/', width),
  'an image of colons': () => many('a:', width),
  'an image of digests': () => many('a@sha256:', width),
  tokens: () => many('ghp_aaaaaaaaaa', width),
  'almost tokens': () => many('eyJhbGciOiJ.', width),
  'addresses with passwords': () => many('http://a:b@', width),
  'colons and at signs': () => many('://:@', width),
  'private keys that never end': () => `"${many('-----BEGIN RSA PRIVATE KEY-----', width)}"`,
  'base64 without end': () => many('QUFBQUFB', width),
  'assignments of passwords': () => `"${many('password=', width)}"`,
  'options and equals signs': () => many('--a=', width),
  'a long quantity': () => `${'1'.repeat(width)}Mi`,
  'dots and blanks': () => many('. ', width),
  'a selector of parentheses': () => `"${'('.repeat(width)}"`,
  'a selector of conditions': () => `"${many("a in {'b'} && ", width)}"`,
  'slashes and dots': () => many('../', width),
  hyphens: () => '-'.repeat(width),
};

/** Where such a value stands: what begins before it, and the field that holds it. */
const places: readonly (readonly [group: string, path: string, wrap: (value: string) => string])[] = [
  [
    'a template',
    'chart/templates/a.yaml',
    value =>
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n  annotations: ${value}\nspec:\n  hostNetwork: true\n  containers: []\n`,
  ],
  [
    'a patch',
    'kustomization.yaml',
    value =>
      `kind: Kustomization\npatches:\n  - patch: |\n      apiVersion: v1\n      kind: Pod\n      metadata: {name: a}\n      spec:\n        hostNetwork: true\n        x: ${value}\n`,
  ],
  [
    'a manifest',
    'job.yaml',
    value =>
      `apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n      containers:\n        - {name: a, image: &i ${value}, args: [*i]}\n`,
  ],
];

/** Each value is tried in a manifest, and in a template or a patch, turn by turn. */
const turns = (place: number, value: number): boolean => place === 2 || value % 2 === place;

/** The values in their places. */
export const valueInputs: readonly HostileInput[] = places.flatMap(([group, path, wrap], place) =>
  inputs(
    path,
    group,
    Object.fromEntries(
      Object.entries(values)
        .filter((_, value) => turns(place, value))
        .map(([name, make]) => [name, () => wrap(make())]),
    ),
  ),
);
