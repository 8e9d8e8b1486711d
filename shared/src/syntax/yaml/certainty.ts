import { resolveAlias } from './collections';
import { isMasked, isOpen, type MaybeNode } from './lookup';
import { maskCharacter } from './mask';
import type { TemplateBranch, YamlDocument } from './types';

/**
 * What a text does not say for certain, since a template, a substitution or a person fills it in later. A finding that rests on what is absent, or on
 * what a value is, asks here first: see CONTRIBUTING, "What is not known".
 */

/**
 * Whether a map may gain keys, or a sequence items, when templates are filled in; a node whose whole value is filled in may, too.
 * What is absent may not: ask that of the map that it is absent from.
 */
export function mayGain(document: YamlDocument, node: MaybeNode): boolean {
  const at = node ? resolveAlias(node) : null;
  // what an alias stands for that is not followed, nobody knows
  if (at?.kind === 'alias') return true;
  return at !== null && (isOpen(document, at) || mayChange(at));
}

/** Whether a value may be another one, as far as its text shows: a template action or a substitution stands in it. */
export function mayChange(node: MaybeNode): boolean {
  const at = node ? resolveAlias(node) : null;
  if (at?.kind !== 'scalar' || typeof at.value !== 'string') return false;
  return isMasked(at) || at.value.includes('${') || at.value.includes('{{');
}

/** Whether a text does not parse: what its tree lacks may be where the parser lost its way. */
export function isBroken({ problems }: YamlDocument): boolean {
  return problems.some(({ code }) => code !== 'DUPLICATE_KEY');
}

/** Whether `key` of a map is final: nothing adds it, and nothing changes or adds to its value. Absent and final means absent in the cluster. */
export function isFinal(document: YamlDocument, map: MaybeNode, key: string): boolean {
  if (mayGain(document, map)) return false;
  const at = map ? resolveAlias(map) : null;
  return at?.kind !== 'map' || !mayGain(document, at.get(key));
}

/**
 * Whether part of a name, a reference or an address is filled in later. Wider than `mayChange`: for such texts, whatever stands in the brackets and
 * percent signs of some tool is a placeholder.
 */
export function isVariable(text: string): boolean {
  return (
    text.includes(maskCharacter) ||
    text.includes('{{') ||
    text.includes('${') ||
    text.includes('$(') ||
    // `ko://` stands for what the tool of that name builds from source
    /<[^<>]*>|%[A-Za-z_]+%|@[A-Z][A-Z0-9_]+@|__[A-Z][A-Z0-9_]{0,60}__|^\$[A-Za-z_]|\$[A-Z_][A-Z0-9_]|\{[A-Z][A-Z0-9_]*\}|^ko:\/\//.test(
      text,
    )
  );
}

/** More branches are not looked at: each question goes through all of them. */
const mostBranches = 2000;

/**
 * Whether the texts at two offsets may never be there together: each is printed under a condition that the other is not under. Of `range` and its
 * `else` the same holds.
 */
export function mayExclude({ branches = [] }: YamlDocument, a: number, b: number): boolean {
  if (branches.length > mostBranches) return true;
  const around = (offset: number): readonly TemplateBranch[] => branches.filter(({ start, end }) => start <= offset && offset < end);
  const [ofA, ofB] = branches.length === 0 ? [[], []] : [around(a), around(b)];
  const isApart = (one: TemplateBranch, others: readonly TemplateBranch[]): boolean =>
    !others.some(other => other.start === one.start || isSame(one, other));
  return ofA.some(one => isApart(one, ofB)) && ofB.some(one => isApart(one, ofA));
}

/** Whether two blocks ask the same. What `else` means depends on its block. */
function isSame(a: TemplateBranch, b: TemplateBranch): boolean {
  return a.words !== '' && a.words === b.words && /^(?:if|with)\b/.test(a.words);
}
