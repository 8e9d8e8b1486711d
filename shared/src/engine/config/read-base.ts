import type { Range } from '../../base/text/range';
import type { Rule } from '../../rule/define-rule';
import type { YamlNode } from '../../syntax/yaml/types';
import { lockedKeys, type LockedKey, type Locks } from './base';
import { didYouMean, mapOf, type Reader } from './read';
import type { ConfigBase } from './types';

/** A reader that knows what may not be weakened. */
export type LockedReader = Reader & { readonly locks: Locks | null };

/** Notes that a key is locked by the configuration that is extended. */
export function isLocked(key: LockedKey, at: Range, reader: LockedReader): boolean {
  const why = reader.locks?.key(key) ?? null;
  if (why !== null) reader.problem(at, why);
  return why !== null;
}

/** The configuration that one extends. */
export function readBase(node: YamlNode | null, at: Range, reader: Reader): ConfigBase | null {
  let file: string | null = null;
  let sha256: string | null = null;
  reader.map(node, at, 'extends', {
    file: (value, range) => {
      const text = reader.text(value, range, 'file');
      if (text !== null && /^(?:[^/\\:]{1,200}\/){0,20}[^/\\:]{1,200}$/.test(text) && !text.split('/').includes('..')) file = text;
      else if (text !== null) reader.problem(range, 'file must be in the folder of this configuration or in a subfolder');
    },
    sha256: (value, range) => {
      const text = reader.text(value, range, 'sha256');
      if (text !== null && /^[0-9a-f]{64}$/i.test(text)) sha256 = text.toLowerCase();
      else if (text !== null) reader.problem(range, 'sha256 must be 64 hexadecimal digits, as sha256sum prints them');
    },
  });
  if (file !== null) return { file, sha256, range: at };
  if (mapOf(node) && !mapOf(node)?.entry('file')) reader.problem(at, '"extends" needs "file": the configuration to extend');
  return null;
}

/** What a configuration keeps those that extend it from weakening. */
export function readLocked(node: YamlNode | null, at: Range, reader: Reader, rules: ReadonlyMap<string, Rule>): readonly string[] {
  const known = [...lockedKeys, ...rules.keys()];
  const words: string[] = [];
  reader.list(node, at, 'locked', (item, range) => {
    const word = reader.text(item, range, 'Each item of locked');
    if (word === null) return;
    if (known.includes(word)) words.push(word);
    else reader.problem(range, `"${word}" is neither a rule nor one of ${lockedKeys.join(', ')}${didYouMean(word, known)}`);
  });
  return words;
}
