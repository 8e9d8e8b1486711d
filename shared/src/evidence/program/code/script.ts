import type { SyntaxNode } from '@lezer/common';
import { createBuilder, other } from './build';
import { commaParts, found, mostDeep, partsOf } from './nodes';
import { assign, expr, isType, textOf, type Reader } from './script-expressions';
import { classOf, functionOf, named } from './script-units';
import type { Code, Expr } from './tree';

/** Reads the tree of a JavaScript or TypeScript program into the small one. */
export function readScript(top: SyntaxNode, text: string): Code {
  const build = createBuilder();
  const r: Reader = {
    build,
    text,
    write: node => text.slice(node.from, node.to),
    deep: 0,
    named: (node, name) => named(r, node, name),
    functionOf: (node, name, owner, isGiven) => functionOf(r, node, name, owner, isGiven),
    classOf: (node, name) => classOf(r, node, name),
    block: parts => block(r, parts),
  };
  block(r, partsOf(top));
  return build.code('script', text);
}

function variables(r: Reader, node: SyntaxNode): void {
  const [kind, ...parts] = partsOf(node);
  const where = kind && r.write(kind) === 'var' ? 'unit' : 'block';
  for (const all of commaParts(parts.filter(({ name }) => name !== ';'))) {
    const group = all.filter(({ name }) => !isType.test(name));
    const at = group.findIndex(({ name }) => name === 'Equals');
    const target = group[0];
    if (!target) continue;
    const value: Expr = at < 0 ? { k: 'const', value: null } : group[at + 1] ? r.named(group[at + 1]!, r.write(target)) : other;
    // what a loop gives is told by it
    if (at >= 0 || all.length === 1) assign(r, target, value, all.at(-1)!.to, where);
  }
}

function imports(r: Reader, parts: readonly SyntaxNode[], at: number): void {
  const from = parts.findLast(({ name }) => name === 'String');
  if (!from || parts.some(({ name }) => name === 'type')) return;
  const module = textOf(r, from);
  r.build.import(module, null);
  for (const part of parts) {
    if (part.name === 'VariableDefinition')
      r.build.declare(r.write(part), r.build.import(module, parts.some(({ name }) => name === 'Star') ? null : 'default'), at, 'unit');
    else if (part.name === 'ImportGroup')
      for (const group of commaParts(partsOf(part)))
        r.build.declare(r.write(group.at(-1)!), r.build.import(module, r.write(group[0]!)), at, 'unit');
  }
}

function exported(r: Reader, parts: readonly SyntaxNode[], at: number): void {
  const from = parts.findLast(({ name }) => name === 'String');
  const module = from && parts.some(({ name }) => name === 'from') ? textOf(r, from) : null;
  const group = found(parts, 'ExportGroup');
  if (group)
    for (const each of commaParts(partsOf(group))) {
      const value = module === null ? r.build.name(r.write(each[0]!), at) : r.build.import(module, r.write(each[0]!));
      r.build.declare(`export ${r.write(each.at(-1)!)}`, value, at, 'unit');
    }
  else if (module !== null) r.build.declare('*', r.build.import(module, null), at, 'unit');
  else {
    const rest = parts.filter(({ name }) => !/^(?:export|default|;)$/.test(name));
    const isDefault = parts.some(({ name }) => name === 'default');
    for (const part of rest) {
      if (!/Declaration$/.test(part.name)) r.build.declare('export default', expr(r, part), at, 'unit');
      else {
        statement(r, part);
        const name = isDefault ? partsOf(part).find(each => each.name === 'VariableDefinition') : undefined;
        if (name) r.build.declare('export default', r.build.name(r.write(name), at), at, 'unit');
      }
    }
  }
}

function loop(r: Reader, parts: readonly SyntaxNode[]): void {
  const spec = parts.find(({ name }) => /^For\w*Spec$/.test(name));
  r.build.inBlock(() =>
    r.build.under(null, true, () => {
      const inner = spec ? partsOf(spec) : [];
      const over = inner.findIndex(({ name }) => name === 'of' || name === 'in');
      const isOf = inner[over]?.name === 'of';
      const target = inner[over - 1];
      if (over >= 0 && target) {
        const value: Expr = isOf ? { k: 'element', of: expr(r, inner[over + 1]), at: null } : (expr(r, inner[over + 1]), other);
        assign(r, target, value, target.from, 'block');
      } else statements(r, inner);
      statements(
        r,
        parts.filter(part => part !== spec),
      );
    }),
  );
}

function statement(r: Reader, node: SyntaxNode): void {
  const parts = partsOf(node);
  switch (node.name) {
    case 'VariableDeclaration':
      return variables(r, node);
    case 'FunctionDeclaration':
    case 'ClassDeclaration': {
      const target = found(parts, 'VariableDefinition');
      const name = target ? r.write(target) : null;
      const unit = node.name === 'ClassDeclaration' ? r.classOf(node, name) : r.functionOf(node, name, null, name === null);
      if (name !== null) r.build.declare(name, { k: 'unit', unit }, node.from);
      return;
    }
    case 'ImportDeclaration':
      return imports(r, parts, node.to);
    case 'ExportDeclaration':
      return exported(r, parts, node.to);
    case 'IfStatement': {
      const test = expr(r, parts[1]);
      const otherwise = parts.findIndex(({ name }) => name === 'else');
      r.build.under(test, true, () => statements(r, parts.slice(2, 3)));
      if (otherwise >= 0) r.build.under(test, false, () => statements(r, parts.slice(otherwise + 1)));
      return;
    }
    case 'ForStatement':
      return loop(r, parts);
    case 'WhileStatement':
    case 'DoStatement':
    case 'CatchClause':
      return r.build.inBlock(() => r.build.under(null, true, () => statements(r, parts)));
    case 'SwitchStatement':
      return parts.forEach(part =>
        part.name === 'SwitchBody' ? r.build.inBlock(() => r.build.under(null, true, () => statements(r, partsOf(part)))) : expr(r, part),
      );
    case 'Block':
      return r.build.inBlock(() => block(r, parts));
    case 'TryStatement':
    case 'FinallyClause':
    case 'LabeledStatement':
    case 'NamespaceDeclaration':
      return statements(r, parts);
    case 'ReturnStatement':
      return r.build.returns(parts[1] && parts[1].name !== ';' ? expr(r, parts[1]) : { k: 'const', value: null });
    default:
      for (const part of parts) if (!isType.test(part.name)) expr(r, part);
  }
}

/** The statements among some nodes, and the expressions between them. */
function statements(r: Reader, parts: readonly SyntaxNode[]): void {
  for (const part of parts) {
    if (/Statement$|Declaration$|Clause$|^Block$/.test(part.name)) nested(r, part);
    else if (/Expression$|^(?:VariableName|CallExpression)$/.test(part.name)) expr(r, part);
  }
}

function nested(r: Reader, node: SyntaxNode): void {
  if (r.deep > mostDeep) return;
  r.deep++;
  statement(r, node);
  r.deep--;
}

const block = (r: Reader, parts: readonly SyntaxNode[]): void =>
  parts.forEach(part => (/Statement$|Declaration$|^Block$/.test(part.name) ? nested(r, part) : undefined));
