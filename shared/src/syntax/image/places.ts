import type { Range } from '../../base/text/range';
import type { TextEdit } from '../../base/text/edits';

/** Why an image cannot be pinned where it is named. The list is closed: it is part of the JSON contract of `bulkhead pin`. */
export const pinRefusals = [
  'variable', // put together from several places, or filled in later
  'invalid', // no reference that a registry could resolve
  'templated', // the document is a template
  'shared', // behind an anchor that stands for other places too
  'escaped', // the text in the file is not the text of the reference
  'values-pair', // repository and tag of a chart's values: what a chart makes of them is its own affair
  'tag-elsewhere', // a kustomization that leaves the tag to the manifests
  'suppressed', // a directive or the configuration says so
  'tag-only', // an action that refuses to run when it is named by its commit
  'too-new', // made more recently than is asked for
  'age-unknown', // nothing says when it was made
  'unverified', // the file would not parse as intended afterwards
] as const;

/** One of `pinRefusals`. */
export type PinRefusal = (typeof pinRefusals)[number];

/** A refusal as a short English phrase without a final full stop. */
export const refusalTexts: Readonly<Record<PinRefusal, string>> = {
  variable: 'the reference is composed from variables: no single place could hold the digest',
  invalid: 'no registry can resolve the reference',
  templated: 'the document is a template',
  shared: 'an anchor makes the text apply to other places too',
  escaped: 'the text is written with escapes or line breaks',
  'values-pair': "repository and tag in a chart's values: only the chart knows whether it accepts a digest",
  'tag-elsewhere': 'the tag is in the manifests, not in the kustomization',
  suppressed: 'suppressed',
  'tag-only': 'it must be named by a tag: its own verifier refuses a commit',
  'too-new': 'it is younger than the minimum age',
  'age-unknown': 'nothing says when it was made',
  unverified: 'the file would not parse as intended afterwards',
};

/** What is to be written at a place. */
export interface NewPin {
  /** Of an action a commit. */
  readonly digest: string;
  /** A tag in place of none, or of `latest`; of an action the version for the comment. */
  readonly tag?: string;
}

/** A place that names an image, or an action of a repository. Ranges are offsets in the file's text. */
export interface ImagePlace {
  readonly kind?: 'action';
  /** The reference, variables expanded; as written where they are not known. */
  readonly reference: string;
  /** Where it is named. */
  readonly range: Range;
  /** The digest that is written there; of an action its commit. */
  readonly digest: string | null;
  /** The tag that is written; of an action its ref, or the version in the comment behind its commit. */
  readonly tag: string | null;
  readonly refused: PinRefusal | null;
  /** Of a Dockerfile: whether the image is that of a stage that builds, or one that files are taken from, so that it is no part of the image that runs. */
  readonly builder?: boolean;
  /** Of the image that a Dockerfile ships: smaller ones that rules may propose in its place. */
  readonly alternatives?: readonly string[];
  /** The edits that write a pin; none where `refused` is set. */
  readonly edits: (pin: NewPin) => readonly TextEdit[];
}

/** Whether a place names an image that a registry can be asked about, though it may be no place to write a digest to. */
export function namesImage({ kind, refused }: ImagePlace): boolean {
  return kind !== 'action' && refused !== 'variable' && refused !== 'invalid' && refused !== 'templated';
}
