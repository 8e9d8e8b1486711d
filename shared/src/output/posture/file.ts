import type { Engine, OpenedFile } from '../../engine/engine';
import type { LintContext, LintResult } from '../../engine/types';
import { filledIn } from '../../workspace/chart-values';
import { isVerifiedUser, pulledImage } from '../../evidence/known-image';
import type { PostureFile } from './collect';
import type { PostureImage } from './types';

/** A file that was opened and linted, for `postureFileOf`. */
export interface LintedFile {
  /** As the report prints it. */
  readonly path: string;
  readonly engine: Engine;
  readonly opened: OpenedFile;
  readonly context: LintContext;
  /** Its findings may be marked as known to a baseline: harden's answers to those do not count. */
  readonly result: LintResult;
}

/** What a posture wants to know of a file: hardens it to see what that does, and changes nothing. */
export function postureFileOf({ path, engine, opened, context, result }: LintedFile): PostureFile {
  const { file } = opened;
  const hardened = opened.harden(context);
  const hidden = new Set(result.findings.filter(({ suppression }) => suppression !== null).map(({ fingerprint }) => fingerprint));
  return {
    file: { path, text: file.text, result, fixes: () => [], related: () => null },
    facts: opened.facts(),
    images: opened.images().flatMap(({ kind, reference }) => {
      if (kind === 'action') return [];
      const named = filledIn(reference, file.path, context.workspace);
      return [{ reference: named, user: userOf(named, context) }];
    }),
    fixed: hardened.applied
      .filter(({ finding }) => !hidden.has(finding.fingerprint))
      .map(({ finding, fix }) => ({ rule: finding.rule, class: fix.class })),
    stories: opened
      .stories(context)
      .filter(({ steps }) => !steps.some(({ ways }) => ways.some(({ finding }) => finding && hidden.has(finding.fingerprint)))),
    after: hardened.text === file.text ? result.findings : engine.open({ ...file, text: hardened.text }).lint(context).findings,
  };
}

/** As whom an image starts, by its configuration or else by the table. */
function userOf(reference: string, { workspace }: LintContext): PostureImage['user'] {
  const known = pulledImage(reference, workspace);
  const user = known?.profile?.defaultUser ?? null;
  if (!known || !user) return 'unknown';
  return user.uid === 0 ? 'root' : user.uid !== null || isVerifiedUser(known) ? 'other' : 'unknown';
}
