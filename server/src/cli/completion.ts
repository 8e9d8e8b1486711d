import { plain, suggest, trusted } from '../../../shared/src/early';
import { rules } from '../../../shared/src/index';
import { commands } from './commands';
import type { Output } from './output';
import { shells } from './server-commands';
import { type Arguments, type CommandSpec, type OptionSpec, UsageError } from './usage';

/** What can follow an option or be an operand: some words, the path of a file, or a rule. */
type Values = readonly string[] | 'file' | 'rule';

/** An option as a shell knows it; `values` is absent of a switch. */
interface Option {
  readonly name: string;
  readonly help: string;
  readonly values?: Values;
}

/** `bulkhead completion SHELL`: made from what the arguments are checked against. Gives the exit code. */
export function completion(args: Arguments, output: Output): number {
  const [shell = ''] = args.operands;
  const write = Object.hasOwn(writers, shell) ? writers[shell as keyof typeof writers] : undefined;
  if (!write) {
    const near = suggest(shell, shells);
    throw new UsageError(`completion supports ${shells.join(', ')}, not "${shell}"${near === null ? '' : `; did you mean ${near}?`}`);
  }
  output.print(trusted(write()));
  output.print(plain('\n'));
  return 0;
}

const optionsOf = ({ options }: CommandSpec): readonly Option[] => [
  ...Object.entries(options).map(([name, spec]): Option => ({ name, help: spec.help, ...valuesOf(name, spec) })),
  { name: 'help', help: 'Show this help' },
];

function valuesOf(name: string, { value, values }: OptionSpec): Pick<Option, 'values'> {
  if (value === undefined) return {};
  if (values) return { values };
  if (name === 'rule') return { values: 'rule' };
  return { values: /FILE|DIR|FOLDER|PATH/.test(value) ? 'file' : [] };
}

/** What follows a command. */
function operandsOf({ name, operands, notes }: CommandSpec): Values {
  if (name === 'explain') return 'rule';
  if (name === 'completion') return shells;
  if (name === 'init') return ['pipeline', 'image-policy', 'network-policy', 'agent'];
  if (name === 'hook') return (/^AGENT: ([\w, -]+)\./.exec(notes ?? '')?.[1] ?? '').split(', ');
  return operands === '' ? [] : 'file';
}

/** All rules: a script has them once. */
const ruleIds = (): string => rules.map(({ id }) => id).join(' ');

/** A word for a shell: what it takes literally. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function bash(): string {
  const words = (values: Values = []): string =>
    values === 'file' ? 'files=1' : values === 'rule' ? 'words=$rules' : `words=${quoted(values.join(' '))}`;
  const cases = commands.map(command => {
    const options = optionsOf(command);
    const valued = options.filter(({ values }) => values !== undefined);
    const names = options.map(({ name }) => `--${name}`).join(' ');
    return `    ${command.name})
      case "$prev" in
${valued.map(({ name, values }) => `        --${name}) ${words(values)} ;;`).join('\n')}
        *) if [[ $cur == -* ]]; then words=${quoted(names)}; else ${words(operandsOf(command))}; fi ;;
      esac
      ;;`;
  });
  return `# bash completion for bulkhead
_bulkhead() {
  local cur prev words files= rules=${quoted(ruleIds())}
  cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} words=
  # = is a word of its own: --format = json, --rule x = off
  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if (( COMP_CWORD == 1 )); then
    words=${quoted([...commands.map(({ name }) => name), 'help', '--help', '--version'].join(' '))}
  else
    case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    help) words=${quoted(commands.map(({ name }) => name).join(' '))} ;;
    esac
  fi
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
  fi
}
complete -F _bulkhead bulkhead`;
}

function zsh(): string {
  const brackets = (text: string): string => text.replace(/[[\]\\:]/g, '\\$&');
  const values = (of: Values, what: string): string =>
    of === 'file'
      ? `:${what}:_files`
      : of === 'rule'
        ? `:${what}:{compadd -a rules}`
        : of.length === 0
          ? `:${what}:`
          : `:${what}:(${of.join(' ')})`;
  const cases = commands.map(command => {
    const specs = optionsOf(command).map(({ name, help, values: of }) => {
      const repeats = command.options[name]?.multiple ? '*' : '';
      return quoted(`${repeats}--${name}[${brackets(help)}]${of === undefined ? '' : values(of, 'value')}`);
    });
    const operands = operandsOf(command);
    const rest = operands.length === 0 ? [] : [quoted(`*${values(operands, 'operand')}`)];
    return `    ${command.name}) _arguments -s ${[...specs, ...rest].join(' \\\n      ')} ;;`;
  });
  return `#compdef bulkhead
local -a rules=(${ruleIds()})
local -a commands=(
${commands.map(({ name, summary }) => `  ${quoted(`${name}:${summary}`)}`).join('\n')}
)
if (( CURRENT == 2 )); then
  _describe command commands
else
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
    help) _describe command commands ;;
  esac
fi`;
}

function fish(): string {
  const words = (of: Values): string =>
    of === 'file' ? ' -r -F' : of === 'rule' ? " -x -a '$__bulkhead_rules'" : of.length === 0 ? ' -x' : ` -x -a ${quoted(of.join(' '))}`;
  const lines = commands.flatMap(command => {
    const within = `complete -c bulkhead -n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`;
    const operands = operandsOf(command);
    return [
      `complete -c bulkhead -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.summary)}`,
      `${within}${operands === 'file' ? ' -F' : words(operands).replace(' -x', ' -f')}`,
      ...optionsOf(command).map(
        ({ name, help, values }) => `${within} -l ${name}${values === undefined ? '' : words(values)} -d ${quoted(help)}`,
      ),
    ];
  });
  return ['# fish completion for bulkhead', `set -g __bulkhead_rules ${ruleIds()}`, ...lines].join('\n');
}

const writers = { bash, zsh, fish } as const;
