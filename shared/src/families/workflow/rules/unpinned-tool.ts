import { defineRule, noFix } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import { written, type InFile } from '../../../rule/pipeline/commands';
import type { ShellCommand } from '../../../syntax/shell/types';
import { stringOf } from '../../../syntax/yaml/values';
import { commandsOf, inputOf } from '../model/pipeline';
import { isSwitchedOff } from '../model/refs';

/** What an action installs, by which input, and whether that moves where the input is absent (action.yml of each; setup-helm and setup-kubectl: README). */
const tools: Readonly<Record<string, readonly [tool: string, input: string, movesByDefault: boolean]>> = {
  'aquasecurity/setup-trivy': ['trivy', 'version', true],
  'erzz/dockle-action': ['dockle', 'dockle-version', true],
  'docker/setup-buildx-action': ['buildx', 'version', false],
  'azure/setup-helm': ['helm', 'version', true],
  'azure/setup-kubectl': ['kubectl', 'version', true],
};
const movingBuildkit = /\bimage=(?:docker\.io\/)?moby\/buildkit:(?:latest|master|buildx-stable-1)\b/;

/** The newest release, by an address without a version: a file that is named by one is in no other release. */
const isNewestRelease = (address: string): boolean => {
  const file = address.split('/releases/latest/download/')[1];
  return file !== undefined && !/\d\.\d{1,9}\.\d/.test(file);
};

/** The addresses of newest releases that commands download. */
function newestIn(place: InFile, commands: readonly ShellCommand[]): readonly Range[] {
  return commands.flatMap(({ name, args }) => {
    const word = /^(?:curl|wget)$/.test(name ?? '') ? args.find(arg => isNewestRelease(written(place, arg))) : null;
    return word ? [word.range] : [];
  });
}

export const rule = defineRule({
  id: 'workflow/unpinned-tool',
  title: 'Scanner, signer or builder installed at its latest version',
  severity: 'info',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cwe: ['CWE-829', 'CWE-1357'], nist800190: ['3.1.1', '4.1.1'] },
  peers: { zizmor: ['unpinned-tools'] },
  messages: {
    input: { text: 'The newest release of {tool} runs here: specify a version' },
    default: { text: 'The newest release of {tool} runs here, since {input} is not set', severity: 'hint', profile: 'strict' },
    image: { text: 'The build runs whatever BuildKit release the tag points to: specify a version' },
    download: { text: 'The newest release is downloaded: specify a version' },
  },
  on: {
    step(step, report) {
      if (isSwitchedOff(step)) return;
      const known = step.uses ? tools[step.uses.name] : undefined;
      if (known) {
        const [tool, name, moves] = known;
        const value = inputOf(step, name);
        const text = value?.text?.trim() ?? null;
        if (text === null && moves && !step.inputs.open) report(step.reportRange, 'default', { tool, input: name }, noFix('manual'));
        if (value?.node && /^(?:latest|edge|lab)$/.test(text ?? '')) report(value.node.range, 'input', { tool }, noFix('manual'));
        const options = inputOf(step, 'driver-opts');
        if (options?.node && movingBuildkit.test(options.text ?? '')) report(options.node.range, 'image', {}, noFix('manual'));
      }
      for (const range of newestIn(step, commandsOf(step))) report(range, 'download', {}, noFix('manual'));
    },
    script(line, report) {
      const commands = (stringOf(line.node) ?? '').includes('/latest/') ? line.script()?.commands : null;
      for (const range of newestIn(line, commands ?? [])) report(range, 'download', {}, noFix('manual'));
    },
  },
});
