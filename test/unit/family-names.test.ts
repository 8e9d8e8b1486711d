import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { expect, it } from 'vitest';
import { families } from '../../shared/src/families/registry';

/** What is particular to a family is a member of its face: nobody else asks which family something is of. See CONTRIBUTING.md. */

const root = path.resolve(import.meta.dirname, '../..');
const names = new Set(families.map(({ id }) => id));

/** What compares with such a word all the same, and how often: no new one without a reason. */
const known: Readonly<Record<string, number>> = {
  // what a file is by its name, before anybody asks families
  'shared/src/workspace/object-filters.ts': 1,
  'shared/src/workspace/sketch.ts': 1,
  'server/src/decisions/candidates.ts': 1,
  // what a service becomes
  'server/src/cli/convert.ts': 1,
  // a Dockerfile is not built again for a proof of itself
  'server/src/cli/prove-rebuilt.ts': 1,
  // what runs a container, not the family of its file
  'shared/src/rule/container/effective.ts': 1,
  // a format of reports
  'server/src/cli/report-files.ts': 1,
  // a language of the editor
  'client/src/write-pipeline.ts': 1,
};

const anyName = new RegExp(`'(?:${[...names].join('|')})'`);

function comparisons(file: string): number {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  if (!anyName.test(text)) return 0;
  let found = 0;
  const isName = (node: ts.Node): boolean => ts.isStringLiteral(node) && names.has(node.text);
  const visit = (node: ts.Node): void => {
    if (ts.isCaseClause(node) && isName(node.expression)) found++;
    else if (ts.isBinaryExpression(node) && /^[!=]==$/.test(node.operatorToken.getText()) && (isName(node.left) || isName(node.right)))
      found++;
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

it('nothing outside of families compares with the name of one', () => {
  // the rooms below know no families: `run` is a word of package managers there
  const outside = /^(?:shared\/src\/(?!families\/|base\/|syntax\/|knowledge\/)|shared\/host\/|server\/src\/|client\/src\/).*\.ts$/;
  const files = ['shared/src', 'shared/host', 'server/src', 'client/src']
    .flatMap(folder => fs.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map(name => `${folder}/${name}`))
    .map(file => file.split(path.sep).join('/'))
    .filter(file => outside.test(file));
  expect(files.length).toBeGreaterThan(500);
  expect(Object.fromEntries(files.map(file => [file, comparisons(file)] as const).filter(([, count]) => count > 0))).toEqual(known);
});
