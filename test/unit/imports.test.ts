import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { entrances, mayLoad, onDemand, packages, partOf, rooms } from '../../tools/architecture';

/** Imports go one way, types too: tools/architecture.ts says which. */

const root = path.resolve(import.meta.dirname, '../..');

interface Import {
  /** The importing file, relative to the checkout. */
  readonly from: string;
  /** The imported file without its ending, relative to the checkout; or a package. */
  readonly to: string;
  readonly local: boolean;
  readonly typeOnly: boolean;
  /** Whether it is evaluated when the code around it runs, and not at start. */
  readonly onDemand: boolean;
}

function sourceFiles(folder: string): string[] {
  const full = path.join(root, folder);
  if (!fs.existsSync(full)) return [];
  return fs
    .readdirSync(full, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => `${folder}/${name.split(path.sep).join('/')}`);
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined && named !== undefined && ts.isNamedImports(named) && named.elements.every(element => element.isTypeOnly)
  );
}

function importsOf(from: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean, onDemand = false): void => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    const local = specifier.text.startsWith('.');
    const to = local ? path.posix.join(path.posix.dirname(from), specifier.text) : specifier.text;
    found.push({ from, to, local, typeOnly, onDemand });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node));
    else if (ts.isCallExpression(node)) {
      const { expression } = node;
      if (expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false);
      else if (ts.isIdentifier(expression) && expression.text === 'require') add(node.arguments[0], false, true);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(from, fs.readFileSync(path.join(root, from), 'utf8'), ts.ScriptTarget.Latest));
  return found;
}

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** What loads what, itself and what is not known left out. */
function graphOf(edges: readonly (readonly [string, string | undefined])[]): Graph {
  const loads = new Map<string, Set<string>>();
  for (const [from, to] of edges) if (to !== undefined && to !== from) loads.set(from, (loads.get(from) ?? new Set<string>()).add(to));
  return loads;
}

/** A circle for each group that has one; none: there is none. */
function circlesIn(loads: Graph): readonly string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (one: string, trail: readonly string[]): void => {
    if (trail.includes(one)) circles.push([...trail.slice(trail.indexOf(one)), one].join(' -> '));
    if (done.has(one) || trail.includes(one)) return;
    for (const other of loads.get(one) ?? []) visit(other, [...trail, one]);
    done.add(one);
  };
  for (const one of loads.keys()) visit(one, []);
  return circles;
}

const shared = sourceFiles('shared/src').flatMap(importsOf);
/** The name of the package that a module is of. */
const packageOf = (module: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(module)![0];
const show = ({ from, to }: Import): string => `${from} -> ${to}`;

describe('imports', () => {
  it('shared loads only what the table allows', () => {
    const wrong = shared.filter(({ from, to, local }) => {
      if (!local) return !from.startsWith(`shared/src/${packages[packageOf(to)]}/`);
      const target = partOf(to);
      return target === undefined || !mayLoad(partOf(from)!, target);
    });
    expect(wrong.map(show)).toEqual([]);
  });

  it('shared evaluates on demand what is declared so, and nothing else', () => {
    const loading = shared.filter(({ typeOnly }) => !typeOnly);
    const wrong = loading.filter(({ to, onDemand: late }) => late !== onDemand.includes(packageOf(to)));
    expect(wrong.map(show)).toEqual([]);
    expect(onDemand.filter(name => !loading.some(({ to }) => packageOf(to) === name))).toEqual([]);
  });

  it('shared has the ten rooms and three faces, and nothing else', () => {
    const found = new Set(sourceFiles('shared/src').map(file => partOf(file)!.split('/')[0]!));
    expect([...found].sort()).toEqual([...Object.keys(rooms), 'early', 'formats', 'index'].sort());
    expect(Object.keys(rooms)).toHaveLength(10);
  });

  it('parts and families load each other in no circle', () => {
    const loads = graphOf(shared.flatMap(({ from, to, local }) => (local ? [[partOf(from)!, partOf(to)] as const] : [])));
    expect(loads.size).toBeGreaterThan(20);
    expect(circlesIn(loads)).toEqual([]);
  });

  it('files load each other in no circle, types too', () => {
    const files = ['shared/src', 'shared/host', 'server/src', 'client/src', 'tools'].flatMap(sourceFiles);
    const loads = graphOf(files.flatMap(importsOf).flatMap(({ from, to, local }) => (local ? [[from, `${to}.ts`] as const] : [])));
    expect(loads.size).toBeGreaterThan(1000);
    expect(circlesIn(loads)).toEqual([]);
  });

  it('a rule loads no other rule', () => {
    const isRule = (file: string): boolean => fs.existsSync(path.join(root, `${file.replace(/\.ts$/, '')}.md`));
    expect(shared.filter(({ from, to, local, typeOnly }) => local && !typeOnly && isRule(from) && isRule(to)).map(show)).toEqual([]);
  });

  it('no family loads another', () => {
    const familyOf = (file: string): string | undefined => /^shared\/src\/families\/(?!family\/|generated\/)([^/]+)\//.exec(file)?.[1];
    expect(shared.filter(({ from, to }) => familyOf(from) && familyOf(to) && familyOf(from) !== familyOf(to)).map(show)).toEqual([]);
  });

  it.each(Object.entries(entrances))('%s takes of the engine what the table allows', (folder, allowed) => {
    const imports = sourceFiles(folder).flatMap(importsOf);
    const wrong = imports.filter(({ to }) => to.startsWith('shared/src/') && !allowed.includes(partOf(to)!));
    expect(imports.length).toBeGreaterThan(5);
    expect(wrong.map(show)).toEqual([]);
    const formats = imports.filter(({ from, to }) => partOf(to) === 'formats' && !from.startsWith('server/src/cli/'));
    expect(formats.map(show)).toEqual([]);
  });

  it('the client loads nothing of the server, and the hosts in common load neither', () => {
    const allowed = /^(?:shared\/(?:src|host)\/|https?$|vscode$|vscode-languageclient(?:\/(?:node|browser))?$)/;
    const imports = sourceFiles('client/src').flatMap(importsOf);
    expect(imports.filter(({ to }) => !to.startsWith('client/src/') && !allowed.test(to)).map(show)).toEqual([]);
    const hosts = sourceFiles('shared/host').flatMap(importsOf);
    expect(hosts.filter(({ to }) => !/^(?:shared\/(?:src|host)\/|node:|fzstd$)/.test(to)).map(show)).toEqual([]);
  });

  it('the server knows neither the client nor the editor', () => {
    const wrong = sourceFiles('server/src')
      .flatMap(importsOf)
      .filter(({ to }) => to.startsWith('client/') || to === 'vscode' || to.startsWith('vscode-languageclient'));
    expect(wrong.map(show)).toEqual([]);
  });
});
