import type { Story, Way } from '../../engine/stories';
import { reached } from '../../rule/attack/moves';
import type { Finding } from '../../rule/finding/types';
import { createLineTable } from '../../base/text/line-table';
import { gateOf, type Gate } from '../report/gate';
import { masked, plain, trusted } from '../report/masked-text';
import type { ReportedFile } from '../report/types';
import type { Words } from '../report/words';
import { firstAction, isClosedIn, storyWords, waysLine } from '../story/words';
import type { PostureWorst } from './types';

/** How many are kept. */
export const mostWorst = 5;

/** One of the worst of a file, and how bad it is. */
export interface RankedWorst {
  readonly rank: number;
  readonly worst: PostureWorst;
}

/** The worst of a file: its stories, and its errors that are part of none. `after`: what is found in it once it is hardened. */
export function worstOf(file: ReportedFile, stories: readonly Story[], after: readonly Finding[], words: Words): readonly RankedWorst[] {
  const gate = gateOf(file);
  const lines = createLineTable(file.text);
  const place = ({ start }: Finding['range']) => ({ path: trusted(file.path), line: lines.position(start).line + 1 });
  const chains = stories.slice(0, mostWorst).map((story): RankedWorst => {
    const { where, steps, end } = storyWords(story, gate);
    const action = firstAction(story, words, gate);
    return {
      rank: reached.indexOf(story.goal) + 1,
      worst: {
        ...place(story.range),
        title: where,
        steps: steps.map(({ text, ways }) => ({
          text: ways.length === 0 ? text : masked`${text}: ${waysLine(ways, way => way.text)}`,
          closed: ways.length > 0 && ways.every(({ way }) => isClosedIn(after, way)),
        })),
        stake: end,
        action: action?.text ?? null,
        rule: action?.way.finding ? trusted(action.way.finding.rule) : null,
      },
    };
  });
  const inStories = new Set(
    stories.flatMap(story => [...story.steps.flatMap(({ ways }) => ways), ...story.also]).map(({ finding }: Way) => finding?.fingerprint),
  );
  const errors = file.result.findings.filter(
    ({ severity, suppression, fingerprint }) => severity === 'error' && suppression === null && !inStories.has(fingerprint),
  );
  return [
    ...chains,
    ...errors
      .slice(0, mostWorst)
      .map((finding): RankedWorst => ({ rank: 0, worst: { ...place(finding.range), ...wordsOf(finding, words, gate) } })),
  ];
}

function wordsOf(finding: Finding, words: Words, gate: Gate): Omit<PostureWorst, 'path' | 'line'> {
  const [fix] = finding.fixes;
  return {
    title: gate.words(words.message(finding)),
    steps: [],
    stake: null,
    action: fix ? gate.words(words.fixTitle(finding.rule, fix)) : null,
    rule: trusted(finding.rule),
  };
}

/** The worst of several files. */
export function worstAmong(all: readonly RankedWorst[]): readonly RankedWorst[] {
  return [...all].sort((a, b) => b.rank - a.rank).slice(0, mostWorst);
}

/** What is done first, for people. */
export function actionWords({ action }: PostureWorst) {
  return action ?? plain("by hand: see the rule's page");
}
