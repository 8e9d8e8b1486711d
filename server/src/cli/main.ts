import { version } from '../version';
import { commands } from './commands';
import { createOutput, type Output } from './output';
import { commandHelp, readArguments, table, UsageError, type Arguments } from './usage';

/** What a command does; gives the exit code. Loaded when the command runs, so that `--help` and `lsp` do not pay for the engine. */
const actions: Readonly<Record<string, (args: Arguments, output: Output) => number | Promise<number>>> = {
  lint: async (args, output) => (await import('./lint')).lint(args, output),
  harden: async (args, output) => (await import('./harden')).harden(args, output),
  pin: async (args, output) => (await import('./pin')).pin(args, output),
  rules: async (args, output) => (await import('./rules')).listRules(args, output),
  explain: async (args, output) => (await import('./rules')).explain(args, output),
  init: async (_args, output) => (await import('./init')).init(output),
  lsp: async () => (await import('./lsp')).serve(),
};

function generalHelp(): string {
  const rows = commands.map(({ name, operands, summary }) => [`${name}${operands === '' ? '' : ` ${operands}`}`, summary] as const);
  return `Container hardening for Dockerfiles and Kubernetes manifests.

Usage: bulkhead COMMAND [OPTION...]

${table(rows)}

  bulkhead COMMAND --help   Show the options of a command
  bulkhead --version        Print the version
`;
}

async function main(argv: readonly string[], output: Output): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version' || name === '-v' || name === '-V') {
    output.print(`${version}\n`);
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
  const action = actions[asked ?? ''];
  if (!command || !action) {
    const { suggest } = await import('../../../shared/src/text/suggest');
    const near = suggest(
      asked ?? '',
      commands.map(c => c.name),
    );
    const what = asked?.startsWith('-') ? 'unknown option' : 'unknown command';
    throw new UsageError(`${what} "${asked}"${near === null ? '' : `; did you mean ${near}?`}`);
  }
  const args = name === 'help' ? null : readArguments(command, rest);
  if (!args || args.has('help')) {
    output.print(commandHelp(command));
    return 0;
  }
  return await action(args, output);
}

const output = createOutput();
main(process.argv.slice(2), output)
  .then(code => (process.exitCode = code))
  .catch((error: unknown) => {
    process.exitCode = 2;
    if (error instanceof UsageError) output.say(`bulkhead: ${error.message}; see bulkhead --help`);
    else {
      output.say(`bulkhead: internal error: ${(error instanceof Error ? error.message : String(error)).split('\n', 1)[0]}`);
      if (process.env['BULKHEAD_DEBUG'] && error instanceof Error) output.say(error.stack ?? '');
    }
  });
