/** Why a fix cannot be made or is left to a person. The list is closed: it is part of the JSON contract. */
export const reasonIds = [
  'attended', // right only if a person agrees
  'manual', // guidance only
  'not-asked', // its fix is outside what was asked for (safe fixes only)
  'no-fix', // the rule has none for this case
  'network', // needs a registry
  'needs-value', // needs a value from the configuration
  'needs-input', // its edit has places that only a person can fill
  'unknown-image', // the image's users or paths are not known
  'needs-root', // something in the image or container needs root
  'templated', // the text is a template
  'syntax', // the document has a syntax error
  'convention', // values of a chart or a kustomization: what a change does shows only in what comes out
  'fragment', // a patch or override, not a whole object
  'shared', // inside an anchor, alias or merge key
  'flow-comment', // a flow collection with comments that a rewrite would lose
  'encoding', // the text does not survive UTF-8
  'variable', // built from variables
  'generated', // a program writes the file
  'windows', // does not apply on Windows
  'conflict', // two fixes want the same text
  'unverified', // the changed file did not pass verification
  'parsers-disagree', // a second, independent parser reads the changed file otherwise
  'not-converged', // ten passes did not reach a fixed point
  'too-large', // over the size limit
  'incomplete', // checking it has cost too much before, or there is more in it than is checked
] as const;

/** One of `reasonIds`. */
export type ReasonId = (typeof reasonIds)[number];

/** What rendering or verifying gives when it cannot go on. */
export interface Refusal {
  readonly reason: ReasonId;
  /** For the log: what exactly was in the way. */
  readonly detail?: string | undefined;
}
