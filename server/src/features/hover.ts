import { joined, masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import type { Finding, Range, References, Rule } from '../../../shared/src/index';
import { MarkupKind, type CancellationToken, type Hover, type HoverParams } from 'vscode-languageserver';
import type { HoverPages } from '../../../shared/src/protocol/docs';
import { isConfigUri } from '../config-files';
import { checkedDocument, type Checked, type ServerContext } from '../context';
import { toLspRange } from '../lsp/edits';
import { gateOfCheck } from '../lsp/gate';
import { markdownText, toPlainText } from '../lsp/markdown';
import { directiveRuleAt, wordAt } from './directives';
import { lastLookupAt } from './lookup-notes';

/** Explains the findings under the pointer, and rules that a directive names. */
export async function hover(context: ServerContext, params: HoverParams, token: CancellationToken): Promise<(Hover & HoverPages) | null> {
  const checked = await checkedDocument(context, params.textDocument.uri, token);
  if (checked && isConfigUri(params.textDocument.uri)) return hoverRule(context, checked, wordAt(checked.document, params.position));
  if (!checked?.check.result || !checked.scope.settings.hover) return null;
  const { document, check } = checked;
  const offset = document.offsetAt(params.position);
  const findings = check.findings.filter(({ range }) => range.start <= offset && offset <= range.end);
  if (findings.length > 0) {
    const inner = findings.reduce((a, b) => (b.range.end - b.range.start < a.range.end - a.range.start ? b : a));
    const explained = findings.slice(0, 3);
    const parts = await Promise.all(explained.map(finding => explainFinding(context, checked, finding)));
    const asked = lastLookupAt(context, checked, offset);
    const rules = explained.map(({ rule }) => rule);
    return toHover(context, checked, inner.range, [...parts, ...(asked ? [asked.text] : [])], rules);
  }
  const asked = lastLookupAt(context, checked, offset);
  if (asked) return toHover(context, checked, asked.range, [asked.text], []);
  return hoverRule(context, checked, directiveRuleAt(document, params.position));
}

async function hoverRule(
  context: ServerContext,
  checked: Checked,
  named: { readonly id: string; readonly range: Range } | null,
): Promise<(Hover & HoverPages) | null> {
  const rule = context.engine.rules.find(({ id }) => id === named?.id);
  return named && rule ? toHover(context, checked, named.range, [await explainRule(context, rule)], [rule.id]) : null;
}

/** A hover of `parts`; `rules` are those that it is about. */
function toHover(
  { support, engine, showsPages }: ServerContext,
  { document }: Checked,
  range: Range,
  parts: readonly MaskedText[],
  rules: readonly string[],
): Hover & HoverPages {
  const markdown = joined(parts, '\n\n---\n\n');
  const contents = support.markdownHover
    ? { kind: MarkupKind.Markdown, value: markdown }
    : { kind: MarkupKind.PlainText, value: toPlainText(markdown) };
  const pages = showsPages ? [...new Set(rules)].filter(rule => engine.rules.some(({ id }) => id === rule)) : [];
  return { contents, range: toLspRange(document, range), ...(pages.length > 0 && { pages }) };
}

/** What, why, the fix, how to suppress, standards, link. */
async function explainFinding(context: ServerContext, { document, check }: Checked, finding: Finding): Promise<MaskedText> {
  const gate = gateOfCheck(check);
  const { words, say, engine } = context;
  const rule = engine.rules.find(({ id }) => id === finding.rule);
  const sections = [masked`**${markdownText(gate.words(words.message(finding)))}** \`${trusted(finding.rule)}\``];
  if (!rule) return joined(sections, '\n\n');
  const why = proseOf(await context.page(rule.id));
  if (why !== null) sections.push(why);
  const fixes = finding.fixes.map(fix => {
    const title = gate.words(words.fixTitle(finding.rule, fix));
    const assumes = fix.assumes.map(assumption => gate.words(words.assumption(finding.rule, assumption)));
    const note = assumes.length > 0 ? masked` — ${say('assumes', { list: joined(assumes, '; ') })}` : plain('');
    return masked`- ${markdownText(fix.class === 'safe' ? title : say(fix.class, { title }))}${markdownText(note)}`;
  });
  if (fixes.length > 0) sections.push(masked`**${say('fixHeading')}**\n\n${joined(fixes, '\n')}`);
  else if (finding.left) sections.push(masked`**${say('fixHeading')}**: ${markdownText(words.reason(finding.left.reason))}`);
  if (check.result?.family !== 'none' && document.languageId !== '') {
    const id = trusted(rule.id);
    const directives = {
      directive: masked`\`# bulkhead-ignore ${id} -- …\``,
      fileDirective: masked`\`# bulkhead-ignore-file ${id} -- …\``,
    };
    sections.push(masked`**${say('suppressHeading')}**: ${say('suppressHow', directives)}`);
  }
  const standards = standardsOf(rule);
  if (standards.length > 0) sections.push(masked`**${say('standards')}**: ${markdownText(trusted(standards.join('; ')))}`);
  sections.push(...link(context, rule.id));
  return joined(sections, '\n\n');
}

async function explainRule(context: ServerContext, rule: Rule): Promise<MaskedText> {
  const why = proseOf(await context.page(rule.id));
  const title = masked`**${markdownText(context.words.ruleTitle(rule.id))}** \`${trusted(rule.id)}\``;
  return joined([title, ...(why === null ? [] : [why]), ...link(context, rule.id)], '\n\n');
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

const standardNames: Readonly<Record<Exclude<keyof References, 'links'>, string>> = {
  cisDocker: 'CIS Docker',
  cisKubernetes: 'CIS Kubernetes',
  nist800190: 'NIST SP 800-190',
  nsaCisa: 'NSA/CISA',
  pss: 'Pod Security Standards',
  mitre: 'MITRE ATT&CK',
  cwe: 'CWE',
};

function standardsOf({ references }: Rule): readonly string[] {
  return (Object.keys(standardNames) as (keyof typeof standardNames)[]).flatMap(key => {
    const numbers = references[key] ?? [];
    return numbers.length === 0 ? [] : [`${standardNames[key]} ${numbers.join(', ')}`];
  });
}
