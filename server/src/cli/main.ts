// first: it decides on the language of what the others hold
import './language';
import { isMainThread, workerData } from 'node:worker_threads';
import { masked, suggest, trusted, type MaskedText, translated } from '../../../shared/src/early';
import { version } from '../../../shared/host/version';
import type { Attempt } from './attempt';
import { commands } from './commands';
import { createOutput, type Output } from './output';
import type { Action } from './supervised';
import { commandHelp, InputError, readArguments, table, UsageError, type Arguments } from './usage';
import { runInWorker } from './worker';

/** What a command does; gives the exit code. Loaded when the command runs, so that `--help` and `lsp` do not pay for the engine. */
/** The commands that work on files, which may be anything. */
const fileActions: Readonly<Record<string, Action>> = {
  lint: async (args, output, attempt) => (await import('./lint')).lint(args, output, attempt),
  baseline: async (args, output, attempt) => (await import('./baseline')).baseline(args, output, attempt),
  report: async (args, output, attempt) => (await import('./report')).report(args, output, attempt),
  harden: async (args, output, attempt) => (await import('./harden')).harden(args, output, attempt),
  pin: async (args, output, attempt) => (await import('./pin')).pin(args, output, attempt),
  facts: async (args, output, attempt) => (await import('./image-facts')).facts(args, output, attempt),
  scan: async (args, output, attempt) => (await import('./scan')).scan(args, output, attempt),
  verify: async (args, output, attempt) => (await import('./verify')).verify(args, output, attempt),
  convert: async (args, output, attempt) => (await import('./convert')).convert(args, output, attempt),
  hook: async (args, output, attempt) => (await import('./hook')).hook(args, output, attempt),
  explain: async (args, output, attempt) => {
    if (args.has('file')) return (await import('./story')).tellStories(args, output, attempt);
    if (args.has('effective')) return (await import('./effective')).explainEffective(args, output, attempt);
    return (await import('./rules')).explain(args, output, attempt);
  },
  rules: async (args, output, attempt) => (await import('./rules')).listRules(args, output, attempt),
  init: async (args, output, attempt) => (await import('./init')).init(args, output, attempt),
};

const otherActions: Readonly<Record<string, (args: Arguments, output: Output) => number | Promise<number>>> = {
  prove: async (args, output) => (await import('./prove')).prove(args, output),
  completion: async (args, output) => (await import('./completion')).completion(args, output),
  lsp: async () => (await import('./lsp')).serve(),
  mcp: async (args, output) => (await import('./mcp/serve')).serveMcp(args, output),
};

function generalHelp(): MaskedText {
  const rows = commands.map(
    ({ name, operands, summary }) => [`${name}${operands === '' ? '' : ` ${operands}`}`, translated(summary)] as const,
  );
  return masked`Container hardening for Dockerfiles, Kubernetes manifests, Compose files, container commands, workflows and policies.

Usage: bulkhead COMMAND [OPTION...]

${trusted(table(rows))}

  bulkhead COMMAND --help   Show the options of a command
  bulkhead --version        Print the version
`;
}

async function main(argv: readonly string[], output: Output): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version' || name === '-v' || name === '-V') {
    output.print(masked`${trusted(version)}\n`);
    return 0;
  }
  if (name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    output.print(generalHelp());
    return 0;
  }
  if (name === undefined) {
    output.print(generalHelp());
    return 2;
  }
  const asked = name === 'help' ? rest[0] : name;
  const command = commands.find(c => c.name === asked);
  if (!command) {
    const near = suggest(
      asked ?? '',
      commands.map(c => c.name),
    );
    const unknown = asked?.startsWith('-') ? `unknown option "${asked}"` : `unknown command "${asked}"`;
    throw new UsageError(near === null ? unknown : `${unknown}; did you mean ${near}?`);
  }
  const args = name === 'help' ? null : readArguments(command, rest);
  if (!args || args.has('help')) {
    output.print(commandHelp(command));
    return 0;
  }
  const fileAction = fileActions[command.name];
  if (fileAction) return (await import('./supervised')).runSupervised(fileAction, argv, args, output);
  return await otherActions[command.name]!(args, output);
}

/** Whether an error says all there is to say of it. */
function isExplained(error: Error): boolean {
  return error instanceof UsageError || error instanceof InputError;
}

/** The same in a worker, where the arguments are known to be good. */
async function work([name = '', ...rest]: readonly string[], output: Output, attempt: Attempt): Promise<number> {
  const command = commands.find(c => c.name === name)!;
  return await fileActions[name]!(readArguments(command, rest), output, attempt);
}

function run(): void {
  const output = createOutput();
  const argv = process.argv.slice(2);
  main(argv, output)
    .then(code => (process.exitCode = code))
    .catch(async (error: unknown) => {
      process.exitCode = 2;
      const { explainError, explainStack } = await import('./explain-error');
      output.say(explainError(error, commands.find(({ name }) => name === argv[0])?.name ?? null));
      if (process.env['BULKHEAD_DEBUG'] && error instanceof Error && !isExplained(error)) output.say(explainStack(error));
    });
}

if (isMainThread) run();
else if ('agentRoot' in (workerData as object)) void import('./mcp/work').then(({ serveCalls }) => serveCalls());
else void runInWorker(work);
