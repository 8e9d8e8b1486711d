import { plainText } from '../../../syntax/shell/downloads';
import { fetchedWords, isPlainHttp, plainAddress } from '../../../syntax/shell/plain-http';
import type { ShellCommand, ShellWord } from '../../../syntax/shell/types';
import { verifies } from '../../../syntax/shell/verification';
import { defineRule, noFix, type Report } from '../../../rule/define-rule';
import type { ScriptLine } from '../../../rule/pipeline/types';
import { editText } from '../../../syntax/yaml/operations';
import type { Path } from '../../../syntax/yaml/types';
import { stringOf } from '../../../syntax/yaml/values';
import { environmentsOf } from '../model/environments';
import { commandsOf } from '../model/pipeline';
import { isSwitchedOff } from '../model/refs';
import { valueOf } from '../model/values';

type OwnReport = Report<'plain' | 'variable', 'https'>;

/** A host that is a container beside the job, or a cluster that it has made. */
const beside = /^[^.]*$|^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.|\.(?:nip\.io|sslip\.io|svc)(?::|$)/;

/** A word that is one variable. */
const variable = /^\$(?:\{(\w{1,100})\}|(\w{1,100}))/;

function check(word: ShellWord, path: Path, report: OwnReport, valueOfVariable: (name: string) => string | undefined): void {
  const text = plainText(word);
  const [, braced, plain] = variable.exec(text) ?? [];
  const name = braced ?? plain;
  if (name !== undefined) {
    const value = valueOfVariable(name);
    if (value !== undefined && isPlainHttp(value)) report(word.range, 'variable', { variable: name }, noFix('variable'));
    return;
  }
  const found = /http:/i.test(text) ? plainAddress(word.mapped()) : null;
  // an expression may give the runner itself
  if (!found || beside.test(found.host) || /^[$\ue000]/.test(found.host)) return;
  const { host, range, schemeEnd } = found;
  const fix = report.fix('https', () => [editText(path, [{ range: { start: schemeEnd - 1, end: schemeEnd }, text: 'ps' }])]);
  report(range, 'plain', { host }, fix);
}

/** The words of commands that are fetched, but for what a later command verifies. */
function fetchedIn(commands: readonly ShellCommand[], later: () => readonly ShellCommand[] = () => []): readonly ShellWord[] {
  return commands.flatMap((command, i) => {
    const isVerified = (): boolean => [...commands.slice(i + 1), ...later()].some(verifies);
    // what is only printed is a look whether a service answers
    const isShown = command.pipeline.members.length < 2;
    return fetchedWords(command, file => (file === null ? isShown : isVerified()));
  });
}

/** The commands of a job of GitLab that come after a line. */
function laterCommands({ file, path, node }: ScriptLine): readonly ShellCommand[] {
  const later = file.scripts.filter(other => other.path[0] === path[0] && other.node.range.start > node.range.start);
  return later.flatMap(({ script }) => script()?.commands ?? []);
}

export const rule = defineRule({
  id: 'workflow/plain-http-download',
  title: 'Download over plain HTTP',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'baseline',
  references: { nist800190: ['3.2.1', '4.2.1'], mitre: ['T1195'], cwe: ['CWE-319', 'CWE-494'] },
  peers: { zizmor: ['insecure-url-scheme'] },
  messages: {
    plain: { text: 'Anyone on the network path to {host} can change a download over plain HTTP' },
    variable: { text: '"{variable}" is a plain HTTP URL: anyone on the network path can change the download' },
  },
  fixes: { https: { title: 'Use https', class: 'attended' } },
  on: {
    step(step, report) {
      if (isSwitchedOff(step)) return;
      const valueOfVariable = (name: string): string | undefined =>
        environmentsOf(step).flatMap(values => valueOf(values, name)?.text ?? [])[0];
      for (const word of fetchedIn(commandsOf(step, /http:|\$/i))) check(word, step.run!.path, report, valueOfVariable);
    },
    script(line, report) {
      if (!/http:/i.test(stringOf(line.node) ?? '')) return;
      const words = fetchedIn(line.script()?.commands ?? [], () => laterCommands(line));
      for (const word of words) check(word, line.path, report, () => undefined);
    },
  },
});
