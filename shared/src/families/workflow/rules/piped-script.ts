import { defineRule, type Report } from '../../../rule/define-rule';
import { downloadRuns } from '../../../syntax/shell/download-runs';
import { downloadsOf, plainName, plainText } from '../../../syntax/shell/downloads';
import { useOf, verifies } from '../../../syntax/shell/verification';
import type { ShellCommand, ShellScript } from '../../../syntax/shell/types';
import { overlaps, type Range } from '../../../base/text/range';
import { environmentsOf } from '../model/environments';
import type { StepView } from '../model/types';
import { valueOf } from '../model/values';

/** An address whose content nobody can change, or that leads to the runner itself. */
const settled = /\braw\.githubusercontent\.com\/[^/]+\/[^/]+\/[0-9a-f]{40}\/|^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1|\[::1\])\b/;

/** Puts values in the place of variables, as far as they are known. */
type Resolve = (text: string) => string;

/** A text with what the `env` of a step, its job or its workflow says of variables: the commit of a download may stand there. */
function withVariables(text: string, step: StepView): string {
  return text.replace(/\$(?:\{(\w{1,100})\}|(\w{1,100}))/g, (whole, braced: string | undefined, plain: string | undefined) => {
    const name = braced ?? plain ?? '';
    const value = environmentsOf(step).flatMap(values => valueOf(values, name)?.text ?? [])[0];
    return value === undefined || value.includes('${{') ? whole : value;
  });
}

/** How many commands behind a download are looked at. */
const nearest = 100;

/** A download and what runs it. */
interface Hit {
  readonly range: Range;
  readonly program: string;
}

/** The word of a download's address. */
function addressOf(command: ShellCommand): { readonly range: Range; readonly text: string } {
  const word = downloadsOf(command).find(({ url }) => url !== null)?.url ?? command.args.find(({ raw }) => /^["']?https?:\/\//.test(raw));
  return word ? { range: word.range, text: plainText(word) } : { range: command.nameWord!.range, text: '' };
}

/** What is piped or substituted into an interpreter. */
function piped(script: ShellScript, resolved: Resolve): readonly Hit[] {
  return downloadRuns(script).flatMap(({ download, interpreter }) => {
    const command = download && script.commands.find(({ nameWord }) => nameWord?.range.start === download.start);
    if (!command) return [];
    const { range, text } = addressOf(command);
    return settled.test(resolved(text)) ? [] : [{ range, program: interpreter }];
  });
}

/** Whether a command runs a file of a name: by its path, or as the script of an interpreter. */
function runs(command: ShellCommand, file: string): boolean {
  const { nameWord, args } = command;
  if (nameWord?.raw.includes('/') && plainName(nameWord.text ?? '') === file) return true;
  const [script] = args;
  return useOf(command) === 'run' && script?.text != null && plainName(script.text) === file;
}

/** What is saved and then run, with nothing between that looks at it. */
function saved(script: ShellScript, resolved: Resolve): readonly Hit[] {
  const { commands } = script;
  return commands.flatMap((command, i) =>
    downloadsOf(command).flatMap(({ file }): Hit[] => {
      const later = commands.slice(i + 1, i + 1 + nearest);
      const runner = file === null ? -1 : later.findIndex(other => runs(other, file));
      if (runner < 0 || later.slice(0, runner).some(verifies)) return [];
      const { range, text } = addressOf(command);
      return settled.test(resolved(text)) ? [] : [{ range, program: later[runner]!.name ?? file! }];
    }),
  );
}

/** What a script has as a text that no reviewer reads, and decodes to run it: `echo ZWNo... | base64 -d | sh`. */
function encoded({ pipelines }: ShellScript): readonly Hit[] {
  return pipelines.flatMap(({ members }): readonly Hit[] => {
    const [source, decoder, reader] = members.map(({ command }) => command);
    const text = source?.args.at(-1);
    const isDecoder = decoder?.name === 'base64' && decoder.args.some(({ raw }) => /^(?:-d|-D|--decode)$/.test(raw));
    if (!isDecoder || !/^(?:echo|printf)$/.test(source?.name ?? '') || !/^(?:ba|da|z|k)?sh$/.test(reader?.name ?? '')) return [];
    return text?.text && text.variables.length + text.substitutions.length === 0 ? [{ range: text.range, program: reader!.name! }] : [];
  });
}

function check(script: ShellScript | null | undefined, report: Report<'run' | 'encoded', never>, resolved: Resolve = text => text): void {
  if (!script) return;
  for (const { range, program } of encoded(script)) report(range, 'encoded', { program });
  const seen: Range[] = [];
  for (const { range, program } of [...piped(script, resolved), ...saved(script, resolved)]) {
    if (seen.some(other => overlaps(range, other))) continue;
    seen.push(range);
    report(range, 'run', { program });
  }
}

export const rule = defineRule({
  id: 'workflow/piped-script',
  title: 'Downloaded script run without verification',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cwe: ['CWE-494'], mitre: ['T1195.002'], links: ['https://docs.github.com/actions/reference/security/secure-use'] },
  peers: { poutine: ['unverified_script_exec'], semgrep: ['curl-eval'], glsec: ['GL011'] },
  messages: {
    run: { text: 'Anyone who controls this address can run commands here ({program}): verify a checksum first' },
    encoded: { text: 'No reviewer can read what {program} runs here: write it as plain text', severity: 'hint', profile: 'strict' },
  },
  on: {
    step(step, report) {
      check(step.run?.script(), report, text => withVariables(text, step));
    },
    script({ script }, report) {
      check(script(), report);
    },
  },
});
