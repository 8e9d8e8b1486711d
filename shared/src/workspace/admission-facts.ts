import type { FactPlace } from './fact-place';

/** What an admission policy, or a binding of one, tells other files. */
export interface AdmissionFact extends FactPlace {
  readonly type: 'admission';
  /** `check`: a policy of an engine that asks for no binding. */
  readonly is: 'policy' | 'check' | 'binding';
  /** Of a policy its own name, of a binding that of its policy; `''` where it is filled in later. */
  readonly policy: string;
  /** Whether a policy takes parameters. */
  readonly takesParameters: boolean;
  /** Whether a binding refuses what violates its policy. */
  readonly refuses: boolean;
  /** What a policy asks of containers that looks at init or ephemeral ones; `''`: it does not, or nothing is seen. */
  readonly asksOthers: string;
}
