import { parseDocument } from '../../model/yaml/parse';
import { splitDocuments } from '../../model/yaml/split';
import type { YamlDocument } from '../../model/yaml/types';
import type { Refusal, YamlOperation } from '../types';
import { playOperations } from './expected';
import { firstDifference, treeOf, treeOfValue } from './tree';

function unverified(detail: string): Refusal {
  return { reason: 'unverified', detail };
}

/**
 * Checks that `after` is `before` with the operations carried out and nothing else: no new syntax error; the same tags, values, keys in
 * the same order, anchors and aliases (compared on the tree, never expanded); every comment kept. `null` where all of it holds.
 * `after` is the parse of the whole changed text of the document, one inserted behind it included.
 */
export function verifyYaml(before: YamlDocument, after: YamlDocument, operations: readonly YamlOperation[]): Refusal | null {
  const problem = newProblem(before, after);
  if (problem !== null) return unverified(`new syntax error: ${problem}`);
  const expected = treeOf(before.root);
  const wrong = playOperations(expected, operations);
  if (wrong !== null) return unverified(wrong);
  const difference = firstDifference(expected, treeOf(after.root));
  if (difference !== null) return unverified(`unexpected change at ${difference}`);
  const documents = checkDocuments(after, operations);
  if (documents !== null) return documents;
  const moved = operations.some(operation => operation.type === 'yaml.move');
  return sameComments(before, after, moved) ? null : unverified('a comment was lost, added or moved');
}

function newProblem(before: YamlDocument, after: YamlDocument): string | null {
  const known = new Map<string, number>();
  for (const { code } of before.problems) known.set(code, (known.get(code) ?? 0) + 1);
  for (const { code, message } of after.problems) {
    const left = known.get(code) ?? 0;
    if (left === 0) return message;
    known.set(code, left - 1);
  }
  return null;
}

function sameComments(before: YamlDocument, after: YamlDocument, anyOrder: boolean): boolean {
  if (before.comments.length !== after.comments.length) return false;
  const a = before.comments.map(comment => comment.text);
  const b = after.comments.map(comment => comment.text);
  if (anyOrder) {
    a.sort();
    b.sort();
  }
  return a.every((text, index) => text === b[index]);
}

function checkDocuments(after: YamlDocument, operations: readonly YamlOperation[]): Refusal | null {
  const values = operations.flatMap(operation => (operation.type === 'yaml.insert-document' ? [operation.value] : []));
  if (values.length === 0) return null;
  const chunks = splitDocuments(after.text);
  const added = chunks.slice(chunks.length - values.length).map(({ text }) => parseDocument(text));
  const wrong =
    chunks.length <= values.length ||
    values.some((value, index) => {
      const document = added[index];
      return (
        !document ||
        document.problems.length + document.comments.length > 0 ||
        firstDifference(treeOfValue(value), treeOf(document.root)) !== null
      );
    });
  return wrong ? unverified('the document that was added does not read as it should') : null;
}
