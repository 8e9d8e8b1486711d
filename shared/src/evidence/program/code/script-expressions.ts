import type { SyntaxNode } from '@lezer/common';
import { other, type Builder } from './build';
import { commaParts, found, mostDeep, partsOf, unescaped } from './nodes';
import type { Argument, Entry, Expr, Unit } from './tree';

/** What reads a program, how far it has come, and what its expressions ask of functions and classes. */
export interface Reader {
  readonly build: Builder;
  readonly text: string;
  readonly write: (node: SyntaxNode) => string;
  deep: number;
  /** A value that goes by a name: a function or class of that name. */
  named(node: SyntaxNode, name: string): Expr;
  functionOf(node: SyntaxNode, name: string | null, owner: Unit | null, isGiven: boolean): Unit;
  classOf(node: SyntaxNode, name: string | null): Unit;
  /** Reads the statements of a body. */
  block(parts: readonly SyntaxNode[]): void;
}

/** Nodes that are types and say nothing of values. */
export const isType =
  /^(?:Type\w*|ParamTypeList|Privacy|readonly|Optional|Decorator|async|static|abstract|override|declare|get|set|Star|export|default)$/;

/** The class whose object `this` is in a unit: that of the method around, arrow functions in between. */
export const ownerOf = (unit: Unit): Unit | null =>
  unit.owner ?? (unit.kind === 'class' ? unit : unit.kind === 'function' && unit.outer && unit.name === null ? ownerOf(unit.outer) : null);

/** Reads an expression. */
export function expr(r: Reader, node: SyntaxNode | undefined): Expr {
  if (!node || r.deep > mostDeep) return other;
  r.deep++;
  const value = read(r, node);
  r.deep--;
  return value;
}

function template(r: Reader, node: SyntaxNode): Expr {
  const parts: Expr[] = [];
  let at = node.from + 1;
  const plain = (to: number): void => void parts.push({ k: 'text', text: unescaped(r.text.slice(at, Math.max(at, to))) });
  for (const part of partsOf(node)) {
    if (part.name !== 'Interpolation') continue;
    plain(part.from);
    parts.push(expr(r, partsOf(part)[1]));
    at = part.to;
  }
  plain(node.to - 1);
  return { k: 'join', parts };
}

export const textOf = (r: Reader, node: SyntaxNode): string => unescaped(r.text.slice(node.from + 1, node.to - 1));

function args(r: Reader, list: SyntaxNode | undefined): readonly Argument[] {
  return commaParts(list ? partsOf(list) : []).map(group => {
    const last = group.at(-1)!;
    return { value: expr(r, last), name: null, isSpread: group[0]!.name === 'Spread', from: last.from, to: last.to };
  });
}

/** The value of what may be left out: its default then. */
const orStandard = (r: Reader, value: Expr, group: readonly SyntaxNode[]): Expr => {
  const at = group.findIndex(({ name }) => name === 'Equals');
  return at < 0 ? value : { k: 'either', sign: '??', left: value, right: expr(r, group[at + 1]) };
};

/** Gives a name, or those of a pattern, a value. */
export function assign(r: Reader, target: SyntaxNode, value: Expr, at: number, where: 'block' | 'unit' | 'declared'): void {
  const parts = partsOf(target);
  if (/^Variable(?:Definition|Name)$/.test(target.name)) {
    r.build.declare(r.write(target), value, at, where);
    if (r.build.unit().kind === 'module') r.build.sets(r.write(target), value);
  } else if (target.name === 'ObjectPattern' || target.name === 'ObjectExpression')
    for (const [property] of commaParts(parts)) {
      const inner = partsOf(property!);
      if (!inner[0] || inner[0].name === 'Spread') continue;
      const key = inner[0].name === 'String' ? textOf(r, inner[0]) : r.write(inner[0]);
      const colon = inner.findIndex(({ name }) => name === ':');
      const own = orStandard(r, r.build.member(value, key), inner);
      const to = colon < 0 ? inner[0] : inner[colon + 1];
      if (!to) continue;
      if (/^Property/.test(to.name)) r.build.declare(key, own, at, where);
      else assign(r, to, own, at, where);
    }
  else if (target.name === 'ArrayPattern' || target.name === 'ArrayExpression')
    commaParts(parts).forEach((group, index) =>
      assign(r, group[0]!, orStandard(r, { k: 'element', of: value, at: index }, group), at, where),
    );
  else if (target.name === 'MemberExpression') member(r, parts, value, at);
}

/** `this.root = …`, `module.exports.save = …`, `config['root'] = …`. */
export function member(r: Reader, parts: readonly SyntaxNode[], value: Expr, at: number): void {
  const owner = ownerOf(r.build.unit());
  const last = parts.at(-1);
  if (!last) return;
  const isName = /PropertyName$/.test(last.name);
  const key = isName ? null : expr(r, parts[2]);
  const name = isName ? r.write(last) : key?.k === 'text' ? key.text : null;
  if (name === null) return void expr(r, parts[0]);
  const of = r.write(parts[0]!);
  if (of === 'this' && owner) return r.build.field(owner, name, value, at);
  if (of === 'exports' || of === 'module.exports') return r.build.declare(`export ${name}`, value, at, 'declared');
  if (of === 'module' && name === 'exports') return r.build.declare('module.exports', value, at, 'declared');
  expr(r, parts[0]);
  r.build.sets(name, value);
}

function object(r: Reader, parts: readonly SyntaxNode[]): Expr {
  const entries = commaParts(parts).map(([property]): Entry => {
    const inner = partsOf(property!);
    const first = inner.find(({ name }) => !isType.test(name)) ?? inner[0];
    if (!first) return { key: null, value: other };
    if (first.name === 'Spread') return { key: null, value: expr(r, inner.at(-1)) };
    const isNamed = /^(?:PropertyDefinition|PropertyName|String|Number)$/.test(first.name);
    const name = first.name === 'String' ? textOf(r, first) : r.write(first);
    const key: Expr = isNamed ? { k: 'text', text: name } : first.name === '[' ? expr(r, inner[1]) : other;
    const colon = inner.findIndex(each => each.name === ':');
    const value: Expr =
      colon >= 0
        ? expr(r, inner[colon + 1])
        : found(inner, 'ParamList')
          ? { k: 'unit', unit: r.functionOf(property!, name, null, true) }
          : r.build.name(r.write(first), first.from);
    return { key, value };
  });
  for (const { key, value } of entries) if (key?.k === 'text') r.build.sets(key.text, value, entries);
  return { k: 'object', entries };
}

function binary(r: Reader, parts: readonly SyntaxNode[]): Expr {
  const sign = parts[1] ? r.write(parts[1]) : '';
  if (sign === 'as' || sign === 'satisfies') return expr(r, parts[0]);
  const [left, right] = [expr(r, parts[0]), expr(r, parts[2])];
  if (sign === '+') return { k: 'join', parts: [left, right] };
  if (sign === '||' || sign === '&&' || sign === '??')
    return { k: 'either', sign: sign === '||' ? 'or' : sign === '&&' ? 'and' : '??', left, right };
  return { k: 'binary', sign, left, right };
}

/** `a = b`, `a += b`, `a ??= b`: what it gives is what `a` is from there on. */
function assignment(r: Reader, node: SyntaxNode, parts: readonly SyntaxNode[]): Expr {
  const [target, sign] = parts;
  if (!target || !sign) return other;
  const isPlain = sign.name === 'Equals';
  // a pattern is no value
  if (!isPlain && target.name.endsWith('Pattern')) return other;
  const name = /(\w{1,100})$/.exec(r.write(target))?.[1] ?? '';
  const value: Expr = isPlain
    ? parts[2]
      ? r.named(parts[2], name)
      : other
    : r.write(sign) === '+='
      ? { k: 'join', parts: [expr(r, target), expr(r, parts[2])] }
      : { k: 'either', sign: '??', left: expr(r, target), right: expr(r, parts[2]) };
  assign(r, target, value, node.to, 'declared');
  return value;
}

function read(r: Reader, node: SyntaxNode): Expr {
  const parts = partsOf(node);
  switch (node.name) {
    case 'VariableName':
      return r.write(node) === 'undefined' ? { k: 'const', value: null } : r.build.name(r.write(node), node.from);
    case 'this': {
      const owner = ownerOf(r.build.unit());
      return owner ? { k: 'this', unit: owner } : other;
    }
    case 'super':
      return r.build.name('super', node.from);
    case 'String':
      return { k: 'text', text: textOf(r, node) };
    case 'TemplateString':
      return template(r, node);
    case 'Number':
      return { k: 'const', value: Number(r.write(node)) };
    case 'BooleanLiteral':
      return { k: 'const', value: r.write(node) === 'true' };
    case 'null':
      return { k: 'const', value: null };
    case 'ImportMeta':
      return r.build.name('import.meta', node.from);
    case 'ParenthesizedExpression':
    case 'AwaitExpression':
      return expr(r, parts[1]);
    case 'PostfixExpression':
      return expr(r, parts[0]);
    case 'SequenceExpression':
      return parts.map(part => (part.name === ',' ? other : expr(r, part))).at(-1) ?? other;
    case 'MemberExpression': {
      const of = expr(r, parts[0]);
      const last = parts.at(-1);
      return last && /PropertyName$/.test(last.name) ? r.build.member(of, r.write(last)) : { k: 'index', of, key: expr(r, parts.at(-2)) };
    }
    case 'CallExpression':
    case 'NewExpression': {
      const callee = parts.find(part => part.name !== 'new');
      const of = expr(r, callee);
      const given = args(r, found(parts, 'ArgList'));
      const [first] = given;
      if (callee?.name === 'VariableName' && r.write(callee) === 'require' && first?.value.k === 'text')
        return r.build.import(first.value.text, null);
      return r.build.call(of, given, node.from, node.to);
    }
    case 'DynamicImport': {
      const from = expr(r, parts[2]);
      return from.k === 'text' ? r.build.import(from.text, null) : other;
    }
    case 'BinaryExpression':
      return binary(r, parts);
    case 'UnaryExpression':
      return parts[0] && r.write(parts[0]) === '!' ? { k: 'not', of: expr(r, parts[1]) } : (expr(r, parts[1]), other);
    case 'ConditionalExpression':
      return { k: 'choice', test: expr(r, parts[0]), yes: expr(r, parts[2]), no: expr(r, parts[4]) };
    case 'AssignmentExpression':
      return assignment(r, node, parts);
    case 'ArrowFunction':
    case 'FunctionExpression':
      return { k: 'unit', unit: r.functionOf(node, null, null, true) };
    case 'ClassExpression':
      return { k: 'unit', unit: r.classOf(node, null) };
    case 'ObjectExpression':
      return object(r, parts);
    case 'ArrayExpression':
      return {
        k: 'list',
        items: commaParts(parts).map(group => (group.length === 1 ? expr(r, group[0]) : (expr(r, group.at(-1)), other))),
      };
    default:
      for (const part of parts) if (!isType.test(part.name)) expr(r, part);
      return other;
  }
}
