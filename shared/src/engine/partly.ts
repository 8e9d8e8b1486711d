import type { Family } from '../families/family/types';
import type { Source } from '../workspace/source/types';
import type { YamlDocument } from '../syntax/yaml/types';

/** What decides whether a file is checked only in part. */
export interface Partly {
  readonly source: Source;
  readonly documents: readonly (Pick<YamlDocument, 'problems'> | null)[];
  /** How many documents are not taken for whole. */
  readonly fragments: number;
}

/** Why a file is checked only in part, in words without a final full stop; `null` where it is checked as a whole. */
export function whyPartly({ source: { dialect, reason }, documents, fragments }: Partly): string | null {
  const reasons = [
    ...(documents.some(document => document !== null && document.problems.length > 0)
      ? ['the file has syntax errors: what is absent is not taken for missing']
      : []),
    ...(dialect.templated ? ['the file is a template: what its values fill in or add is not judged'] : []),
    ...(dialect.fragment ? [reason] : []),
  ];
  return reasons[0] ?? fragmentsReason(fragments);
}

/** Says how many documents of a file are not taken for whole; `null` where all are. */
function fragmentsReason(count: number): string | null {
  if (count === 0) return null;
  return `${count} ${count === 1 ? 'document reads' : 'documents read'} like a patch: what is absent is not taken for missing there`;
}

/** Why nothing in a file is checked: what it is, or that its family has no rules yet. */
export function whyUnchecked({ family, reason }: Source, families: readonly Pick<Family, 'id' | 'label'>[]): string {
  const label = families.find(({ id }) => id === family)?.label;
  return label === undefined ? reason : `${label} are not checked yet`;
}
