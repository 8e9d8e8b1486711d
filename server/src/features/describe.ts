import { type MaskedText, plain, trusted } from '../../../shared/src/early';
import { maskAlone } from '../../../shared/src/index';
import type { DocumentInfo, FixAllWords, HardenFileResult } from '../../../shared/src/output/protocol/messages';
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

/** A Markdown page that answers "why is this (not) reported?". */
export function describeInfo(say: Say, name: string, info: Omit<DocumentInfo, 'page'>): string {
  const none = say('none');
  const { status } = info;
  const rows: readonly (readonly [MaskedText, string])[] = [
    ...(status === null
      ? []
      : ([
          [say('infoState'), status.reason === null ? status.state : `${status.state}: ${status.reason}`],
          [say('infoFamily'), status.family],
          [say('infoProfile'), status.profile],
          [say('infoConfig'), status.config ?? none],
          [say('infoProblems'), String(status.configProblems)],
          [
            say('infoFindings'),
            Object.entries(status.counts)
              .map(([severity, count]) => `${count} ${severity}`)
              .join(', '),
          ],
          [say('infoSuppressed'), String(status.suppressed)],
          [say('infoTime'), `${status.durationMs.toFixed(1)} ms`],
        ] as const)),
    [say('infoLanguage'), info.languageId ?? none],
    [say('infoFolder'), info.workspaceFolder ?? none],
    [say('infoIndex'), info.indexFolder === null ? none : `${info.indexFolder} (${info.indexedFiles})`],
    [say('infoKubernetes'), info.kubernetesVersion ?? none],
    [say('infoRules'), String(info.rules)],
    [say('infoVersion'), info.serverVersion],
  ];
  return [`# Bulkhead: ${oneLine(name)}`, '', ...rows.map(([label, value]) => `- ${label}: ${oneLine(value)}`), ''].join('\n');
}

/** A name may hold line breaks: no line of the page comes from it. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
