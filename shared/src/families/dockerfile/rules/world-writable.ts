import { refusalAt } from '../fix/refusal';
import { replaceText } from '../../../rule/fix/operations';
import { sourceRange } from '../../../syntax/shell/mapped-text';
import { modeOf, modeTargets, type GivenMode } from '../../../syntax/shell/modes';
import type { ShellCommand } from '../../../syntax/shell/types';
import { defineRule, noFix } from '../../../rule/define-rule';

/** Whether a mode lets "other" write without the sticky bit that /tmp has. */
function isOpen(mode: string): boolean {
  if (/^[0-7]{3,5}$/.test(mode)) return (Number.parseInt(mode, 8) & 0o1002) === 0o2;
  if (!/^[ugoa]*[-+=][rwxXst]*(?:,[ugoa]*[-+=][rwxXst]*)*$/.test(mode) || mode.includes('t')) return false;
  return mode.split(',').some(clause => /^(?=[ugoa]*[oa])[ugoa]+[+=][rxXs]*w/.test(clause));
}

/** Who writes here decides who is root. */
const accountFiles = new Set(['/etc/passwd', '/etc/shadow', '/etc/group', '/etc/sudoers']);

/** Whether a mode lets a group or everybody write. */
function opensAccounts(mode: string): boolean {
  if (/^[0-7]{3,5}$/.test(mode)) return (Number.parseInt(mode, 8) & 0o22) !== 0;
  return /(?:^|,)[ugoa]{0,4}[goa][ugoa]{0,4}[+=][rxXst]{0,5}[wu]/.test(mode);
}

/** The mode without that right; `null` where nothing would be left. */
function narrowed(mode: string): string | null {
  if (/^[0-7]+$/.test(mode)) return `${mode.slice(0, -1)}${Number(mode.at(-1)) & 5}`;
  const kept = mode.split(',').flatMap(clause => {
    const [, who, sign, what] = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause)!;
    if (sign === '-' || !/[oa]/.test(who!) || !what!.includes('w')) return clause;
    const others = what!.replace('w', '');
    const us = who!.includes('a') ? 'ug' : who!.replace('o', '');
    return [...(us ? [`${us}${sign}${what}`] : []), ...(others || sign === '=' ? [`o${sign}${others}`] : [])];
  });
  return kept.length > 0 ? kept.join(',') : null;
}

/** A right to change files that icacls gives to everybody. */
const everyone =
  /\bicacls(?:\.exe)?\b[^|&\n]{0,300}?[ \t"'](?:Everyone|\*S-1-1-0):(?:\((?:OI|CI|IO|NP|I)\)){0,5}(?:[FMW](?![A-Z])|\((?:F|M|W|GA|GW|WD|RX,W|R,W)\))/i;

/** Whether everything that a command gives the mode to is removed again by its own script. */
function isTemporary(command: ShellCommand, given: GivenMode): boolean {
  const { script, range } = command;
  const files = modeTargets(command, given);
  const removed = script.commands.filter(c => c.name === 'rm' && c.range.start > range.start).flatMap(c => c.args.map(arg => arg.raw));
  return files.length > 0 && files.every(file => removed.includes(file));
}

export const rule = defineRule({
  id: 'dockerfile/world-writable',
  title: 'World-writable files',
  severity: 'warning',
  category: 'privilege',
  profile: 'baseline',
  references: { cisDocker: ['4.8'], nist800190: ['3.1.2', '4.1.2'], cwe: ['CWE-732', 'CWE-276'] },
  peers: { tally: ['tally/world-writable-state-path-workaround'], kics: ['Avoid chmod 777'] },
  messages: {
    mode: { text: 'Mode {mode} lets every user in the container change these files' },
    everyone: { text: 'Everyone in the container can change these files' },
    accounts: { text: 'Mode {mode} of {file} lets users in the container make themselves root', severity: 'error' },
    umask: { text: 'With umask {mode}, every user in the container can change newly created files' },
  },
  fixes: { narrow: { title: 'Use mode {narrow}', class: 'attended' } },
  on: {
    command({ command, instruction }, report) {
      const given = modeOf(command);
      if (!given) return;
      const { word, text: mode, range: place } = given;
      if (command.name === 'umask') {
        if (/^[0-7]{1,4}$/.test(mode) && (Number.parseInt(mode, 8) & 0o2) === 0) report(word.range, 'umask', { mode }, noFix('manual'));
        return;
      }
      const file = opensAccounts(mode) ? modeTargets(command, given).find(target => accountFiles.has(target)) : undefined;
      if (file !== undefined) return report(word.range, 'accounts', { mode, file }, noFix('manual'));
      if (!isOpen(mode) || isTemporary(command, given)) return;
      const narrow = narrowed(mode);
      const exact = !refusalAt(instruction, 'any') && instruction.file.text.slice(place.start, place.end) === mode;
      report(
        exact ? place : word.range,
        'mode',
        { mode },
        exact && narrow !== null ? report.fix('narrow', () => [replaceText(place, narrow)], { data: { narrow } }) : noFix('manual'),
      );
    },
    instruction(instruction, report) {
      const { keyword, script, stage } = instruction;
      const grant = keyword === 'RUN' && script !== null && stage?.windows ? everyone.exec(script.text) : null;
      if (grant) {
        const start = Math.max(...['everyone:', '*s-1-1-0:'].map(name => grant[0].toLowerCase().lastIndexOf(name)));
        report(sourceRange(script!, grant.index + start, grant.index + grant[0].length), 'everyone', {}, noFix('manual'));
      }
      const flag = instruction.flag('chmod');
      if (!flag?.value || !flag.valueRange || !isOpen(flag.value)) return;
      const narrow = narrowed(flag.value);
      const { valueRange } = flag;
      report(
        valueRange,
        'mode',
        { mode: flag.value },
        refusalAt(instruction, 'any') ??
          (narrow !== null && report.fix('narrow', () => [replaceText(valueRange, narrow)], { data: { narrow } })),
      );
    },
  },
});
