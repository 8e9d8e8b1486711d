import { type MaskedText, masked, plain, trusted } from '../../../shared/src/early';
import { findRules, hardenGate, type HardenResult, leftPlace, leftReason, severities } from '../../../shared/src/index';
import type { Cancellation } from '../../../shared/src/base/ports/cancellation';
import { type Answer, answerOf, failed, fitting, type Next, quote } from './answer';
import { diffOf } from './diff';
import { unknownRule } from './explain';
import { textAgain } from './input';
import { openOne } from './open-one';
import type { AgentFile, AgentHost } from './port';
import type { ToolArguments } from './read-arguments';

/** More rules of a call are not repeated. */
const mostRules = 20;
const bytes = { applied: 9000, left: 9000, diff: 12_000, snippets: 5000 };

/** `harden_container_config`. */
export async function harden(args: ToolArguments, host: AgentHost, cancellation: Cancellation): Promise<Answer> {
  const names = args['rules'] as readonly string[] | undefined;
  const unknown = names?.find(name => findRules(host.engine.rules, name).rules.length === 0);
  if (unknown !== undefined) return failed(unknownRule(host, unknown));
  const asked = names && new Set(names.flatMap(name => findRules(host.engine.rules, name).rules));
  const file = await openOne(args, host, cancellation);
  if ('isError' in file) return file;
  const { opened, context, spared } = file;
  const { text } = opened.file;
  const wants = (rule: string): boolean => !spared.has(rule) && (asked?.has(rule) ?? true);
  const result = opened.harden(context, { safeOnly: args['safeOnly'] === true, leavesGenerated: true, wants });
  const changed = result.text !== text;
  const written = args['write'] === true && changed;
  const problem = written ? await host.apply(file, result, cancellation) : null;
  if (problem !== null) return failed(masked`${quote(trusted(file.path))}: not written: ${problem}`);
  const gate = hardenGate({ text, result });
  const applied = fitting(appliedOf(host, text, result), bytes.applied);
  const left = fitting(leftOf(host, text, result, { written, asked: asked ?? null }), bytes.left);
  return answerOf({
    path: quote(trusted(file.path)),
    changed,
    written,
    applied: applied.shown,
    left: left.shown,
    omitted: applied.omitted + left.omitted,
    ...diffOf(file.path, opened, result.edits, gate, bytes.diff),
    snippets: fitting(
      result.snippets.map(snippet => ({ kind: snippet.kind, text: gate.mask(snippet.text) })),
      bytes.snippets,
    ).shown,
    next: nextOf(args, host, file, { changed, written, left: left.shown.map(({ rule }) => rule) }),
  });
}

function appliedOf({ words }: AgentHost, text: string, result: HardenResult) {
  const gate = hardenGate({ text, result });
  return result.applied.map(({ finding, fix }) => ({
    rule: trusted(finding.rule),
    message: quote(gate.words(words.message(finding))),
    class: fix.class,
    title: quote(gate.words(words.fixTitle(finding.rule, fix))),
    assumes: fix.assumes.map(assumption => quote(gate.words(words.assumption(finding.rule, assumption)))),
  }));
}

/** What is left to a person, at places of the text that the caller has now. */
function leftOf(
  { words }: AgentHost,
  text: string,
  result: HardenResult,
  { written, asked }: { readonly written: boolean; readonly asked: ReadonlySet<string> | null },
) {
  const gate = hardenGate({ text, result });
  const place = leftPlace({ text, result, written });
  return result.left
    .filter(({ finding }) => asked?.has(finding.rule) ?? true)
    .sort((a, b) => severities.indexOf(b.finding.severity) - severities.indexOf(a.finding.severity))
    .map(left => {
      const { line, character } = place(left).start;
      return {
        severity: left.finding.severity,
        line: line + 1,
        column: character + 1,
        rule: trusted(left.finding.rule),
        message: quote(gate.words(words.message(left.finding))),
        reasonId: left.reason,
        reason: quote(leftReason(left, words, gate)),
      };
    });
}

/** The call that writes what was not written, else the one that explains the worst of what is left. */
function nextOf(
  args: ToolArguments,
  host: AgentHost,
  { path }: AgentFile,
  { changed, written, left }: { readonly changed: boolean; readonly written: boolean; readonly left: readonly MaskedText[] },
): Next | null {
  const again = textAgain(args);
  if (changed && !written && again === null && host.noWriting === null) {
    const { rules = [], safeOnly } = args as { rules?: readonly string[]; safeOnly?: boolean };
    return {
      tool: 'harden_container_config',
      arguments: {
        path: quote(trusted(path)),
        ...(rules.length > 0 && { rules: rules.slice(0, mostRules).map(trusted) }),
        ...(safeOnly && { safeOnly }),
        write: true,
      },
      why:
        rules.length > mostRules ? plain('writes these edits to the file; name all rules again') : plain('writes these edits to the file'),
    };
  }
  const [rule] = left;
  if (rule !== undefined) return { tool: 'explain_container_rule', arguments: { rule }, why: plain('left to a person: what it is about') };
  return null;
}
