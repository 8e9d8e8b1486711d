import type { Cel } from './types';

/** The nodes directly below a node, in order. */
export function celChildren(node: Cel): readonly Cel[] {
  switch (node.is) {
    case 'select':
      return [node.of];
    case 'index':
      return [node.of, node.index];
    case 'call':
      return node.of ? [node.of, ...node.args] : node.args;
    case 'list':
      return node.items;
    case 'map':
      return node.entries.flat();
    case 'message':
      return [node.of, ...node.values];
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'choice':
      return [node.condition, node.then, node.otherwise];
    default:
      return [];
  }
}

/** Every node of an expression, from the top down. */
export function celNodes(root: Cel): readonly Cel[] {
  const found = [root];
  // no recursion: a chain of operators may be thousands long
  for (let at = 0; at < found.length; at++) for (const child of celChildren(found[at]!)) found.push(child);
  return found;
}
