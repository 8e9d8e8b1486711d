import type { SyntaxNode } from '@lezer/common';
import { commaParts, found, literal, partsOf } from './nodes';
import { declare, declareOutside, field, imports, inBlock, inUnit, part, scanProgram, sets, under, visit, visitAll, written } from './scan';
import type { Readers, Scan } from './scan';
import type { Code, Scope, Source, Unit } from './tree';

/** Nodes that are types and modifiers, and say nothing of values. */
const isType =
  /^(?:Type\w*|ParamTypeList|Privacy|readonly|Optional|Decorator|async|static|abstract|override|declare|get|set|Star|export|default)$/;

const plain = (parts: readonly SyntaxNode[]): readonly SyntaxNode[] => parts.filter(({ name }) => !isType.test(name));

/** The class whose object `this` is in a unit: that of the method around, arrow functions in between. */
export const ownerOf = (unit: Unit): Unit | null =>
  unit.owner ?? (unit.kind === 'class' ? unit : unit.kind === 'function' && unit.outer && unit.name === null ? ownerOf(unit.outer) : null);

const textOf = (s: Scan, node: SyntaxNode): string => literal(node, s.code.text) ?? written(s, node);

const block: Readers[string] = (s, _, parts) => inBlock(s, () => under(s, null, true, () => visitAll(s, parts)));

const declaration: Readers[string] = (s, node, parts) => {
  const target = found(parts, 'VariableDefinition');
  const name = target ? written(s, target) : null;
  const unit = node.name === 'ClassDeclaration' ? classOf(s, node, parts, name) : functionOf(s, node, parts, name, null, name === null);
  if (name !== null) declare(s, name, { k: 'unit', unit }, node.from);
};

const loopOver: Readers[string] = (s, node, parts) => {
  const over = parts.findIndex(({ name }) => name === 'of' || name === 'in');
  visitAll(s, parts.slice(over + 1));
  const value: Source = parts[over]?.name === 'of' ? { k: 'element', of: part(s, parts[over + 1]!), at: null } : { k: 'unknown' };
  if (over > 0) assign(s, parts[over - 1]!, value, node.from, s.scope);
};

const readers: Readers = {
  VariableDeclaration: (s, _, parts) => variables(s, parts),
  FunctionDeclaration: declaration,
  ClassDeclaration: declaration,
  ArrowFunction: (s, node, parts) => void functionOf(s, node, parts, null, null, true),
  FunctionExpression: (s, node, parts) => void functionOf(s, node, parts, null, null, true),
  ClassExpression: (s, node, parts) => void classOf(s, node, parts, null),
  ImportDeclaration: (s, node, parts) => importNames(s, parts, node.to),
  ExportDeclaration: (s, node, parts) => exportNames(s, parts, node.to),
  CallExpression: (s, _, parts) => {
    const from = parts[1] ? literal(partsOf(parts[1])[1], s.code.text) : null;
    if (from !== null && written(s, parts[0]!) === 'require') imports(s, from, null);
    visitAll(s, parts);
  },
  DynamicImport: (s, _, parts) => {
    const from = literal(parts[2], s.code.text);
    if (from !== null) imports(s, from, null);
    visitAll(s, parts);
  },
  IfStatement: (s, _, parts) => {
    const otherwise = parts.findIndex(({ name }) => name === 'else');
    visitAll(s, parts.slice(1, 2));
    under(s, parts[1], true, () => visitAll(s, parts.slice(2, otherwise < 0 ? undefined : otherwise)));
    if (otherwise >= 0) under(s, parts[1], false, () => visitAll(s, parts.slice(otherwise + 1)));
  },
  ForStatement: block,
  WhileStatement: block,
  DoStatement: block,
  CatchClause: block,
  SwitchBody: block,
  ForOfSpec: loopOver,
  ForInSpec: loopOver,
  Block: (s, _, parts) => inBlock(s, () => visitAll(s, parts)),
  ReturnStatement: (s, node, parts) => {
    visitAll(s, parts);
    s.scope.unit.returns.push(part(s, parts[1] && parts[1].name !== ';' ? parts[1] : node));
  },
  AssignmentExpression: (s, node, parts) => assignment(s, parts, node.to),
  ObjectExpression: (s, node, parts) => properties(s, node, parts),
};

/** Goes through a program in JavaScript or TypeScript. */
export const scanScript = (top: SyntaxNode, text: string): Code => scanProgram(top, text, 'script', readers);

function variables(s: Scan, [kind, ...parts]: readonly SyntaxNode[]): void {
  const scope = kind && written(s, kind) === 'var' ? s.scope.unit.scope : s.scope;
  for (const all of commaParts(parts.filter(({ name }) => name !== ';'))) {
    const group = plain(all);
    const at = group.findIndex(({ name }) => name === 'Equals');
    const target = group[0];
    if (!target) continue;
    const value = at < 0 ? undefined : group[at + 1];
    assign(s, target, value ? valueOf(s, value, written(s, target)) : { k: 'nothing' }, all.at(-1)!.to, scope);
  }
}

/** A value that goes by a name: a function or class of that name. */
function valueOf(s: Scan, node: SyntaxNode, name: string): Source {
  const { unit } = s.scope;
  if (node.name === 'ArrowFunction' || node.name === 'FunctionExpression') {
    const owner = node.name === 'ArrowFunction' && unit.kind === 'class' ? unit : null;
    return { k: 'unit', unit: functionOf(s, node, partsOf(node), name, owner, false) };
  }
  if (node.name === 'ClassExpression') return { k: 'unit', unit: classOf(s, node, partsOf(node), name) };
  visit(s, node);
  return part(s, node);
}

/** `a = b`; what `a += b` and its kind give is not followed. */
function assignment(s: Scan, [target, sign, node]: readonly SyntaxNode[], at: number): void {
  const name = /(\w{1,100})$/.exec(written(s, target!))?.[1] ?? '';
  const given = node ? valueOf(s, node, name) : ({ k: 'unknown' } as const);
  visit(s, target!);
  assign(s, target!, sign?.name === 'Equals' ? given : { k: 'unknown' }, at, null);
}

/** Gives a name, or those of a pattern, a value; `null`: where the name is declared. */
function assign(s: Scan, target: SyntaxNode, value: Source, at: number, scope: Scope | null): void {
  const parts = partsOf(target);
  const put = (name: string, given: Source): void => (scope ? declare(s, name, given, at, scope) : declareOutside(s, name, given, at));
  if (/^Variable(?:Definition|Name)$/.test(target.name)) {
    put(written(s, target), value);
    if (s.scope.unit.kind === 'module' && 'node' in value) sets(s, written(s, target), value.node);
  } else if (/^Object(?:Pattern|Expression)$/.test(target.name))
    for (const [property] of commaParts(parts)) {
      const inner = partsOf(property!);
      if (!inner[0] || inner[0].name === 'Spread') continue;
      const key = textOf(s, inner[0]);
      const colon = inner.findIndex(({ name }) => name === ':');
      const own: Source = found(inner, 'Equals') ? { k: 'unknown' } : { k: 'member', of: value, name: key };
      const to = colon < 0 ? inner[0] : inner[colon + 1];
      if (to && /^Property/.test(to.name)) put(key, own);
      else if (to) assign(s, to, own, at, scope);
    }
  else if (/^Array(?:Pattern|Expression)$/.test(target.name))
    commaParts(parts).forEach(([each], index) => assign(s, each!, { k: 'element', of: value, at: index }, at, scope));
  else if (target.name === 'MemberExpression') member(s, parts, value, at);
}

/** `this.root = …`, `module.exports.save = …`, `config['root'] = …`. */
function member(s: Scan, parts: readonly SyntaxNode[], value: Source, at: number): void {
  const last = parts.at(-1)!;
  const name = /PropertyName$/.test(last.name) ? written(s, last) : literal(parts[2], s.code.text);
  if (name === null) return;
  const owner = ownerOf(s.scope.unit);
  const of = written(s, parts[0]!);
  if (of === 'this' && owner) field(s, owner, name, value, at);
  else if (of === 'exports' || of === 'module.exports') declare(s, `export ${name}`, value, at, s.module.scope);
  else if (of === 'module' && name === 'exports') declare(s, 'module.exports', value, at, s.module.scope);
  else if ('node' in value) sets(s, name, value.node);
}

/** The name and the value of a property: of a method the property itself. */
export function propertyOf(node: SyntaxNode, text: string): { readonly key: SyntaxNode | null; readonly value: SyntaxNode } {
  const inner = plain(partsOf(node));
  const [first] = inner;
  if (!first || first.name === 'Spread') return { key: null, value: inner.at(-1) ?? node };
  const colon = inner.findIndex(({ name }) => name === ':');
  const isComputed = text[first.from] === '[';
  const value = colon >= 0 ? inner[colon + 1] : found(inner, 'ParamList') ? node : first;
  return { key: isComputed ? (inner[1] ?? first) : first, value: value ?? node };
}

function properties(s: Scan, object: SyntaxNode, parts: readonly SyntaxNode[]): void {
  for (const [property] of commaParts(parts)) {
    const { key, value } = propertyOf(property!, s.code.text);
    if (value === property && key) functionOf(s, property, partsOf(property), textOf(s, key), null, true);
    else visit(s, value);
    if (value === key) s.scope.unit.mentions.add(written(s, value));
    if (key && /^(?:PropertyDefinition|PropertyName|String)$/.test(key.name)) sets(s, textOf(s, key), value, object);
  }
}

function importNames(s: Scan, parts: readonly SyntaxNode[], at: number): void {
  const from = literal(
    parts.findLast(({ name }) => name === 'String'),
    s.code.text,
  );
  if (from === null || found(parts, 'type')) return;
  imports(s, from, null);
  for (const each of parts) {
    if (each.name === 'VariableDefinition') declare(s, written(s, each), imports(s, from, found(parts, 'Star') ? null : 'default'), at);
    else if (each.name === 'ImportGroup')
      for (const group of commaParts(partsOf(each))) declare(s, written(s, group.at(-1)!), imports(s, from, written(s, group[0]!)), at);
  }
}

function exportNames(s: Scan, parts: readonly SyntaxNode[], at: number): void {
  const from = found(parts, 'from')
    ? literal(
        parts.findLast(({ name }) => name === 'String'),
        s.code.text,
      )
    : null;
  const group = found(parts, 'ExportGroup');
  if (group)
    for (const each of commaParts(partsOf(group))) {
      if (from === null) s.scope.unit.mentions.add(written(s, each[0]!));
      const value = from === null ? part(s, each[0]!) : imports(s, from, written(s, each[0]!));
      declare(s, `export ${written(s, each.at(-1)!)}`, value, at);
    }
  else if (from !== null) declare(s, '*', imports(s, from, null), at);
  else
    for (const each of plain(parts)) {
      if (!/Declaration$/.test(each.name)) {
        visit(s, each);
        declare(s, 'export default', part(s, each), at);
        continue;
      }
      visit(s, each);
      const name = found(parts, 'default') ? found(partsOf(each), 'VariableDefinition') : undefined;
      if (name) declare(s, 'export default', part(s, name), at);
    }
}

/** Reads a function: a declaration, an expression, a method, an arrow. */
function functionOf(
  s: Scan,
  node: SyntaxNode,
  parts: readonly SyntaxNode[],
  name: string | null,
  owner: Unit | null,
  isGiven: boolean,
): Unit {
  return inUnit(s, node, 'function', { name, owner, isGiven }, unit => {
    const arrow = parts.findIndex(each => each.name === 'Arrow');
    const single = arrow >= 0 ? parts.slice(0, arrow).find(each => each.name === 'VariableDefinition') : undefined;
    const list = found(parts, 'ParamList');
    for (const group of single ? [[single]] : commaParts(list ? partsOf(list) : [])) parameter(s, group, unit);
    const body = parts.at(-1);
    if (body?.name === 'Block') visitAll(s, partsOf(body));
    else if (arrow >= 0 && body) {
      visit(s, body);
      unit.returns.push(part(s, body));
    }
  });
}

/** The names of a parameter, of which nothing is known. */
function parameter(s: Scan, all: readonly SyntaxNode[], unit: Unit): void {
  const target = plain(all).find(({ name }) => name !== 'Spread');
  if (!target) return;
  visitAll(s, all);
  assign(s, target, { k: 'unknown' }, target.from, s.scope);
  const isField = all.some(({ name }) => name === 'Privacy' || name === 'readonly');
  if (isField && unit.owner) field(s, unit.owner, written(s, target), { k: 'unknown' }, target.from);
}

function classOf(s: Scan, node: SyntaxNode, parts: readonly SyntaxNode[], name: string | null): Unit {
  const base = parts[parts.findIndex(each => each.name === 'extends') + 1];
  const hasBases = base !== undefined && base !== parts[0];
  visitAll(s, [hasBases ? base : undefined]);
  return inUnit(s, node, 'class', { name, isGiven: found(parts, 'Decorator') !== undefined }, unit => {
    unit.hasBases = hasBases;
    for (const each of partsOf(found(parts, 'ClassBody') ?? node)) {
      const inner = partsOf(each);
      const key = inner.find(one => /PropertyDefinition$|^String$/.test(one.name));
      if (!key) continue;
      const own = textOf(s, key);
      const value = inner[inner.findIndex(one => one.name === 'Equals') + 1];
      if (each.name === 'MethodDeclaration')
        declare(s, own, { k: 'unit', unit: functionOf(s, each, inner, own, unit, found(inner, 'Decorator') !== undefined) }, each.from);
      else if (value && value !== inner[0]) declare(s, own, valueOf(s, value, own), each.to);
    }
  });
}
