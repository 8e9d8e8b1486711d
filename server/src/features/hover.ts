import { joined, masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import {
  atLeast,
  entriesOf,
  type Finding,
  type Gate,
  type ImagePlace,
  maskAlone,
  namesImage,
  type Range,
  type Rule,
  standardLabels,
} from '../../../shared/src/index';
import { MarkupKind, type CancellationToken, type Hover, type HoverParams } from 'vscode-languageserver';
import type { HoverPages } from '../../../shared/src/output/protocol/docs';
import { isConfigUri } from '../session/config-files';
import { checkedDocument, type Checked, type ServerContext } from '../session/context';
import { toLspRange } from '../lsp/edits';
import { gateOfCheck } from '../lsp/gate';
import { markdownText, toPlainText } from '../lsp/markdown';
import { coverageAt } from './coverage';
import { directiveRuleAt, wordAt } from './directives';
import { effectiveAt } from './effective';
import { factsAt } from './image-facts';
import { lookUpTarget } from './look-up';
import { lastLookupAt, placeAt, shortName, type HoverNote } from './lookup-notes';
import { signatureAt } from './signatures';
import { scanHoverAt } from './scan-notes';
import { storyOf } from './story';

/** Explains the findings under the pointer, and rules that a directive names. */
export async function hover(context: ServerContext, params: HoverParams, token: CancellationToken): Promise<(Hover & HoverPages) | null> {
  const checked = await checkedDocument(context, params.textDocument.uri, token);
  if (checked && isConfigUri(params.textDocument.uri)) return hoverRule(context, checked, wordAt(checked.document, params.position));
  if (!checked?.check.result || !checked.scope.settings.hover) return null;
  const { document, check } = checked;
  const offset = document.offsetAt(params.position);
  const findings = check.findings.filter(({ range }) => range.start <= offset && offset <= range.end);
  if (findings.length > 0) {
    const { finding: asked, members } = entriesOf([...findings].sort((a, b) => bySeverity(a, b) || sizeOf(a) - sizeOf(b)))[0]!;
    // an editor that lists the messages by itself gets what they do not say, the worst first
    const withFixes = members.length > 1 && !context.showsPages ? members : [];
    const others = findings.filter(finding => !withFixes.includes(finding)).sort(bySeverity);
    const isListed = findings.length > 1 && !context.showsPages;
    const parts = [
      ...(isListed ? [listFindings(context, checked, [...withFixes, ...others], withFixes)] : []),
      ...(await explainFinding(context, checked, asked, {
        named: findings.length > 1,
        fixes: withFixes.length === 0,
        others: isListed ? [] : others.filter(finding => finding !== asked),
      })),
      ...[storyOf(context, checked, asked)].flatMap(story => story ?? []),
      ...imageNotesAt(context, checked, offset).map(({ text }) => text),
    ];
    return parts.length > 0 ? toHover(context, checked, asked.range, parts, [asked.rule], offset) : null;
  }
  const notes = imageNotesAt(context, checked, offset);
  const texts = notes.map(({ text }) => text);
  if (notes[0]) return toHover(context, checked, notes[0].range, texts, [], offset);
  const image = context.showsPages ? imageAt(checked, offset) : null;
  if (image && lookUpTarget(context, checked, image.range.start) !== null) {
    const unknown = context.say('factsUnknown', { image: markdownText(maskAlone(shortName(image.reference))) });
    return toHover(context, checked, image.range, [unknown], [], offset);
  }
  return hoverRule(context, checked, directiveRuleAt(document, params.position));
}

/** The image under the pointer that a registry may have. */
function imageAt(checked: Checked, offset: number): ImagePlace | null {
  const place = placeAt(checked, offset);
  return place && namesImage(place) && place.reference !== 'scratch' ? place : null;
}

/** What somebody has asked of the image under the pointer: a scan, its digest, who signed it; what it is by its configuration; which images a policy covers, and what really runs. */
function imageNotesAt(context: ServerContext, checked: Checked, offset: number): readonly HoverNote[] {
  return [scanHoverAt, lastLookupAt, signatureAt, factsAt, coverageAt, effectiveAt].flatMap(
    noteAt => noteAt(context, checked, offset) ?? [],
  );
}

function sizeOf({ range: { start, end } }: Finding): number {
  return end - start;
}

/** Worst first; of equal severity in the order of the file. */
function bySeverity(a: Finding, b: Finding): number {
  return a.severity === b.severity ? 0 : atLeast(a.severity, b.severity) ? -1 : 1;
}

async function hoverRule(
  context: ServerContext,
  checked: Checked,
  named: { readonly id: string; readonly range: Range } | null,
): Promise<(Hover & HoverPages) | null> {
  const rule = context.engine.rules.find(({ id }) => id === named?.id);
  return named && rule ? toHover(context, checked, named.range, [await explainRule(context, rule)], [rule.id]) : null;
}

/** A hover of `parts`; `rules` are those that it is about, `offset` where an image may be that can be looked up. */
function toHover(
  context: ServerContext,
  checked: Checked,
  range: Range,
  parts: readonly MaskedText[],
  rules: readonly string[],
  offset: number | null = null,
): Hover & HoverPages {
  const { support, engine, showsPages } = context;
  const markdown = joined(parts, '\n\n---\n\n');
  const contents = support.markdownHover
    ? { kind: MarkupKind.Markdown, value: markdown }
    : { kind: MarkupKind.PlainText, value: toPlainText(markdown) };
  const pages = showsPages ? [...new Set(rules)].filter(rule => engine.rules.some(({ id }) => id === rule)) : [];
  const image = showsPages && offset !== null ? imageAt(checked, offset) : null;
  const lookUp = image && lookUpTarget(context, checked, image.range.start);
  return { contents, range: toLspRange(checked.document, range), ...(pages.length > 0 && { pages }), ...(lookUp && { lookUp }) };
}

/** How many findings of one place are named. */
const maxListed = 10;

/** The findings of one place, worst first, a line each; below those of an entry that is asked about, what answers them. */
function listFindings(context: ServerContext, { check }: Checked, findings: readonly Finding[], withFixes: readonly Finding[]): MaskedText {
  const { words, say } = context;
  const gate = gateOfCheck(check);
  const lines = findings.slice(0, maxListed).flatMap(finding => {
    const message = markdownText(gate.words(words.message(finding)));
    const fixes = withFixes.includes(finding) ? fixLines(context, gate, finding).slice(0, 1) : [];
    return [masked`- **${say(finding.severity)}**: ${message} \`${trusted(finding.rule)}\``, ...fixes.map(fix => masked`  ${fix}`)];
  });
  if (findings.length > maxListed) lines.push(masked`- ${say('moreFindings', { count: findings.length - maxListed })}`);
  return joined(lines, '\n');
}

/** What answers a finding, as items of a list. */
function fixLines({ words, say }: ServerContext, gate: Gate, { rule, fixes }: Finding): readonly MaskedText[] {
  return fixes.map(fix => {
    const title = gate.words(words.fixTitle(rule, fix));
    const assumes = fix.assumes.map(assumption => gate.words(words.assumption(rule, assumption)));
    const note = assumes.length > 0 ? masked` — ${say('assumes', { list: joined(assumes, '; ') })}` : plain('');
    return masked`- ${markdownText(fix.class === 'safe' ? title : say(fix.class, { title }))}${markdownText(note)}`;
  });
}

/**
 * Why, the fix, how to suppress, standards, link. Not what: an editor shows the message of a diagnostic by itself.
 * @param tells `named`: whether to begin with the rule, where there are several findings; `fixes`: whether what answers it was not listed; `others`: those of
 * the place that are named in one line
 */
async function explainFinding(
  context: ServerContext,
  { document, check }: Checked,
  finding: Finding,
  tells: { readonly named: boolean; readonly fixes: boolean; readonly others: readonly Finding[] },
): Promise<readonly MaskedText[]> {
  const { words, say, engine } = context;
  const rule = engine.rules.find(({ id }) => id === finding.rule);
  // what the engine says of itself has no page: its message is all
  if (!rule) return [];
  const sections = tells.named ? [titleOf(context, rule)] : [];
  const why = adviceOf(await context.page(rule.id));
  if (why !== null) sections.push(why);
  const fixes = tells.fixes ? fixLines(context, gateOfCheck(check), finding) : [];
  if (fixes.length > 0) sections.push(masked`**${say('fixHeading')}**\n\n${joined(fixes, '\n')}`);
  else if (tells.fixes && finding.left) sections.push(masked`**${say('fixHeading')}**: ${markdownText(words.reason(finding.left.reason))}`);
  if (tells.others.length > 0) sections.push(masked`**${say('alsoHere')}**: ${titlesOf(context, rule, tells.others)}`);
  const last: MaskedText[] = [];
  if (check.result?.family !== 'none' && document.languageId !== '') {
    const directive = masked`\`# bulkhead-ignore ${trusted(rule.id)} -- …\``;
    last.push(masked`**${say('suppressHeading')}**: ${say('suppressHow', { directive })}`);
  }
  const standards = standardsOf(rule);
  if (standards.length > 0) last.push(masked`**${say('standards')}**: ${markdownText(trusted(standards.join('; ')))}`);
  if (last.length > 0) sections.push(joined(last, ' · '));
  sections.push(...link(context, rule.id));
  return sections.length > 0 ? [joined(sections, '\n\n')] : [];
}

async function explainRule(context: ServerContext, rule: Rule): Promise<MaskedText> {
  const why = proseOf(await context.page(rule.id));
  return joined([titleOf(context, rule), ...(why === null ? [] : [why]), ...link(context, rule.id)], '\n\n');
}

/** What else is found at the place, by the titles of its rules, each once. */
function titlesOf({ words, say }: ServerContext, { id }: Rule, findings: readonly Finding[]): MaskedText {
  const rules = [...new Set(findings.map(({ rule }) => rule))].filter(rule => rule !== id);
  const titles = rules.slice(0, maxListed).map(rule => markdownText(words.ruleTitle(rule)));
  const more = findings.length - titles.length;
  return joined([...titles, ...(more > 0 ? [say('moreFindings', { count: more })] : [])], '; ');
}

function titleOf({ words }: ServerContext, { id }: Rule): MaskedText {
  return masked`**${markdownText(words.ruleTitle(id))}** \`${trusted(id)}\``;
}

/** Where the rest of a rule's page is. Nothing for a client that adds its own link: a text that quotes files is not trusted to run commands. */
function link({ say, showsPages, address }: ServerContext, id: string): readonly MaskedText[] {
  if (showsPages) return [];
  const rule = trusted(id);
  const uri = address(id);
  if (uri === null) return [say('explain', { command: masked`\`bulkhead explain ${rule}\`` })];
  return [masked`[${say('learnMore', { rule })}](${trusted(uri)})`];
}

/** The introduction of a rule's page: what stands between its title and its first case. */
export function proseOf(page: string | null): MaskedText | null {
  if (page === null) return null;
  const lines = page.replace(/\r\n/g, '\n').split('\n');
  const from = lines.findIndex(line => line.startsWith('# ')) + 1;
  const rest = lines.slice(from);
  const to = rest.findIndex(line => /^(?:#{2,} |```)/.test(line));
  const prose = (to < 0 ? rest : rest.slice(0, to)).join('\n').trim();
  return prose === '' ? null : trusted(prose);
}

/** The first paragraph of a page's introduction: why the rule is there, and what to do. The rest is a click away. */
function adviceOf(page: string | null): MaskedText | null {
  const prose = proseOf(page);
  return prose === null ? null : trusted(prose.split(/\n[ \t]*\n/, 1)[0]!);
}

function standardsOf({ references }: Rule): readonly string[] {
  return (Object.keys(standardLabels) as (keyof typeof standardLabels)[]).flatMap(key => {
    const numbers = (references[key] ?? []).join(', ');
    // the ids of CWE bear its name
    return numbers === '' ? [] : [numbers.startsWith(`${standardLabels[key]}-`) ? numbers : `${standardLabels[key]} ${numbers}`];
  });
}
