import type { SyntaxNode } from '@lezer/common';
import { other, type Builder } from './build';
import { commaParts, found, mostDeep, partsOf, unescaped } from './nodes';
import type { Argument, Entry, Expr, Unit } from './tree';

/** What reads a program, and how far it has come. */
export interface Reader {
  readonly build: Builder;
  readonly text: string;
  readonly write: (node: SyntaxNode) => string;
  deep: number;
  /** The first parameter of the method that is read. */
  self: string | null;
  /** The names that are those of the code around. */
  outer: ReadonlySet<string>;
}

/** What stands in a comprehension beside its values. */
const marks = new Set(['for', 'in', 'async', 'if', ':', '[', ']', '{', '}', '(', ')']);

/** Reads an expression. */
export function expr(r: Reader, node: SyntaxNode | undefined): Expr {
  if (!node || r.deep > mostDeep) return other;
  r.deep++;
  const value = read(r, node);
  r.deep--;
  return value;
}

/** A string literal, with what is filled into it. */
function string(r: Reader, node: SyntaxNode): Expr {
  const [, mark = '', quote = ''] = /^(\w*)("""|'''|"|')/.exec(r.write(node)) ?? [];
  const inner = [node.from + mark.length + quote.length, node.to - quote.length] as const;
  const plain = (from: number, to: number): Expr => {
    const raw = r.text.slice(from, Math.max(from, to));
    const braces = node.name === 'FormatString' ? raw.replace(/\{\{/g, '{').replace(/\}\}/g, '}') : raw;
    return { k: 'text', text: /r/i.test(mark) ? braces : unescaped(braces) };
  };
  if (node.name !== 'FormatString') return plain(...inner);
  const parts: Expr[] = [];
  let at = inner[0];
  for (const part of partsOf(node)) {
    if (part.name !== 'FormatReplacement') continue;
    parts.push(plain(at, part.from));
    const inside = partsOf(part);
    const value = expr(r, inside[1]);
    // a format may write a number in another way
    parts.push(found(inside, 'FormatSpec') && value.k === 'const' ? other : value);
    at = part.to;
  }
  return { k: 'join', parts: [...parts, plain(at, inner[1])] };
}

/** `[f(x) for x in y if z]`: what is in front is done for each. */
function comprehension(r: Reader, node: SyntaxNode): Expr {
  const parts = partsOf(node);
  const start = parts.findIndex(({ name }) => name === 'for' || name === 'async');
  if (start < 0) return other;
  return r.build.inBlock(() => {
    for (let at = start; at < parts.length; at++) {
      if (parts[at]!.name !== 'for') continue;
      const end = parts.findIndex((part, index) => index > at && part.name === 'in');
      const over = expr(r, parts[end + 1]);
      const targets = commaParts(parts.slice(at + 1, end)).map(([target]) => target!);
      assignAll(r, targets, over, node.from, 'block');
    }
    parts.forEach((part, at) => (part.name === 'if' && at > start ? expr(r, parts[at + 1]) : undefined));
    const values = parts.slice(0, start).filter(({ name }) => !marks.has(name));
    return { k: 'list', items: [expr(r, values.at(-1))] };
  });
}

/** Names that are given what each turn of a loop brings. */
export function assignAll(r: Reader, targets: readonly SyntaxNode[], over: Expr, at: number, where: 'block' | 'unit'): void {
  const each: Expr = { k: 'element', of: over, at: null };
  if (targets.length === 1) assign(r, targets[0]!, each, at, where);
  else targets.forEach((target, index) => assign(r, target, { k: 'element', of: each, at: index }, at, where));
}

export function args(r: Reader, list: SyntaxNode | undefined): readonly Argument[] {
  const parts = list ? partsOf(list) : [];
  if (list && parts.some(({ name }) => name === 'for'))
    return [{ value: comprehension(r, list), name: null, isSpread: false, from: list.from, to: list.to }];
  return commaParts(parts).map(group => {
    const isNamed = group[1]?.name === 'AssignOp';
    const isSpread = /^\*{1,2}$/.test(group[0]!.name);
    const last = group.at(-1)!;
    return { value: expr(r, last), name: isNamed ? r.write(group[0]!) : null, isSpread, from: last.from, to: last.to };
  });
}

function read(r: Reader, node: SyntaxNode): Expr {
  const parts = partsOf(node);
  switch (node.name) {
    case 'VariableName':
      return r.build.name(r.write(node), node.from);
    case 'String':
    case 'FormatString':
      return string(r, node);
    case 'ContinuedString':
      return { k: 'join', parts: parts.map(part => string(r, part)) };
    case 'Number':
      return { k: 'const', value: Number(r.write(node)) };
    case 'Boolean':
      return { k: 'const', value: r.write(node) === 'True' };
    case 'None':
      return { k: 'const', value: null };
    case 'ParenthesizedExpression':
    case 'AwaitExpression':
    case 'YieldExpression':
      return expr(
        r,
        parts.find(part => !/^(?:\(|await|yield|from)$/.test(part.name)),
      );
    case 'MemberExpression': {
      const of = expr(r, parts[0]);
      const property = found(parts, 'PropertyName');
      if (property) return r.build.member(of, r.write(property));
      return parts.some(({ name }) => name === ':') ? other : { k: 'index', of, key: expr(r, parts[2]) };
    }
    case 'CallExpression': {
      const callee = expr(r, parts[0]);
      return r.build.call(callee, args(r, found(parts, 'ArgList')), node.from, node.to);
    }
    case 'BinaryExpression': {
      const sign = parts.slice(1, -1).map(r.write).join(' ');
      const [left, right] = [expr(r, parts[0]), expr(r, parts.at(-1))];
      if (sign === '+') return { k: 'join', parts: [left, right] };
      return sign === 'or' || sign === 'and' ? { k: 'either', sign, left, right } : { k: 'binary', sign, left, right };
    }
    case 'UnaryExpression':
      return parts[0]?.name === 'not' ? { k: 'not', of: expr(r, parts[1]) } : (expr(r, parts[1]), other);
    case 'ConditionalExpression':
      return { k: 'choice', yes: expr(r, parts[0]), test: expr(r, parts[2]), no: expr(r, parts[4]) };
    case 'NamedExpression': {
      const value = expr(r, parts.at(-1));
      if (parts[0]) assign(r, parts[0], value, node.to);
      return value;
    }
    case 'LambdaExpression': {
      const unit = r.build.inUnit('function', { isGiven: true }, it => {
        parameters(r, found(parts, 'ParamList'), it);
        r.build.returns(expr(r, parts.at(-1)));
      });
      return { k: 'unit', unit };
    }
    case 'TupleExpression':
    case 'ArrayExpression':
    case 'SetExpression':
      return {
        k: 'list',
        items: commaParts(parts).map(group => (group.length === 1 ? expr(r, group[0]) : (expr(r, group.at(-1)), other))),
      };
    case 'DictionaryExpression': {
      const entries = commaParts(parts).map((group): Entry => ({
        key: group[1]?.name === ':' ? expr(r, group[0]) : null,
        value: expr(r, group.at(-1)),
      }));
      for (const { key, value } of entries) if (key?.k === 'text') r.build.sets(key.text, value, entries);
      return { k: 'object', entries };
    }
    case 'ArrayComprehensionExpression':
    case 'ComprehensionExpression':
    case 'SetComprehensionExpression':
    case 'DictionaryComprehensionExpression':
      return comprehension(r, node);
    default:
      for (const part of parts) expr(r, part);
      return other;
  }
}

/** Gives a target a value: a name, names with commas between them, a field, an entry. */
export function assign(r: Reader, target: SyntaxNode, value: Expr, at: number, where: 'block' | 'unit' = 'unit'): void {
  const parts = partsOf(target);
  if (target.name === 'VariableName') {
    const name = r.write(target);
    r.build.declare(name, value, at, r.outer.has(name) ? 'declared' : where);
    if (r.build.unit().kind !== 'function') r.build.sets(name, value);
  } else if (target.name === 'TupleExpression' || target.name === 'ArrayExpression' || target.name === 'ParenthesizedExpression')
    commaParts(parts).forEach(([part], index) => assign(r, part!, { k: 'element', of: value, at: index }, at, where));
  else if (target.name === 'MemberExpression') {
    const last = parts.at(-1);
    const owner = r.build.unit().owner;
    if (!last) return;
    if (last.name !== 'PropertyName') {
      const key = expr(r, parts[2]);
      expr(r, parts[0]);
      if (key.k === 'text') r.build.sets(key.text, value);
    } else if (owner && r.write(parts[0]!) === r.self) r.build.field(owner, r.write(last), value, at);
    else {
      expr(r, parts[0]);
      r.build.sets(r.write(last), value);
    }
  }
}

export function parameters(r: Reader, list: SyntaxNode | undefined, unit: Unit): void {
  commaParts(list ? partsOf(list) : []).forEach(group => {
    const isRest = /^\*/.test(group[0]!.name);
    const target = group.find(({ name }) => name === 'VariableName');
    const at = group.findIndex(({ name }) => name === 'AssignOp');
    if (!target) return;
    const name = r.write(target);
    if (unit.owner && unit.parameters.length === 0 && r.self === null && !isRest) {
      r.self = name;
      r.build.declare(name, { k: 'this', unit: unit.owner }, target.from);
      return;
    }
    unit.parameters.push({ name, standard: at < 0 ? null : expr(r, group[at + 1]), isRest });
    r.build.declare(name, { k: 'parameter', unit, at: unit.parameters.length - 1 }, target.from);
  });
}
