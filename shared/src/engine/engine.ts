import type { Rule } from '../rule/define-rule';
import type { Snippet } from '../families/kubernetes/fix/snippets';
import type { Fix } from '../fix/types';
import type { FileFacts } from '../workspace/types';
import type { Finding, HardenResult, InputFile, LintContext, LintResult, RenderedFix } from './types';

/** Which fixes `applyFixes` may take: gets each finding with its first fix that is not manual. */
export type FixFilter = (finding: Finding, fix: Fix) => boolean;

/** The engine: lints, fixes and hardens texts. Holds caches, so keep one for as long as files are worked on. Never throws on user input. */
export interface Engine {
  /** Every rule that this engine runs. */
  readonly rules: readonly Rule[];
  /** Lints one file. Every finding is in the result, suppressed ones too (`suppression` says why they do not count). */
  lint(file: InputFile, context: LintContext): LintResult;
  /** The edits of one fix of a finding that `lint` gave for this very text. Verified; refused with a reason where it does not hold. */
  renderFix(file: InputFile, finding: Finding, fix: Fix): RenderedFix;
  /** Applies the fixes that `select` takes, to a fixed point, verified; what `harden`, fix-all and `--fix` are made of. */
  applyFixes(file: InputFile, context: LintContext, select: FixFilter): HardenResult;
  /** Applies every safe and review fix (only safe ones with `safeOnly`). */
  harden(file: InputFile, context: LintContext, options?: { readonly safeOnly?: boolean }): HardenResult;
  /** What to write elsewhere where the file is a template: nothing for other files. `harden` gives it too. */
  snippets(file: InputFile): readonly Snippet[];
  /** The facts that a workspace index keeps of a file. */
  facts(file: InputFile): FileFacts;
}
