import { masked, plain, trusted, type MaskedText } from '../../../shared/src/early';
import {
  createLineTable,
  firstAction,
  gateOf,
  isClosedIn,
  storyWords,
  waysLine,
  type Finding,
  type Story,
  type Words,
} from '../../../shared/src/index';
import type { Attempt } from './attempt';
import { eachInput, sayTroubles } from './each-input';
import type { Input } from './inputs';
import type { Output } from './output';
import { startRun } from './run';
import { uncheckedNote } from './unchecked';
import type { Arguments } from './usage';

/** `bulkhead explain --file`: what an intruder makes of the findings of a file, step by step. Gives the exit code. */
export function tellStories(args: Arguments, output: Output, attempt: Attempt): number {
  const run = startRun(args, attempt, output, args.all('file'));
  const troubles = eachInput(run, attempt, output, input => {
    const context = run.context(input);
    const opened = run.engine.open(input.file);
    const result = opened.lint(context);
    if (!result.checked) return uncheckedNote({ path: input.shown, text: input.file.text, result });
    const stories = opened.stories(context);
    const hardened = opened.harden(context).text;
    const { findings: after } = hardened === input.file.text ? result : run.engine.open({ ...input.file, text: hardened }).lint(context);
    const gate = gateOf({ text: input.file.text, result });
    if (stories.length === 0) output.print(masked`${trusted(input.shown)}: no chain of findings leads out of a container\n`);
    for (const story of stories) for (const line of linesOf(story, after, input, gate, run.words)) output.print(masked`${line}\n`);
    return null;
  });
  return sayTroubles(troubles, run, output) ? 2 : 0;
}

function linesOf(
  story: Story,
  after: readonly Finding[],
  input: Input,
  gate: ReturnType<typeof gateOf>,
  words: Words,
): readonly MaskedText[] {
  const lines = createLineTable(input.file.text);
  const { where, steps, end, also } = storyWords(story, gate);
  const show = ({ text, way }: (typeof also)[number]): MaskedText => {
    const place = way.path === null ? masked`line ${lines.position(way.range.start).line + 1}` : masked`${gate.mask(way.path)}`;
    const rule = way.finding === null ? plain('') : masked`, ${trusted(way.finding.rule)}`;
    const closed = isClosedIn(after, way) ? plain(', blocked after hardening') : plain('');
    return masked`${text} (${place}${rule}${closed})`;
  };
  const action = firstAction(story, words, gate);
  return [
    masked`${trusted(input.shown)}:${lines.position(story.range.start).line + 1}: ${where}`,
    ...steps.map(
      ({ text, ways }, index) => masked`  ${index + 1}. ${text}${ways.length === 0 ? plain('') : masked`: ${waysLine(ways, show)}`}`,
    ),
    masked`  At stake: ${end}`,
    ...(also.length > 0 ? [masked`  Also: ${waysLine(also, show)}`] : []),
    ...(action ? [masked`  First: ${action.text}`] : []),
    plain(''),
  ];
}
