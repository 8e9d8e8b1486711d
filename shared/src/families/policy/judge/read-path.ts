import { placeOf } from '../../../syntax/yaml/data';
import { parseJmesPath, variablesIn, type JmesPath } from '../../../syntax/jmespath/parse';
import { isArray, isObject, type Json } from '../../../syntax/jmespath/values';
import type { Path } from '../../../syntax/yaml/types';
import type { Context } from './context';

/** The way to a field that an expression reads first, as far as it is one of names and indexes; `null`: it is none. */
function wayOf(node: JmesPath): Path | null {
  switch (node.is) {
    case 'current':
      return [];
    case 'field': {
      const of = wayOf(node.of);
      return of && [...of, node.name];
    }
    case 'index': {
      const of = wayOf(node.of);
      return of && [...of, node.at];
    }
    case 'operator':
      return wayOf(node.left);
    case 'each':
    case 'flatten':
    case 'slice':
    case 'map':
    case 'list':
    case 'choice':
    case 'not':
    case 'minus':
    case 'expression':
      return 'of' in node ? wayOf(node.of) : null;
    case 'call':
      return node.args.map(wayOf).find(way => way !== null && way.length > 0) ?? null;
    default:
      return null;
  }
}

/** Where the field is that a condition of a policy reads; `[]`: nothing tells. */
export function readPath(condition: Json, context: Context): Path {
  const key = isObject(condition) ? condition.get('key') : isArray(condition) ? null : condition;
  if (typeof key !== 'string') return [];
  for (const { text } of variablesIn(key).variables) {
    const { tree } = parseJmesPath(text.trim());
    const way = tree && wayOf(tree);
    if (!way) continue;
    if (way[0] === 'request' && way[1] === 'object') return way.slice(2);
    if (way[0] !== 'element') continue;
    const place = placeOf(context.query('element'));
    if (place) return [...place, ...way.slice(1)];
  }
  return [];
}
