import type { Reason } from '../base/terms/evidence';
import { severities } from '../base/terms/types';
import { textKey } from '../base/text/text-key';
import type { Finding } from '../rule/finding/types';
import type { Answered, AnswerPlace, AnswerWord, ConfigAnswer } from './config/types';
import type { FixPlan, PlanGroup } from './types';

/** For so many days it is not asked again what is to be decided later. */
const laterDays = 30;

/** One thing that only a person knows, with every fix of a file that waits for it. */
export interface Question {
  /** The same in every file where the same is asked of the same image, or of a copy. */
  readonly id: string;
  /** The image without tag and digest; `null`: it is about one object, or a file. */
  readonly image: string | null;
  /** In the order of the plan. */
  readonly groups: readonly PlanGroup[];
}

/**
 * What harden asks about a file: a question for each cause, which is what was seen that speaks against the fixes, else the rule; of all containers of one image, and of copies in other files, the same one.
 * @param groups those of a plan that need an answer
 * @param path of the file, relative to what the answers are kept beside
 */
export function questionsOf(
  groups: readonly PlanGroup[],
  { path, answers = [], today }: { readonly path: string; readonly answers?: readonly ConfigAnswer[] | undefined; readonly today: string },
): readonly Question[] {
  const deferred = answers.filter(({ answer, date }) => answer === 'later' && daysBetween(date, today) < laterDays);
  const found = new Map<string, { image: string | null; groups: PlanGroup[] }>();
  for (const group of groups) {
    const [first] = group.answers;
    if (!first || group.answers.every(finding => deferred.some(answer => isAbout(answer, finding, path)))) continue;
    const { image = null, alike } = first.object ?? {};
    const id = textKey(JSON.stringify([causeOf(group), image ?? (alike !== undefined ? { alike } : [path, placeOf(first, path)])]));
    const known = found.get(id);
    if (known) known.groups.push(group);
    else found.set(id, { image, groups: [group] });
  }
  return [...found].map(([id, question]) => ({ id, ...question })).sort((a, b) => weightOf(b) - weightOf(a));
}

/** The groups of a plan that wait for an answer where some are applied unasked. */
export function waitingGroups({ groups }: FixPlan, chosen: ReadonlySet<string>): readonly PlanGroup[] {
  return groups.filter(group => group.class === 'attended' && !chosen.has(group.id));
}

/** The groups of a plan that a question is about: all that an answer applies. */
export function groupsOf({ groups }: FixPlan, question: Question): readonly PlanGroup[] {
  const ids = new Set(question.groups.flatMap(group => [...group.ids]));
  return groups.filter(group => [...group.ids].some(id => ids.has(id)));
}

/** What makes harden ask: what was seen, whatever rule has seen it; else what is taken for granted; else what is to be changed. */
function causeOf({ fixes }: PlanGroup): readonly string[] {
  const attended = fixes.filter(({ fix }) => fix.class === 'attended');
  const assumed = attended.flatMap(({ fix }) => fix.assumes);
  const seen = assumed.flatMap(({ evidence, data = {} }) =>
    evidence ? Object.values(data).filter((value): value is Reason => typeof value === 'object') : [],
  );
  const causes =
    seen.length > 0
      ? seen.map(({ seen: id, data }) => `${id} ${JSON.stringify(data)}`)
      : assumed.length > 0
        ? assumed.map(({ id }) => id)
        : attended.map(({ rule, fix }) => `${rule} ${fix.id}`);
  return [...new Set(causes)].sort();
}

function weightOf({ groups }: Pick<Question, 'groups'>): number {
  return Math.max(...groups.flatMap(({ answers }) => answers.map(({ severity }) => severities.indexOf(severity))));
}

function placeOf({ object }: Finding, path: string): AnswerPlace {
  if (!object) return { path };
  const { kind, name, container } = object;
  return { path, kind, ...(name !== null && { name }), ...(container != null && { container }) };
}

function isAbout({ question, where, image }: Answered, finding: Finding, path: string): boolean {
  const key = JSON.stringify(placeOf(finding, path));
  if (!question.includes(finding.rule) || (image !== undefined && image !== finding.object?.image)) return false;
  return where.some(({ path: file, kind, name, container }) => JSON.stringify({ path: file, kind, name, container }) === key);
}

/** An answer as it is kept: of each place the rules that were asked about there, and no others. */
export function answersTo(
  asked: readonly { readonly path: string; readonly question: Question }[],
  said: { readonly answer: AnswerWord; readonly reason?: string; readonly date: string },
): readonly Answered[] {
  const places = new Map<string, { readonly place: AnswerPlace; readonly rules: Set<string> }>();
  for (const { path, question } of asked)
    for (const finding of question.groups.flatMap(({ answers }) => answers)) {
      const place = placeOf(finding, path);
      const key = JSON.stringify(place);
      const known = places.get(key);
      if (known) known.rules.add(finding.rule);
      else places.set(key, { place, rules: new Set([finding.rule]) });
    }
  const byRules = new Map<string, { question: readonly string[]; where: AnswerPlace[] }>();
  for (const { place, rules } of places.values()) {
    const question = [...rules].sort();
    const key = question.join(' ');
    const known = byRules.get(key);
    if (known) known.where.push(place);
    else byRules.set(key, { question, where: [place] });
  }
  const image = asked[0]?.question.image;
  return [...byRules.values()].map(entry => ({ ...entry, ...(image != null && { image }), ...said }));
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}
