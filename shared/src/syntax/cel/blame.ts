import { namesOf, itemsOf, macroOf } from './macros';
import type { Read, Run, Scope } from './run';
import type { Cel } from './types';
import type { CelValue } from './values';
import { isList, isMap } from './values';
import { celNodes } from './walk';

/** What leads from a name to the expression that means it, such as `variables.a`. */
export type Expand = (node: Cel) => { readonly node: Cel; readonly scope: Scope } | null;

/** The smallest field that an expression reads and that makes it what it is; `null`: it reads none. */
export function blame(node: Cel, scope: Scope, run: Run, expand: Expand, depth = 0): Read | null {
  if (depth > 40 || run.effort.left < 0) return null;
  const go = (next: Cel, within = scope): Read | null => blame(next, within, run, expand, depth + 1);
  const valueOf = (of: Cel, within = scope): CelValue | undefined => attempt(of, within, run);
  const value = valueOf(node);
  if (node.is === 'binary' && (node.operator === '&&' || node.operator === '||')) {
    const decides = node.operator === '||';
    const sides = [node.left, node.right];
    const deciding = value === decides ? sides.find(side => valueOf(side) === decides) : undefined;
    if (deciding) return go(deciding);
    return go(node.right) ?? go(node.left);
  }
  if (node.is === 'unary' && node.operator === '!') return go(node.operand);
  if (node.is === 'choice') {
    const taken = valueOf(node.condition) === true ? node.then : node.otherwise;
    return go(taken) ?? go(node.condition);
  }
  const inner = expand(node);
  if (inner) return blame(inner.node, inner.scope, run, expand, depth + 1);
  if (node.is === 'call' && node.of && macroOf(node)) return blameMacro(node, value, scope, run, go) ?? readsOf(node, scope, run);
  return blameFilter(node, scope, run, go) ?? readsOf(node, scope, run);
}

type Go = (next: Cel, within?: Scope) => Read | null;

function attempt(node: Cel, scope: Scope, run: Run): CelValue | undefined {
  try {
    return run.evaluate(node, scope, run);
  } catch {
    return undefined;
  }
}

/** `all` that fails does so at an item, and so does `exists` that holds. */
function blameMacro(node: Extract<Cel, { is: 'call' }>, value: CelValue | undefined, scope: Scope, run: Run, go: Go): Read | null {
  const wanted = node.name === 'all' && value !== true ? false : node.name === 'exists' && value === true ? true : null;
  if (wanted === null || node.args.length <= namesOf(node)) return null;
  try {
    const test = node.args.at(-1)!;
    const item = itemsOf(node, scope, run).find(each => {
      const found = attempt(test, each.scope, run);
      return wanted ? found === true : found !== true;
    });
    return item ? go(test, item.scope) : null;
  } catch {
    return null;
  }
}

/** Of `size(list.filter(x, test)) == 0`: the first item that passes. */
function blameFilter(node: Cel, scope: Scope, run: Run, go: Go): Read | null {
  if (node.is !== 'binary' && node.is !== 'call') return null;
  const filter = celNodes(node).find(each => each.is === 'call' && each.name === 'filter' && each.of !== null);
  if (filter?.is !== 'call') return null;
  const found = attempt(filter, scope, run);
  if (found === undefined || (isList(found) ? found.length : isMap(found) ? found.size : 0) === 0) return null;
  try {
    const item = itemsOf(filter, scope, run).find(each => attempt(filter.args[1]!, each.scope, run) === true);
    return item ? go(filter.args[1]!, item.scope) : null;
  } catch {
    return null;
  }
}

/** The deepest field that is read; of several the last. */
function readsOf(node: Cel, scope: Scope, run: Run): Read | null {
  const before = run.reads;
  const reads: Read[] = [];
  run.reads = reads;
  attempt(node, scope, run);
  run.reads = before;
  return reads.reduce<Read | null>((deepest, read) => (deepest && deepest.path.length > read.path.length ? deepest : read), null);
}
