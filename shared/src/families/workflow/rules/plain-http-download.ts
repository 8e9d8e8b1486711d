import { plainText } from '../../../syntax/shell/downloads';
import { fetchedWords, isPlainHttp, plainAddress } from '../../../syntax/shell/plain-http';
import type { ShellCommand, ShellWord } from '../../../syntax/shell/types';
import { verifies } from '../../../syntax/shell/verification';
import { defineRule, noFix, type Report } from '../../../rule/define-rule';
import { editText } from '../../../syntax/yaml/operations';
import { environmentsOf } from '../model/environments';
import { commandsOf } from '../model/pipeline';
import { isSwitchedOff } from '../model/refs';
import type { StepView } from '../model/types';
import { valueOf } from '../model/values';

type OwnReport = Report<'plain' | 'variable', 'https'>;

/** A host that is a container beside the job, or a cluster that it has made. */
const beside = /^[^.]*$|^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.|\.(?:nip\.io|sslip\.io|svc)(?::|$)/;

/** A word that is one variable. */
const variable = /^\$(?:\{(\w{1,100})\}|(\w{1,100}))/;

function check(step: StepView, word: ShellWord, report: OwnReport): void {
  const text = plainText(word);
  const [, braced, plain] = variable.exec(text) ?? [];
  const name = braced ?? plain;
  if (name !== undefined) {
    const value = environmentsOf(step).flatMap(values => valueOf(values, name)?.text ?? [])[0];
    if (value !== undefined && isPlainHttp(value)) report(word.range, 'variable', { variable: name }, noFix('variable'));
    return;
  }
  const found = /http:/i.test(text) ? plainAddress(word.mapped()) : null;
  // an expression may give the runner itself
  if (!found || beside.test(found.host) || /^[$\ue000]/.test(found.host)) return;
  const { host, range, schemeEnd } = found;
  const fix = report.fix('https', () => [editText(step.run!.path, [{ range: { start: schemeEnd - 1, end: schemeEnd }, text: 'ps' }])]);
  report(range, 'plain', { host }, fix);
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
    plain: { text: 'Anyone on the path to {host} can change a download over plain HTTP' },
    variable: { text: '"{variable}" is a plain HTTP URL: anyone on the path can change the download' },
  },
  fixes: { https: { title: 'Use https', class: 'attended' } },
  on: {
    step(step, report) {
      if (isSwitchedOff(step)) return;
      const commands = commandsOf(step, /http:|\$/i);
      const isVerifiedAfter = (command: ShellCommand): boolean => commands.slice(commands.indexOf(command) + 1).some(verifies);
      for (const command of commands) {
        // what is only printed is a look whether a service answers
        const isShown = command.pipeline.members.length < 2;
        const isLeft = (file: string | null): boolean => (file === null ? isShown : isVerifiedAfter(command));
        for (const word of fetchedWords(command, isLeft)) check(step, word, report);
      }
    },
  },
});
