import { findCapability } from '../../../knowledge/capabilities';
import { refusalAt } from '../fix/refusal';
import { removeCommand, replaceText } from '../../../rule/fix/operations';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { modeOf, modeTargets } from '../../../syntax/shell/modes';
import type { RunCommand } from '../model/types';
import { defineRule, noFix, weighs, type Report } from '../../../rule/define-rule';

/** Which of the two bits a mode sets: `u`, `g`, both or none. */
function bitsOf(mode: string): string {
  if (/^[0-7]{4,5}$/.test(mode)) {
    const number = Number.parseInt(mode, 8);
    return `${number & 0o4000 ? 'u' : ''}${number & 0o2000 ? 'g' : ''}`;
  }
  let bits = '';
  for (const clause of mode.split(',')) {
    const [, who, what] = /^([ugoa]*)[+=]([rwxXst]*)$/.exec(clause) ?? [];
    if (!what?.includes('s')) continue;
    if (who === '' || /[ua]/.test(who!)) bits += 'u';
    if (who === '' || /[ga]/.test(who!)) bits += 'g';
  }
  return bits;
}

/** The mode without the bits; `null` where nothing is left. */
function without(mode: string): string | null {
  if (/^[0-7]+$/.test(mode)) return mode.length === 5 ? `0${mode.slice(2)}` : mode.slice(1);
  const kept = mode.split(',').flatMap(clause => {
    const rest = /[+=]/.test(clause) ? clause.replace(/s/g, '') : clause;
    return rest !== clause && /[+=]$/.test(rest) ? [] : [rest];
  });
  return kept.length > 0 ? kept.join(',') : null;
}

/** The capabilities that a setcap grants, but for the one that a server may well need: to bind a port below 1024. */
function capabilitiesOf({ command: { args } }: RunCommand): string[] {
  if (args.some(arg => /^-[rvn]/.test(arg.text ?? ''))) return [];
  const granted = args.flatMap(({ text }) =>
    text && /[+=]\w*[eip]/.test(text) ? (text.toLowerCase().match(/\bcap_\w+|^(?:all)?(?=[=+])/g) ?? []) : [],
  );
  return granted.filter(name => name !== 'cap_net_bind_service').map(name => (name === '' ? 'all' : name));
}

type BitReport = Report<'setuid' | 'setgid' | 'capability', 'drop'>;

/** A place of programs: of a folder setgid only says which group gets what is created in it. */
const program = /(?:^|\/)(?:s?bin|libexec|games)\/[^/]+$/;

/** Whether all that gets a mode is known to be files. */
function areFiles({ command }: RunCommand, targets: readonly string[]): boolean {
  if (command.name === 'install') return !command.args.some(({ raw }) => /^-\w*d|^--directory$/.test(raw));
  return targets.length > 0 && targets.every(target => program.test(target));
}

function onMode(view: RunCommand, report: BitReport): void {
  const given = modeOf(view.command);
  const bits = given && view.command.name !== 'umask' ? bitsOf(given.text) : '';
  if (given === null || bits === '' || (!bits.includes('u') && !areFiles(view, modeTargets(view.command, given)))) return;
  const { text: mode, range } = given;
  const exact = !refusalAt(view.instruction) && view.instruction.file.text.slice(range.start, range.end) === mode;
  const rest = without(mode);
  const operation: DockerfileOperation = rest === null ? removeCommand(view.command.range) : replaceText(range, rest);
  report(
    exact ? range : given.word.range,
    bits.includes('u') ? 'setuid' : 'setgid',
    { mode },
    exact ? report.fix('drop', () => [operation]) : noFix('manual'),
  );
}

export const rule = defineRule({
  id: 'dockerfile/setuid-bit',
  title: 'setuid bit, setgid bit, or file capabilities set',
  severity: 'warning',
  category: 'privilege',
  profile: 'recommended',
  references: { cisDocker: ['4.8'], nist800190: ['3.1.2', '4.1.2'], mitre: ['T1548.001'], cwe: ['CWE-250', 'CWE-732'] },
  peers: { dockle: ['CIS-DI-0008'] },
  messages: {
    setuid: { text: 'With mode {mode}, the program runs as the owner of the file, no matter who runs it' },
    setgid: { text: "With mode {mode}, the program runs with the rights of the file's group, no matter who runs it", severity: 'info' },
    capability: { text: 'Anyone who runs the file gets {names}' },
  },
  fixes: { drop: { title: 'Remove the setuid or setgid bit', class: 'attended' } },
  on: {
    command(view, report) {
      const { command, instruction } = view;
      const { name } = command;
      if (name === 'chmod' || name === 'install' || name === 'mkdir') onMode(view, report);
      if (name !== 'setcap') return;
      const names = capabilitiesOf(view);
      const word = command.args.find(arg => /[+=]/.test(arg.text ?? ''));
      if (names.length === 0 || !word) return;
      const data = { names: names.length > 2 ? `${names.length} capabilities` : names.join(', ') };
      // what engines grant every container, such as the raw sockets of ping
      const isDefault = names.every(name => findCapability(name)?.dockerDefault) && weighs('info');
      report(word.range, 'capability', data, isDefault, refusalAt(instruction) ?? report.fix('drop', () => [removeCommand(command.range)]));
    },
    instruction(instruction, report) {
      const flag = instruction.flags.length > 0 ? instruction.flag('chmod') : undefined;
      const bits = flag?.value ? bitsOf(flag.value) : '';
      const place = flag?.valueRange;
      if (!place || bits === '') return;
      const rest = without(flag.value!);
      report(
        place,
        bits.includes('u') ? 'setuid' : 'setgid',
        { mode: flag.value! },
        refusalAt(instruction, 'any') ?? (rest !== null ? report.fix('drop', () => [replaceText(place, rest)]) : noFix('manual')),
      );
    },
  },
});
