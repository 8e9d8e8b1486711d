import type { FactPlace } from './fact-place';

/** What an admission policy, or a binding of one, tells other files. */
export interface AdmissionFact extends FactPlace {
  readonly type: 'admission';
  readonly is: 'policy' | 'binding';
  /** Of a policy its own name, of a binding that of its policy; `''` where it is filled in later. */
  readonly policy: string;
  /** Whether a policy takes parameters. */
  readonly takesParameters: boolean;
}
