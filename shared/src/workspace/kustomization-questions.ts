import { tableOf, type Facts } from './fact-tables';
import { isFilled, podsBeside, type KustomizationFact } from './kustomize-facts';
import { folderOf } from './paths';
import type { FactReader, Questions } from './question';
import { filters } from './object-filters';

const kustomizations = tableOf('kustomization', ({ resources }) => resources);
const fragments = tableOf('fragments', ({ files }) => files);
const whole = tableOf('fragments', fact => fact.whole);

/** No project lays kustomizations over each other in more folders; what goes on behind them is not followed. */
const mostFolders = 1000;

/** Whether a file is part of kustomizations, and whatever it ends up in by way of them does something on that way. Each folder is asked once. */
function alwaysIn(facts: Facts, path: string, does: (fact: KustomizationFact) => boolean, known = new Map<string, boolean>()): boolean {
  const before = known.get(path);
  if (before !== undefined || known.size >= mostFolders) return before ?? false;
  // a circle ends up nowhere
  known.set(path, false);
  const parents = facts.by(kustomizations, path);
  const always = parents.length > 0 && parents.every(fact => does(fact) || alwaysIn(facts, folderOf(fact.path), does, known));
  known.set(path, always);
  return always;
}

/** Reads what names files as parts of objects, or as what policies are tried on. */
export function readFragments(read: FactReader): void {
  read.objects(filters.fragments);
}

/** Whether a file has nothing but bare pods, and no kustomization takes it in. */
function isPodsAlone(facts: Facts, path: string): boolean {
  const there = facts.at(path);
  return (
    there.length > 0 &&
    there.every(fact => fact.type === 'workload' && fact.kind === 'Pod') &&
    facts.by(kustomizations, path).length === 0 &&
    !facts.in(whole).has(path)
  );
}

/** Whether the objects of a file are only there for policies to be tried on. */
export function isTriedOn(facts: Facts, path: string): boolean {
  return !facts.in(whole).has(path) && facts.by(fragments, path).some(fact => fact.as === 'what a policy is tested against');
}

/** What is asked about the kustomizations, and other tools, that take files in. */
export const kustomizationQuestions = {
  kustomizes: {
    needs: read => read.objects(filters.kustomizations),
    answer: (facts, path, what = 'selects') => {
      // A kustomization is made of files, and of the folders of others.
      const seen = new Set([path]);
      for (const place of seen) {
        for (const fact of facts.by(kustomizations, place)) {
          if (what === 'takes' || fact[what]) return true;
          seen.add(folderOf(fact.path));
        }
      }
      return false;
    },
  },
  kustomizesImage: {
    needs: read => read.objects(filters.kustomizations),
    answer: (facts, path, name) => alwaysIn(facts, path, ({ images }) => images.includes(name)),
  },
  fillsIn: {
    needs: read => read.objects(filters.kustomizations),
    answer: (facts, path, object, field, isThere) =>
      alwaysIn(facts, path, ({ fills }) => fills.some(filled => (isThere || filled.creates) && isFilled(filled, object, field))),
    dependsOn: ['kind', 'name'],
  },
  fragmentOf: {
    needs: (read, path) => {
      readFragments(read);
      read.file(path);
      if (isPodsAlone(read.facts, path)) read.objects(filters.policyObjects);
    },
    answer: (facts, path) => {
      if (facts.in(whole).has(path)) return null;
      const [named] = facts.by(fragments, path);
      return named ?? (isPodsAlone(facts, path) ? (facts.by(fragments, podsBeside(path))[0] ?? null) : null);
    },
  },
} satisfies Partial<Questions>;
