import { folderOf } from './paths';
import type { FactPlace } from './fact-place';

/** A kustomization. */
export interface KustomizationFact extends FactPlace {
  readonly type: 'kustomization';
  /** Whether it writes labels into selectors and pod templates. */
  readonly selects: boolean;
  /** Whether it puts what it is made of into a namespace. */
  readonly places: boolean;
  /** Whether it changes fields of what it is made of, by patches or by what fills values in. */
  readonly changes: boolean;
  /** The images whose tag or digest it sets, by the names that they have before. */
  readonly images: readonly string[];
  /** The fields that its replacements, its written patches and its own configurations of transformers write. */
  readonly fills: readonly FilledField[];
  /** The files and folders that it is made of, relative to the index. */
  readonly resources: readonly string[];
}

/** Files that something reads as parts of objects (a kustomization its patches, a test what must be there), or as samples. */
export interface FragmentsFact extends FactPlace {
  readonly type: 'fragments';
  /** What the files are to it, as a sentence goes on: `a patch`, `an assertion`. What a policy is tried on is there to be refused. */
  readonly as: 'a patch' | 'an assertion' | 'what a policy is tested against';
  /** The files, relative to the index. */
  readonly files: readonly string[];
  /** The files that it reads as whole objects, relative to the index; folders, too. */
  readonly whole: readonly string[];
}

/** How `FragmentsFact.files` names the files in the folder of a file that hold nothing but bare pods: pods beside a policy are there to be refused by it. */
export const podsBeside = (path: string): string => `${folderOf(path)}/<pods>`;

/** A field that a kustomization writes into the objects that it is made of. */
export interface FilledField {
  /** Of the object; `null`: any. */
  readonly kind: string | null;
  /** Of the object; `null`: any. */
  readonly name: string | null;
  /**
   * The keys that lead to it, without those of lists, joined by dots; behind a dot, the last of them: `spec.replicas`, `.namespace`.
   * `null`: any field.
   */
  readonly field: string | null;
  /** Whether it is written where it does not stand yet. */
  readonly creates: boolean;
}

/**
 * Whether a field of an object is one that a kustomization writes.
 * @param field the keys that lead to it, without those of lists, joined by dots
 */
export function isFilled(filled: FilledField, object: { readonly kind: string; readonly name: string | null }, field: string): boolean {
  if (filled.kind !== null && filled.kind !== object.kind) return false;
  if (filled.name !== null && filled.name !== object.name) return false;
  return filled.field === null || (filled.field.startsWith('.') ? `.${field}`.endsWith(filled.field) : filled.field === field);
}
