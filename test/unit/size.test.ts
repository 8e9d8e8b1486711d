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
});
