import type { Reason } from '../../shared/src/base/terms/evidence';
import { createWords } from '../../shared/src/output/report/words';

const words = createWords([]);

/** What is seen that speaks against a fix, or why harden leaves something, in words; `''`: nothing is said. */
export const detailOf = (said: string | number | Reason | undefined): string =>
  typeof said === 'object' ? words.evidence(said) : String(said ?? '');
