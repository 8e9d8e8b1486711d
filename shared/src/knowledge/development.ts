import { packageManagerCall } from '../syntax/shell/package-manager';
import type { ShellCommand, ShellWord } from '../syntax/shell/types';

/** Packages for looking into processes and networks: of use to who got in. */
const debugTools: ReadonlySet<string> = new Set(
  (
    'gdb gdbserver lldb strace ltrace valgrind perf linux-tools-generic bpftrace tcpdump tshark wireshark nmap masscan hping3 ' +
    'delve ettercap-text-only hydra john sqlmap aircrack-ng metasploit-framework'
  ).split(' '),
);

/** Whether a package is a tool for debugging, or for looking around in a network. */
export function isDebugTool(name: string): boolean {
  return debugTools.has(name);
}

const clients: ReadonlySet<string> = new Set('netcat netcat-openbsd netcat-traditional nc ncat nmap-ncat telnet socat'.split(' '));

/** Whether a package connects to whatever it is told to: health checks use it, and whoever got in. */
export function isConnector(name: string): boolean {
  return clients.has(name);
}

/** Names of stages and files that are meant for development or tests. */
const developmentName =
  /(?:^|[^a-z])(?:dev|devel|development|devcontainer|devctr|devenv|devbox|debug|debugger|test|tests|testing|ci|local|xdebug)(?:[^a-z]|$)/i;

/** Whether a stage's name or a file's path says that it is for development. */
export function isForDevelopment(name: string): boolean {
  return developmentName.test(name);
}

const on = /^(?:1|true|yes|on)$/i;
const mode = /^(?:dev|development|local|debug)$/i;

/** What a variable must hold to switch debugging on, and what it should hold instead. */
const variables: Readonly<Record<string, readonly [RegExp, string]>> = {
  NODE_ENV: [mode, 'production'],
  FLASK_ENV: [mode, 'production'],
  FLASK_DEBUG: [on, '0'],
  RAILS_ENV: [mode, 'production'],
  RACK_ENV: [mode, 'production'],
  APP_ENV: [mode, 'production'],
  APP_DEBUG: [on, 'false'],
  DJANGO_DEBUG: [on, 'False'],
  DEBUG: [on, 'false'],
  ASPNETCORE_ENVIRONMENT: [mode, 'Production'],
  DOTNET_ENVIRONMENT: [mode, 'Production'],
  PYTHONDEVMODE: [on, '0'],
  WERKZEUG_DEBUG_PIN: [/^off$/i, 'on'],
};

/** The value that a variable has in production, where the given one switches debugging on; `null` for any other. */
export function productionValue(name: string, value: string): string | null {
  const [bad, good] = Object.hasOwn(variables, name) ? variables[name]! : [null, null];
  return bad?.test(value) ? good : null;
}

/** Options of runtimes that let whoever reaches the port run code. */
const openDebugger = /--inspect(?:-brk)?=(?:0\.0\.0\.0|\[::\])|xdebug\.client_host|xdebug\.remote_host/;

/** Debuggers of Python and Go, and the option by which they listen on all interfaces: other servers have one of that name, too. */
const listeningDebugger = /\b(?:debugpy|dlv)\b/;
const listens = /--listen[= ](?:0\.0\.0\.0|:)/;

/** Whether a text opens a debugger to the network. */
export function opensDebugger(text: string): boolean {
  return (
    openDebugger.test(text) ||
    (listens.test(text) && listeningDebugger.test(text)) ||
    (text.includes('jdwp') && text.split(/\s+/).some(opensJavaDebugger))
  );
}

/** Whether a word opens Java's debugger: the first such option sees the most of what follows. */
function opensJavaDebugger(word: string): boolean {
  const option = /-agentlib:jdwp=|-Xrunjdwp:/.exec(word);
  return option !== null && /address=(?:\*|0\.0\.0\.0)/.test(word.slice(option.index + option[0].length));
}

/** Programs that serve for development alone. */
const developmentServers: ReadonlySet<string> = new Set('nodemon ts-node-dev tsnd webpack-dev-server flask-debug air reflex'.split(' '));
/** Words that make a program a development server. */
const serverWords: Readonly<Record<string, RegExp>> = {
  flask: /^--debug$/,
  uvicorn: /^--reload$/,
  gunicorn: /^--reload$/,
  hypercorn: /^--reload$/,
  fastapi: /^dev$/,
  ng: /^(?:serve|s)$/,
  vite: /^(?:dev|serve)$/,
  webpack: /^serve$/,
  next: /^dev$/,
  nuxt: /^dev$/,
  nuxi: /^dev$/,
  astro: /^dev$/,
  remix: /^dev$/,
  'react-scripts': /^start$/,
  'vue-cli-service': /^serve$/,
  python: /^runserver$/,
  'manage.py': /^runserver$/,
  php: /^serve$/,
  dotnet: /^watch$/,
  node: /^--watch$/,
  bun: /^--(?:watch|hot)$/,
};

/** The word that makes a command an open debugger; `null`: none does. */
export function debuggerWord({ name, args }: ShellCommand): ShellWord | null {
  const words = args.map(({ text, raw }) => text ?? raw);
  const isDebugger = [name ?? '', ...words].some(word => listeningDebugger.test(word));
  return (
    args.find(
      (_, at) =>
        opensDebugger(words[at]!) || (isDebugger && listens.test(words.slice(at, at + 2).join(' ')) && words[at]!.startsWith('--listen')),
    ) ?? null
  );
}

/** The word that makes a command a development server or an open debugger; `null` for any other command. */
export function developmentWord(command: ShellCommand): ShellWord | null {
  const { nameWord, args } = command;
  if (nameWord === null || command.name === null) return null;
  const name = command.name.replace(/^python[\d.]+$/, 'python');
  if (developmentServers.has(name)) return nameWord;
  const telling = Object.hasOwn(serverWords, name) ? serverWords[name]! : null;
  const call = packageManagerCall(command);
  // Yarn, pnpm and Bun run a script that is named like none of their own commands.
  const runs = call?.action === 'run' || /^(?:yarn|pnpm|bun)$/.test(name);
  const script = runs ? /^(?:dev|develop|watch|start:(?:dev|debug)|serve:dev)$/ : null;
  return args.find(({ text }) => text !== null && (telling?.test(text) || script?.test(text))) ?? debuggerWord(command);
}

/** The word with which PHP's debugger is installed or enabled; `null` for any other command. */
export function xdebugWord(command: ShellCommand): ShellWord | null {
  const { name, args } = command;
  if (name === null || args.length === 0) return null;
  if (['pecl', 'pie', 'docker-php-ext-install', 'docker-php-ext-enable', 'install-php-extensions', 'phpenmod'].includes(name))
    return args.find(({ text }) => /^(?:xdebug\/)?xdebug(?:[-@:][\w.^~]+)?$/.test(text ?? '')) ?? null;
  const call = packageManagerCall(command);
  return call?.action === 'install'
    ? (call.packages.find(({ text }) => /^php[\d.]*-(?:pecl-)?xdebug\d*(?:[=~].*)?$/.test(text ?? '')) ?? null)
    : null;
}
