import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { root } from '../rules/files';

/** What the server of an editor starts with. */
const entries = ['server/src/main.node.ts', 'server/src/main.browser.ts', 'server/src/main.worker.ts', 'shared/src/index.ts'];

/** The files of our own that the server of an editor loads, sooner or later. */
export function filesOfEditor(): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const source = ts.createSourceFile(path, readFileSync(root + path, 'utf8'), ts.ScriptTarget.Latest, false);
    const follow = (node: ts.Node): void => {
      const from = loadedBy(node);
      const file = from?.startsWith('.') ? `${join(dirname(path), from).replace(/\\/g, '/')}.ts` : null;
      if (file !== null && existsSync(root + file)) visit(file);
      ts.forEachChild(node, follow);
    };
    follow(source);
  };
  for (const entry of entries) visit(entry);
  return seen;
}

/** The name of the module that a node loads; of a type alone nothing is loaded. */
function loadedBy(node: ts.Node): string | null {
  const isType = (ts.isImportDeclaration(node) && node.importClause?.isTypeOnly) || (ts.isExportDeclaration(node) && node.isTypeOnly);
  if (isType) return null;
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier))
    return node.moduleSpecifier.text;
  const [argument] = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments : [];
  return argument && ts.isStringLiteral(argument) ? argument.text : null;
}
