import { joined, masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import {
  atLeast,
  createLineTable,
  type Finding,
  gateOf,
  type LineTable,
  reportFixes,
  severities,
  type Severity,
} from '../../../shared/src/index';
import type { Cancellation } from '../../../shared/src/base/ports/cancellation';
import { systemClock } from '../../../shared/src/base/ports/clock';
import { type Answer, answerOf, fitting, type Next, quote } from './answer';
import { inputOf, textAgain } from './input';
import type { AgentFile, AgentHost } from './port';
import type { ToolArguments } from './read-arguments';
import { type AskedFile, silencesOf } from './silences';

/** More findings than these are no list to work through. */
const mostFindings = 200;
/** Clients give up on a call that takes much longer. */
const mostMs = 20_000;
const bytes = { findings: 28_000, notChecked: 5000, recent: 3000 };

/** A finding of an answer. */
type Listed = ReturnType<typeof listed>;

/** `lint_container_config`. */
export async function lint(args: ToolArguments, host: AgentHost, cancellation: Cancellation): Promise<Answer> {
  const least = (args['minSeverity'] as Severity | undefined) ?? 'hint';
  const counts = { files: 0, error: 0, warning: 0, info: 0, hint: 0 };
  // of each severity no more are kept than could be listed
  const worst: Readonly<Record<Severity, Listed[]>> = { error: [], warning: [], info: [], hint: [] };
  const notChecked: { readonly path: MaskedText; readonly reason: MaskedText }[] = [];
  const asked: AskedFile[] = [];
  let suppressed = 0;
  const started = systemClock.now();
  let wanted = 0;
  for await (const found of host.open(inputOf(args, true), cancellation)) {
    if (systemClock.now() - started > mostMs) {
      notChecked.push({ path: plain('.'), reason: masked`stopped after ${mostMs / 1000} s: name fewer files` });
      break;
    }
    if (!('file' in found)) {
      if ('excluded' in found) asked.push({ file: found.excluded, excluded: true });
      else notChecked.push({ path: quote(trusted(found.none.path)), reason: quote(found.none.reason) });
      continue;
    }
    const { file } = found;
    counts.files++;
    asked.push({ file, excluded: false });
    suppressed += file.result.findings.filter(({ suppression }) => suppression !== null).length;
    const of: Listing = {
      host,
      file,
      lines: createLineTable(file.opened.file.text),
      fixes: reportFixes(file.opened, file.result.findings, host.words),
    };
    for (const finding of file.result.findings) {
      if (finding.suppression !== null) continue;
      const { severity } = finding;
      counts[severity]++;
      if (!atLeast(severity, least)) continue;
      wanted++;
      if (worst[severity].length < mostFindings) worst[severity].push(listed(of, finding));
    }
    file.opened.forget();
  }
  const all = [...severities].reverse().flatMap(severity => worst[severity]);
  const { shown } = fitting(all, bytes.findings, mostFindings);
  const rest = fitting(notChecked, bytes.notChecked);
  const { since, recent } = await silencesOf(asked, host);
  return answerOf({
    counts,
    suppressed: {
      count: suppressed,
      since,
      recent: fitting(recent, bytes.recent).shown,
    },
    findings: shown,
    omitted: wanted - shown.length,
    notChecked:
      rest.omitted === 0 ? rest.shown : [...rest.shown, { path: plain('.'), reason: masked`${rest.omitted} more are not checked` }],
    next: nextOf(shown, args),
  });
}

/** What the findings of a file are listed with. */
interface Listing {
  readonly host: AgentHost;
  readonly file: AgentFile;
  readonly lines: LineTable;
  readonly fixes: ReturnType<typeof reportFixes>;
}

function listed({ host, file, lines, fixes }: Listing, finding: Finding) {
  const gate = gateOf({ text: file.opened.file.text, result: file.result });
  const { line, character } = lines.position(finding.range.start);
  const { object } = finding;
  const names = object && [object.kind, object.name, object.container].flatMap(part => (part == null ? [] : [gate.mask(part)]));
  return {
    severity: finding.severity,
    path: quote(trusted(file.path)),
    line: line + 1,
    column: character + 1,
    rule: trusted(finding.rule),
    message: quote(gate.words(host.words.message(finding))),
    object: names && quote(joined(names, ' ')),
    fixes: fixes(finding).map(fix => ({
      class: fix.class,
      title: quote(gate.words(fix.title)),
      assumes: fix.assumes.map(assumption => quote(gate.words(assumption))),
      ...(fix.needs !== null && { needs: fix.needs }),
    })),
  };
}

/** The file with the worst finding that harden answers, else the page of the worst finding. */
function nextOf(findings: readonly Listed[], args: ToolArguments): Next | null {
  const isBulk = ({ fixes }: Listed): boolean =>
    fixes.some(fix => fix.needs === undefined && (fix.class === 'safe' || fix.class === 'review'));
  const first = findings.find(isBulk);
  if (first) {
    const count = findings.filter(finding => finding.path === first.path && isBulk(finding)).length;
    const again = textAgain(args);
    const edits = masked`harden has edits for ${count} of the findings listed in this file`;
    return {
      tool: 'harden_container_config',
      arguments: again ?? { path: first.path },
      why: again ? masked`${edits}; send the text again` : edits,
    };
  }
  const [worst] = findings;
  return worst
    ? {
        tool: 'explain_container_rule',
        arguments: { rule: worst.rule },
        why: plain('no finding listed has an edit that harden applies by itself'),
      }
    : null;
}
