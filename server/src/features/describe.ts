import { type MaskedText, plain, trusted } from '../../../shared/src/early';
import { maskAlone } from '../../../shared/src/index';
import type { FixAllWords, HardenFileResult } from '../../../shared/src/output/protocol/messages';
import type { Say } from '../lsp/say';

/** What a person reads of a fix-all of the file of that name. */
export function describeFixAll(say: Say, name: string, result: Omit<HardenFileResult, 'words'>): FixAllWords {
  const { groups, left, applied, failure } = result;
  const file = maskAlone(name);
  const rest = left.length === 0 ? plain('') : say('andLeft', { count: left.length });
  const details = [
    ...groups.map(
      ({ class: kind, label, assumes }) =>
        `${name}: ${kind}: ${label}${assumes.length === 0 ? '' : ` (${say('assumes', { list: trusted(assumes.join('; ')) })})`}`,
    ),
    ...left.map(({ range, rule, message, reason }) => {
      const data = { rule: trusted(rule), message: trusted(message), reason: trusted(reason) };
      return `${name}:${range.start.line + 1}:${range.start.character + 1}: ${say('leftLine', data)}`;
    }),
  ];
  const refused = !applied && failure !== null && groups.length > 0 && result.snippets.length === 0;
  const summary: MaskedText =
    result.snippets.length > 0
      ? say('templateLeft', { name: file })
      : groups.length === 0
        ? say('nothingIn', { name: file })
        : refused
          ? say('notChanged', { name: file, reason: maskAlone(failure ?? '') })
          : groups.length === 1
            ? say('fixedOne', { name: file })
            : say('fixedMany', { name: file, count: groups.length });
  return { summary: `${summary}${refused ? '' : rest}`, details, warning: refused };
}
