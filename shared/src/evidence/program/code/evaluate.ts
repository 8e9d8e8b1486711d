import type { SyntaxNode } from '@lezer/common';
import { callResult } from './calls';
import { isDead, truth } from './conditions';
import { type Evaluator, type Surroundings } from './evaluator';
import { bound, exported, imported, named } from './names';
import { commaParts, found, literal, partsOf, signOf, unescaped } from './nodes';
import { element, indexed, member } from './objects';
import { ownerOf, propertyOf } from './scan-script';
import type { Part, Source, Unit } from './tree';
import { concatenated, cross, distinct, isTrue, joined, nothing, textValue, unknown, type Entry, type Value } from './values';

/** Deeper parts are not followed, and more steps are not taken for one program. */
const mostDeep = 60;
const mostSteps = 60_000;

/** Evaluates the modules of one program. */
export function createEvaluator(around: Surroundings): Evaluator {
  let steps = 0;
  let deep = 0;
  const open = new Map<Unit['code'], Set<number>>();
  const of = (source: Source): readonly Value[] => {
    if (++steps > mostSteps || deep > mostDeep) return [unknown];
    if (!('node' in source)) {
      deep++;
      const values = distinct(sourceValues(e, source));
      deep--;
      return values;
    }
    const { node, scope } = source;
    const parts = open.get(scope.unit.code) ?? new Set<number>();
    // kinds of nodes may begin and end at the same places: one holds the other
    const key = (node.from * 200_001 + node.to) * 1024 + node.type.id;
    if (parts.has(key)) return [unknown];
    open.set(scope.unit.code, parts.add(key));
    deep++;
    const values = distinct(nodeValues(e, source));
    deep--;
    parts.delete(key);
    return values;
  };
  const e: Evaluator = {
    around,
    of,
    isDead: when => isDead(e, when),
    isEver: false,
    truth: at => truth(e, at),
    bound: (scope, name, use) => bound(e, scope, name, use),
    exported: (module, name) => exported(e, module, name),
    member: (value, name) => member(e, value, name),
    variable: name => {
      const value = around.variable(name);
      return value === undefined ? nothing : value === null ? unknown : textValue(value);
    },
    callees: call =>
      of({ ...call, node: partsOf(call.node).find(({ name }) => name !== 'new') ?? call.node }).flatMap(value =>
        // `module.exports = function`
        value.k === 'module' ? e.exported(value.module, 'default') : value,
      ),
    isSpent: () => steps > mostSteps,
  };
  return e;
}

function sourceValues(e: Evaluator, source: Exclude<Source, Part>): readonly Value[] {
  switch (source.k) {
    case 'element':
      return e.of(source.of).flatMap(value => element(e, value, source.at));
    case 'member':
      return e.of(source.of).flatMap(value => e.member(value, source.name));
    case 'import':
      return imported(e, source.from, source.name, e.around.moduleOf(source.unit));
    case 'unit':
      return [{ k: 'unit', unit: source.unit }];
    case 'this':
      return [{ k: 'made', unit: source.unit }];
    case 'nothing':
      return [nothing];
    case 'unknown':
      return [unknown];
  }
}

const isUnsure = ({ k }: Value): boolean => k === 'unknown' || k === 'method' || k === 'library';

function nodeValues(e: Evaluator, at: Part): readonly Value[] {
  const { node, scope } = at;
  const { text } = scope.unit.code;
  const parts = partsOf(node);
  const part = (each: SyntaxNode | undefined): Source => (each ? { ...at, node: each } : { k: 'unknown' });
  const of = (each: SyntaxNode | undefined): readonly Value[] => e.of(part(each));
  const write = (each: SyntaxNode): string => text.slice(each.from, each.to);
  switch (node.name) {
    case 'VariableName':
    case 'VariableDefinition':
    case 'PropertyDefinition':
      return write(node) === 'undefined' ? [nothing] : named(e, write(node), at);
    case 'ContinuedString':
      return parts.reduce<readonly Value[]>((left, each) => cross(left, of(each), concatenated), [textValue('')]);
    case 'FormatString':
    case 'TemplateString':
      return template(e, at, parts);
    case 'ReturnStatement':
      return parts.length > 2 ? list(parts.slice(1), part) : [nothing];
    case 'this': {
      const owner = ownerOf(scope.unit);
      return [owner ? { k: 'made', unit: owner } : unknown];
    }
    case 'ImportMeta':
      return [{ k: 'meta', module: e.around.moduleOf(scope.unit) }];
    case 'ParenthesizedExpression':
    case 'AwaitExpression':
      return of(parts.find(each => !/^(?:\(|await)$/.test(each.name)));
    case 'PostfixExpression':
      return of(parts[0]);
    case 'NamedExpression':
    case 'AssignmentExpression':
      return of(parts.at(-1));
    case 'MemberExpression': {
      const last = parts.at(-1);
      if (last && /PropertyName$/.test(last.name)) return of(parts[0]).flatMap(value => e.member(value, write(last)));
      return found(parts, ':') ? [unknown] : of(parts[0]).flatMap(value => of(parts.at(-2)).flatMap(key => indexed(e, value, key)));
    }
    case 'CallExpression':
    case 'NewExpression':
      return call(e, at, parts);
    case 'DynamicImport': {
      const from = literal(parts[2], text);
      return from === null ? [unknown] : imported(e, from, null, e.around.moduleOf(scope.unit));
    }
    case 'BinaryExpression':
      return binary(e, at, parts);
    case 'UnaryExpression': {
      const test = /^(?:not|!)$/.test(write(parts[0]!)) ? e.truth({ ...at, node: parts[1]! }) : null;
      return [test === null ? unknown : { k: 'const', value: !test }];
    }
    case 'ConditionalExpression': {
      const [yes, test, no] = scope.unit.code.language === 'python' ? [0, 2, 4] : [2, 0, 4];
      const holds = parts[test] ? e.truth({ ...at, node: parts[test] }) : null;
      return [...(holds === false ? [] : of(parts[yes])), ...(holds === true ? [] : of(parts[no]))];
    }
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'SetExpression':
      return list(parts, part);
    case 'ObjectExpression':
    case 'DictionaryExpression':
      return [{ k: 'entries', entries: commaParts(parts).map(group => entryOf(group, text, part)) }];
    case 'ArrowFunction':
    case 'FunctionExpression':
    case 'LambdaExpression':
    case 'ClassExpression':
    case 'Property': {
      const unit = scope.unit.code.written.get(node.from);
      return [unit ? { k: 'unit', unit } : unknown];
    }
    default:
      return [constant(node, text)];
  }
}

/** The value of a literal. */
function constant(node: SyntaxNode, text: string): Value {
  const written = text.slice(node.from, node.to);
  if (node.name === 'String') return textValue(literal(node, text) ?? '');
  if (node.name === 'Number') return { k: 'const', value: Number(written) };
  if (/^Boolean/.test(node.name)) return { k: 'const', value: /^true$/i.test(written) };
  return node.name === 'None' || node.name === 'null' ? nothing : unknown;
}

const list = (parts: readonly SyntaxNode[], part: (node: SyntaxNode | undefined) => Source): readonly Value[] => [
  { k: 'list', items: commaParts(parts).map(group => (group.length === 1 ? part(group[0]) : { k: 'unknown' })) },
];

function entryOf(group: readonly SyntaxNode[], text: string, part: (node: SyntaxNode | undefined) => Source): Entry {
  if (group[0]!.name !== 'Property') return { key: group[1]?.name === ':' ? literal(group[0], text) : null, value: part(group.at(-1)) };
  const { key, value } = propertyOf(group[0]!, text);
  const name = key && (literal(key, text) ?? (text[key.from - 1] === '[' ? null : text.slice(key.from, key.to)));
  // `{ path }` is the name and its value
  return { key: name, value: part(value) };
}

/** A text with values filled in. */
function template(e: Evaluator, at: Part, parts: readonly SyntaxNode[]): readonly Value[] {
  const { text } = at.scope.unit.code;
  const { node } = at;
  const [open = '`', mark = '', quote = '`'] = /^(\w*)("""|'''|["'])/.exec(text.slice(node.from, node.from + 9)) ?? [];
  let values: readonly Value[] = [textValue('')];
  let from = node.from + open.length;
  const plain = (to: number): void => {
    const raw = text.slice(from, Math.max(from, to));
    const braces = node.name === 'FormatString' ? raw.replace(/\{\{/g, '{').replace(/\}\}/g, '}') : raw;
    values = cross(values, [textValue(/r/i.test(mark) ? braces : unescaped(braces))], concatenated);
  };
  for (const each of parts) {
    if (each.name !== 'FormatReplacement' && each.name !== 'Interpolation') continue;
    plain(each.from);
    const inner = partsOf(each);
    // a format may write a number in another way
    const isPlain = !found(inner, 'FormatSpec');
    const filled = inner[1] ? e.of({ ...at, node: inner[1] }) : [unknown];
    values = cross(
      values,
      filled.map(value => (value.k === 'const' && !isPlain ? unknown : value)),
      concatenated,
    );
    from = each.to;
  }
  plain(node.to - quote.length);
  return values;
}

function call(e: Evaluator, at: Part, parts: readonly SyntaxNode[]): readonly Value[] {
  const { text } = at.scope.unit.code;
  const from = literal(partsOf(found(parts, 'ArgList') ?? at.node)[1], text);
  if (from !== null && parts[0]?.name === 'VariableName' && text.slice(parts[0].from, parts[0].to) === 'require')
    return imported(e, from, null, e.around.moduleOf(at.scope.unit));
  return e.callees(at).flatMap((value): readonly Value[] => {
    if (value.k === 'unit' && value.unit.kind === 'class') return [{ k: 'made', unit: value.unit }];
    if (value.k === 'unit') {
      const results = value.unit.returns.filter(({ when }) => !e.isDead(when)).flatMap(result => e.of(result));
      return results.length === 0 ? [unknown] : results;
    }
    return value.k === 'library' || value.k === 'method' ? callResult(e, value, at) : [unknown];
  });
}

function binary(e: Evaluator, at: Part, parts: readonly SyntaxNode[]): readonly Value[] {
  const { text } = at.scope.unit.code;
  const [left, right] = [parts[0]!, parts.at(-1)!];
  const sign = signOf(parts, text);
  const of = (node: SyntaxNode): readonly Value[] => e.of({ ...at, node });
  if (sign === 'as' || sign === 'satisfies') return of(left);
  if (sign === '+') return cross(of(left), of(right), concatenated);
  if (sign === '/') return cross(of(left), of(right), (one, other) => joined(one, other, false));
  if (sign === 'and' || sign === '&&') return e.truth({ ...at, node: left }) === false ? of(left) : of(right);
  if (sign === 'or' || sign === '||' || sign === '??')
    return of(left).flatMap(value => {
      if (value.k === 'nothing' || (sign !== '??' && isTrue(value) === false)) return of(right);
      return isUnsure(value) ? [value, ...of(right)] : value;
    });
  const holds = e.truth(at);
  return [holds === null ? unknown : { k: 'const', value: holds }];
}
