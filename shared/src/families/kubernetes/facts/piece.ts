import { budgets } from '../../../base/limits/budgets';
import { emptyFacts, unreadFacts } from '../../../workspace/fact-kind';
import { shift } from '../../../base/text/range';
import type { YamlPiece } from '../../family/types';
import type { FileFacts } from '../../../workspace/types';
import { readDocument } from '../objects';
import { collectFacts } from './facts';
import { valuesFacts } from './values-facts';
import { kyvernoFacts } from './test-facts';
import { generatorFacts } from './generator-facts';

/** The facts of a document; the very same ones as long as it stays what and where it was, and shifted where only its place has changed. */
export function kubernetesFacts({ document, dialect, path, base }: YamlPiece): FileFacts {
  if (dialect.holds === 'kustomization') return generatorFacts(document, path, base);
  if (dialect.holds === 'values') return valuesFacts(document, path, base);
  if (dialect.holds === 'policy-test') return kyvernoFacts(document, path, base);
  if (dialect.holds !== undefined) return emptyFacts;
  const read = readDocument(document, dialect);
  const known = read.facts;
  if (known?.path === path && known.base === base) return known.facts;
  const facts =
    known?.path === path
      ? known.facts.map(fact => ({ ...fact, range: shift(fact.range, base - known.base) }))
      : read.objects.length > budgets.views
        ? [...collectFacts(read.objects, path, base), ...unreadFacts(path, base)]
        : collectFacts(read.objects, path, base);
  read.facts = { path, base, facts };
  return facts;
}
