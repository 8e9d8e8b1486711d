import type { FactPlace } from './fact-place';
import { isBelowTestData, isTestFolder } from './source/test-data';
import type { Path } from '../syntax/yaml/types';

/** The text of something that decides what is admitted, for those who judge objects by it: a policy, a binding, an exception, or what may be parameters of a policy. */
export interface PolicyTextFact extends FactPlace {
  readonly type: 'policy-text';
  /** Its kind, such as `ClusterPolicy`, that of parameters as `ObjectFact.kind`; and its name; `''`: it is filled in later. */
  readonly of: string;
  readonly name: string;
  /** Its document; `null`: it is too long to be kept. */
  readonly text: string | null;
  /** Where it is in that. */
  readonly at: Path;
  /** Whether the user has named the folder that it is in, which may then be one of tests. */
  readonly isNamed?: true;
}

/** Whether objects are judged by what a fact has: not by what a test brings along. */
export function isJudging({ path, isNamed }: PolicyTextFact): boolean {
  return isNamed ?? !(isTestFolder(path) || isBelowTestData(path));
}

/** Whether a fact is of a policy, and not of what belongs to one. */
export function isPolicyText({ of }: PolicyTextFact): boolean {
  return /Policy$/.test(of);
}

/** Whether objects of a kind (as `ObjectFact.kind`) may be parameters of a policy: ConfigMaps, and custom resources. */
export function mayBeParameters(kind: string): boolean {
  return kind === 'ConfigMap' || kind.includes('.');
}

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
