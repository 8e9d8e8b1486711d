import { toOriginal } from '../../engine/hunks';
import type { HardenResult, Left } from '../../engine/types';
import type { SourceFamily } from '../../workspace/source/types';
import { createLineTable, type Position } from '../../base/text/line-table';
import { createGate, type Gate } from './gate';
import { jsonChange, jsonNewFile } from './json';
import type { OpenedFile } from '../../engine/engine';
import type { Finding } from '../../rule/finding/types';
import { type SnippetEdit, snippetPreview, snippetSyntax } from '../../base/text/snippet';
import { printable } from './printable';
import { violationOf } from '../../rule/finding/violation';
import { evidenceIn } from '../../rule/fix/remedy';
import { joined, masked, maskedJson, plain, restyled, trusted, type MaskedText } from './masked-text';
import { plural } from './summary';
import type { Words } from './words';

/** What harden did to one file. */
export interface HardenedFile {
  /** Relative to the working directory, with `/`. */
  readonly path: string;
  readonly family: SourceFamily;
  /** The text before. */
  readonly text: string;
  readonly result: HardenResult;
  /** Whether the file, or standard output in its place, has the hardened text now: places are given in that text then. */
  readonly written: boolean;
  /** Whether the hardened text was to be written and was not. */
  readonly refused?: boolean;
  /** What a finding that is left has to be given by a person, as edits of the hardened text with places to fill. */
  readonly inputs: ReadonlyMap<Finding, readonly SnippetEdit[]>;
  /** New files that fixes of accepted rules ask for, and whether they are there now. */
  readonly created: readonly { readonly path: string; readonly text: string; readonly written: boolean }[];
}

/** For each finding that is left, its first edit with places to fill. */
export function inputsOf(opened: Pick<OpenedFile, 'renderAll'>, left: readonly Left[]): HardenedFile['inputs'] {
  const asking = left.map(({ finding }) => finding).filter(({ fixes }) => fixes.some(({ places }) => places));
  if (asking.length === 0) return new Map();
  const inputs = [...opened.renderAll(asking)].map(
    ([finding, outcomes]) => [finding, outcomes.flatMap(outcome => (outcome.ok && outcome.input ? [outcome.input.edits] : []))[0]] as const,
  );
  return new Map(inputs.flatMap(([finding, edits]) => (edits ? [[finding, edits]] : [])));
}

/** The lines that a person would write, from the left margin, with places to fill; `null` where there are none, or where they would carry a secret. */
function inputLines(file: HardenedFile, { finding }: Left, gate: Gate, show: typeof snippetSyntax): readonly MaskedText[] | null {
  const texts = file.inputs.get(finding)?.map(({ pieces }) => ({ shown: show(pieces), plain: snippetPreview(pieces) }));
  if (!texts || texts.some(text => gate.carries(text.plain))) return null;
  const lines = texts.flatMap(({ shown }) => shown.split(/\r\n|\r|\n/)).filter(line => line.trim() !== '');
  const margin = Math.min(...lines.map(line => line.search(/\S/)));
  return lines.map(line => gate.words(line.slice(margin)));
}

/** Everything that a report of `harden` is made of. Files are sorted by path. */
export interface HardenReport {
  readonly version: string;
  readonly profile: string;
  /** Such as `1.37`. */
  readonly kubernetesVersion: string;
  /** ISO date. */
  readonly today: string;
  readonly durationMs: number;
  readonly files: readonly HardenedFile[];
  readonly words: Words;
}

const gates = new WeakMap<HardenResult, Gate>();

/** The gate of a hardened file: what stood in it before, and the secrets that its rules see in the text now. */
export function hardenGate({ text, result }: Pick<HardenedFile, 'text' | 'result'>): Gate {
  let gate = gates.get(result);
  if (!gate)
    gates.set(result, (gate = createGate({ text, findings: result.applied.map(({ finding }) => finding), more: secretsLeft(result) })));
  return gate;
}

function secretsLeft({ text, left }: HardenResult): readonly string[] {
  return left.flatMap(({ finding }) => finding.secrets.map(({ start, end }) => text.slice(start, end)));
}

/** Maps the ranges of what is left to the text that the reader of the report has before them. */
export function leftPlace({
  text,
  result,
  written,
}: Pick<HardenedFile, 'text' | 'result' | 'written'>): (left: Left) => { start: Position; end: Position } {
  const lines = createLineTable(written ? result.text : text);
  if (written) return left => lines.positions(left.finding.range);
  const { edits } = result;
  return ({ finding: { range } }) => {
    const start = toOriginal(edits, range.start);
    return lines.positions({ start, end: Math.max(start, toOriginal(edits, range.end)) });
  };
}

/** What was seen that speaks against the fix of a finding that was left: for somebody to confirm, or what the changed file would have. */
function leftEvidence({ finding, reason, brings }: Left, words: Words, gate: Gate): readonly MaskedText[] {
  if (brings) return [gate.words(words.message(brings))];
  if (reason !== 'attended') return [];
  return evidenceIn(finding.fixes[0]?.assumes ?? []).map(assumption => gate.words(words.assumption(finding.rule, assumption)));
}

/** Why a finding was left, and what was seen that speaks against its fix. */
export function leftReason(left: Left, words: Words, gate: Gate): MaskedText {
  const evidence = leftEvidence(left, words, gate);
  return evidence.length === 0 ? words.reason(left.reason) : masked`${words.reason(left.reason)}: ${joined(evidence, '; ')}`;
}

/** What was fixed in a file, for programs. */
export function appliedJson(file: HardenedFile, words: Words) {
  const gate = hardenGate(file);
  return file.result.applied.map(({ finding, fix }) => ({
    rule: trusted(finding.rule),
    messageId: trusted(finding.messageId),
    message: gate.words(words.message(finding)),
    fix: {
      id: trusted(fix.id),
      title: gate.words(words.fixTitle(finding.rule, fix)),
      class: fix.class,
      assumes: fix.assumes.map(assumption => gate.words(words.assumption(finding.rule, assumption))),
    },
  }));
}

/** What is left of a file to a person, for programs. */
export function leftJson(file: HardenedFile, words: Words) {
  const gate = hardenGate(file);
  const place = leftPlace(file);
  return file.result.left.map(left => ({
    rule: trusted(left.finding.rule),
    messageId: trusted(left.finding.messageId),
    severity: left.finding.severity,
    message: gate.words(words.message(left.finding)),
    range: place(left),
    reasonId: left.reason,
    reason: words.reason(left.reason),
    evidence: leftEvidence(left, words, gate),
    ...snippetOf(inputLines(file, left, gate, snippetSyntax)),
  }));
}

function snippetOf(lines: readonly MaskedText[] | null): { readonly snippet?: MaskedText } {
  return lines ? { snippet: joined(lines, '\n') } : {};
}

/** The report of `harden` for programs; ends with a line break. See docs/cli.md. */
export function hardenJson({ version, profile, kubernetesVersion, today, durationMs, files, words }: HardenReport): MaskedText {
  const reported = files.map(file => {
    const { path, family, text, result, written } = file;
    const lines = createLineTable(text);
    const changed = result.text !== text;
    const gate = hardenGate(file);
    const change = changed ? jsonChange(path, result.edits, lines, gate) : null;
    return {
      path: trusted(path),
      family: trusted(family),
      changed,
      written,
      applied: appliedJson(file, words),
      left: leftJson(file, words),
      changes: [...(change === null ? [] : [change]), ...file.created.flatMap(one => jsonNewFile(one.path, one.text, gate) ?? [])],
      ...(changed && change === null && { withheld: plain('secret') }),
      snippets: result.snippets.map(snippet => ({ kind: snippet.kind, text: gate.mask(snippet.text) })),
    };
  });
  const summary = {
    files: files.length,
    changed: reported.filter(file => file.changed).length,
    applied: reported.reduce((sum, file) => sum + file.applied.length, 0),
    left: reported.reduce((sum, file) => sum + file.left.length, 0),
    durationMs,
  };
  return maskedJson({
    schemaVersion: 1,
    version: trusted(version),
    profile: trusted(profile),
    kubernetesVersion: trusted(kubernetesVersion),
    today: trusted(today),
    files: reported,
    summary,
  });
}

/** From so many findings that are left on they are counted by rule, unless each is asked for. */
const mostListed = 30;

/** What a person should know beside the diff: what the fixes take for granted, what is left to them, a line each or counted by rule, and totals. */
export function hardenNotes(
  { files, words }: HardenReport,
  { verbose = false }: { readonly verbose?: boolean } = {},
): readonly MaskedText[] {
  const out: MaskedText[] = [];
  for (const file of files) {
    const { result, refused } = file;
    const path = trusted(file.path);
    const gate = hardenGate(file);
    if (result.applied.length === 0 || refused) continue;
    out.push(masked`${path}: ${plural(result.applied.length, 'finding')} fixed`);
    const assumptions = new Set(result.applied.flatMap(({ finding, fix }) => fix.assumes.map(a => words.assumption(finding.rule, a))));
    for (const assumption of assumptions) out.push(masked`  assumes: ${gate.words(assumption)}`);
  }
  const left = files.flatMap(file => file.result.left.map(item => ({ file, item })));
  const isCounted = left.length > mostListed && !verbose;
  if (left.length > 0) out.push(plain('left for you to resolve:'), ...(isCounted ? countedByRule(left, words) : listed(files, words)));
  for (const file of files) {
    const gate = hardenGate(file);
    for (const { text } of file.result.snippets) {
      const lines = text.trimEnd().split('\n').map(gate.mask);
      out.push(plain(''), masked`${trusted(file.path)} is a template and is left unchanged; use this instead:`, ...lines);
    }
  }
  if (files.length > 1) {
    const fixed = files.filter(({ refused }) => refused !== true).flatMap(({ result }) => result.applied).length;
    const changed = files.filter(({ text, result, refused }) => result.text !== text && refused !== true).length;
    const more = isCounted ? plain(' (--verbose lists each)') : plain('');
    const done = plain(files.some(({ written }) => written) ? 'changed' : 'to change');
    out.push(masked`${plural(changed, 'file')} ${done}: ${plural(fixed, 'finding')} fixed, ${left.length} left for you to resolve${more}`);
  }
  return out;
}

/** What is left, a line each, with what to write. */
function listed(files: readonly HardenedFile[], words: Words): readonly MaskedText[] {
  return files.flatMap(file => {
    const place = leftPlace(file);
    const gate = hardenGate(file);
    return file.result.left.flatMap(item => {
      const { line, character } = place(item).start;
      const message = gate.words(words.message(item.finding));
      const input = inputLines(file, item, gate, snippetPreview) ?? [];
      return [
        masked`  ${trusted(file.path)}:${line + 1}:${character + 1}: ${message} [${trusted(item.finding.rule)}]: ${leftReason(item, words, gate)}`,
        ...input.map(shown => masked`      | ${printable(shown)}`),
      ];
    });
  });
}

/** How often each rule has something left, and for which reason most often; the most frequent first. What policies refuse is a line for each policy. */
function countedByRule(left: readonly { readonly file: HardenedFile; readonly item: Left }[], words: Words): readonly MaskedText[] {
  const groups = new Map<string, { readonly name: MaskedText; readonly items: Left[] }>();
  for (const { file, item } of left) {
    const { rule } = item.finding;
    const policy = violationOf(item.finding)?.policy;
    const key = `${rule} ${policy ?? ''}`;
    const group = groups.get(key);
    if (group) group.items.push(item);
    else {
      const name = policy === undefined ? trusted(rule) : masked`${trusted(rule)}, ${hardenGate(file).mask(policy)}`;
      groups.set(key, { name, items: [item] });
    }
  }
  const sorted = [...groups].sort(([a, one], [b, other]) => other.items.length - one.items.length || (a < b ? -1 : 1));
  return sorted.map(([, { name, items }]) => {
    const reasons = [...new Set(items.map(({ reason }) => reason))].map(reason => words.reason(reason));
    return masked`  ${restyled(masked`${items.length}`, shown => shown.padStart(5))}  ${name}: ${joined(reasons, '; ')}`;
  });
}
