import type { SyntaxNode } from '@lezer/common';
import { createBuilder, other, type Builder } from './build';
import { commaParts, mostDeep, partsOf, unescaped } from './nodes';
import type { Argument, Code, Entry, Expr, Unit } from './tree';

/** Reads the tree of a Python program into the small one. */
export function readPython(top: SyntaxNode, text: string): Code {
  const build = createBuilder();
  createReader(build, text).block(partsOf(top));
  return build.code('python', text);
}

interface Reader {
  block(parts: readonly SyntaxNode[]): void;
}

const found = (parts: readonly SyntaxNode[], name: string): SyntaxNode | undefined => parts.find(part => part.name === name);

function createReader(build: Builder, text: string): Reader {
  const write = (node: SyntaxNode): string => text.slice(node.from, node.to);
  let deep = 0;
  /** The first parameter of the method that is read, and the names that are those of the module around. */
  let self: string | null = null;
  let outer: ReadonlySet<string> = new Set();

  function expr(node: SyntaxNode | undefined): Expr {
    if (!node || deep > mostDeep) return other;
    deep++;
    const value = read(node);
    deep--;
    return value;
  }

  /** A string literal, with what is filled into it. */
  function string(node: SyntaxNode): Expr {
    const [, mark = '', quote = ''] = /^(\w*)("""|'''|"|')/.exec(write(node)) ?? [];
    const inner = [node.from + mark.length + quote.length, node.to - quote.length] as const;
    const plain = (from: number, to: number): Expr => {
      const raw = text.slice(from, Math.max(from, to));
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
      const value = expr(inside[1]);
      // a format may write a number in another way
      parts.push(found(inside, 'FormatSpec') && value.k === 'const' ? other : value);
      at = part.to;
    }
    return { k: 'join', parts: [...parts, plain(at, inner[1])] };
  }

  const marks = new Set(['for', 'in', 'async', 'if', ':', '[', ']', '{', '}', '(', ')']);

  /** `[f(x) for x in y if z]`: what is in front is done for each. */
  function comprehension(node: SyntaxNode): Expr {
    const parts = partsOf(node);
    const start = parts.findIndex(({ name }) => name === 'for' || name === 'async');
    if (start < 0) return other;
    return build.inBlock(() => {
      for (let at = start; at < parts.length; at++) {
        if (parts[at]!.name !== 'for') continue;
        const end = parts.findIndex((part, index) => index > at && part.name === 'in');
        const over = expr(parts[end + 1]);
        const targets = commaParts(parts.slice(at + 1, end)).map(([target]) => target!);
        assignAll(targets, over, node.from, 'block');
      }
      parts.forEach((part, at) => (part.name === 'if' && at > start ? expr(parts[at + 1]) : undefined));
      const values = parts.slice(0, start).filter(({ name }) => !marks.has(name));
      return { k: 'list', items: [expr(values.at(-1))] };
    });
  }

  /** Names that are given what each turn of a loop brings. */
  function assignAll(targets: readonly SyntaxNode[], over: Expr, at: number, where: 'block' | 'unit'): void {
    const each: Expr = { k: 'element', of: over, at: null };
    if (targets.length === 1) assign(targets[0]!, each, at, where);
    else targets.forEach((target, index) => assign(target, { k: 'element', of: each, at: index }, at, where));
  }

  function args(list: SyntaxNode | undefined): readonly Argument[] {
    const parts = list ? partsOf(list) : [];
    if (list && parts.some(({ name }) => name === 'for'))
      return [{ value: comprehension(list), name: null, isSpread: false, from: list.from, to: list.to }];
    return commaParts(parts).map(group => {
      const isNamed = group[1]?.name === 'AssignOp';
      const isSpread = /^\*{1,2}$/.test(group[0]!.name);
      const last = group.at(-1)!;
      return { value: expr(last), name: isNamed ? write(group[0]!) : null, isSpread, from: last.from, to: last.to };
    });
  }

  function read(node: SyntaxNode): Expr {
    const parts = partsOf(node);
    switch (node.name) {
      case 'VariableName':
        return build.name(write(node), node.from);
      case 'String':
      case 'FormatString':
        return string(node);
      case 'ContinuedString':
        return { k: 'join', parts: parts.map(string) };
      case 'Number':
        return { k: 'const', value: Number(write(node)) };
      case 'Boolean':
        return { k: 'const', value: write(node) === 'True' };
      case 'None':
        return { k: 'const', value: null };
      case 'ParenthesizedExpression':
      case 'AwaitExpression':
      case 'YieldExpression':
        return expr(parts.find(part => !/^(?:\(|await|yield|from)$/.test(part.name)));
      case 'MemberExpression': {
        const of = expr(parts[0]);
        const property = found(parts, 'PropertyName');
        if (property) return build.member(of, write(property));
        return parts.some(({ name }) => name === ':') ? other : { k: 'index', of, key: expr(parts[2]) };
      }
      case 'CallExpression': {
        const callee = expr(parts[0]);
        return build.call(callee, args(found(parts, 'ArgList')), node.from, node.to);
      }
      case 'BinaryExpression': {
        const sign = parts.slice(1, -1).map(write).join(' ');
        const [left, right] = [expr(parts[0]), expr(parts.at(-1))];
        if (sign === '+') return { k: 'join', parts: [left, right] };
        return sign === 'or' || sign === 'and' ? { k: 'either', sign, left, right } : { k: 'binary', sign, left, right };
      }
      case 'UnaryExpression':
        return parts[0]?.name === 'not' ? { k: 'not', of: expr(parts[1]) } : (expr(parts[1]), other);
      case 'ConditionalExpression':
        return { k: 'choice', yes: expr(parts[0]), test: expr(parts[2]), no: expr(parts[4]) };
      case 'NamedExpression': {
        const value = expr(parts.at(-1));
        if (parts[0]) assign(parts[0], value, node.to);
        return value;
      }
      case 'LambdaExpression': {
        const unit = build.inUnit('function', { isGiven: true }, it => {
          parameters(found(parts, 'ParamList'), it);
          build.returns(expr(parts.at(-1)));
        });
        return { k: 'unit', unit };
      }
      case 'TupleExpression':
      case 'ArrayExpression':
      case 'SetExpression':
        return { k: 'list', items: commaParts(parts).map(group => (group.length === 1 ? expr(group[0]) : (expr(group.at(-1)), other))) };
      case 'DictionaryExpression': {
        const entries = commaParts(parts).map((group): Entry => ({
          key: group[1]?.name === ':' ? expr(group[0]) : null,
          value: expr(group.at(-1)),
        }));
        for (const { key, value } of entries) if (key?.k === 'text') build.sets(key.text, value, entries);
        return { k: 'object', entries };
      }
      case 'ArrayComprehensionExpression':
      case 'ComprehensionExpression':
      case 'SetComprehensionExpression':
      case 'DictionaryComprehensionExpression':
        return comprehension(node);
      default:
        for (const part of parts) expr(part);
        return other;
    }
  }

  /** Gives a target a value: a name, names with commas between them, a field, an entry. */
  function assign(target: SyntaxNode, value: Expr, at: number, where: 'block' | 'unit' = 'unit'): void {
    const parts = partsOf(target);
    if (target.name === 'VariableName') {
      const name = write(target);
      build.declare(name, value, at, outer.has(name) ? 'declared' : where);
      if (build.unit().kind !== 'function') build.sets(name, value);
    } else if (target.name === 'TupleExpression' || target.name === 'ArrayExpression' || target.name === 'ParenthesizedExpression')
      commaParts(parts).forEach(([part], index) => assign(part!, { k: 'element', of: value, at: index }, at, where));
    else if (target.name === 'MemberExpression') {
      const last = parts.at(-1);
      const owner = build.unit().owner;
      if (!last) return;
      if (last.name !== 'PropertyName') {
        const key = expr(parts[2]);
        expr(parts[0]);
        if (key.k === 'text') build.sets(key.text, value);
      } else if (owner && write(parts[0]!) === self) build.field(owner, write(last), value, at);
      else {
        expr(parts[0]);
        build.sets(write(last), value);
      }
    }
  }

  function parameters(list: SyntaxNode | undefined, unit: Unit): void {
    commaParts(list ? partsOf(list) : []).forEach(group => {
      const isRest = /^\*/.test(group[0]!.name);
      const target = group.find(({ name }) => name === 'VariableName');
      const at = group.findIndex(({ name }) => name === 'AssignOp');
      if (!target) return;
      const name = write(target);
      if (unit.owner && unit.parameters.length === 0 && self === null && !isRest) {
        self = name;
        build.declare(name, { k: 'this', unit: unit.owner }, target.from);
        return;
      }
      unit.parameters.push({ name, standard: at < 0 ? null : expr(group[at + 1]), isRest });
      build.declare(name, { k: 'parameter', unit, at: unit.parameters.length - 1 }, target.from);
    });
  }

  /** The names that a body says are those of the code around. */
  function outerNames(body: SyntaxNode | undefined): ReadonlySet<string> {
    const statements = body ? partsOf(body).filter(({ name }) => name === 'ScopeStatement') : [];
    return new Set(statements.flatMap(statement => partsOf(statement).flatMap(part => (part.name === 'VariableName' ? write(part) : []))));
  }

  function define(node: SyntaxNode, decorators: readonly string[]): void {
    const parts = partsOf(node);
    const body = found(parts, 'Body');
    const name = write(found(parts, 'VariableName') ?? node);
    const isClass = node.name === 'ClassDefinition';
    const here = build.unit();
    const owner = !isClass && here.kind === 'class' ? here : null;
    const bases = isClass ? args(found(parts, 'ArgList')) : [];
    const isGiven = decorators.some(
      each =>
        !/^(?:(?:functools\.)?(?:cached_)?property|staticmethod|classmethod|dataclass(?:es)?|abstractmethod|override|cache|lru_cache|functools|contextmanager|contextlib|final|wraps)\b/.test(
          each,
        ),
    );
    const isProperty = owner !== null && decorators.some(each => /(?:^|\.)(?:cached_)?property$/.test(each));
    const unit = build.inUnit(isClass ? 'class' : 'function', { name, owner, isGiven, isProperty }, it => {
      const before = [self, outer] as const;
      // without a decorator a method is given its object first
      self = owner && !decorators.includes('staticmethod') ? null : owner ? '' : self;
      outer = outerNames(body);
      if (isClass) it.bases.push(...bases.flatMap(({ value, name: keyword }) => (keyword === null ? value : [])));
      else parameters(found(parts, 'ParamList'), it);
      block(body ? partsOf(body) : []);
      [self, outer] = before;
    });
    owner?.methods.set(name, unit);
    build.declare(name, { k: 'unit', unit }, node.to, outer.has(name) ? 'declared' : 'unit');
  }

  function importFrom(parts: readonly SyntaxNode[], at: number): void {
    const names = parts.findIndex(({ name }) => name === 'import');
    const from = parts.slice(1, names).map(write).join('');
    for (const group of commaParts(parts.slice(names + 1))) {
      const name = write(group[0]!);
      if (name === '*') build.declare('*', build.import(from, null), at, 'unit');
      else build.declare(write(group.at(-1)!), build.import(from, name), at, 'unit');
    }
  }

  function importModules(parts: readonly SyntaxNode[], at: number): void {
    for (const group of commaParts(parts.slice(1))) {
      const as = group.findIndex(({ name }) => name === 'as');
      const whole = (as < 0 ? group : group.slice(0, as)).map(write).join('');
      const value = build.import(whole, null);
      if (as >= 0) build.declare(write(group.at(-1)!), value, at, 'unit');
      // `import a.b` gives the name `a`
      else if (whole.includes('.'))
        build.declare(whole.slice(0, whole.indexOf('.')), build.import(whole.slice(0, whole.indexOf('.')), null), at, 'unit');
      else build.declare(whole, value, at, 'unit');
    }
  }

  /** `if`, `elif`, `else`, one after the other. */
  function branches(parts: readonly SyntaxNode[]): void {
    const [, test, ...rest] = parts;
    const condition = expr(test);
    const body = rest.findIndex(({ name }) => name === 'Body');
    build.under(condition, true, () => block(rest[body] ? partsOf(rest[body]) : []));
    const next = rest[body + 1];
    if (next) build.under(condition, false, () => (next.name === 'elif' ? branches(rest.slice(body + 1)) : bodies(rest.slice(body + 1))));
  }

  function bodies(parts: readonly SyntaxNode[]): void {
    for (const part of parts) {
      if (part.name === 'Body' || part.name === 'MatchBody') block(partsOf(part));
      else if (part.name === 'MatchClause') build.under(null, true, () => bodies(partsOf(part)));
    }
  }

  function assignment(parts: readonly SyntaxNode[], at: number): void {
    const sides: SyntaxNode[][] = [[]];
    for (const part of parts) {
      if (part.name === 'AssignOp') sides.push([]);
      else if (part.name !== 'TypeDef') sides.at(-1)!.push(part);
    }
    const targets = sides.slice(0, -1).map(side => commaParts(side).map(([part]) => part!));
    if (targets.length === 0) {
      const unit = build.unit();
      if (unit.kind === 'class' && parts[0]) unit.declared.push(write(parts[0]));
      return;
    }
    const values = commaParts(sides.at(-1)!).map(([part]) => expr(part));
    const value: Expr = values.length === 1 ? values[0]! : { k: 'list', items: values };
    for (const names of targets)
      names.forEach((target, index) => assign(target, names.length === 1 ? value : { k: 'element', of: value, at: index }, at));
  }

  function statement(node: SyntaxNode, decorators: readonly string[] = []): void {
    const parts = partsOf(node);
    switch (node.name) {
      case 'ImportStatement':
        return parts[0]?.name === 'from' ? importFrom(parts, node.to) : importModules(parts, node.to);
      case 'AssignStatement':
        return assignment(parts, node.to);
      case 'UpdateStatement': {
        if (!parts[0] || !parts[1]) return;
        const value: Expr = write(parts[1]) === '+=' ? { k: 'join', parts: [expr(parts[0]), expr(parts[2])] } : (expr(parts[2]), other);
        return assign(parts[0], value, node.to);
      }
      case 'FunctionDefinition':
      case 'ClassDefinition':
        return define(node, decorators);
      case 'DecoratedStatement': {
        const names = parts.flatMap(part => (part.name === 'Decorator' ? write(part).slice(1) : []));
        for (const part of parts)
          if (part.name === 'Decorator') for (const inner of partsOf(part)) if (inner.name === 'ArgList') args(inner);
        return parts.length > 0 ? statement(parts.at(-1)!, names) : undefined;
      }
      case 'IfStatement':
        return branches(parts);
      case 'ForStatement': {
        const start = parts.findIndex(({ name }) => name === 'for');
        const end = parts.findIndex(({ name }) => name === 'in');
        const over = expr(parts[end + 1]);
        return build.under(null, true, () => {
          assignAll(
            commaParts(parts.slice(start + 1, end)).map(([target]) => target!),
            over,
            parts[end]?.to ?? node.from,
            'unit',
          );
          bodies(parts);
        });
      }
      case 'WhileStatement': {
        const test = expr(parts[1]);
        return build.under(test, true, () => bodies(parts));
      }
      case 'WithStatement':
        return withStatement(parts);
      case 'TryStatement':
        parts.forEach((part, at) => {
          const before = parts.slice(0, at).findLast(({ name }) => /^(?:try|except|else|finally)$/.test(name));
          if (part.name !== 'Body') return;
          if (before?.name === 'except') build.under(null, true, () => block(partsOf(part)));
          else block(partsOf(part));
        });
        return;
      case 'ReturnStatement':
        return build.returns(
          parts.length < 2
            ? { k: 'const', value: null }
            : parts.length === 2
              ? expr(parts[1])
              : { k: 'list', items: commaParts(parts.slice(1)).map(([part]) => expr(part)) },
        );
      case 'MatchStatement':
        expr(parts[1]);
        return bodies(parts);
      case 'StatementGroup':
        return block(parts);
      default:
        for (const part of parts) expr(part);
    }
  }

  function withStatement(parts: readonly SyntaxNode[]): void {
    const end = parts.findIndex(({ name }) => name === 'Body');
    for (const group of commaParts(parts.slice(0, end).filter(({ name }) => name !== 'with' && name !== 'async'))) {
      const value = expr(group[0]);
      if (group[1]?.name === 'as' && group[2]) assign(group[2], value, group[2].to);
    }
    bodies(parts);
  }

  function block(parts: readonly SyntaxNode[]): void {
    if (deep > mostDeep) return;
    deep++;
    for (const part of parts) if (/Statement$|Definition$|^StatementGroup$/.test(part.name)) statement(part);
    deep--;
  }

  return { block };
}
