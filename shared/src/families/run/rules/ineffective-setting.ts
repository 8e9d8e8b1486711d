import { flagsOf } from '../../../knowledge/run-flags';
import { findImageProfile } from '../../../knowledge/image-profiles';
import { defineRule, noFix } from '../../../rule/define-rule';

/** Flags that no program but an engine has, so that they are misplaced wherever they stand behind an image. */
const hardening: ReadonlySet<string> = new Set([
  'read-only',
  'privileged',
  'cap-drop',
  'cap-add',
  'security-opt',
  'pids-limit',
  'restart',
  'cpus',
  'no-healthcheck',
  'userns',
]);

export const rule = defineRule({
  id: 'run/ineffective-setting',
  title: 'Option that has no effect',
  severity: 'info',
  category: 'correctness',
  profile: 'recommended',
  references: { cisDocker: ['5.10'] },
  messages: {
    'behind-image': { text: '{flag} comes after the image name, so it is passed to the program in the container', severity: 'warning' },
    ports: { text: 'A container on the host network publishes no ports: the option has no effect' },
    privileged: { text: 'A privileged container has every capability and no security profile: the option has no effect' },
  },
  fixes: { move: { title: 'Move {flag} before the image name', class: 'attended' } },
  on: {
    container(container, report) {
      const { command } = container;
      const { parsed, words, args, locked, program, verbRange } = command;
      const mode = container.get('network');
      if (mode?.value === 'host') for (const { range } of container.list('ports').items) report(range, 'ports', {}, noFix('attended'));
      if (container.get('privileged')?.value === true)
        for (const { range } of [...container.list('capDrop').items, ...container.list('capAdd').items])
          report(range, 'privileged', {}, noFix('attended'));
      if (parsed.image === null || parsed.open || parsed.problem !== null || !isService(container.image?.text ?? null)) return;
      const table = flagsOf(program);
      const first = parsed.image + 1;
      // an option of the program follows what the program is told to do
      const shown = args[first]?.text;
      const flag = shown?.startsWith('--') ? table.long(shown.slice(2).split('=', 1)[0]!) : null;
      if (!flag || !hardening.has(flag.name)) return;
      const isAttached = flag.kind === 'switch' || shown!.includes('=');
      const last = isAttached ? first : first + 1;
      const value = words[last];
      if (!value) return;
      const range = { start: words[first]!.range.start, end: value.range.end };
      const name = `--${flag.name}`;
      const fix =
        locked === null &&
        report.fix('move', () => [{ type: 'command.move-options', command: verbRange.start, range }], { data: { flag: name } });
      report(words[first]!.range, 'behind-image', { flag: name }, fix);
    },
  },
});

/** Whether an image is one whose program has no such options: a server or a system that is known, not somebody's command line. */
function isService(image: string | null): boolean {
  const profile = image === null ? null : findImageProfile(image);
  return profile !== null && profile.kind !== 'tool';
}
