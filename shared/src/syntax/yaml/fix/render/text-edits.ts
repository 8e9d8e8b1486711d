import type { TextEdit } from '../../../../base/text/edits';
import type { Refusal } from '../../../../base/terms/reasons';
import { nodeAt } from '../../lookup';
import type { YamlOperation } from '../../operations';
import type { YamlDocument } from '../../types';
import { aliasNames } from './cursor';
import { refuse } from './plan';

/** What operations replace in the text of scalars, each once; or why one of them cannot. */
export function textEdits(document: YamlDocument, operations: readonly YamlOperation[]): readonly TextEdit[] | Refusal {
  const found = new Map<string, TextEdit>();
  for (const operation of operations) {
    if (operation.type !== 'yaml.edit-text') continue;
    const node = nodeAt(document, operation.path);
    if (node?.kind !== 'scalar') return refuse('unverified', 'there is no text to change');
    if (node.shared || (node.anchor !== undefined && aliasNames(document.root).has(node.anchor)))
      return refuse('shared', 'the text is shared through an anchor');
    for (const { range, text } of operation.edits) {
      if (range.start >= range.end || range.start < node.range.start || range.end > node.range.end)
        return refuse('unverified', 'what is to be changed is not in the text');
      found.set(`${range.start} ${range.end} ${text}`, { range, newText: text });
    }
  }
  return [...found.values()];
}

/** Two sorted lists of edits as one. */
export function withTextEdits(edits: readonly TextEdit[], inText: readonly TextEdit[]): readonly TextEdit[] {
  return inText.length === 0 ? edits : [...edits, ...inText].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}
