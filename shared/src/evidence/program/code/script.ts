import type { SyntaxNode } from '@lezer/common';
import { createBuilder, other, type Builder } from './build';
import { commaParts, mostDeep, partsOf, unescaped } from './nodes';
import type { Argument, Code, Entry, Expr, Unit } from './tree';

/** Reads the tree of a JavaScript or TypeScript program into the small one. */
export function readScript(top: SyntaxNode, text: string): Code {
  const build = createBuilder();
  createReader(build, text)(partsOf(top));
  return build.code('script', text);
}

const found = (parts: readonly SyntaxNode[], name: string): SyntaxNode | undefined => parts.find(part => part.name === name);

/** Nodes that are types and say nothing of values. */
const isType =
  /^(?:Type\w*|ParamTypeList|Privacy|readonly|Optional|Decorator|async|static|abstract|override|declare|get|set|Star|export|default)$/;

function createReader(build: Builder, text: string): (parts: readonly SyntaxNode[]) => void {
  const write = (node: SyntaxNode): string => text.slice(node.from, node.to);
  let deep = 0;

  function expr(node: SyntaxNode | undefined): Expr {
    if (!node || deep > mostDeep) return other;
    deep++;
    const value = read(node);
    deep--;
    return value;
  }

  function template(node: SyntaxNode): Expr {
    const parts: Expr[] = [];
    let at = node.from + 1;
    const plain = (to: number): void => void parts.push({ k: 'text', text: unescaped(text.slice(at, Math.max(at, to))) });
    for (const part of partsOf(node)) {
      if (part.name !== 'Interpolation') continue;
      plain(part.from);
      parts.push(expr(partsOf(part)[1]));
      at = part.to;
    }
    plain(node.to - 1);
    return { k: 'join', parts };
  }

  const textOf = (node: SyntaxNode): string => unescaped(text.slice(node.from + 1, node.to - 1));

  function args(list: SyntaxNode | undefined): readonly Argument[] {
    return commaParts(list ? partsOf(list) : []).map(group => {
      const last = group.at(-1)!;
      return { value: expr(last), name: null, isSpread: group[0]!.name === 'Spread', from: last.from, to: last.to };
    });
  }

  /** The value of what may be left out: its default then. */
  const orStandard = (value: Expr, group: readonly SyntaxNode[]): Expr => {
    const at = group.findIndex(({ name }) => name === 'Equals');
    return at < 0 ? value : { k: 'either', sign: '??', left: value, right: expr(group[at + 1]) };
  };

  /** Gives a name, or those of a pattern, a value. */
  function assign(target: SyntaxNode, value: Expr, at: number, where: 'block' | 'unit' | 'declared'): void {
    const parts = partsOf(target);
    if (/^Variable(?:Definition|Name)$/.test(target.name)) {
      build.declare(write(target), value, at, where);
      if (build.unit().kind === 'module') build.sets(write(target), value);
    } else if (target.name === 'ObjectPattern' || target.name === 'ObjectExpression')
      for (const [property] of commaParts(parts)) {
        const inner = partsOf(property!);
        if (!inner[0] || inner[0].name === 'Spread') continue;
        const key = inner[0].name === 'String' ? textOf(inner[0]) : write(inner[0]);
        const colon = inner.findIndex(({ name }) => name === ':');
        const own = orStandard(build.member(value, key), inner);
        const to = colon < 0 ? inner[0] : inner[colon + 1];
        if (!to) continue;
        if (/^Property/.test(to.name)) build.declare(key, own, at, where);
        else assign(to, own, at, where);
      }
    else if (target.name === 'ArrayPattern' || target.name === 'ArrayExpression')
      commaParts(parts).forEach((group, index) => assign(group[0]!, orStandard({ k: 'element', of: value, at: index }, group), at, where));
    else if (target.name === 'MemberExpression') member(parts, value, at);
  }

  /** `this.root = …`, `module.exports.save = …`, `config['root'] = …`. */
  function member(parts: readonly SyntaxNode[], value: Expr, at: number): void {
    const owner = ownerOf(build.unit());
    const last = parts.at(-1);
    if (!last) return;
    const isName = /PropertyName$/.test(last.name);
    const key = isName ? null : expr(parts[2]);
    const name = isName ? write(last) : key?.k === 'text' ? key.text : null;
    if (name === null) return void expr(parts[0]);
    const of = write(parts[0]!);
    if (of === 'this' && owner) return build.field(owner, name, value, at);
    if (of === 'exports' || of === 'module.exports') return build.declare(`export ${name}`, value, at, 'declared');
    if (of === 'module' && name === 'exports') return build.declare('module.exports', value, at, 'declared');
    expr(parts[0]);
    build.sets(name, value);
  }

  /** The class whose object `this` is in a unit: that of the method around, arrow functions in between. */
  const ownerOf = (unit: Unit): Unit | null =>
    unit.owner ??
    (unit.kind === 'class' ? unit : unit.kind === 'function' && unit.outer && unit.name === null ? ownerOf(unit.outer) : null);

  function parameters(list: SyntaxNode | undefined, unit: Unit, single?: SyntaxNode): void {
    const groups = single ? [[single]] : commaParts(list ? partsOf(list) : []);
    for (const all of groups) {
      const isProperty = all.some(({ name }) => name === 'Privacy' || name === 'readonly');
      const group = all.filter(({ name }) => !isType.test(name));
      const isRest = group[0]?.name === 'Spread';
      const target = group[isRest ? 1 : 0];
      if (!target) continue;
      const at = group.findIndex(({ name }) => name === 'Equals');
      const name = target.name === 'VariableDefinition' ? write(target) : null;
      unit.parameters.push({ name, standard: at < 0 ? null : expr(group[at + 1]), isRest });
      const value: Expr = { k: 'parameter', unit, at: unit.parameters.length - 1 };
      assign(target, value, target.from, 'unit');
      if (isProperty && name !== null && unit.owner) build.field(unit.owner, name, value, target.from);
    }
  }

  /** Reads a function: a declaration, an expression, a method, an arrow. */
  function functionOf(node: SyntaxNode, name: string | null, owner: Unit | null, isGiven: boolean): Unit {
    const parts = partsOf(node);
    const isProperty = parts[0]?.name === 'get';
    return build.inUnit('function', { name, owner, isGiven, isProperty }, unit => {
      const arrow = parts.findIndex(part => part.name === 'Arrow');
      const single = arrow >= 0 ? parts.slice(0, arrow).find(part => part.name === 'VariableDefinition') : undefined;
      parameters(found(parts, 'ParamList'), unit, single);
      const body = parts.at(-1);
      if (body?.name === 'Block') block(partsOf(body));
      else if (arrow >= 0) build.returns(expr(body));
    });
  }

  function classOf(node: SyntaxNode, name: string | null): Unit {
    const parts = partsOf(node);
    const base = parts.findIndex(part => part.name === 'extends');
    const bases = base < 0 ? [] : [expr(parts[base + 1])];
    const isGiven = parts.some(part => part.name === 'Decorator');
    return build.inUnit('class', { name, isGiven }, unit => {
      unit.bases.push(...bases);
      for (const part of partsOf(found(parts, 'ClassBody') ?? node)) {
        const inner = partsOf(part);
        const key = inner.find(each => /PropertyDefinition$|^String$/.test(each.name));
        if (!key) continue;
        const own = key.name === 'String' ? textOf(key) : write(key);
        if (part.name === 'MethodDeclaration') {
          const method = functionOf(
            part,
            own,
            unit,
            inner.some(each => each.name === 'Decorator'),
          );
          unit.methods.set(own, method);
          build.declare(own, { k: 'unit', unit: method }, part.from);
        } else if (part.name === 'PropertyDeclaration') {
          const at = inner.findIndex(each => each.name === 'Equals');
          const value = at < 0 || !inner[at + 1] ? null : named(inner[at + 1]!, own);
          if (value) build.declare(own, value, part.to);
        }
      }
    });
  }

  /** A value that goes by a name: a function or class of that name. */
  function named(node: SyntaxNode, name: string): Expr {
    if (node.name === 'ArrowFunction')
      return { k: 'unit', unit: functionOf(node, name, build.unit().kind === 'class' ? build.unit() : null, false) };
    if (node.name === 'FunctionExpression') return { k: 'unit', unit: functionOf(node, name, null, false) };
    if (node.name === 'ClassExpression') return { k: 'unit', unit: classOf(node, name) };
    return expr(node);
  }

  function object(parts: readonly SyntaxNode[]): Expr {
    const entries = commaParts(parts).map(([property]): Entry => {
      const inner = partsOf(property!);
      const first = inner.find(({ name }) => !isType.test(name)) ?? inner[0];
      if (!first) return { key: null, value: other };
      if (first.name === 'Spread') return { key: null, value: expr(inner.at(-1)) };
      const isNamed = /^(?:PropertyDefinition|PropertyName|String|Number)$/.test(first.name);
      const name = first.name === 'String' ? textOf(first) : write(first);
      const key: Expr = isNamed ? { k: 'text', text: name } : first.name === '[' ? expr(inner[1]) : other;
      const colon = inner.findIndex(each => each.name === ':');
      const value: Expr =
        colon >= 0
          ? expr(inner[colon + 1])
          : found(inner, 'ParamList')
            ? { k: 'unit', unit: functionOf(property!, name, null, true) }
            : build.name(write(first), first.from);
      return { key, value };
    });
    for (const { key, value } of entries) if (key?.k === 'text') build.sets(key.text, value, entries);
    return { k: 'object', entries };
  }

  function binary(parts: readonly SyntaxNode[]): Expr {
    const sign = parts[1] ? write(parts[1]) : '';
    if (sign === 'as' || sign === 'satisfies') return expr(parts[0]);
    const [left, right] = [expr(parts[0]), expr(parts[2])];
    if (sign === '+') return { k: 'join', parts: [left, right] };
    if (sign === '||' || sign === '&&' || sign === '??')
      return { k: 'either', sign: sign === '||' ? 'or' : sign === '&&' ? 'and' : '??', left, right };
    return { k: 'binary', sign, left, right };
  }

  function read(node: SyntaxNode): Expr {
    const parts = partsOf(node);
    switch (node.name) {
      case 'VariableName':
        return write(node) === 'undefined' ? { k: 'const', value: null } : build.name(write(node), node.from);
      case 'this': {
        const owner = ownerOf(build.unit());
        return owner ? { k: 'this', unit: owner } : other;
      }
      case 'super':
        return build.name('super', node.from);
      case 'String':
        return { k: 'text', text: textOf(node) };
      case 'TemplateString':
        return template(node);
      case 'Number':
        return { k: 'const', value: Number(write(node)) };
      case 'BooleanLiteral':
        return { k: 'const', value: write(node) === 'true' };
      case 'null':
        return { k: 'const', value: null };
      case 'ImportMeta':
        return build.name('import.meta', node.from);
      case 'ParenthesizedExpression':
      case 'AwaitExpression':
        return expr(parts[1]);
      case 'PostfixExpression':
        return expr(parts[0]);
      case 'SequenceExpression':
        return parts.map(part => (part.name === ',' ? other : expr(part))).at(-1) ?? other;
      case 'MemberExpression': {
        const of = expr(parts[0]);
        const last = parts.at(-1);
        return last && /PropertyName$/.test(last.name) ? build.member(of, write(last)) : { k: 'index', of, key: expr(parts.at(-2)) };
      }
      case 'CallExpression':
      case 'NewExpression': {
        const callee = parts.find(part => part.name !== 'new');
        const of = expr(callee);
        const given = args(found(parts, 'ArgList'));
        const [first] = given;
        if (callee?.name === 'VariableName' && write(callee) === 'require' && first?.value.k === 'text')
          return build.import(first.value.text, null);
        return build.call(of, given, node.from, node.to);
      }
      case 'DynamicImport': {
        const from = expr(parts[2]);
        return from.k === 'text' ? build.import(from.text, null) : other;
      }
      case 'BinaryExpression':
        return binary(parts);
      case 'UnaryExpression':
        return parts[0] && write(parts[0]) === '!' ? { k: 'not', of: expr(parts[1]) } : (expr(parts[1]), other);
      case 'ConditionalExpression':
        return { k: 'choice', test: expr(parts[0]), yes: expr(parts[2]), no: expr(parts[4]) };
      case 'AssignmentExpression': {
        const [target, sign] = parts;
        if (!target || !sign) return other;
        const isPlain = sign.name === 'Equals';
        // a pattern is no value
        if (!isPlain && target.name.endsWith('Pattern')) return other;
        const name = /(\w+)$/.exec(write(target))?.[1] ?? '';
        const value: Expr = isPlain
          ? parts[2]
            ? named(parts[2], name)
            : other
          : write(sign) === '+='
            ? { k: 'join', parts: [expr(target), expr(parts[2])] }
            : { k: 'either', sign: '??', left: expr(target), right: expr(parts[2]) };
        assign(target, value, node.to, 'declared');
        return value;
      }
      case 'ArrowFunction':
      case 'FunctionExpression':
        return { k: 'unit', unit: functionOf(node, null, null, true) };
      case 'ClassExpression':
        return { k: 'unit', unit: classOf(node, null) };
      case 'ObjectExpression':
        return object(parts);
      case 'ArrayExpression':
        return { k: 'list', items: commaParts(parts).map(group => (group.length === 1 ? expr(group[0]) : (expr(group.at(-1)), other))) };
      default:
        for (const part of parts) if (!isType.test(part.name)) expr(part);
        return other;
    }
  }

  function variables(node: SyntaxNode): void {
    const [kind, ...parts] = partsOf(node);
    const where = kind && write(kind) === 'var' ? 'unit' : 'block';
    for (const all of commaParts(parts.filter(({ name }) => name !== ';'))) {
      const group = all.filter(({ name }) => !isType.test(name));
      const at = group.findIndex(({ name }) => name === 'Equals');
      const target = group[0];
      if (!target) continue;
      const value: Expr = at < 0 ? { k: 'const', value: null } : group[at + 1] ? named(group[at + 1]!, write(target)) : other;
      // what a loop gives is told by it
      if (at >= 0 || all.length === 1) assign(target, value, all.at(-1)!.to, where);
    }
  }

  function imports(parts: readonly SyntaxNode[], at: number): void {
    const from = parts.findLast(({ name }) => name === 'String');
    if (!from || parts.some(({ name }) => name === 'type')) return;
    const module = textOf(from);
    build.import(module, null);
    for (const part of parts) {
      if (part.name === 'VariableDefinition')
        build.declare(write(part), build.import(module, parts.some(({ name }) => name === 'Star') ? null : 'default'), at, 'unit');
      else if (part.name === 'ImportGroup')
        for (const group of commaParts(partsOf(part)))
          build.declare(write(group.at(-1)!), build.import(module, write(group[0]!)), at, 'unit');
    }
  }

  function exported(parts: readonly SyntaxNode[], at: number): void {
    const from = parts.findLast(({ name }) => name === 'String');
    const module = from && parts.some(({ name }) => name === 'from') ? textOf(from) : null;
    const group = found(parts, 'ExportGroup');
    if (group)
      for (const each of commaParts(partsOf(group))) {
        const value = module === null ? build.name(write(each[0]!), at) : build.import(module, write(each[0]!));
        build.declare(`export ${write(each.at(-1)!)}`, value, at, 'unit');
      }
    else if (module !== null) build.declare('*', build.import(module, null), at, 'unit');
    else {
      const rest = parts.filter(({ name }) => !/^(?:export|default|;)$/.test(name));
      const isDefault = parts.some(({ name }) => name === 'default');
      for (const part of rest) {
        if (!/Declaration$/.test(part.name)) build.declare('export default', expr(part), at, 'unit');
        else {
          statement(part);
          const name = isDefault ? partsOf(part).find(each => each.name === 'VariableDefinition') : undefined;
          if (name) build.declare('export default', build.name(write(name), at), at, 'unit');
        }
      }
    }
  }

  function loop(parts: readonly SyntaxNode[]): void {
    const spec = parts.find(({ name }) => /^For\w*Spec$/.test(name));
    build.inBlock(() =>
      build.under(null, true, () => {
        const inner = spec ? partsOf(spec) : [];
        const over = inner.findIndex(({ name }) => name === 'of' || name === 'in');
        const isOf = inner[over]?.name === 'of';
        const target = inner[over - 1];
        if (over >= 0 && target) {
          const value: Expr = isOf ? { k: 'element', of: expr(inner[over + 1]), at: null } : (expr(inner[over + 1]), other);
          assign(target, value, target.from, 'block');
        } else statements(inner);
        statements(parts.filter(part => part !== spec));
      }),
    );
  }

  function statement(node: SyntaxNode): void {
    const parts = partsOf(node);
    switch (node.name) {
      case 'VariableDeclaration':
        return variables(node);
      case 'FunctionDeclaration':
      case 'ClassDeclaration': {
        const target = found(parts, 'VariableDefinition');
        const name = target ? write(target) : null;
        const unit = node.name === 'ClassDeclaration' ? classOf(node, name) : functionOf(node, name, null, name === null);
        if (name !== null) build.declare(name, { k: 'unit', unit }, node.from);
        return;
      }
      case 'ImportDeclaration':
        return imports(parts, node.to);
      case 'ExportDeclaration':
        return exported(parts, node.to);
      case 'IfStatement': {
        const test = expr(parts[1]);
        const otherwise = parts.findIndex(({ name }) => name === 'else');
        build.under(test, true, () => statements(parts.slice(2, 3)));
        if (otherwise >= 0) build.under(test, false, () => statements(parts.slice(otherwise + 1)));
        return;
      }
      case 'ForStatement':
        return loop(parts);
      case 'WhileStatement':
      case 'DoStatement':
      case 'CatchClause':
        return build.inBlock(() => build.under(null, true, () => statements(parts)));
      case 'SwitchStatement':
        return parts.forEach(part =>
          part.name === 'SwitchBody' ? build.inBlock(() => build.under(null, true, () => statements(partsOf(part)))) : expr(part),
        );
      case 'Block':
        return build.inBlock(() => block(parts));
      case 'TryStatement':
      case 'FinallyClause':
      case 'LabeledStatement':
      case 'NamespaceDeclaration':
        return statements(parts);
      case 'ReturnStatement':
        return build.returns(parts[1] && parts[1].name !== ';' ? expr(parts[1]) : { k: 'const', value: null });
      default:
        for (const part of parts) if (!isType.test(part.name)) expr(part);
    }
  }

  /** The statements among some nodes, and the expressions between them. */
  function statements(parts: readonly SyntaxNode[]): void {
    for (const part of parts) {
      if (/Statement$|Declaration$|Clause$|^Block$/.test(part.name)) nested(part);
      else if (/Expression$|^(?:VariableName|CallExpression)$/.test(part.name)) expr(part);
    }
  }

  function nested(node: SyntaxNode): void {
    if (deep > mostDeep) return;
    deep++;
    statement(node);
    deep--;
  }

  const block = (parts: readonly SyntaxNode[]): void =>
    parts.forEach(part => (/Statement$|Declaration$|^Block$/.test(part.name) ? nested(part) : undefined));

  return block;
}
