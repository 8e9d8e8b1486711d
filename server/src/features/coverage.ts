import { joined, masked, type MaskedText } from '../../../shared/src/early';
import { maskAlone } from '../../../shared/src/index';
import type { Checked, ServerContext } from '../session/context';
import { markdownText } from '../lsp/markdown';
import type { HoverNote } from './lookup-notes';

/** How many images and workloads are named of each kind. */
const maxNamed = 10;

/** Which images and workloads of the manifests here the policy under the pointer covers; `null`: no policy stands there, or nothing is known of other files. */
export function coverageAt({ say }: ServerContext, { check }: Checked, offset: number): HoverNote | null {
  if (!check.result || !check.context.workspace.complete) return null;
  const list = (heading: 'covered' | 'notCovered' | 'workloads' | 'otherWorkloads', names: readonly string[]): readonly MaskedText[] => {
    if (names.length === 0) return [];
    const named = names.slice(0, maxNamed).map(name => masked`- ${markdownText(maskAlone(name))}`);
    if (names.length > maxNamed) named.push(masked`- ${say('moreFindings', { count: names.length - maxNamed })}`);
    return [masked`**${say(heading)}**\n\n${joined(named, '\n')}`];
  };
  for (const { places, covered, others, workloads, otherWorkloads } of check.opened.coverage(check.context)) {
    const range = places.find(({ start, end }) => start <= offset && offset <= end);
    const parts = range
      ? [
          ...list('covered', covered),
          ...list('notCovered', others),
          ...list('workloads', workloads),
          ...list('otherWorkloads', otherWorkloads),
        ]
      : [];
    if (range && parts.length > 0) return { text: joined(parts, '\n\n'), range };
  }
  return null;
}
