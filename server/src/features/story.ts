import { joined, masked, plain, trusted, type MaskedText } from '../../../shared/src/early';
import { firstAction, storyWords, waysLine, type Finding, type StepWords, type Story } from '../../../shared/src/index';
import { gateOfCheck } from '../lsp/gate';
import { markdownText } from '../lsp/markdown';
import { joinUri } from '../lsp/uri';
import type { Checked, ServerContext } from '../session/context';

/** The story that a finding is a step of, as Markdown, each step a link; `null`: it is part of none. Of several the worst. */
export function storyOf(context: ServerContext, checked: Checked, finding: Finding): MaskedText | null {
  const { check } = checked;
  const isIn = ({ steps }: Story): boolean =>
    steps.some(({ ways }) => ways.some(way => way.finding !== null && way.finding.fingerprint === finding.fingerprint));
  const story = check.opened.stories(check.context).find(isIn);
  return story ? markdownOf(context, checked, story) : null;
}

function markdownOf({ say, words }: ServerContext, { document, check, scope }: Checked, story: Story): MaskedText {
  const gate = gateOfCheck(check);
  const { where, steps, end } = storyWords(story, gate);
  const show = ({ text, way }: StepWords['ways'][number]): MaskedText => {
    const line = way.path === null ? document.positionAt(way.range.start).line + 1 : null;
    const uri = way.path === null ? document.uri : scope.base && joinUri(scope.base, way.path);
    const name = line === null ? gate.mask(way.path!) : say('line', { line });
    return masked`${markdownText(text)} ([${markdownText(name)}](${trusted(uri ?? document.uri)}${line === null ? plain('') : masked`#L${line}`}))`;
  };
  const lines = steps.map(({ text, ways }, index) => {
    const shown = ways.length === 0 ? plain('') : masked`: ${waysLine(ways, show)}`;
    return masked`${index + 1}. ${markdownText(text)}${shown}`;
  });
  const action = firstAction(story, words, gate);
  const first = action ? masked` · **${say('storyFirst')}**: ${markdownText(action.text)}` : plain('');
  return masked`**${say('storyHeading')}**: ${markdownText(where)}\n\n${joined(lines, '\n')}\n\n**${say('storyEnd')}**: ${markdownText(end)}${first}`;
}
