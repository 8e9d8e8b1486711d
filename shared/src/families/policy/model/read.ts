import type { Dialect } from '../../../workspace/source/types';
import type { YamlDocument } from '../../../syntax/yaml/types';
import { readPolicies } from './objects';
import type { PolicyView } from './types';

/** The policies of a document, read once for each kind of file that it may be in. */
export function policiesOf(document: YamlDocument, dialect: Dialect): readonly PolicyView[] {
  const key = dialect.fragment ? 'policies of a fragment' : 'policies';
  const known = document.memo.get(key) as readonly PolicyView[] | undefined;
  if (known) return known;
  const policies = readPolicies(document, dialect);
  document.memo.set(key, policies);
  return policies;
}
