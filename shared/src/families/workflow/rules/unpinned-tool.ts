import { defineRule, noFix } from '../../../rule/define-rule';
import { written } from '../../../rule/pipeline/commands';
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

export const rule = defineRule({
  id: 'workflow/unpinned-tool',
  title: 'Scanner, signer or builder installed at its latest version',
  severity: 'info',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cwe: ['CWE-829', 'CWE-1357'], nist800190: ['3.1.1', '4.1.1'] },
  peers: { zizmor: ['unpinned-tools'] },
  messages: {
    input: { text: 'Whatever release of {tool} is newest runs: name one' },
    default: { text: 'Whatever release of {tool} is newest runs, since {input} is not given', severity: 'hint', profile: 'strict' },
    image: { text: 'Whatever BuildKit the tag names runs: name a version' },
    download: { text: 'Whatever release is newest is downloaded: name one' },
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
      for (const command of commandsOf(step)) {
        if (!/^(?:curl|wget)$/.test(command.name ?? '')) continue;
        const word = command.args.find(arg => /\/releases\/latest\/download\//.test(written(step, arg)));
        if (word) report(word.range, 'download', {}, noFix('manual'));
      }
    },
  },
});
