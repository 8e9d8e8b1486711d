import type { Severity } from '../../base/terms/types';
import type { CustomFace, CustomSubject } from '../../families/family/custom';
import { families } from '../../families/registry';
import type { Report, Rule, RuleContext } from '../../rule/define-rule';
import { blame } from '../../syntax/cel/blame';
import { createRun, evaluateCel } from '../../syntax/cel/evaluate';
import type { Run, Scope } from '../../syntax/cel/run';
import type { Cel } from '../../syntax/cel/types';
import { CelError, typeName, type CelValue } from '../../syntax/cel/values';
import { NotKnown } from '../../syntax/yaml/data';
import type { Path } from '../../syntax/yaml/types';

/** What the expressions of such a rule may name. */
export const customNames: readonly string[] = ['object', 'kind', 'name', 'path'];

const faces = new Map(families.flatMap(({ id, custom }) => (custom ? [[id, custom] as const] : [])));

/** The families that show something to such rules. */
export const customFamilies: readonly string[] = [...faces.keys()];

/** A path at which a text is a file of a family. */
export function samplePathOf(family: string): string {
  return faces.get(family)!.samplePath;
}

/** Steps for all that the rules of a configuration are asked of one file: ten objects at the bound of one check. */
const mostSteps = 2_000_000;
/** Steps for one rule and one thing that it is asked about. */
const mostOfOne = 200_000;
/** Steps to find the field that decides. */
const mostForPlace = 20_000;

/** What is known of the rules of a configuration in one file. */
interface Spent {
  left: number;
  /** The rules that have said that they say no more. */
  readonly stopped: Set<string>;
}

/** A file has one context for all rules without options. */
const spent = new WeakMap<RuleContext, Spent>();

function spentIn(context: RuleContext): Spent {
  let found = spent.get(context);
  if (!found) spent.set(context, (found = { left: mostSteps, stopped: new Set() }));
  return found;
}

/** What a rule of a configuration says, without what is made of it. */
interface Definition {
  readonly id: string;
  readonly family: string | null;
  readonly kinds: readonly string[];
  readonly tree: Cel;
  readonly message: string;
  readonly severity: Severity;
  readonly at: Path | null;
}

/** The messages of all such rules; what they say is in `said`. */
const messages = {
  broken: { text: '{said}', keyed: false },
  failed: { text: '{said} ({error})', keyed: false },
  unjudged: { text: 'Rule not evaluated from here on: {missing}', severity: 'info', keyed: false },
} as const satisfies Rule['messages'];

const scopeOf = ({ data, kind, name }: CustomSubject, { path }: RuleContext): Scope => {
  const names = new Map<string, CelValue>(Object.entries({ object: data, kind, name, path }));
  return { get: wanted => names.get(wanted) };
};

/** Why an object does not pass; `null`: it does. */
function failureOf(tree: Cel, scope: Scope, run: Run): { readonly error: string | null } | null {
  try {
    const value = evaluateCel(tree, scope, run);
    return value === true ? null : { error: value === false ? null : `the expression is a ${typeName(value)}, not a bool` };
  } catch (error) {
    if (error instanceof CelError) return { error: error.message };
    throw error;
  }
}

function check(rule: Definition, subject: CustomSubject, report: Report<string, string>, context: RuleContext): void {
  const local = spentIn(context);
  if (local.stopped.has(rule.id)) return;
  const steps = Math.min(local.left, mostOfOne);
  const run = createRun(steps);
  const scope = scopeOf(subject, context);
  let failure: ReturnType<typeof failureOf>;
  try {
    failure = failureOf(rule.tree, scope, run);
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    if (run.effort.left >= 0) return;
    local.stopped.add(rule.id);
    return report(subject.rangeOf([]), 'unjudged', { missing: 'it takes more work than is done for one file' });
  } finally {
    local.left -= steps - Math.max(run.effort.left, 0);
  }
  if (!failure) return;
  run.effort.left = mostForPlace;
  const path = rule.at ?? blame(rule.tree, scope, run, () => null)?.path ?? [];
  const { error } = failure;
  const said = { said: rule.message };
  report(subject.rangeOf(path), error === null ? 'broken' : 'failed', error === null ? said : { ...said, error });
}

/** What is made of a view, once for all rules. */
const subjects = new WeakMap<object, CustomSubject | null>();

function subjectIn(view: object, { subjectOf }: CustomFace): CustomSubject | null {
  let subject = subjects.get(view);
  if (subject === undefined) subjects.set(view, (subject = subjectOf(view as never)));
  return subject;
}

function ruleOf(definition: Definition, family: string, face: CustomFace): Rule {
  const { id, severity, kinds } = definition;
  return {
    ...{ id, family, severity, title: definition.message, category: 'correctness', profile: 'baseline' },
    ...{ references: {}, peers: {}, supersedes: [], options: {}, fixes: {}, assumptions: {}, needsWhole: false, isOfRepository: true },
    messages,
    on: {
      [face.target]: (view: never, report: Report<string, string>, context: RuleContext) => {
        const subject = subjectIn(view, face);
        if (subject && (kinds.length === 0 || kinds.includes(subject.kind))) check(definition, subject, report, context);
      },
    },
  };
}

/** What the engine runs of a rule of a configuration: a rule for each family that it is about. */
export function rulesOfCustom(definition: Definition): readonly Rule[] {
  return [...faces]
    .filter(([family]) => definition.family === null || definition.family === family)
    .map(([family, face]) => ruleOf(definition, family, face));
}
