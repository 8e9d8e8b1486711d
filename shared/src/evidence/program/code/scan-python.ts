import type { SyntaxNode } from '@lezer/common';
import { commaParts, found, literal, partsOf } from './nodes';
import { declare, declareOutside, field, imports, inBlock, inUnit, part, scanProgram, sets, under, visit, visitAll, written } from './scan';
import type { Readers, Scan } from './scan';
import { scopeOf, type Code, type Source, type Unit } from './tree';

/** Decorators that leave a function what it is, and do not hand it on. */
const plainDecorator =
  /^@(?:(?:functools\.)?(?:cached_)?property|staticmethod|classmethod|dataclass(?:es)?|abstractmethod|override|cache|lru_cache|functools|contextmanager|contextlib|final|wraps)\b/;

const other: Source = { k: 'unknown' };

/** Reads what is done for each of something, in a scope of its own. */
const comprehension: Readers[string] = (s, node, parts) => inBlock(s, () => loop(s, parts, node.from));

const readers: Readers = {
  ImportStatement: (s, node, parts) => (s.code.text.startsWith('from', node.from) ? importFrom : importModules)(s, parts, node.to),
  AssignStatement: (s, node, parts) => assignment(s, parts, node.to),
  UpdateStatement: (s, node, parts) => {
    visitAll(s, parts);
    if (parts[0]) assign(s, parts[0], other, node.to);
  },
  NamedExpression: (s, node, parts) => {
    visitAll(s, parts.slice(1));
    if (parts.length > 1) assign(s, parts[0]!, part(s, parts.at(-1)!), node.to);
  },
  FunctionDefinition: (s, node, parts) => define(s, node, parts, []),
  ClassDefinition: (s, node, parts) => define(s, node, parts, []),
  DecoratedStatement: (s, _, parts) => {
    const decorators = parts.filter(({ name }) => name === 'Decorator');
    visitAll(s, decorators);
    const names = decorators.map(each => written(s, each));
    if (/Definition$/.test(parts.at(-1)!.name)) define(s, parts.at(-1)!, partsOf(parts.at(-1)!), names);
  },
  LambdaExpression: (s, node, parts) =>
    void inUnit(s, node, 'function', { isGiven: true }, unit => {
      parameters(s, found(parts, 'ParamList'), null);
      visit(s, parts.at(-1)!);
      unit.returns.push(part(s, parts.at(-1)!));
    }),
  IfStatement: (s, _, parts) => branches(s, parts),
  WhileStatement: (s, _, parts) => under(s, parts[1], true, () => visitAll(s, parts)),
  ForStatement: (s, node, parts) => under(s, null, true, () => loop(s, parts, node.from)),
  MatchClause: (s, _, parts) => under(s, null, true, () => visitAll(s, parts)),
  // what follows `try` or `except` may never be reached
  TryStatement: (s, _, parts) => under(s, null, true, () => visitAll(s, parts)),
  WithStatement: (s, _, parts) => {
    visitAll(s, parts);
    for (const group of commaParts(parts.filter(({ name }) => !/^(?:with|async|Body)$/.test(name))))
      if (group[1]?.name === 'as' && group[2]) assign(s, group[2], part(s, group[0]!), group[2].to);
  },
  ReturnStatement: (s, node, parts) => {
    visitAll(s, parts);
    s.scope.unit.returns.push(part(s, parts.length === 2 ? parts[1]! : node));
  },
  ArrayComprehensionExpression: comprehension,
  ComprehensionExpression: comprehension,
  SetComprehensionExpression: comprehension,
  DictionaryComprehensionExpression: comprehension,
  ArgList: (s, node, parts) => (found(parts, 'for') ? comprehension(s, node, parts) : visitAll(s, parts)),
  DictionaryExpression: (s, node, parts) => {
    visitAll(s, parts);
    for (const group of commaParts(parts)) {
      const name = group[1]?.name === ':' ? literal(group[0], s.code.text) : null;
      if (name !== null) sets(s, name, group.at(-1), node);
    }
  },
};

/** Goes through a program in Python. */
export const scanPython = (top: SyntaxNode, text: string): Code => scanProgram(top, text, 'python', readers);

/** `for target in over`, in a statement or a comprehension. */
function loop(s: Scan, parts: readonly SyntaxNode[], at: number): void {
  parts.forEach((each, start) => {
    if (each.name !== 'for') return;
    const end = parts.findIndex(({ name }, index) => index > start && name === 'in');
    const over = parts[end + 1];
    if (end < 0 || !over) return;
    const value: Source = { k: 'element', of: part(s, over), at: null };
    const targets = commaParts(parts.slice(start + 1, end)).map(([target]) => target!);
    targets.forEach((target, index) =>
      assign(s, target, targets.length === 1 ? value : { k: 'element', of: value, at: index }, at, s.scope),
    );
  });
  visitAll(s, parts);
}

/** `if`, `elif`, `else`, one after the other. */
function branches(s: Scan, parts: readonly SyntaxNode[]): void {
  const body = parts.findIndex(({ name }) => name === 'Body');
  const test = parts[0]?.name === 'else' ? null : parts[1];
  visitAll(s, [test ?? undefined]);
  if (!test) return visitAll(s, [parts[body]]);
  under(s, test, true, () => visitAll(s, [parts[body]]));
  if (body >= 0 && parts[body + 1]) under(s, test, false, () => branches(s, parts.slice(body + 1)));
}

function importFrom(s: Scan, parts: readonly SyntaxNode[], at: number): void {
  const names = parts.findIndex(({ name }) => name === 'import');
  const from = parts
    .slice(1, names)
    .map(each => written(s, each))
    .join('');
  for (const group of commaParts(parts.slice(names + 1))) {
    const name = written(s, group[0]!);
    declare(s, name === '*' ? '*' : written(s, group.at(-1)!), imports(s, from, name === '*' ? null : name), at, s.scope.unit.scope);
  }
}

function importModules(s: Scan, parts: readonly SyntaxNode[], at: number): void {
  for (const group of commaParts(parts.slice(1))) {
    const as = group.findIndex(({ name }) => name === 'as');
    const whole = (as < 0 ? group : group.slice(0, as)).map(each => written(s, each)).join('');
    const source = imports(s, whole, null);
    // `import a.b` gives the name `a`
    const first = whole.split('.', 1)[0]!;
    const value: Source = as < 0 && first !== whole ? { k: 'import', from: first, name: null, unit: s.module } : source;
    declare(s, as < 0 ? first : written(s, group.at(-1)!), value, at, s.scope.unit.scope);
  }
}

function assignment(s: Scan, parts: readonly SyntaxNode[], at: number): void {
  const sides: SyntaxNode[][] = [[]];
  for (const each of parts) {
    if (each.name === 'AssignOp') sides.push([]);
    else if (each.name !== 'TypeDef') sides.at(-1)!.push(each);
  }
  const values = commaParts(sides.at(-1)!).map(([value]) => value!);
  visitAll(s, values);
  for (const side of sides.slice(0, -1)) {
    const targets = commaParts(side).map(([target]) => target!);
    visitAll(s, targets);
    const isPaired = targets.length === values.length;
    targets.forEach((target, index) => {
      const value: Source = isPaired
        ? part(s, values[index]!)
        : values.length === 1
          ? { k: 'element', of: part(s, values[0]!), at: index }
          : other;
      assign(s, target, value, at);
    });
  }
}

/** Gives a target a value: a name, names with commas between them, a field, an entry. */
function assign(s: Scan, target: SyntaxNode, value: Source, at: number, scope = s.scope.unit.scope): void {
  const parts = partsOf(target);
  const node = 'node' in value ? value.node : undefined;
  if (target.name === 'VariableName') {
    const name = written(s, target);
    if (s.scope.unit.scope.names.get(`global ${name}`)) declareOutside(s, name, value, at, s.scope.unit.scope.parent);
    else declare(s, name, value, at, scope);
    if (s.scope.unit.kind !== 'function') sets(s, name, node);
  } else if (/^(?:Tuple|Array|Parenthesized)Expression$/.test(target.name))
    commaParts(parts).forEach(([each], index) => assign(s, each!, { k: 'element', of: value, at: index }, at, scope));
  else if (target.name === 'MemberExpression') {
    const last = parts.at(-1);
    if (last?.name !== 'PropertyName') {
      const key = literal(parts[2], s.code.text);
      if (key !== null) sets(s, key, node);
      return;
    }
    const name = written(s, last);
    const of = parts[0]?.name === 'VariableName' ? written(s, parts[0]) : '';
    const self = scopeOf(of, s.scope)?.names.get(of)?.[0]?.value;
    if (self && 'k' in self && self.k === 'this') field(s, self.unit, name, value, at);
    else sets(s, name, node);
  }
}

function define(s: Scan, node: SyntaxNode, parts: readonly SyntaxNode[], decorators: readonly string[]): void {
  const body = found(parts, 'Body');
  const name = written(s, found(parts, 'VariableName') ?? node);
  const isClass = node.name === 'ClassDefinition';
  const owner = !isClass && s.scope.unit.kind === 'class' ? s.scope.unit : null;
  const bases = isClass ? found(parts, 'ArgList') : undefined;
  visitAll(s, [bases]);
  const isGiven = decorators.some(each => !plainDecorator.test(each));
  const unit = inUnit(s, node, isClass ? 'class' : 'function', { name, owner, isGiven }, it => {
    for (const statement of body ? partsOf(body) : [])
      if (statement.name === 'ScopeStatement')
        for (const each of partsOf(statement)) if (each.name === 'VariableName') it.scope.names.set(`global ${written(s, each)}`, []);
    it.hasBases = bases !== undefined && commaParts(partsOf(bases)).length > 0;
    if (!isClass) parameters(s, found(parts, 'ParamList'), decorators.includes('@staticmethod') ? null : owner);
    visitAll(s, [body]);
  });
  declare(s, name, { k: 'unit', unit }, node.to, s.scope.unit.scope);
}

/** The names of parameters: of a method the first is its object, of the others nothing is known. */
function parameters(s: Scan, list: SyntaxNode | undefined, owner: Unit | null): void {
  visitAll(s, [list]);
  commaParts(list ? partsOf(list) : []).forEach((group, index) => {
    const target = group.find(({ name }) => name === 'VariableName');
    const isSelf = owner !== null && index === 0 && group[0] === target;
    if (target) declare(s, written(s, target), isSelf ? { k: 'this', unit: owner } : other, target.from);
  });
}
