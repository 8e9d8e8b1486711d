import type { ObjectFact } from '../../../workspace/object-facts';

/** What every fact of an object has, without its type. */
export type FactHead = Omit<ObjectFact, 'type'>;
