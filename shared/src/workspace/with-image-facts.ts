import { mayBeParameters, type PolicyTextFact } from './admission-facts';
import type { WorkspaceIndex } from './types';

/** An index that knows facts of images, too. */
export function withImageFacts(index: WorkspaceIndex, imageFacts: WorkspaceIndex['imageFacts']): WorkspaceIndex {
  return Object.defineProperty(Object.create(index) as WorkspaceIndex, 'imageFacts', { value: imageFacts, enumerable: true });
}

/** Lists of policies, each followed by those of the workspace that was asked last. */
const joined = new WeakMap<
  readonly PolicyTextFact[],
  { readonly of: readonly PolicyTextFact[]; readonly all: readonly PolicyTextFact[] }
>();

/** An index that knows policies from elsewhere, and their parameters, too, in front of its own: the same list for the same of its own, whichever index has them. */
export function withPolicies(index: WorkspaceIndex, named: readonly PolicyTextFact[]): WorkspaceIndex {
  const isOther = ({ path }: PolicyTextFact): boolean => !named.some(each => each.path === path);
  const policyTexts: WorkspaceIndex['policyTexts'] = () => {
    const of = index.policyTexts();
    let last = joined.get(named);
    if (!last || last.of.length !== of.length || last.of.some((fact, i) => fact !== of[i])) {
      last = { of, all: [...named.filter(fact => !mayBeParameters(fact.of)), ...of.filter(isOther)] };
      joined.set(named, last);
    }
    return last.all;
  };
  const parameterTexts: WorkspaceIndex['parameterTexts'] = kind => [
    ...named.filter(({ of }) => of === kind),
    ...index.parameterTexts(kind).filter(isOther),
  ];
  return Object.assign(Object.create(index) as WorkspaceIndex, { policyTexts, parameterTexts });
}

/** An index that knows trial runs of what one file starts, too. */
export function withTrials(index: WorkspaceIndex, trials: WorkspaceIndex['trials']): WorkspaceIndex {
  return Object.defineProperty(Object.create(index) as WorkspaceIndex, 'trials', { value: trials, enumerable: true });
}
