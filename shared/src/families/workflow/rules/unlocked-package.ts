import { fetchedTools, type FetchedTool } from '../../../syntax/shell/fetched-tools';
import type { PackageManagerCall, ShellCommand, ShellWord } from '../../../syntax/shell/types';
import { defineRule, noFix, type Report } from '../../../rule/define-rule';
import { markOf } from '../../../rule/fix/places';
import { editText } from '../../../syntax/yaml/operations';
import { written } from '../../../rule/pipeline/commands';
import { commandsOf, does } from '../model/pipeline';
import { isSwitchedOff } from '../model/refs';
import { heldBy } from '../model/secrets';
import type { StepView } from '../model/types';
import { textOf } from '../model/values';

type OwnReport = Report<'run' | 'privileged' | 'install', 'version'>;

const program = /\b(?:npx|bunx?|pnpx|npm|pnpm|yarn|uvx?|pipx|gem|bundle)\b/;
/** Programs of Node.js that leave packages in the working directory, unless they are asked for something else. */
const nodeManagers = /^(?:npm|yarn|pnpm|bun)$/;
const leavesNothing = /^(?:exec|x|dlx|config|set|view|info|whoami|login|publish|pack|-v|--version)$/;

/** Whether a command may put the packages of a project where `npx` looks first. */
function installsNode({ args, name }: ShellCommand): boolean {
  // scripts of the repository's own may do anything
  if (/^(?:make|just|task|mage|nx|turbo|lerna|rush|docker|corepack|ni|nci)$/.test(name ?? '') || /[/\\]/.test(name ?? '')) return true;
  return nodeManagers.test(name ?? '') && !leavesNothing.test(args[0]?.text ?? '');
}

/** Whether a step may leave packages of Node.js in the working directory. */
function mayInstallNode(step: StepView): boolean {
  const { uses, run } = step;
  if (uses) {
    if (uses.kind !== 'repository') return true;
    if (does(step, 'cache') || does(step, 'download'))
      return /node_modules|yarn|pnpm|bun/.test(textOf(step.inputs, 'path') ?? 'node_modules');
    return (
      !/^(?:actions\/(?:checkout|setup-\w+|github-script|upload-artifact)|docker\/[\w-]+|oven-sh\/setup-bun|pnpm\/action-setup|aws-actions\/[\w-]+|azure\/login)$/.test(
        uses.name,
      ) || textOf(step.inputs, 'run_install') !== null
    );
  }
  return (
    run !== null &&
    (run.script() === null ||
      /(?:^|[\s;&|])(?:\.{0,2}\/\S|(?:ba|z)?sh[ \t]|source[ \t])/.test(run.text) ||
      commandsOf(step).some(installsNode))
  );
}

/** Whether what a tool runs may be there already. */
function mayBeThere(step: StepView, tool: FetchedTool, before: readonly ShellCommand[]): boolean {
  const earlier = step.job?.steps.slice(0, step.index) ?? [];
  if (tool.isLocalFirst) return step.job === null || before.some(installsNode) || earlier.some(mayInstallNode);
  if (tool.sign === '@') return false;
  // uvx and pipx run what they have installed
  const installs = ({ packageCall: call }: ShellCommand): boolean =>
    /^(?:uv|pipx)$/.test(call?.manager ?? '') && call?.action === 'install';
  return before.some(installs) || earlier.some(other => commandsOf(other, /\b(?:uv|pipx)\b/).some(installs));
}

/** The first package of an install that no lock file has. */
function unlocked(call: PackageManagerCall): ShellWord | undefined {
  const { manager, verb, packages } = call;
  const asks =
    (manager === 'npm' && /^(?:install|i|in|add)$/.test(verb)) ||
    (/^(?:yarn|pnpm|bun)$/.test(manager) && verb === 'add') ||
    (manager === 'gem' && /^(?:install|i)$/.test(verb)) ||
    (manager === 'bundle' && verb === 'add');
  // a folder or a file is of the repository; managers of Node.js bring all that they need in one package
  return asks
    ? packages.find(({ raw }) => !/^["']?(?:[.~/$]|file:|https?:|(?:npm|pnpm|corepack)@\d+\.\d+\.\d+["']?$)|\.(?:tgz|gem)["']?$/.test(raw))
    : undefined;
}

function reportTool(step: StepView, tool: FetchedTool, report: OwnReport): void {
  const { word, name, sign } = tool;
  const plain = name.replace(/(?!^)@(?:latest|next|\*)$/, '');
  const held = heldBy(step);
  const { file, run } = step;
  const isWhole = file.document.text.slice(word.range.start, word.range.end) === name;
  const fix = isWhole
    ? report.fix('version', () => [editText(run!.path, [{ range: word.range, text: plain + sign + markOf(1) }])], {
        data: { package: plain },
        places: [{ text: '', sample: '1.0.0' }],
      })
    : noFix('needs-value');
  if (held === null) report(word.range, 'run', { package: plain }, fix);
  else report(word.range, 'privileged', { package: plain, held }, fix);
}

export const rule = defineRule({
  id: 'workflow/unlocked-package',
  title: 'Package fetched without a fixed version',
  severity: 'hint',
  category: 'supply-chain',
  profile: 'strict',
  references: { cwe: ['CWE-829', 'CWE-1357'], nist800190: ['3.1.1', '4.1.1'], mitre: ['T1195.002'] },
  peers: { zizmor: ['adhoc-packages'] },
  messages: {
    run: { text: 'The newest release of {package} runs here: specify a version' },
    privileged: {
      text: 'The newest release of {package} runs here (with {held}): specify a version',
      severity: 'info',
      profile: 'recommended',
    },
    install: { text: 'No lock file lists {package}: its dependencies are resolved again in every run' },
  },
  fixes: { version: { title: 'Specify a version of {package}', class: 'attended' } },
  on: {
    step(step, report) {
      if (isSwitchedOff(step)) return;
      const commands = commandsOf(step, program);
      for (const [i, command] of commands.entries()) {
        for (const tool of fetchedTools(command))
          if (!tool.isPinned && !mayBeThere(step, tool, commands.slice(0, i))) reportTool(step, tool, report);
        const word = command.packageCall && unlocked(command.packageCall);
        if (word) report(word.range, 'install', { package: written(step, word) }, noFix('manual'));
      }
    },
  },
});
