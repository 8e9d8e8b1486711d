import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ruleIds, rulePath } from '../../tools/rules/files';

/** Rules are short, since models and knowledge do the work; so is every other file. See CONTRIBUTING.md. */

const root = path.resolve(import.meta.dirname, '../..');

function sourceFiles(folder: string): string[] {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map(name => `${folder}/${name.split(path.sep).join('/')}`)
    .filter(name => name.endsWith('.ts') && !name.includes('/generated/') && !name.includes('/node_modules/'));
}

const readText = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');

/** The lines of a rule's file that are neither imports nor metadata, neither blank nor comments. */
function logicLines(file: string): number {
  const text = readText(file);
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const other = new Set<number>();
  const lineOf = (offset: number): number => source.getLineAndCharacterOfPosition(offset).line;
  const leaveOut = (node: ts.Node): void => {
    for (let line = lineOf(node.getStart()); line <= lineOf(node.end); line++) other.add(line);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) leaveOut(node);
    else if (ts.isCallExpression(node) && node.expression.getText() === 'defineRule') {
      const [declaration] = node.arguments;
      if (declaration && ts.isObjectLiteralExpression(declaration))
        declaration.properties.filter(property => property.name?.getText() !== 'on').forEach(leaveOut);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return text.split('\n').filter((line, i) => !other.has(i) && !/^\s*(?:$|\/\/|\/\*|\*)/.test(line)).length;
}

const mostLines = 80;

/** Functions that are longer than they may be, each with its lines: nothing comes to this list, and what is mended goes. */
const tooLong: Readonly<Record<string, number>> = {
  'client/src/check-workspace.ts createWorkspaceCheck': 177,
  'client/src/extension.ts startExtension': 107,
  'client/src/harden/harden.ts createHarden': 183,
  'client/src/harden/session.ts createSession': 100,
  'client/src/posture.ts createPostureView': 95,
  'server/src/cli/facts.ts createFacts': 136,
  'server/src/cli/kept/kept-results.ts openKeptResults': 111,
  'server/src/documents/workspace-facts.ts createWorkspaceFacts': 178,
  'server/src/features/diagnostics.ts createDiagnostics': 108,
  'server/src/host/node/scanner/scanner.ts openScanner': 88,
  'server/src/host/node/supervisor/memory.ts createSessionMemory': 91,
  'server/src/host/node/supervisor/supervise.ts supervise': 81,
  'server/src/host/node/walk.ts walkSteps': 130,
  'server/src/session/session.ts wire': 171,
  'shared/src/services/registry/client.ts createRegistryClient': 173,
  'shared/src/services/writers/traffic.ts trafficOf': 155,
  'shared/src/syntax/shell/quoting.ts quotingAt': 89,
};

/** The functions of a file that have more lines than that; what is within one counts for it. */
function longFunctions(file: string): readonly { readonly where: string; readonly lines: number }[] {
  const text = readText(file);
  if (text.split('\n').length <= mostLines) return [];
  const found: { readonly where: string; readonly lines: number }[] = [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const [first, last] = [node.getStart(), node.end].map(at => source.getLineAndCharacterOfPosition(at).line);
      const named = node.name ?? (node.parent as { readonly name?: ts.Node }).name;
      if (last! - first! >= mostLines) found.push({ where: `${file} ${named?.getText() ?? 'a function'}`, lines: last! - first! + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe('size', () => {
  const rules = ruleIds().map(id => `${rulePath(id)}.ts`);
  const sizes = rules.map(file => ({ file, lines: logicLines(file) })).sort((a, b) => a.lines - b.lines);

  it('half of the rules have at most 30 lines of logic', () => {
    expect(sizes.length).toBeGreaterThan(100);
    expect(sizes[sizes.length >> 1]!.lines).toBeLessThanOrEqual(30);
  });

  it('no rule has 200 lines of logic or more', () => {
    expect(sizes.filter(({ lines }) => lines >= 200)).toEqual([]);
  });

  it('no other file has more than 400 lines', () => {
    const files = ['shared/src', 'shared/host', 'server/src', 'client/src', 'tools', 'test'].flatMap(sourceFiles);
    const long = files.map(file => ({ file, lines: readText(file).split('\n').length - 1 })).filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });

  it('no function has more than 80 lines, and those that have become shorter', () => {
    const files = ['shared/src', 'shared/host', 'server/src', 'client/src', 'tools'].flatMap(sourceFiles);
    const long = files.flatMap(longFunctions);
    expect(
      long.filter(({ where, lines }) => lines > (tooLong[where] ?? mostLines)).map(({ where, lines }) => `${where}: ${lines}`),
    ).toEqual([]);
    const left = new Set(long.map(({ where }) => where));
    expect(Object.keys(tooLong).filter(where => !left.has(where) && fs.existsSync(path.join(root, where.split(' ')[0]!)))).toEqual([]);
  });
});
