import type { Engine } from '../../shared/src/engine/engine';
import type { FixPlan, InputFile, LintContext } from '../../shared/src/engine/types';
import type { Finding } from '../../shared/src/rule/finding/types';
import { parseDockerfile } from '../../shared/src/families/dockerfile/model/parse';
import { applyEdits, haveConflict } from '../../shared/src/base/text/edits';
import { parseStream } from '../../shared/src/syntax/yaml/parse';

/** What was tried on some files, and what is wrong with it. */
export interface Tried {
  files: number;
  groups: number;
  choices: number;
  readonly wrong: string[];
}

/** Random numbers from 0 to 1 that are the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff;
}

/** Chooses every single group of a file's plan and so many random sets of groups, and notes what is wrong with what comes of it. */
export function tryChoices(
  engine: Engine,
  context: LintContext,
  file: InputFile,
  subsets: number,
  random: () => number,
  tried: Tried,
): void {
  const opened = engine.open(file);
  const plan = opened.plan(context);
  const before = opened.lint(context).findings;
  const parsed = parse(file, opened.source.family);
  const choices = plan.groups.map(({ id }) => [id]);
  for (let i = 0; i < subsets; i++) choices.push(plan.groups.flatMap(({ id }) => (random() < 0.5 ? [id] : [])));
  tried.files++;
  tried.groups += plan.groups.length;
  tried.choices += choices.length;
  for (const chosen of choices) {
    const { text, edits, groups } = opened.applyGroups(context, plan, chosen);
    const wrong = (what: string): void => {
      const rules = plan.groups.flatMap(group => (chosen.includes(group.id) ? [group.rules.join('+')] : []));
      tried.wrong.push(`${file.path}: ${rules.join(', ')}: ${what}`);
    };
    if (haveConflict(edits) || applyEdits(file.text, edits) !== text) wrong('the edits do not make up the text');
    const after = parse({ ...file, text }, opened.source.family);
    if (after.problems > parsed.problems) wrong('the text does not parse');
    if (after.comments !== parsed.comments && !touchesComments(plan, chosen)) wrong('a comment is gone');
    for (const found of added(before, engine.open({ ...file, text }).lint(context).findings)) wrong(`new: ${found}`);
    const lacks = groups.find(({ needs }) => needs.some(id => !groups.some(group => group.id === id)));
    if (lacks) wrong(`${lacks.rules.join('+')} without what it needs`);
    const [only] = chosen;
    if (chosen.length === 1 && !groups.some(({ id }) => id === only)) wrong('is not applied, though it is offered');
  }
}

/** Whether a chosen group is about comments: directives that have no effect. */
function touchesComments(plan: FixPlan, chosen: readonly string[]): boolean {
  return plan.groups.some(({ id, rules }) => chosen.includes(id) && rules.some(rule => rule.startsWith('bulkhead/')));
}

function parse({ text }: InputFile, family: string): { readonly problems: number; readonly comments: string } {
  if (family === 'dockerfile') {
    const { problems, comments } = parseDockerfile(text);
    return { problems: problems.length, comments: textsOf(comments) };
  }
  const documents = parseStream(text, new Map()).map(({ document }) => document);
  return {
    problems: documents.reduce((sum, own) => sum + own.problems.length, 0),
    comments: textsOf(documents.flatMap(own => own.comments)),
  };
}

function textsOf(comments: readonly { readonly text: string }[]): string {
  return comments
    .map(({ text }) => text)
    .sort()
    .join('\n');
}

/** What a text's findings say, and of which object, that those before did not say as often. */
function added(before: readonly Finding[], after: readonly Finding[]): readonly string[] {
  const count = (findings: readonly Finding[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const { rule, messageId, object, suppression } of findings) {
      if (suppression !== null) continue;
      const key = [rule, messageId, object?.kind, object?.namespace, object?.name, object?.container].join(' ');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  };
  const was = count(before);
  return [...count(after)].flatMap(([key, number]) => (number > (was.get(key) ?? 0) ? [key] : []));
}
