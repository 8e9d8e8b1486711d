import type { Range } from '../../../base/text/range';
import type { Cel } from '../../../syntax/cel/types';
import { celNodes } from '../../../syntax/cel/walk';

/** The functions of Kyverno that say how many signatures of an image are good. */
const verifying = new Set(['verifyImageSignatures', 'verifyAttestationSignatures']);

/** Whether an expression asks for signatures. */
export function verifies(tree: Cel): boolean {
  return celNodes(tree).some(node => node.is === 'call' && verifying.has(node.name));
}

/** A comparison that holds however few signatures there are: its sign with what follows, and what was meant. Ranges are in the expression's text. */
export interface IgnoredCount {
  readonly range: Range;
  readonly instead: string;
}

/** The comparisons of an expression with the number of signatures that hold without any: `>= 0`, `> -1`. */
export function ignoredCounts(text: string, tree: Cel): readonly IgnoredCount[] {
  const nodes = celNodes(tree);
  // `x.map(image, verify...).all(count, count >= 0)`
  const counts = new Set(
    nodes.flatMap(node => (node.is === 'call' && node.of && node.args[0]?.is === 'name' && verifies(node.of) ? [node.args[0].name] : [])),
  );
  return nodes.flatMap(node => {
    if (node.is !== 'binary' || !(node.left.is === 'name' ? counts.has(node.left.name) : verifies(node.left))) return [];
    const isLeast = node.operator === '>=' && isNumber(node.right, 0);
    if (!isLeast && !(node.operator === '>' && node.right.is === 'unary' && isNumber(node.right.operand, 1))) return [];
    const start = text.indexOf(node.operator, node.left.range.end);
    return start < 0 || start > node.right.range.start ? [] : [{ range: { start, end: node.right.range.end }, instead: '> 0' }];
  });
}

function isNumber(node: Cel, value: number): boolean {
  return node.is === 'literal' && node.value === value;
}

/** The attestors that expressions name, `attestors.NAME`; `null`: all of them, or nobody can say which. */
export function namedAttestors(trees: readonly Cel[], list: string): ReadonlySet<string> | null {
  const nodes = trees.flatMap(celNodes);
  const isList = (node: Cel): boolean => node.is === 'name' && node.name === list;
  const found = nodes.flatMap(node => {
    if (node.is === 'select') return isList(node.of) ? [node.name] : [];
    return node.is === 'index' && isList(node.of) && node.index.is === 'literal' ? [String(node.index.value)] : [];
  });
  return nodes.filter(isList).length > found.length ? null : new Set(found);
}
