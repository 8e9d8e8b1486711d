import type { NetworkPart } from '../families/family/network';
import type { Choice, NameLink, OutlineItem } from '../families/family/outline';
import type { Convertible, Coverage } from '../families/family/types';
import type { TrialPlace } from '../knowledge/trials';
import type { Effective } from '../evidence/effective';
import type { EffectiveUser } from '../families/family/users';
import type { TextEdit } from '../base/text/edits';
import type { Range } from '../base/text/range';
import type { Finding } from '../rule/finding/types';
import type { Fix, Snippet } from '../rule/fix/types';
import type { ImagePlace } from '../syntax/image/places';
import type { Rule } from '../rule/define-rule';
import type { Story } from './stories';
import type { Accepted } from './accept';
import type { Source } from '../workspace/source/types';
import type { SuppressionScope } from './suppress/write';
import type { TextChunk } from '../syntax/yaml/split';
import type { FileFacts } from '../workspace/types';
import type { FixPlan, HardenResult, InputFile, LintContext, LintResult, PlanGroup, PlannedChange, RenderedFix } from './types';

/** Which fixes `applyFixes` may take: gets each finding with its fixes, one after the other, and what identifies it in any version of the text. */
export type FixFilter = (finding: Finding, fix: Fix, key: string) => boolean;

/** The engine: opens files to lint, fix and harden them. Holds caches, so keep one for as long as files are worked on. Never throws on user input. */
export interface Engine {
  /** Every rule that this engine runs. */
  readonly rules: readonly Rule[];
  /** The ids of the families that have a rule here: files of others are recognised, and not checked. */
  readonly families: ReadonlySet<string>;
  /** Opens one version of a file. Nothing is read before it is asked for, and nothing twice: keep what is opened as long as the version lasts. */
  open(file: InputFile): OpenedFile;
}

/** What `harden` is asked for. */
export interface HardenOptions {
  readonly safeOnly?: boolean;
  readonly accept?: Accepted;
  /** Whether a file that a program writes is left: its next run would undo what is done to it. */
  readonly leavesGenerated?: boolean;
  /** Whether the findings of a rule are to be fixed; absent: those of all are. */
  readonly wants?: (rule: string) => boolean;
}

/** One version of a file, parsed at most once. */
export interface OpenedFile {
  readonly file: InputFile;
  /** What the file is by itself. */
  readonly source: Source;
  /** What it is by what other files say of it, too. */
  sourceIn(context: LintContext): Source;
  /** Whether there are rules for the file. */
  isChecked(context: LintContext): boolean;
  /** Lints the file. Every finding is in the result, suppressed ones too (`suppression` says why they do not count). */
  lint(context: LintContext): LintResult;
  /** The edits of one fix of a finding that `lint` gave. Verified; refused with a reason where it does not hold. */
  render(finding: Finding, fix: Fix): RenderedFix;
  /** What `render` gives for every fix of findings, in the order of `finding.fixes`: for all of them at a fraction of the work. */
  renderAll(findings: readonly Finding[]): ReadonlyMap<Finding, readonly RenderedFix[]>;
  /** Applies the fixes that `select` takes, to a fixed point, verified; what `harden`, fix-all and `--fix` are made of. */
  applyFixes(context: LintContext, select: FixFilter): HardenResult;
  /** Whether a program writes the file, and people do not: it says so, or a command of the workspace writes it. */
  isGenerated(context: LintContext): boolean;
  /** Applies every safe and review fix, and the attended ones of the rules that are accepted (only safe ones with `safeOnly`). */
  harden(context: LintContext, options?: HardenOptions): HardenResult;
  /** What harden could do, as groups of which any may be applied: attended fixes are among them, those that ask a registry are not. */
  plan(context: LintContext): FixPlan;
  /** The attended groups of a plan at a third of its price: small ones, without what they need. */
  asked(context: LintContext): readonly PlanGroup[];
  /** Applies groups of a plan that this file gave in the same context, and what they need; verified, and never for the worse. */
  applyGroups(context: LintContext, plan: FixPlan, ids: readonly string[]): PlannedChange;
  /** What to write elsewhere where the file is a template: nothing for other files. `harden` gives it too. */
  snippets(): readonly Snippet[];
  /** The facts that a workspace index keeps of the file. */
  facts(): FileFacts;
  /** Those of the pieces of a YAML stream that are wanted, and no other is parsed; `facts` of all other files. */
  factsIn(wanted: (piece: TextChunk) => boolean): FileFacts;
  /** The places that name an image, in order, each once. */
  images(): readonly ImagePlace[];
  /** Which images of the workspace its policies ask for the signatures of. */
  coverage(context: LintContext): readonly Coverage[];
  /** What of the file can be turned into another thing, in order. */
  convertibles(): readonly Convertible[];
  /** What people look for in the file by its name, in order. */
  outline(): readonly OutlineItem[];
  /** What may be written at an offset, where more is known than the language of the file tells. */
  choices(context: LintContext, offset: number): readonly Choice[];
  /** The places that name something that is defined elsewhere. */
  links(context: LintContext): readonly NameLink[];
  /** What of the file decides who speaks to whom, in order. */
  network(): readonly NetworkPart[];
  /** The users that its stages and containers start as, as far as they are known; in order. */
  users(context: LintContext): readonly EffectiveUser[];
  /** What of the file a trial run can be made of, what one is about, and whether one no longer counts; in order. */
  trials(context: LintContext): readonly TrialPlace[];
  /** What somebody makes of the findings of each container, step by step; the worst first. */
  stories(context: LintContext): readonly Story[];
  /** What really runs of what the file describes, after every merge and default; in order. */
  effective(context: LintContext): readonly Effective[];
  /**
   * Forgets what was worked out of the file's parts, for who has thousands of files and does not come back to this one: the results of documents lie in a memory that
   * files share. What is asked again is worked out again.
   */
  forget(): void;
  /** The edit that suppresses some rules at `range` or in the whole file, with a reason or none; `null` where no comment could have the effect. */
  suppress(range: Range, rules: readonly string[], scope: SuppressionScope, reason?: string | null): TextEdit | null;
}
