import { defineRule, noFix, type Report } from '../../../rule/define-rule';
import type { Operation } from '../../../rule/fix/types';
import { loginPassword } from '../../../rule/pipeline/logins';
import { maskCharacter } from '../../../syntax/shell/script-builder';
import type { ShellCommand, ShellScript } from '../../../syntax/shell/types';
import { passwordByInput, passwordInScript, type PasswordOption } from '../fix/password';

type Rewrite = (script: ShellScript, command: ShellCommand, password: PasswordOption) => (() => readonly Operation[]) | null;

function check(script: ShellScript | null, report: Report<'argument', 'input'>, rewrite: Rewrite): void {
  for (const command of script?.commands ?? []) {
    const password = loginPassword(command);
    const { word } = password?.value ?? {};
    // a literal is another matter
    if (!password || !word || (word.variables.length === 0 && word.substitutions.length === 0 && !word.raw.includes(maskCharacter)))
      continue;
    const operations = rewrite(script!, command, password);
    const fix = operations ? report.fix('input', operations) : noFix('no-fix', 'the command is part of a larger expression');
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
  peers: { glsec: ['GL029'] },
  messages: { argument: { text: 'Every process on the machine can read this password in the arguments of {program}' } },
  fixes: { input: { title: 'Pass the password on standard input', class: 'review' } },
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
