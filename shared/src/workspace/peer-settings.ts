import { baseName } from './source/names';
import type { YamlDocument, YamlMap, YamlNode } from '../syntax/yaml/types';
import { itemsOf, mapOf, resolve, scalarOf, stringOf } from '../syntax/yaml/values';
import type { PeerSettingFact } from './unkeyed-facts';

const names = /^(?:zizmor|actionlint|\.checkov|\.poutine)\.ya?ml$/;

const tools = ['zizmor', '.checkov', '.poutine'];

/** Whether a file is one in which zizmor, actionlint, checkov or poutine is told what to leave out. */
export function isPeerSettings(path: string): boolean {
  return names.test(baseName(path));
}

/** The files that may say what those tools leave out of a file: in its folder, or in one above it, the nearest first. */
export function peerSettingsAbove(path: string): readonly string[] {
  const found: string[] = [];
  for (let slash = path.lastIndexOf('/'); ; slash = path.lastIndexOf('/', slash - 1)) {
    const folder = path.slice(0, slash + 1);
    // a workflow may be called actionlint.yml
    const names = folder.endsWith('.github/') ? [...tools, 'actionlint'] : tools;
    for (const name of names) found.push(`${folder}${name}.yml`, `${folder}${name}.yaml`);
    if (slash <= 0) return found;
  }
}

/** What the nearest file of each tool says that says something. */
export function nearestSettings(path: string, read: (file: string) => readonly PeerSettingFact[]): readonly PeerSettingFact[] {
  const found: PeerSettingFact[] = [];
  for (const file of peerSettingsAbove(path)) {
    const [first, ...more] = read(file);
    if (first && !found.some(({ peer }) => peer === first.peer)) found.push(first, ...more);
  }
  return found;
}

type Setting = Omit<PeerSettingFact, 'type' | 'path' | 'range'> & { readonly node: YamlNode };

/** A text, or each of a list of texts (checkov's in one text, divided by commas). */
function textsOf(value: YamlNode | null | undefined, divided = false): readonly { readonly text: string; readonly node: YamlNode }[] {
  const node = resolve(value);
  return (node?.kind === 'sequence' ? node.items : [node]).flatMap(item => {
    const scalar = scalarOf(item);
    const text = stringOf(scalar);
    if (!scalar || text === null) return [];
    return (divided ? text.split(',') : [text]).map(part => ({ text: part.trim(), node: scalar }));
  });
}

/** `rules.ID.ignore` (`ci.yml`, `ci.yml:12`, `ci.yml:12:7`), `rules.ID.disable`, and the policies of `unpinned-uses`. */
function zizmorSettings(root: YamlMap): readonly Setting[] {
  return (mapOf(root.get('rules'))?.entries ?? []).flatMap(({ name, key, value }): readonly Setting[] => {
    const rule = mapOf(value);
    if (!rule || !key) return [];
    const common = { peer: 'zizmor', ids: [name] } as const;
    if (resolve(rule.get('disable'))?.kind === 'scalar' && scalarOf(rule.get('disable'))?.value === true) return [{ ...common, node: key }];
    const policies = mapOf(mapOf(rule.get('config'))?.get('policies'))?.entries ?? [];
    const uses = policies.flatMap(entry => {
      const policy = stringOf(entry.value);
      return policy === null ? [] : [{ pattern: entry.name, pinned: policy === 'hash-pin' }];
    });
    const places = textsOf(rule.get('ignore')).flatMap(({ text, node }): readonly Setting[] => {
      const match = /^([^:]+)(?::(\d{1,9})(?::\d{1,9})?)?$/.exec(text);
      return match ? [{ ...common, file: match[1]!, ...(match[2] !== undefined && { line: Number(match[2]) }), node }] : [];
    });
    return uses.length === 0 ? places : [...places, { ...common, uses, node: key }];
  });
}

/** `skip`: each of its entries says by which of several keys something is left out; one with a key that nothing here corresponds to is not understood. */
function poutineSettings(root: YamlMap): readonly Setting[] {
  return itemsOf(root.get('skip')).flatMap(({ map }): readonly Setting[] => {
    if (map.entries.some(({ name }) => name !== 'rule' && name !== 'path' && name !== 'job')) return [];
    const ids = textsOf(map.get('rule')).map(({ text }) => text);
    const files = textsOf(map.get('path')).map(({ text }) => text);
    const jobs = textsOf(map.get('job')).map(({ text }) => text);
    const common = { peer: 'poutine', ids: ids.length > 0 ? ids : ('all' as const), ...(jobs.length > 0 && { jobs }), node: map } as const;
    if (map.entries.length === 0) return [];
    return files.length === 0 ? [common] : files.map(file => ({ ...common, file }));
  });
}

/**
 * What stands in every message of actionlint that a rule of ours has, by its kind (1.7.12). The names in a message are not among it.
 */
const messages: readonly (readonly [id: string, text: string])[] = [
  [
    'expression',
    'is potentially untrusted. avoid using it directly in inline scripts. instead, pass it through an environment variable. see https://docs.github.com/',
  ],
  ['action', "action is too old to run on GitHub Actions. update the action's version to fix this issue"],
  ['deprecated-commands', 'was deprecated. use `echo '],
  ['if-cond', 'is always evaluated to true because extra characters are around ${{ }}'],
  ['credentials', 'should be specified via secrets. do not put password value directly'],
  ['permissions', 'unknown permission scope'],
];

/** The text that a pattern looks for, where it is no more than that; `null`: it is more. Nobody's patterns are run. */
function literalOf(pattern: string): string | null {
  const bare = pattern.replace(/^\^?(?:\.[*+]){0,9}/, '').replace(/(?:\.[*+]){0,9}\$?$/, '');
  // a dot means any character, a dot among them
  return /\\[A-Za-z\d]|(?:^|[^\\])[$^*+?()[\]{}|]/.test(bare) ? null : bare.replace(/\\(.)/g, '$1');
}

/** `paths.GLOB.ignore`: patterns of messages. Labels of runners and variables change nothing here: larger runners of GitHub's have labels, too. */
function actionlintSettings(root: YamlMap): readonly Setting[] {
  return (mapOf(root.get('paths'))?.entries ?? []).flatMap(({ name: file, value }) =>
    textsOf(mapOf(value)?.get('ignore')).flatMap(({ text, node }): readonly Setting[] => {
      const literal = literalOf(text);
      const ids = literal === null || literal.length < 8 ? [] : messages.filter(([, said]) => said.includes(literal)).map(([id]) => id);
      return ids.length === 0 ? [] : [{ peer: 'actionlint', ids, file, node }];
    }),
  );
}

function checkovSettings(root: YamlMap): readonly Setting[] {
  const skipped = textsOf(root.get('skip-check'), true).filter(({ text }) => /^[A-Za-z_\d]+$/.test(text));
  return skipped.map(({ text, node }) => ({ peer: 'checkov', ids: [text], node }));
}

const readers: Readonly<Record<string, (root: YamlMap) => readonly Setting[]>> = {
  zizmor: zizmorSettings,
  actionlint: actionlintSettings,
  '.checkov': checkovSettings,
  '.poutine': poutineSettings,
};

/** What a document of such a file says. */
export function peerSettingFacts({ root }: YamlDocument, path: string, base: number): readonly PeerSettingFact[] {
  const map = mapOf(root);
  const name = baseName(path);
  const read = readers[name.slice(0, name.lastIndexOf('.'))];
  if (!map || !read) return [];
  return read(map).map(({ node, ...setting }) => ({
    type: 'peer-setting',
    path,
    range: { start: base + node.range.start, end: base + node.range.end },
    ...setting,
  }));
}
