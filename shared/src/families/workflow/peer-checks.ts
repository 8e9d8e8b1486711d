import type { Range } from '../../base/text/range';
import type { PeerChecks } from '../family/part';

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

/** What is known of the tools that look at workflows. */
export const peerChecks: PeerChecks = { cannotFind, stepsOf };
