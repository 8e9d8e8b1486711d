import { reasonIds } from '../../shared/src/base/terms/reasons';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { commands } from '../../server/src/cli/commands';
import { configSchema } from '../../shared/src/engine/config/schema';
import { rules } from '../../shared/src/families/generated/index';
import { budgets } from '../../shared/src/base/limits/budgets';
import { anchorsOf, localizeLinks } from '../../tools/l10n/links';

/** What the pages by hand say about rules, options, keys and settings is all there, and true where it can be counted. */

const root = path.resolve(import.meta.dirname, '../..');
const read = (name: string): string => fs.readFileSync(path.join(root, name), 'utf8');
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** The names of a schema's keys, at any depth but below `rules`. */
function keysOf(schema: unknown): readonly string[] {
  if (!isRecord(schema)) return [];
  const own = isRecord(schema['properties']) ? Object.entries(schema['properties']) : [];
  const below = own.flatMap(([name, value]) => (name === 'rules' ? [name] : [name, ...keysOf(value)]));
  return [...below, ...keysOf(schema['items']), ...keysOf(schema['additionalProperties'])];
}

it('docs/cli.md names each command, option and reason', () => {
  const page = read('docs/cli.md');
  const options = commands.flatMap(({ name, options: own }) => [name, ...Object.keys(own).map(option => `--${option}`)]);
  expect([...options, ...reasonIds.map(id => `\`${id}\``)].filter(word => !page.includes(word))).toEqual([]);
});

it('docs/configuration.md shows each key', () => {
  const page = read('docs/configuration.md');
  const keys = new Set(keysOf(configSchema(rules)));
  expect(keys.size).toBeGreaterThan(25);
  expect([...keys].filter(key => !new RegExp(`^[ #-]*${key}:`, 'm').test(page))).toEqual([]);
});

it('docs/editors.md names each setting that the server reads', () => {
  const { contributes } = JSON.parse(read('package.json')) as {
    readonly contributes: { readonly configuration: readonly { readonly properties: Readonly<Record<string, unknown>> }[] };
  };
  const settings = contributes.configuration
    .flatMap(({ properties }) => Object.keys(properties))
    .map(name => name.replace('bulkhead.', ''));
  const page = read('docs/editors.md');
  // the client's own: what of the protocol it writes to its log
  expect(settings.filter(name => name !== 'trace.server' && !page.includes(`| \`${name}\``))).toEqual([]);
});

it('links between pages lead somewhere', () => {
  const pages = [
    ...['README.md', 'README.ja.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'],
    ...['docs', 'docs/ja'].flatMap(folder => fs.readdirSync(path.join(root, folder)).map(name => `${folder}/${name}`)),
  ];
  const broken = pages
    .filter(page => page.endsWith('.md'))
    .flatMap(page =>
      [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].flatMap(([, file, anchor]) => {
        const target = file ? path.join(path.dirname(page), file) : page;
        if (!fs.existsSync(path.join(root, target))) return [`${page}: ${target}`];
        return anchor === undefined || anchorsOf(read(target)).includes(anchor) ? [] : [`${page}: ${target}#${anchor}`];
      }),
    );
  expect([...new Set(broken)]).toEqual([]);
});

it.each([
  ['README.md', 'Install', 'In CI', 'Try it in 30 seconds'],
  ['README.ja.md', 'インストール', 'CI で使う', '30 秒で試す'],
])('%s says how to install the extension and the command, and how CI runs it, before what to try', (page, install, ci, first) => {
  const text = read(page);
  const [start, inCi, end] = [`## ${install}`, `### ${ci}`, `## ${first}`].map(heading => text.indexOf(`\n${heading}\n`));
  expect([start! > 0, start! < inCi!, inCi! < end!]).toEqual([true, true, true]);
  const section = text.slice(start, end);
  for (const words of ['dist/bulkhead.vsix', 'npm pack ./dist/npm', 'GitHub Actions', 'GitLab']) expect(section).toContain(words);
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const run = [...section.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!);
  expect(run.filter(name => !(name in scripts))).toEqual([]);
  expect(run).toContain('package');
});

it('a Japanese page links to Japanese pages and their headings, and to English ones where there are no others', () => {
  const pages: Readonly<Record<string, string>> = {
    'README.md': '# Us\n## Install it',
    'README.ja.md': '# 私たち\n## インストール',
    'docs/a.md': '# A\n## Same\n```sh\n# not a heading\n```\n## Same',
    'docs/ja/a.md': '# あ\n## 同じ、もの\n## 同じ、もの',
    'docs/b.md': '# B\n## Part',
    'docs/figures/x.png': '',
  };
  const localized = (text: string): string => localizeLinks(text, 'docs/a.md', file => pages[file] ?? null);
  const links =
    '[1](../README.md#install-it) [2](#same-1) [3](a.md#same) [4](b.md#part) [5](figures/x.png) [6](https://example.com/#a) [7](gone.md)';
  const ours =
    '[1](../../README.ja.md#インストール) [2](#同じもの-1) [3](a.md#同じもの) [4](../b.md#part) [5](../figures/x.png) [6](https://example.com/#a) [7](gone.md)';
  expect(localized(links)).toBe(ours);
  expect(localized(ours)).toBe(ours);
});

/** Every page and every file that people copy from, generated ones left out: they come from the rules' own pages. */
const copiedFrom = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'package.json', 'package.nls.json'],
  ...[
    'docs',
    'action',
    'integrations',
    'examples',
    'skills',
    'l10n',
    'client',
    'server/src',
    'shared/src/families',
    'shared/src/services/writers',
    'shared/src/output/protocol',
  ].flatMap(folder =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map(name => `${folder}/${name}`)
      .filter(name => /\.(?:md|ya?ml|json|ts)$/.test(name)),
  ),
];

/** Ways to run what others have published under a name of ours, by the channel that would make it ours: anyone who takes that name runs code in the reader's pipeline. */
const published: readonly (readonly [channel: string | null, RegExp])[] = [
  // also as the words of a JSON array: "npx", "args": ["-y", "bulkhead"
  ['npm', /\b(?:npx|pnpx|bunx)(?:["'\s,[\]:]|args|-[\w-]+)+@?bulkhead(?![\w-]*\.)\S*/],
  ['npm', /\bnpm\s+(?:i|install|add|exec|x|create)\s(?:[^\n]*\s)?@?bulkhead(?:[@/]\S*)?(?:\s|$)/],
  ['npm', /\b(?:pnpm|yarn|bun|volta)\s+(?:add|dlx|x|install)\s[^\n]*\bbulkhead\b/],
  ['npm', /(?<![\w./-])bulkhead@(?:\d|latest)/],
  ['npm', /\badditional_dependencies:[^\n]*\bbulkhead\b\S*/],
  ['npm', /"@?bulkhead(?:\/[\w-]+)?":\s*"[\^~]?\d[^\n]*/],
  [null, /\b(?:pipx?|brew|cargo|go|gem|apt(?:-get)?|uv tool|choco|scoop|winget|mise|asdf)\s+install\s[^\n]*\bbulkhead\b/],
  [null, /\b(?:uvx|pipx run|nix run|deno run)\s[^\n]*\bbulkhead\b/],
  [null, /\b(?:curl|wget)\s[^\n|]*\bbulkhead\b[^\n|]*\|\s*(?:sudo\s+)?(?:ba)?sh\b/],
  ['action', /\buses:\s*bulkhead\/\S*/],
  ['action', /\bgithub\.com[/:]bulkhead\b\S*/],
  ['preCommit', /\brepo:\s*\S*bulkhead\S*/],
  ['gitlab', /\bcomponent:\s*[^$\s]*\bbulkhead@\S*/],
  ['image', /\b(?:docker|podman|nerdctl)\s+(?:run|pull)\s[^\n]*\bbulkhead[/:]\S*/],
  ['image', /\b(?:image:|FROM)\s+(?:[\w.-]+\/)*bulkhead(?:[/:@]\S*)?(?:\s|$)/],
  ['image', /\b(?:ghcr|docker|quay)\.io\/(?:[a-z\d-]+\/)?bulkhead\b\S*/],
  ['marketplace', /--install-extension\s+bulkhead\b\S*|\bext install bulkhead\S*/],
  ['marketplace', /\b(?:recommendations|extensions)"?:\s*\[[^\]\n]*\bbulkhead\.bulkhead\b/],
  ['marketplace', /(?:marketplace\.visualstudio\.com|open-vsx\.org)\S*bulkhead\S*/],
];

/** What of a line runs a name that no channel makes ours. */
const foreign = (line: string, channels: Readonly<Record<string, string | null>>): readonly string[] =>
  published.flatMap(([channel, pattern]) => {
    const found = pattern.exec(line)?.[0].trim();
    const name = channel === null ? null : (channels[channel] ?? null);
    return found === undefined || (name !== null && found.includes(name)) ? [] : [found];
  });

it.each([
  ['npx bulkhead lint', 'npm', 'bulkhead'],
  ['npx --yes bulkhead@0.1.0 lint', 'npm', 'bulkhead@0'],
  ['npm install --save-dev bulkhead', 'npm', 'bulkhead'],
  ['npm i -g @bulkhead/cli', 'npm', '@bulkhead/cli'],
  ['  - uses: bulkhead/bulkhead-action@v1', 'action', 'bulkhead/bulkhead-action'],
  ['  - component: gitlab.com/bulkhead/bulkhead@1.2.3', 'gitlab', 'gitlab.com/bulkhead'],
  ['code --install-extension bulkhead.bulkhead', 'marketplace', 'bulkhead.bulkhead'],
  ['{ "command": "npx", "args": ["-y", "bulkhead", "mcp"] }', 'npm', 'bulkhead'],
  ['bunx bulkhead lint', 'npm', 'bulkhead'],
  ['additional_dependencies: [bulkhead]', 'npm', 'bulkhead'],
  ['"devDependencies": { "bulkhead": "^0.2.0" }', 'npm', '"bulkhead"'],
  ['  image: ghcr.io/acme/bulkhead:1.2.3', 'image', 'ghcr.io/acme/bulkhead'],
  ['FROM bulkhead/cli:1', 'image', 'bulkhead/cli'],
  ['docker run --rm acme/bulkhead:1 lint', 'image', 'bulkhead'],
  ['git clone https://github.com/bulkhead/bulkhead', 'action', 'bulkhead/bulkhead'],
  ['{ "recommendations": ["bulkhead.bulkhead"] }', 'marketplace', 'bulkhead.bulkhead'],
])('knows %j for the name of something published', (line, channel, name) => {
  expect(foreign(line, {})).not.toEqual([]);
  expect(foreign(line, { [channel]: 'other' })).not.toEqual([]);
  expect(foreign(line, { [channel]: name })).toEqual([]);
});

it.each(['uvx bulkhead', 'pip install bulkhead', 'curl -fsSL https://get.example.com/bulkhead.sh | sh', 'uv tool install bulkhead'])(
  'knows %j, which no channel makes ours',
  line => expect(foreign(line, { npm: 'bulkhead', image: 'bulkhead' })).not.toEqual([]),
);

it.each([
  'npm pack ./dist/npm && npm install -g ./bulkhead-1.2.3.tgz',
  'code --install-extension dist/bulkhead.vsix',
  'npx tsx tools/bulkhead.ts',
])('%j is what was built', line => expect(foreign(line, {})).toEqual([]));

it('no page names a package, action, hook or image of ours that does not exist', () => {
  const { channels } = JSON.parse(read('package.json')) as { readonly channels: Readonly<Record<string, string | null>> };
  expect(copiedFrom.length).toBeGreaterThan(400);
  const found = copiedFrom.flatMap(name =>
    read(name)
      .split('\n')
      .flatMap(line => foreign(line, channels).map(what => `${name}: ${what}`)),
  );
  expect(found).toEqual([]);
});

it('docs/limits.md says how much each budget allows', () => {
  const page = read('docs/limits.md');
  const said: Readonly<Record<Exclude<keyof typeof budgets, 'cachedNodes' | 'quotedLength'>, string>> = {
    textLength: `| ${budgets.textLength / (1 << 20)} MiB `,
    aliasedLength: `| ${budgets.aliasedLength >> 10} KB `,
    yamlDepth: `| ${budgets.yamlDepth} levels `,
    views: `| ${budgets.views.toLocaleString('en')} `,
    directives: `| ${budgets.directives.toLocaleString('en')} `,
    findings: `| ${budgets.findings.toLocaleString('en')} `,
    secondOpinionLength: `up to ${budgets.secondOpinionLength >> 10} KB `,
    verifiedLength: `${budgets.verifiedLength >> 20} MB of text`,
    includedFiles: `| ${budgets.includedFiles} files`,
    inheritedValues: `${budgets.inheritedValues.toLocaleString('en')} values `,
    expandedLength: `| ${budgets.expandedLength >> 10} KB `,
    findingLength: `each finding counts as ${budgets.findingLength} characters`,
    plannedLength: `Another ${budgets.plannedLength >> 20} MB`,
  };
  expect(Object.values(said).filter(words => !page.includes(words))).toEqual([]);
});
