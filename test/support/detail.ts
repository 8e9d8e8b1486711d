import { createWords } from '../../shared/src/output/report/words';
import type { Left } from '../../shared/src/engine/types';

const words = createWords([]);

/** Why harden leaves something, in words; `''`: nothing is said beside the reason. */
export const detailOf = (detail: Left['detail']): string => (typeof detail === 'object' ? words.evidence(detail) : (detail ?? ''));
