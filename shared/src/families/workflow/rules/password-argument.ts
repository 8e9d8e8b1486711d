import { defineRule, noFix, type Report } from '../../../rule/define-rule';
import type { Operation } from '../../../rule/fix/types';
import { maskCharacter } from '../../../syntax/shell/script-builder';
import type { ShellCommand, ShellScript } from '../../../syntax/shell/types';
import { passwordByInput, passwordInScript, type PasswordOption } from '../fix/password';

/** Programs that log in to a registry, by the words in front of their options. */
const logins =
  /^(?:(?:docker|podman|buildah|skopeo|nerdctl|oras|crane|regctl|regctl registry|crane auth|helm registry|flux|cosign) )login$/;

/** Whether a command logs in. */
function logsIn({ name, args }: ShellCommand): boolean {
  const verbs = args.slice(0, 2).map(({ text }) => text);
  return verbs.some((_, i) => verbs[i] === 'login' && logins.test([name, ...verbs.slice(0, i + 1)].join(' ')));
}

/** The password that a command is given as an argument. */
function passwordIn({ args }: ShellCommand): PasswordOption | null {
  if (args.some(({ raw }) => raw === '--password-stdin')) return null;
  for (const [i, word] of args.entries()) {
    const { raw } = word;
    const next = args[i + 1];
    if ((raw === '-p' || raw === '--password') && next)
      return { option: { start: word.range.start, end: next.range.end }, value: { word: next, from: 0 } };
    const joined = /^(?:--password=|-p=?)(?=.)/.exec(raw);
    if (joined) return { option: word.range, value: { word, from: joined[0].length } };
  }
  return null;
}

type Rewrite = (script: ShellScript, command: ShellCommand, password: PasswordOption) => (() => readonly Operation[]) | null;

function check(script: ShellScript | null, report: Report<'argument', 'input'>, rewrite: Rewrite): void {
  for (const command of script?.commands ?? []) {
    const password = logsIn(command) ? passwordIn(command) : null;
    const { word } = password?.value ?? {};
    // a literal is another matter
    if (!password || !word || (word.variables.length === 0 && word.substitutions.length === 0 && !word.raw.includes(maskCharacter)))
      continue;
    const operations = rewrite(script!, command, password);
    const fix = operations ? report.fix('input', operations) : noFix('no-fix', 'the command is part of something else');
    report(password.option, 'argument', { program: command.name! }, fix);
  }
}

export const rule = defineRule({
  id: 'workflow/password-argument',
  title: 'Registry password on the command line',
  severity: 'warning',
  category: 'secrets',
  profile: 'baseline',
  references: { cwe: ['CWE-214', 'CWE-522'], links: ['https://docs.docker.com/reference/cli/docker/login/#password-stdin'] },
  messages: { argument: { text: 'Every process of the machine can read this password among the arguments of {program}' } },
  fixes: { input: { title: 'Give the password by standard input', class: 'review' } },
  on: {
    step(step, report) {
      const { run, file } = step;
      if (!run) return;
      const place = { step, document: file.document, node: run.node, path: run.path };
      check(run.script(), report, (...password) => (run.shell === 'posix' ? passwordByInput(place, ...password) : null));
    },
    script({ file, node, path, script }, report) {
      check(script(), report, (...password) => passwordByInput({ step: null, document: file.document, node, path }, ...password));
    },
    commands({ file, scripts }, report) {
      for (const script of scripts) check(script, report, (...password) => passwordInScript(file.document.text, ...password));
    },
  },
});
