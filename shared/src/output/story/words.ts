import { spoken } from '../../base/text/phrases';
import type { Story, StoryStep, Way } from '../../engine/stories';
import { goals, moveKinds, stepTexts } from '../../rule/attack/moves';
import type { Finding } from '../../rule/finding/types';
import type { Gate } from '../report/gate';
import { joined, masked, plain, type MaskedText } from '../report/masked-text';
import { fill, type Words } from '../report/words';

/** A step of a story for people. */
export interface StepWords {
  readonly text: MaskedText;
  /** What shows that it can be gone, each with its place; of several one is enough. Empty: what the story takes for granted. */
  readonly ways: readonly { readonly text: MaskedText; readonly way: Way }[];
}

/** A story for people. */
export interface StoryWords {
  /** `container "api" of Deployment "api"`. */
  readonly where: MaskedText;
  readonly steps: readonly StepWords[];
  /** What it all comes to. */
  readonly end: MaskedText;
  /** What else is open on the way. */
  readonly also: readonly StepWords['ways'][number][];
}

/** The words of a story. What it says of the file goes through the gate of the file. */
export function storyWords({ object, container, machine, steps, goal, also }: Story, gate: Gate): StoryWords {
  const words = (text: string, data: Way['data'] = {}): MaskedText =>
    gate.words(fill(spoken()?.[text] ?? text, { ...data, machine, container }));
  const shown = (way: Way): StepWords['ways'][number] => ({ text: words(moveKinds[way.move].text, way.data), way });
  const stepOf = ({ to, ways }: StoryStep): StepWords => {
    const isOpen = ways.length > 0 && ways.every(({ ifRoot }) => ifRoot);
    const condition = isOpen ? plain(' (if its image runs as root, which nothing here rules out)') : plain('');
    return { text: masked`${words(stepTexts[to])}${condition}`, ways: ways.map(shown) };
  };
  return {
    where: object === null ? words('container "{container}"') : words('container "{container}" of {object}', { object }),
    steps: steps.map(stepOf),
    end: words(goals[goal] ?? ''),
    also: also.map(shown),
  };
}

/** The ways of a step in one line: `a; or b`. */
export function waysLine(ways: StepWords['ways'], show: (shown: StepWords['ways'][number]) => MaskedText): MaskedText {
  return joined(
    ways.map((shown, index) => masked`${index === 0 ? plain('') : plain('or ')}${show(shown)}`),
    '; ',
  );
}

/** The one thing to do first: what closes the step that has the fewest ways. `null`: what closes it is in no finding of the file. */
export function firstAction({ steps }: Story, words: Words, gate: Gate): { readonly text: MaskedText; readonly way: Way } | null {
  const closable = steps.filter(({ ways }) => ways.length > 0 && ways.every(({ finding }) => finding !== null));
  const [step] = [...closable].sort((a, b) => a.ways.length - b.ways.length);
  const [way] = step?.ways ?? [];
  if (!step || !way?.finding) return null;
  const { rule, fixes } = way.finding;
  const [fix] = fixes;
  const text = fix ? gate.words(words.fixTitle(rule, fix)) : masked`${words.ruleTitle(rule)}: change it by hand`;
  const more = step.ways.length - 1;
  return {
    text: more === 0 ? text : masked`${text}, and block the other ${more === 1 ? plain('way') : masked`${more} ways`} to take that step`,
    way,
  };
}

/** Whether a way is closed in another version of the file, of which these are the findings: what is reported there is gone. A fact of other files stays. */
export function isClosedIn(findings: readonly Finding[], { finding }: Way): boolean {
  return finding !== null && !findings.some(({ fingerprint }) => fingerprint === finding.fingerprint);
}
