import { removeWords, replaceText } from '../../../rule/fix/operations';
import { defineRule } from '../../../rule/define-rule';
import type { Stage } from '../model/types';

const systems = new Set(['linux', 'windows', 'darwin', 'freebsd', 'netbsd', 'openbsd', 'solaris', 'aix', 'android', 'dragonfly', 'illumos', 'ios', 'js', 'plan9', 'wasip1', 'zos']); // prettier-ignore
const machines: Readonly<Record<string, string>> = {
  aarch64: 'arm64',
  x86_64: 'amd64',
  'x86-64': 'amd64',
  i386: '386',
  armhf: 'arm',
  armel: 'arm',
};

/** Whether the name of a stage says for which platform it is: then the constant is meant. As BuildKit reads platforms, a missing half is the common one. */
function isNamedAfter(platform: string, { name }: Stage): boolean {
  const [first = '', second] = platform.toLowerCase().split('/');
  const os = systems.has(first) ? first : second === undefined ? 'linux' : first;
  const machine = second ?? (systems.has(first) ? 'amd64' : first);
  return name !== null && (name.includes(os) || name.includes(machines[machine] ?? machine));
}

export const rule = defineRule({
  id: 'dockerfile/constant-platform',
  title: 'Constant or redundant --platform',
  severity: 'info',
  category: 'correctness',
  profile: 'strict',
  peers: {
    hadolint: ['DL3029', 'DL3065'],
    buildkit: ['FromPlatformFlagConstDisallowed', 'RedundantTargetPlatform'],
    kics: ['Using Platform Flag with FROM Command'],
    semgrep: ['avoid-platform-with-from'],
  },
  messages: {
    constant: { text: 'The stage is built for "{platform}", regardless of the target platform of the build' },
    redundant: { text: 'FROM already defaults to TARGETPLATFORM' },
  },
  fixes: {
    build: { title: 'Use --platform=$BUILDPLATFORM', class: 'attended' },
    remove: { title: 'Remove the --platform flag', class: 'attended' },
  },
  on: {
    stage(stage, report) {
      const flag = stage.from.flag('platform');
      if (!flag?.value || !flag.valueRange) return;
      const { value, valueRange, range } = flag;
      const drop = (fixClass: 'safe' | 'attended') => report.fix('remove', () => [removeWords(range)], { class: fixClass });
      if (/^\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})$/.test(value)) {
        // An ARG of that name with a value of its own is another thing.
        if (!stage.file.globalVariable('TARGETPLATFORM')?.pair.value) report(range, 'redundant', {}, drop('safe'));
        return;
      }
      if (value.includes('$') || !/^[\w.-]+(?:\/[\w.-]+){0,2}$/.test(value) || isNamedAfter(value, stage)) return;
      report(
        valueRange,
        'constant',
        { platform: value },
        !stage.isFinal && report.fix('build', () => [replaceText(valueRange, '$BUILDPLATFORM')]),
        drop('attended'),
      );
    },
  },
});
