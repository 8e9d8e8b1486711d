import type { Json } from '../../../shared/src/index';

/** A node of a JSON schema. */
export type SchemaNode = { readonly [key: string]: Json };

/** What may be typed at a place in a configuration file: the path of keys to it, `*` for an item of a list. */
export interface ConfigContext {
  readonly expects: 'key' | 'value';
  /** For a key: of the map that it goes into; for a value: of the value itself. */
  readonly path: readonly string[];
  /** What stands there already. */
  readonly word: string;
}

/** A line that opens something: its dash and its key, each with its column. */
interface Opening {
  readonly dash: number | null;
  readonly key: string | null;
  readonly column: number;
}

/**
 * Reads the place at the end of `prefix`, the beginning of line `at`, from the indentation of the lines above. It need not be valid YAML:
 * somebody is typing it.
 */
export function configContext(lines: readonly string[], at: number, prefix: string): ConfigContext | null {
  const { dash, column } = readOpening(prefix);
  const rest = prefix.slice(/^\s*(?:- +)*/.exec(prefix)![0].length);
  const opened = readKey(rest);
  const value = opened && /^\s+(\S*)$/.exec(rest.slice(opened.end));
  if (!value && /\s/.test(rest)) return null;
  const [key, word] = value ? [opened.key, value[1]!] : [undefined, rest];
  const parents = pathAbove(lines, at, dash ?? column);
  const own = dash === null ? parents : [...parents, '*'];
  if (key !== undefined) return { expects: 'value', path: [...own, key], word };
  // an item that is no map: the word is the item itself
  return { expects: 'key', path: own, word };
}

function readOpening(line: string): Opening {
  const indent = /^\s*/.exec(line)![0].length;
  const dashes = /^(?:- +|-$)+/.exec(line.slice(indent))?.[0].length ?? 0;
  const rest = line.slice(indent + dashes);
  return { dash: dashes > 0 ? indent : null, key: readKey(rest)?.key ?? null, column: indent + dashes };
}

/** The key that a text starts with, and the offset behind its colon. */
function readKey(text: string): { readonly key: string; readonly end: number } | null {
  const match = /^(?:"([^\s"'#:][^"'#:]*)"\s*|'([^\s"'#:][^"'#:]*)'\s*|([^\s"'#:][^"'#:]*)):(?=\s|$)/.exec(text);
  return match && { key: match[1] ?? match[2] ?? match[3]!, end: match[0].length };
}

/** The keys and list items that hold what stands at `column` of line `at`. */
function pathAbove(lines: readonly string[], at: number, column: number): readonly string[] {
  const path: string[] = [];
  // a list may stand in the same column as its key
  let limit = readOpening(lines[at] ?? '').dash === column ? column + 1 : column;
  // items before it in its own list hold nothing of it
  let dashLimit = column;
  for (let i = at - 1; i >= 0 && limit > 0; i--) {
    const line = lines[i]!;
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const { dash, key, column: keyColumn } = readOpening(line);
    if (key !== null && keyColumn < limit) {
      path.unshift(key);
      limit = keyColumn;
      dashLimit = Math.min(dashLimit, keyColumn);
    }
    if (dash !== null && dash < dashLimit) {
      path.unshift('*');
      limit = dash + 1;
      dashLimit = dash;
    }
  }
  return path;
}

/** The schemas that hold at a path, alternatives taken apart. */
export function schemaAt(root: SchemaNode, path: readonly string[]): readonly SchemaNode[] {
  let nodes = unfold(root, root);
  for (const step of path) {
    nodes = nodes.flatMap(node => {
      const next = step === '*' ? node['items'] : (node['properties'] as SchemaNode | undefined)?.[step];
      return isNode(next) ? unfold(root, next) : [];
    });
  }
  return nodes;
}

function unfold(root: SchemaNode, node: SchemaNode): readonly SchemaNode[] {
  const { anyOf: alternatives, ...schema } = referredTo(root, node);
  return Array.isArray(alternatives) ? (alternatives as readonly Json[]).filter(isNode).flatMap(child => unfold(root, child)) : [schema];
}

/** The schema that a node is, or refers to. */
export function referredTo(root: SchemaNode, node: SchemaNode): SchemaNode {
  const reference = node['$ref'];
  if (typeof reference !== 'string') return node;
  const target = reference
    .slice('#/'.length)
    .split('/')
    .reduce<Json | undefined>((at, name) => (isNode(at) ? at[name] : undefined), root);
  return isNode(target) ? referredTo(root, target) : {};
}

function isNode(value: Json | undefined): value is SchemaNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
