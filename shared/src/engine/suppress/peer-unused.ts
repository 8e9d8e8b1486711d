import type { Part } from '../../families/family/part';
import { engineFinding, type RawFinding } from '../../rule/finding/engine-finding';
import { baseName } from '../../workspace/source/names';
import type { Range } from '../../base/text/range';
import type { PeerSettingFact } from '../../workspace/lone-facts';
import { mayBePeers, parsePeerComment } from './peer-directives';
import type { PeerIds } from './peer-ids';

/** Whether a tool may find something in a text; `step`: in a step, of which its finding cannot reach beyond. */
type May = (text: string, step: boolean) => boolean;

const has =
  (pattern: RegExp): May =>
  text =>
    pattern.test(text);
const expression = has(/\$\{\{/);
const uses = has(/uses/);
const secrets = has(/secrets/i);
const unsafe = has(/ACTIONS_ALLOW_UNSECURE_COMMANDS/i);

const usesIn = (text: string): readonly string[] =>
  [...text.matchAll(/uses["']?[ \t]{0,9}:[ \t]{0,9}["']?([^\s"']{1,300})/g)].map(match => match[1]!);
const isPinned = (action: string): boolean => /@(?:[0-9a-f]{40}|[0-9a-f]{64}|sha256:[0-9a-f]{64})$/.test(action);

/**
 * What findings of other tools in workflows cannot do without, by tool and id, as their rules are written (zizmor 1.32.0, actionlint 1.7.12, poutine c89412a,
 * checkov 3.3.30). It errs towards `true`.
 */
const mayFind: Readonly<Record<string, May>> = {
  'zizmor artipacked': (text, step) =>
    /checkout/i.test(text) && !(step && /\n[ \t]{0,99}persist-credentials:[ \t]{1,9}["']?false["']?\s/.test(`${text}\n`)),
  'zizmor unpinned-uses': text => usesIn(text).some(action => !isPinned(action) && !/^(?:\.|\$\/)/.test(action)),
  'zizmor ref-version-mismatch': text => usesIn(text).some(isPinned),
  'zizmor known-vulnerable-actions': uses,
  'zizmor archived-uses': uses,
  'zizmor impostor-commit': uses,
  'zizmor stale-action-refs': uses,
  'zizmor template-injection': expression,
  'zizmor github-env': has(/GITHUB_(?:ENV|PATH)/i),
  'zizmor overprovisioned-secrets': secrets,
  'zizmor unredacted-secrets': secrets,
  'zizmor secrets-inherit': has(/inherit/),
  'zizmor hardcoded-container-credentials': has(/credentials/),
  // the variable may come to a step from its job, or from the matrix
  'zizmor insecure-commands': (text, step) => step || unsafe(text, step),
  'zizmor unsound-contains': has(/contains/i),
  'actionlint expression': expression,
  'actionlint action': uses,
  'actionlint deprecated-commands': has(/::/),
  'poutine injection': expression,
  'poutine job_all_secrets': secrets,
  'poutine known_vulnerability_in_build_component': uses,
  'poutine github_action_from_unverified_creator_used': uses,
  'checkov CKV_GHA_1': unsafe,
  'checkov CKV_GHA_2': expression,
};

/** Whether a text surely has nothing that a tool's rule reports; an alias may bring anything. */
function cannotFind(peer: string, id: string, text: string, step: boolean): boolean {
  const key = `${peer} ${id}`;
  return Object.hasOwn(mayFind, key) && !text.includes(' *') && !mayFind[key]!(text, step);
}

/** The text with blanks where its comments stand. */
function withoutComments({ text, comments }: Part): string {
  let code = '';
  for (const { range } of comments) code += text.slice(code.length, range.start) + ' '.repeat(range.end - range.start);
  return code + text.slice(code.length);
}

/** The steps of a workflow in block style, by their lines, in order. */
function stepsOf(text: string): readonly Range[] {
  const steps: Range[] = [];
  /** How far the list of steps is indented that is being read; -1: its first item is awaited, `null`: none is. */
  let indent: number | null = null;
  let open = 0;
  let end = -1;
  let start = 0;
  const close = (): void => {
    if (end > open) steps.push({ start: open, end });
    end = -1;
  };
  for (const line of text.split('\n')) {
    const blanks = line.length - line.trimStart().length;
    const said = line.slice(blanks);
    if (said !== '') {
      const isItem = said.startsWith('- ');
      if (indent !== null && (indent < 0 ? isItem : isItem && blanks === indent)) {
        close();
        [indent, open, end] = [blanks, start, start + line.length];
      } else if (indent !== null && indent >= 0 && blanks > indent) end = start + line.length;
      else {
        close();
        indent = /^["']?steps["']?:\s*$/.test(said) ? -1 : null;
      }
    }
    start += line.length + 1;
  }
  close();
  return steps;
}

/** Finds the step that holds an offset. */
function stepFinder(text: string): (offset: number) => Range | null {
  const steps = stepsOf(text);
  return offset => {
    let [low, high] = [0, steps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (steps[middle]!.end < offset) low = middle + 1;
      else high = middle;
    }
    const found = steps[low];
    return found && found.start <= offset ? found : null;
  };
}

/** What is known of the suppressions for other tools once all findings of a file have been asked for. */
interface PeerUse {
  readonly path: string;
  readonly settings: readonly PeerSettingFact[];
  readonly peers: PeerIds;
  /** Where those stand that have suppressed something, and its rule, divided by a blank. */
  readonly heeded: ReadonlySet<string>;
}

/**
 * Suppressions for other tools in a workflow, in it or about it in their configuration, with which those tools can do nothing: what they are about does not stand
 * where they speak of. What only may be unused is not told: it may serve the tool that it was written for.
 */
export function unusedPeers(
  parts: readonly Part[],
  { path, settings, peers, heeded }: PeerUse,
): readonly { readonly part: Part; readonly finding: RawFinding }[] {
  const [part, other] = parts;
  if (part?.family !== 'workflow' || other) return [];
  const { text } = part;
  const found: RawFinding[] = [];
  const report = (message: string, data: Readonly<Record<string, string | number>>, range: Range): void => {
    found.push(engineFinding('bulkhead/unused-suppression', message, data, { severity: 'info', range }));
  };
  const comments = /zizmor:|checkov:/.test(text) ? part.comments.filter(comment => mayBePeers(comment.text)) : [];
  const own = settings.filter(({ file, peer }) => file !== undefined && file === (peer === 'zizmor' ? baseName(path) : path));
  if (comments.length === 0 && own.length === 0) return [];
  const code = withoutComments(part);
  const stepAt = stepFinder(code);
  // a step may hold thousands of comments
  const known = new Map<string, boolean>();
  const isIdle = (peer: string, id: string, step: Range | null): boolean => {
    const key = `${step?.start ?? ''} ${peer} ${id}`;
    let idle = known.get(key);
    if (idle === undefined) known.set(key, (idle = cannotFind(peer, id, step ? code.slice(step.start, step.end) : code, step !== null)));
    return idle;
  };
  for (const { range, ownLine } of comments)
    for (const { peer, ids } of parsePeerComment(text.slice(range.start, range.end), part.language)) {
      const step = peer === 'zizmor' && !ownLine ? stepAt(range.start) : null;
      // zizmor heeds a comment in what a finding spans, and outside of steps that may be much
      if (ids === 'all' || (peer !== 'checkov' && !step)) continue;
      for (const id of ids) {
        const isHeeded = peers.answers(peer, id).some(({ rule }) => heeded.has(`${range.start} ${rule}`));
        if (!isHeeded && isIdle(peer, id, step)) report('peer', { peer, id }, range);
      }
    }
  const starts = own.some(({ line }) => line !== undefined) ? lineStarts(text) : [];
  for (const { peer, ids, line, path: file, uses: policies, jobs } of own) {
    if (ids === 'all' || policies || jobs) continue;
    const start = line === undefined ? 0 : starts[line - 1];
    const stop = start === undefined ? text.length : (text.indexOf('\n', start) + 1 || text.length + 1) - 1;
    const said = code.slice(start ?? stop, stop).trim();
    const step = line === undefined || start === undefined ? null : stepAt(stop);
    for (const id of ids) {
      if (line === undefined ? isIdle(peer, id, null) : said === '' || (step && isIdle(peer, id, step)))
        report(
          line === undefined ? 'peer-file' : 'peer-line',
          { peer, id, file, line: line ?? 0 },
          { start: start ?? stop, end: line === undefined ? 0 : stop },
        );
    }
  }
  return found.map(finding => ({ part, finding }));
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
