import type { YamlOperation } from '../../operations';
import type { Refusal } from '../../../../base/terms/reasons';
import type { Comment } from '../../../../base/text/comment';
import { parseDocument } from '../../parse';
import { splitDocuments } from '../../split';
import type { YamlDocument } from '../../types';
import { playOperations } from './expected-tree';
import { commentsWith, firstDifference, treeOf, treeOfValue } from './tree';
import type { Tree } from './tree';

function unverified(detail: string): Refusal {
  return { reason: 'unverified', detail };
}

/**
 * Checks that `after` is `before` with the operations carried out and nothing else: no new syntax error; the same tags, values, keys in
 * the same order, anchors and aliases (compared on the tree, never expanded); every comment kept, and with its key where that moved. `null` where all of it holds.
 * `after` is the parse of the whole changed text of the document, one inserted behind it included.
 */
export function verifyYaml(before: YamlDocument, after: YamlDocument, operations: readonly YamlOperation[]): Refusal | null {
  const problem = newProblem(before, after);
  if (problem !== null) return unverified(`new syntax error: ${problem}`);
  const expected = treeOf(before, before.root);
  const wrong = playOperations(expected, operations);
  if (wrong !== null) return unverified(wrong);
  const difference = firstDifference(expected, treeOf(after, after.root));
  if (difference !== null) return unverified(`unexpected change at ${difference}`);
  const documents = checkDocuments(after.text, operations);
  if (documents !== null) return documents;
  return sameComments(before, after, movedComments(expected)) ? null : unverified('a comment was lost, added or moved');
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

/** The comments that moved entries take along. That these are where the entries are, the comparison of the trees has shown. */
function movedComments(root: Tree | null): ReadonlySet<Comment> {
  const found = new Set<Comment>();
  const visit = (node: Tree | null): void => {
    if (node?.kind !== 'map' && node?.kind !== 'sequence') return;
    for (const entry of node.entries) {
      if (entry.moved) for (const comment of commentsWith(entry)) found.add(comment);
      visit(entry.value);
    }
  };
  visit(root);
  return found;
}

/** Whether no comment is lost or new, and those that did not move are in their old order. */
function sameComments(before: YamlDocument, after: YamlDocument, moved: ReadonlySet<Comment>): boolean {
  if (before.comments.length !== after.comments.length) return false;
  const counts = new Map<string, number>();
  for (const { text } of before.comments) counts.set(text, (counts.get(text) ?? 0) + 1);
  const staying = before.comments.filter(comment => !moved.has(comment));
  let next = 0;
  for (const { text } of after.comments) {
    const left = counts.get(text) ?? 0;
    if (left === 0) return false;
    counts.set(text, left - 1);
    if (text === staying[next]?.text) next++;
  }
  return next === staying.length;
}

/** Checks that `text` ends in the documents that operations add, each as intended; `null` where it does. */
export function checkDocuments(text: string, operations: readonly YamlOperation[]): Refusal | null {
  const values = operations.flatMap(operation => (operation.type === 'yaml.insert-document' ? [operation.value] : []));
  if (values.length === 0) return null;
  const chunks = splitDocuments(text);
  const added = chunks.slice(chunks.length - values.length).map(chunk => parseDocument(chunk.text));
  const wrong =
    chunks.length <= values.length ||
    values.some((value, index) => {
      const document = added[index];
      return (
        !document ||
        document.problems.length + document.comments.length > 0 ||
        firstDifference(treeOfValue(value), treeOf(document, document.root)) !== null
      );
    });
  return wrong ? unverified('the added document does not parse as intended') : null;
}
