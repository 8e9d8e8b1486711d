import { joined, masked, type MaskedText } from '../../../shared/src/early';
import { maskAlone, type Range } from '../../../shared/src/index';
import type { Checked, ServerContext } from '../context';
import { markdownText } from '../lsp/markdown';

/** How many images are named of each kind. */
const maxNamed = 10;

/** Which images of the manifests here the policy under the pointer covers; `null`: no policy stands there, or nothing is known of other files. */
export function coverageAt(
  { say }: ServerContext,
  { check }: Checked,
  offset: number,
): { readonly text: MaskedText; readonly range: Range } | null {
  if (!check.result || !check.context.workspace.complete) return null;
  for (const { places, covered, others } of check.opened.coverage(check.context)) {
    const range = places.find(({ start, end }) => start <= offset && offset <= end);
    if (!range || covered.length + others.length === 0) continue;
    const list = (images: readonly string[]): MaskedText => {
      const named = images.slice(0, maxNamed).map(image => masked`- ${markdownText(maskAlone(image))}`);
      if (images.length > maxNamed) named.push(masked`- ${say('moreFindings', { count: images.length - maxNamed })}`);
      return joined(named, '\n');
    };
    const parts = [
      ...(covered.length > 0 ? [masked`**${say('covered')}**\n\n${list(covered)}`] : []),
      ...(others.length > 0 ? [masked`**${say('notCovered')}**\n\n${list(others)}`] : []),
    ];
    return { text: joined(parts, '\n\n'), range };
  }
  return null;
}
