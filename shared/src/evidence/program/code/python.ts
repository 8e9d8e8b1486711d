import type { SyntaxNode } from '@lezer/common';
import { createBuilder, other } from './build';
import { commaParts, found, mostDeep, partsOf } from './nodes';
import { args, assign, assignAll, expr, parameters, type Reader } from './python-expressions';
import type { Code, Expr } from './tree';

/** Reads the tree of a Python program into the small one. */
export function readPython(top: SyntaxNode, text: string): Code {
  const build = createBuilder();
  const write = (node: SyntaxNode): string => text.slice(node.from, node.to);
  block({ build, text, write, deep: 0, self: null, outer: new Set() }, partsOf(top));
  return build.code('python', text);
}

/** The names that a body says are those of the code around. */
function outerNames(r: Reader, body: SyntaxNode | undefined): ReadonlySet<string> {
  const statements = body ? partsOf(body).filter(({ name }) => name === 'ScopeStatement') : [];
  return new Set(statements.flatMap(statement => partsOf(statement).flatMap(part => (part.name === 'VariableName' ? r.write(part) : []))));
}

function define(r: Reader, node: SyntaxNode, decorators: readonly string[]): void {
  const parts = partsOf(node);
  const body = found(parts, 'Body');
  const name = r.write(found(parts, 'VariableName') ?? node);
  const isClass = node.name === 'ClassDefinition';
  const here = r.build.unit();
  const owner = !isClass && here.kind === 'class' ? here : null;
  const bases = isClass ? args(r, found(parts, 'ArgList')) : [];
  const isGiven = decorators.some(
    each =>
      !/^(?:(?:functools\.)?(?:cached_)?property|staticmethod|classmethod|dataclass(?:es)?|abstractmethod|override|cache|lru_cache|functools|contextmanager|contextlib|final|wraps)\b/.test(
        each,
      ),
  );
  const unit = r.build.inUnit(isClass ? 'class' : 'function', { name, owner, isGiven }, it => {
    const before = [r.self, r.outer] as const;
    // without a decorator a method is given its object first
    r.self = owner && !decorators.includes('staticmethod') ? null : owner ? '' : r.self;
    r.outer = outerNames(r, body);
    if (isClass) it.bases.push(...bases.flatMap(({ value, name: keyword }) => (keyword === null ? value : [])));
    else parameters(r, found(parts, 'ParamList'), it);
    block(r, body ? partsOf(body) : []);
    [r.self, r.outer] = before;
  });
  owner?.methods.set(name, unit);
  r.build.declare(name, { k: 'unit', unit }, node.to, r.outer.has(name) ? 'declared' : 'unit');
}

function importFrom(r: Reader, parts: readonly SyntaxNode[], at: number): void {
  const names = parts.findIndex(({ name }) => name === 'import');
  const from = parts.slice(1, names).map(r.write).join('');
  for (const group of commaParts(parts.slice(names + 1))) {
    const name = r.write(group[0]!);
    if (name === '*') r.build.declare('*', r.build.import(from, null), at, 'unit');
    else r.build.declare(r.write(group.at(-1)!), r.build.import(from, name), at, 'unit');
  }
}

function importModules(r: Reader, parts: readonly SyntaxNode[], at: number): void {
  for (const group of commaParts(parts.slice(1))) {
    const as = group.findIndex(({ name }) => name === 'as');
    const whole = (as < 0 ? group : group.slice(0, as)).map(r.write).join('');
    const value = r.build.import(whole, null);
    if (as >= 0) r.build.declare(r.write(group.at(-1)!), value, at, 'unit');
    // `import a.b` gives the name `a`
    else if (whole.includes('.'))
      r.build.declare(whole.slice(0, whole.indexOf('.')), r.build.import(whole.slice(0, whole.indexOf('.')), null), at, 'unit');
    else r.build.declare(whole, value, at, 'unit');
  }
}

/** `if`, `elif`, `else`, one after the other. */
function branches(r: Reader, parts: readonly SyntaxNode[]): void {
  const [, test, ...rest] = parts;
  const condition = expr(r, test);
  const body = rest.findIndex(({ name }) => name === 'Body');
  r.build.under(condition, true, () => block(r, rest[body] ? partsOf(rest[body]) : []));
  const next = rest[body + 1];
  if (next)
    r.build.under(condition, false, () => (next.name === 'elif' ? branches(r, rest.slice(body + 1)) : bodies(r, rest.slice(body + 1))));
}

function bodies(r: Reader, parts: readonly SyntaxNode[]): void {
  for (const part of parts) {
    if (part.name === 'Body' || part.name === 'MatchBody') block(r, partsOf(part));
    else if (part.name === 'MatchClause') r.build.under(null, true, () => bodies(r, partsOf(part)));
  }
}

function assignment(r: Reader, parts: readonly SyntaxNode[], at: number): void {
  const sides: SyntaxNode[][] = [[]];
  for (const part of parts) {
    if (part.name === 'AssignOp') sides.push([]);
    else if (part.name !== 'TypeDef') sides.at(-1)!.push(part);
  }
  const targets = sides.slice(0, -1).map(side => commaParts(side).map(([part]) => part!));
  if (targets.length === 0) return;
  const values = commaParts(sides.at(-1)!).map(([part]) => expr(r, part));
  const value: Expr = values.length === 1 ? values[0]! : { k: 'list', items: values };
  for (const names of targets)
    names.forEach((target, index) => assign(r, target, names.length === 1 ? value : { k: 'element', of: value, at: index }, at));
}

function statement(r: Reader, node: SyntaxNode, decorators: readonly string[] = []): void {
  const parts = partsOf(node);
  switch (node.name) {
    case 'ImportStatement':
      return parts[0]?.name === 'from' ? importFrom(r, parts, node.to) : importModules(r, parts, node.to);
    case 'AssignStatement':
      return assignment(r, parts, node.to);
    case 'UpdateStatement': {
      if (!parts[0] || !parts[1]) return;
      const value: Expr =
        r.write(parts[1]) === '+=' ? { k: 'join', parts: [expr(r, parts[0]), expr(r, parts[2])] } : (expr(r, parts[2]), other);
      return assign(r, parts[0], value, node.to);
    }
    case 'FunctionDefinition':
    case 'ClassDefinition':
      return define(r, node, decorators);
    case 'DecoratedStatement': {
      const names = parts.flatMap(part => (part.name === 'Decorator' ? r.write(part).slice(1) : []));
      for (const part of parts)
        if (part.name === 'Decorator') for (const inner of partsOf(part)) if (inner.name === 'ArgList') args(r, inner);
      return parts.length > 0 ? statement(r, parts.at(-1)!, names) : undefined;
    }
    case 'IfStatement':
      return branches(r, parts);
    case 'ForStatement': {
      const start = parts.findIndex(({ name }) => name === 'for');
      const end = parts.findIndex(({ name }) => name === 'in');
      const over = expr(r, parts[end + 1]);
      return r.build.under(null, true, () => {
        assignAll(
          r,
          commaParts(parts.slice(start + 1, end)).map(([target]) => target!),
          over,
          parts[end]?.to ?? node.from,
          'unit',
        );
        bodies(r, parts);
      });
    }
    case 'WhileStatement': {
      const test = expr(r, parts[1]);
      return r.build.under(test, true, () => bodies(r, parts));
    }
    case 'WithStatement':
      return withStatement(r, parts);
    case 'TryStatement':
      parts.forEach((part, at) => {
        const before = parts.slice(0, at).findLast(({ name }) => /^(?:try|except|else|finally)$/.test(name));
        if (part.name !== 'Body') return;
        if (before?.name === 'except') r.build.under(null, true, () => block(r, partsOf(part)));
        else block(r, partsOf(part));
      });
      return;
    case 'ReturnStatement':
      return r.build.returns(
        parts.length < 2
          ? { k: 'const', value: null }
          : parts.length === 2
            ? expr(r, parts[1])
            : { k: 'list', items: commaParts(parts.slice(1)).map(([part]) => expr(r, part)) },
      );
    case 'MatchStatement':
      expr(r, parts[1]);
      return bodies(r, parts);
    case 'StatementGroup':
      return block(r, parts);
    default:
      for (const part of parts) expr(r, part);
  }
}

function withStatement(r: Reader, parts: readonly SyntaxNode[]): void {
  const end = parts.findIndex(({ name }) => name === 'Body');
  for (const group of commaParts(parts.slice(0, end).filter(({ name }) => name !== 'with' && name !== 'async'))) {
    const value = expr(r, group[0]);
    if (group[1]?.name === 'as' && group[2]) assign(r, group[2], value, group[2].to);
  }
  bodies(r, parts);
}

function block(r: Reader, parts: readonly SyntaxNode[]): void {
  if (r.deep > mostDeep) return;
  r.deep++;
  for (const part of parts) if (/Statement$|Definition$|^StatementGroup$/.test(part.name)) statement(r, part);
  r.deep--;
}
