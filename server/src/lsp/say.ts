import { type MaskedText, trusted } from '../../../shared/src/early';
import { fill, type WordBundle } from '../../../shared/src/index';

/** The server's own texts in English: titles of actions, labels and headings. Translated under `editor/<key>`. */
export const editorTexts = {
  review: '{title} (review)',
  attended: '{title} (your decision)',
  manual: '{title} (by hand)',
  fixRule: 'Fix all: {title} in this file',
  fixAll: 'Fix all safe problems',
  hardenSafe: 'Harden this file, safe fixes only',
  harden: 'Harden this file',
  suppressLine: 'Suppress {rule} here',
  suppressFile: 'Suppress {rule} in this file',
  documentation: 'Open documentation for {rule}',
  confirmHarden: 'Bulkhead: harden {name}? These changes would be made:',
  moreGroups: 'and {count} more',
  applyAll: 'Apply all',
  applySafe: 'Safe only',
  cancel: 'Cancel',
  hardened: '{name}: {applied} of {offered} groups applied, {rest}',
  nothingToHarden: '{name}: nothing to change, {rest}',
  leftNone: 'no finding left',
  leftOne: '1 finding left',
  leftMany: '{count} findings left',
  notHardened: '{name} was not changed: {reason}',
  refused: 'the editor refused the edit',
  unsupported: 'Bulkhead does not check {kind} yet: {name} is left as it is',
  offHere: 'Bulkhead does not check {name}: {reason}',
  failedHere: '{name} could not be checked: an internal error, see the log',
  hardenLabel: 'Bulkhead: harden {name}',
  fixAllLabel: 'Bulkhead: fix all safe problems in {name}',
  assumes: 'Assumes: {list}',
  forValues: 'Values that make what the chart renders safe',
  forPatch: 'A kustomize patch for what is rendered',
  forKustomization: 'The entry of that patch in the kustomization',
  error: 'Error',
  warning: 'Warning',
  info: 'Information',
  hint: 'Hint',
  moreFindings: '{count} more',
  fixHeading: 'Fix',
  suppressHeading: 'Suppress',
  suppressHow: '{directive} on the line above',
  standards: 'Standards',
  learnMore: 'Documentation for {rule}',
  explain: 'Documentation: {command}',
  pin: 'Pin {image} to its digest',
  pinVersion: 'Pin {image} to its version and digest',
  updateDigest: 'Update the digest of {image}',
  pinCurrent: '{image} already has the digest of its tag',
  pinFailed: '{image} is not pinned: {reason}',
  pinProgress: 'Querying registries for digests',
  pinLabel: 'Bulkhead: pin images to digests',
  noRegistry: 'In a browser, registries cannot be queried for digests',
  lookupOff: 'Digest look-ups are turned off (bulkhead.registry.lookup)',
  lastLookup: 'According to the registry at {time}, the tag has {digest}',
  madeAt: '{digest} (of {time})',
  moved: 'The tag of {image} has moved to {digest}',
  movedFrom: 'Pinned: {digest}',
  movedTo: 'Current: {digest}',
  userHint: 'user: {user}',
  userOfFile: 'Starts as {user}, as this file says',
  userOfImage: 'Starts as {user}, the user of {by}',
  userOfDockerfile: 'Starts as {user}, as {by} says',
  lensOne: 'Harden: 1 fix',
  lens: 'Harden: {count} fixes',
  noDocument: 'Open a Dockerfile or a Kubernetes manifest first',
} as const;

/** The name of one of `editorTexts`. */
export type EditorText = keyof typeof editorTexts;

/** Gives one of the server's own texts in the user's language, filled with what a gate let through. */
export type Say = (text: EditorText, data?: Readonly<Record<string, MaskedText | number>>) => MaskedText;

/** Texts from an optional translation. */
export function createSay(bundle: WordBundle = {}): Say {
  return (text, data = {}) => trusted(fill(bundle[`editor/${text}`] ?? editorTexts[text], data));
}
