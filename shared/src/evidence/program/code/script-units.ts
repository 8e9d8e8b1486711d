import type { SyntaxNode } from '@lezer/common';
import { found, commaParts, partsOf } from './nodes';
import { assign, expr, isType, textOf, type Reader } from './script-expressions';
import type { Expr, Unit } from './tree';

function parameters(r: Reader, list: SyntaxNode | undefined, unit: Unit, single?: SyntaxNode): void {
  const groups = single ? [[single]] : commaParts(list ? partsOf(list) : []);
  for (const all of groups) {
    const isProperty = all.some(({ name }) => name === 'Privacy' || name === 'readonly');
    const group = all.filter(({ name }) => !isType.test(name));
    const isRest = group[0]?.name === 'Spread';
    const target = group[isRest ? 1 : 0];
    if (!target) continue;
    const at = group.findIndex(({ name }) => name === 'Equals');
    const name = target.name === 'VariableDefinition' ? r.write(target) : null;
    unit.parameters.push({ name, standard: at < 0 ? null : expr(r, group[at + 1]), isRest });
    const value: Expr = { k: 'parameter', unit, at: unit.parameters.length - 1 };
    assign(r, target, value, target.from, 'unit');
    if (isProperty && name !== null && unit.owner) r.build.field(unit.owner, name, value, target.from);
  }
}

/** Reads a function: a declaration, an expression, a method, an arrow. */
export function functionOf(r: Reader, node: SyntaxNode, name: string | null, owner: Unit | null, isGiven: boolean): Unit {
  const parts = partsOf(node);
  return r.build.inUnit('function', { name, owner, isGiven }, unit => {
    const arrow = parts.findIndex(part => part.name === 'Arrow');
    const single = arrow >= 0 ? parts.slice(0, arrow).find(part => part.name === 'VariableDefinition') : undefined;
    parameters(r, found(parts, 'ParamList'), unit, single);
    const body = parts.at(-1);
    if (body?.name === 'Block') r.block(partsOf(body));
    else if (arrow >= 0) r.build.returns(expr(r, body));
  });
}

export function classOf(r: Reader, node: SyntaxNode, name: string | null): Unit {
  const parts = partsOf(node);
  const base = parts.findIndex(part => part.name === 'extends');
  const bases = base < 0 ? [] : [expr(r, parts[base + 1])];
  const isGiven = parts.some(part => part.name === 'Decorator');
  return r.build.inUnit('class', { name, isGiven }, unit => {
    unit.bases.push(...bases);
    for (const part of partsOf(found(parts, 'ClassBody') ?? node)) {
      const inner = partsOf(part);
      const key = inner.find(each => /PropertyDefinition$|^String$/.test(each.name));
      if (!key) continue;
      const own = key.name === 'String' ? textOf(r, key) : r.write(key);
      if (part.name === 'MethodDeclaration') {
        const method = functionOf(
          r,
          part,
          own,
          unit,
          inner.some(each => each.name === 'Decorator'),
        );
        unit.methods.set(own, method);
        r.build.declare(own, { k: 'unit', unit: method }, part.from);
      } else if (part.name === 'PropertyDeclaration') {
        const at = inner.findIndex(each => each.name === 'Equals');
        const value = at < 0 || !inner[at + 1] ? null : named(r, inner[at + 1]!, own);
        if (value) r.build.declare(own, value, part.to);
      }
    }
  });
}

/** A value that goes by a name: a function or class of that name. */
export function named(r: Reader, node: SyntaxNode, name: string): Expr {
  if (node.name === 'ArrowFunction')
    return { k: 'unit', unit: functionOf(r, node, name, r.build.unit().kind === 'class' ? r.build.unit() : null, false) };
  if (node.name === 'FunctionExpression') return { k: 'unit', unit: functionOf(r, node, name, null, false) };
  if (node.name === 'ClassExpression') return { k: 'unit', unit: classOf(r, node, name) };
  return expr(r, node);
}
