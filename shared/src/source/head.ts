import type { YamlDocument } from '../yaml/types';
import { mapOf, stringOf } from '../yaml/values';
import type { DocumentHead } from './scan';

/** The head of a document that is parsed already; as `scanDocuments` gives it of a text. */
export function headOf(document: YamlDocument): DocumentHead {
  const { root } = document;
  const map = mapOf(root);
  const first = root?.kind === 'sequence' ? mapOf(root.items[0]) : null;
  return {
    keys: map?.entries.map(entry => entry.name) ?? [],
    apiVersion: stringOf(map?.get('apiVersion')),
    kind: stringOf(map?.get('kind')),
    sequence: root?.kind === 'sequence',
    itemKey: first?.entries[0]?.name ?? null,
  };
}
