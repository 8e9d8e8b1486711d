import type { CancellationToken } from 'vscode-languageserver';
import { masked, textKey, type MaskedText, trusted } from '../../../shared/src/early';
import { evidenceIn, type FixPlan, storyWords, waysLine } from '../../../shared/src/index';
import type {
  AnsweredFinding,
  HardenChoice,
  HardenChoiceParams,
  HardenPlan,
  HardenPlanParams,
  PlannedGroup,
  PlannedNote,
  PlannedStep,
  PlannedStory,
} from '../../../shared/src/output/protocol/messages';
import { checkClosedFile, readClosedFile } from '../documents/closed-file';
import { type Checked, type ServerContext, settledDocument } from '../session/context';
import { isConfigUri } from '../session/config-files';
import { isWanted } from '../documents/documents';
import { toLspEdits, toLspRange } from '../lsp/edits';
import { gateOfCheck } from '../lsp/gate';
import { chosenGroups, groupSummaries, groupTitle, leftSummaries, numbered, planOf } from './bulk-fix';
import { elsewhereOf } from './elsewhere';
import { uncheckedReason } from './unchecked';

/** Answers what harden would do to a file, open or not, and what comes of a choice. */
export interface HardenPlans {
  plan(params: HardenPlanParams, token: CancellationToken): Promise<HardenPlan | null>;
  choose(params: HardenChoiceParams, token: CancellationToken): Promise<HardenChoice | null>;
}

/** A file as the editor has it, else as it is on disk; `null`: there is none, or it is nobody's business. */
export type ReadChecked = (uri: string, token: CancellationToken) => Promise<(Checked & { readonly open: boolean }) | null>;

/** How many characters of files that are not open are kept with their checks, between a plan and the choices from it, and from one question to the next. */
const keptLength = 4_000_000;

/** Reads files for plans; of those that are not open the last checks are kept. */
export function createReadChecked(context: ServerContext): ReadChecked {
  const closed = new Map<string, Checked>();
  let length = 0;
  const drop = (uri: string): void => {
    length -= closed.get(uri)?.document.getText().length ?? 0;
    closed.delete(uri);
  };
  return async (uri, token) => {
    if (!isWanted(uri) || isConfigUri(uri)) return null;
    const open = context.documents.find(uri);
    if (open) {
      const checked = await settledDocument(context, open.uri, token);
      return checked && { ...checked, open: true };
    }
    const scope = await context.scopes.resolve(uri);
    const { document } = await readClosedFile(context, uri, scope);
    if (document === null || token.isCancellationRequested) return null;
    const last = closed.get(uri);
    drop(uri);
    const holds = last?.document.getText() === document.getText() && last.scope === scope && context.checker.isFresh(last.check);
    const checked = holds ? last : { document, scope, check: await checkClosedFile(context, document, scope) };
    closed.set(uri, checked);
    length += document.getText().length;
    for (const first of closed.keys()) if (length > keptLength && first !== uri) drop(first);
    return { ...checked, open: false };
  };
}

/** Creates the feature. */
export function createHardenPlans(context: ServerContext, read: ReadChecked): HardenPlans {
  return {
    plan: async ({ uri }, token) => {
      const checked = await read(uri, token);
      return checked && (await toAnswer(context, checked));
    },
    choose: async ({ uri, key, groups }, token) => {
      const checked = await read(uri, token);
      if (!checked) return null;
      const answer = await toAnswer(context, checked);
      if (answer.key !== key) return null;
      const { document, check } = checked;
      const change = check.opened.applyGroups(check.context, planOf(check), groups);
      return {
        version: answer.version,
        text: change.text,
        edits: toLspEdits(document, change.edits),
        applied: change.groups.map(({ id }) => id),
        left: leftSummaries(context, checked, change),
      };
    },
  };
}

async function toAnswer(context: ServerContext, checked: Checked & { readonly open: boolean }): Promise<HardenPlan> {
  const { document, check, open } = checked;
  const unchecked = uncheckedReason(context, checked);
  const about = { uri: document.uri, unchecked, version: open ? document.version : null };
  if (unchecked !== null) return { ...about, key: textKey(unchecked), groups: [], left: [], elsewhere: [], stories: [] };
  const plan = planOf(check);
  const { words } = context;
  const gate = gateOfCheck(check);
  const summaries = groupSummaries(context, checked, plan);
  const labels = rowLabels(context, checked, plan.groups);
  const chosen = chosenGroups(checked);
  const groups = plan.groups.map((group, i): PlannedGroup => {
    const evidence = group.fixes.flatMap(({ rule, fix }) => evidenceIn(fix.assumes).map(one => gate.words(words.assumption(rule, one))));
    const seen = [...new Set(evidence)];
    return {
      ...summaries[i]!,
      label: labels[i]!.whole,
      short: labels[i]!.short,
      seen,
      notes: notesOf(context, plan.groups, i, { labels: labels.map(({ whole }) => whole), seen, assumes: summaries[i]!.assumes }),
      answers: group.answers.map((finding): AnsweredFinding => ({
        rule: finding.rule,
        message: gate.words(words.message(finding)),
        severity: finding.severity,
        range: toLspRange(document, finding.range),
      })),
      needs: group.needs,
      chosen: chosen.has(group.id),
    };
  });
  const left = leftSummaries(context, checked, { text: document.getText(), left: plan.left });
  const elsewhere = await elsewhereOf(context, checked);
  // with everything that the plan rests on the groups change, or their words
  const stories = storiesOf(checked, plan);
  return { ...about, groups, left, elsewhere, stories, key: textKey(JSON.stringify([document.getText(), groups, left, elsewhere])) };
}

/** The stories of a file, each step with the groups that close its ways. */
function storiesOf({ document, check }: Checked, { groups }: FixPlan): readonly PlannedStory[] {
  const gate = gateOfCheck(check);
  return check.opened.stories(check.context).map((story): PlannedStory => {
    const { where, steps, end } = storyWords(story, gate);
    return {
      title: masked`${end}: ${where}`,
      steps: steps.map(({ text, ways }): PlannedStep => {
        const [first] = ways;
        return {
          text,
          detail: waysLine(ways, way => way.text),
          range: first?.way.path === null ? toLspRange(document, first.way.range) : null,
          ways: ways.map(({ way: { finding } }) =>
            groups.flatMap(({ id, answers }) => (answers.some(({ fingerprint }) => fingerprint === finding?.fingerprint) ? [id] : [])),
          ),
        };
      }),
    };
  });
}

/** What a person is to know of a group. */
function notesOf(
  { say }: ServerContext,
  groups: FixPlan['groups'],
  of: number,
  { labels, seen, assumes }: Readonly<Record<'labels' | 'seen' | 'assumes', readonly MaskedText[]>>,
): readonly PlannedNote[] {
  const needsOf = (id: string): readonly string[] => groups.find(group => group.id === id)?.needs ?? [];
  const needed = (id: string): ReadonlySet<string> => {
    const found = new Set([id]);
    for (const each of found) for (const need of needsOf(each)) found.add(need);
    return found;
  };
  const { id } = groups[of]!;
  const all = groups.map(group => needed(group.id));
  const partners = (text: 'needsGroup' | 'neededBy', isOne: (i: number) => boolean): readonly PlannedNote[] =>
    labels.flatMap((label, i) => (i !== of && isOne(i) ? [{ kind: 'needs', text: say(text, { label }) }] : []));
  return [
    ...seen.map((text): PlannedNote => ({ kind: 'seen', text: say('seen', { text }) })),
    ...assumes.flatMap((text): readonly PlannedNote[] =>
      seen.includes(text) ? [] : [{ kind: 'assumes', text: say('assumes', { list: text }) }],
    ),
    ...partners('needsGroup', i => all[of]!.has(groups[i]!.id)),
    ...partners('neededBy', i => all[i]!.has(id)),
  ];
}

/** So much of a name is in a short label. */
const shortName = 10;

/**
 * What each row says: what its group does, and to whom where another does the same. The row shows the class by itself. In the short one a name leaves room for
 * what is done, unless that makes two of them one.
 */
function rowLabels(
  context: ServerContext,
  { check }: Checked,
  groups: FixPlan['groups'],
): readonly Record<'whole' | 'short', MaskedText>[] {
  const gate = gateOfCheck(check);
  const titles = groups.map(group => groupTitle(context, check, group));
  const names = groups.map(({ answers: [first] }, i) => {
    const { kind, name = null, container } = first?.object ?? {};
    const whose = container ?? name;
    if (whose === null || titles.filter(other => other === titles[i]).length === 1) return null;
    return kind === 'stage' && /^\d{1,9}$/.test(whose) ? context.say('numberedStage', { count: Number(whose) + 1 }) : gate.mask(whose);
  });
  const labelsWith = (shown: (name: MaskedText) => MaskedText): readonly MaskedText[] =>
    numbered(titles.map((title, i) => (names[i] ? masked`${shown(names[i])}: ${title}` : title)));
  const cut = (name: MaskedText): string => name.slice(0, shortName);
  const isOwn = (name: MaskedText): boolean => names.every(other => other === null || other === name || cut(other) !== cut(name));
  const short = labelsWith(name => (name.length > shortName + 2 && isOwn(name) ? masked`${trusted(cut(name))}…` : name));
  return labelsWith(name => name).map((whole, i) => ({ whole, short: short[i]! }));
}
