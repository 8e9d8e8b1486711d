import type { ShellCommand, ShellWord } from './types';

/** What a sub-command of a package manager does. */
export type PackageAction = 'install' | 'upgrade' | 'refresh' | 'remove' | 'clean' | 'run' | 'other';

/** A call of a package manager, taken apart. */
export interface PackageManagerCall {
  readonly command: ShellCommand;
  /** One name for all that are one manager: `apt-get`, `apk`, `dnf`, `yum`, `microdnf`, `tdnf`, `zypper`, `pacman`, `pip`, `uv`, `npm`, ... */
  readonly manager: string;
  /** The program as called, without its path: `apt`, `pip3`, `python3`. */
  readonly program: string;
  /** `install`, `pip install`, `mod download`; `''` where there is none. */
  readonly verb: string;
  /** The last word of the verb: where flags of the sub-command go. */
  readonly subcommand: ShellWord | null;
  readonly action: PackageAction;
  /** Words that start with a dash, before and behind the verb. */
  readonly flags: readonly ShellWord[];
  /** What stands behind the verb: package names, paths, the script of `npm run`. Values of flags are none. */
  readonly packages: readonly ShellWord[];
}

interface Manager {
  readonly name: string;
  readonly programs: readonly string[];
  /** Flags whose value is the next word. */
  readonly values: readonly string[];
  readonly verbs: Readonly<Partial<Record<PackageAction, readonly string[]>>>;
  /** Words that make a verb together with the next one: `pip` in `uv pip install`. */
  readonly prefixes?: readonly string[];
  /** What it does without a verb. */
  readonly bare?: PackageAction;
}

const dnfVerbs = {
  install: ['install', 'in', 'groupinstall', 'localinstall', 'reinstall', 'rei', 'builddep', 'module install', 'group install'],
  upgrade: ['upgrade', 'up', 'update', 'distro-sync', 'dsync', 'upgrade-minimal', 'up-min'],
  refresh: ['makecache', 'check-update'],
  remove: ['remove', 'erase', 'autoremove'],
  clean: ['clean'],
};
const dnfValues = ['-c', '--config', '-x', '--exclude', '--repo', '--repoid', '--enablerepo', '--disablerepo', '--releasever', '--installroot', '--setopt', '-d', '-e', '-R', '--forcearch', '--advisory', '--disableplugin', '--enableplugin', '--downloaddir']; // prettier-ignore

const managers: readonly Manager[] = [
  {
    name: 'apt-get',
    programs: ['apt-get', 'apt', 'aptitude'],
    values: ['-t', '--target-release', '--default-release', '-o', '--option', '-c', '--config-file', '-a', '--host-architecture'],
    verbs: {
      install: ['install', 'reinstall', 'satisfy', 'build-dep'],
      upgrade: ['upgrade', 'dist-upgrade', 'full-upgrade', 'safe-upgrade'],
      refresh: ['update'],
      remove: ['remove', 'purge', 'autoremove', 'autopurge'],
      clean: ['clean', 'autoclean', 'distclean'],
    },
  },
  {
    name: 'apk',
    programs: ['apk'],
    values: [
      '-t',
      '--virtual',
      '-X',
      '--repository',
      '-p',
      '--root',
      '--arch',
      '--keys-dir',
      '--repositories-file',
      '--cache-dir',
      '--timeout',
      '--wait',
    ],
    verbs: { install: ['add'], upgrade: ['upgrade', 'fix'], refresh: ['update'], remove: ['del'], clean: ['cache'] },
  },
  { name: 'dnf', programs: ['dnf', 'dnf5', 'dnf-3'], values: dnfValues, verbs: dnfVerbs, prefixes: ['module', 'group'] },
  { name: 'yum', programs: ['yum'], values: dnfValues, verbs: dnfVerbs, prefixes: ['module', 'group'] },
  { name: 'microdnf', programs: ['microdnf'], values: dnfValues, verbs: dnfVerbs, prefixes: ['module'] },
  { name: 'tdnf', programs: ['tdnf'], values: dnfValues, verbs: dnfVerbs },
  {
    name: 'zypper',
    programs: ['zypper'],
    values: [
      '-R',
      '--root',
      '-c',
      '--config',
      '-D',
      '--reposd-dir',
      '-C',
      '--cache-dir',
      '-r',
      '--repo',
      '--from',
      '-t',
      '--type',
      '-p',
      '--plus-repo',
      '--name',
    ],
    verbs: {
      install: ['install', 'in', 'source-install', 'si'],
      upgrade: ['update', 'up', 'patch', 'dist-upgrade', 'dup'],
      refresh: ['refresh', 'ref'],
      remove: ['remove', 'rm'],
      clean: ['clean', 'cc'],
    },
  },
  {
    name: 'pip',
    programs: ['pip', 'pip3', 'pip2'],
    values: ['-r', '--requirement', '-c', '--constraint', '--build-constraint', '-e', '--editable', '-t', '--target', '--prefix', '--root', '-i', '--index-url', '--extra-index-url', '-f', '--find-links', '--trusted-host', '--proxy', '--timeout', '--retries', '--cert', '--client-cert', '--platform', '--python-version', '--implementation', '--abi', '--no-binary', '--only-binary', '--progress-bar', '--cache-dir', '--log', '--src', '--exists-action', '--upgrade-strategy', '--global-option', '--config-settings', '-C', '--report', '--python', '--root-user-action', '--use-feature', '--use-deprecated', '-d', '--dest', '-w', '--wheel-dir'], // prettier-ignore
    verbs: { install: ['install'], remove: ['uninstall'], clean: ['cache'], other: ['download', 'wheel'] },
  },
  {
    name: 'uv',
    programs: ['uv'],
    values: [
      '-r',
      '--requirement',
      '-c',
      '--constraint',
      '-p',
      '--python',
      '--index-url',
      '-i',
      '--extra-index-url',
      '--index',
      '--cache-dir',
      '--project',
      '--directory',
      '--group',
      '--extra',
      '--allow-insecure-host',
      '--package',
    ],
    verbs: {
      install: ['sync', 'add', 'pip install', 'pip sync', 'tool install'],
      remove: ['remove', 'pip uninstall'],
      clean: ['cache'],
      run: ['run'],
    },
    prefixes: ['pip', 'tool'],
  },
  {
    name: 'poetry',
    programs: ['poetry'],
    values: ['--without', '--with', '--only', '-E', '--extras', '-C', '--directory', '-P', '--project'],
    verbs: { install: ['install', 'sync', 'add'], upgrade: ['update'], remove: ['remove'], clean: ['cache'], run: ['run'] },
  },
  {
    name: 'npm',
    programs: ['npm'],
    values: [
      '--prefix',
      '-C',
      '--registry',
      '--loglevel',
      '--cache',
      '--userconfig',
      '--tag',
      '--omit',
      '--include',
      '--only',
      '-w',
      '--workspace',
    ],
    verbs: {
      install: ['install', 'i', 'in', 'add', 'ci', 'clean-install', 'ic', 'install-clean', 'install-test', 'it', 'install-ci-test', 'cit'],
      upgrade: ['update', 'up', 'upgrade'],
      remove: ['uninstall', 'remove', 'rm', 'un', 'prune'],
      clean: ['cache'],
      run: ['run', 'run-script', 'rum', 'urn', 'exec', 'test', 't', 'start'],
    },
  },
  {
    name: 'yarn',
    programs: ['yarn', 'yarnpkg'],
    values: ['--cwd', '--registry', '--cache-folder', '--mutex', '--network-timeout', '--modules-folder'],
    verbs: {
      install: ['install', 'add', 'workspaces focus', 'global add'],
      upgrade: ['upgrade', 'up'],
      remove: ['remove', 'autoclean'],
      clean: ['cache'],
      run: ['run', 'exec', 'dlx', 'node', 'test', 'start', 'build'],
    },
    prefixes: ['workspaces', 'global'],
    bare: 'install',
  },
  {
    name: 'pnpm',
    programs: ['pnpm'],
    values: ['-C', '--dir', '--filter', '-F', '--store-dir', '--registry', '--config', '--reporter'],
    verbs: {
      install: ['install', 'i', 'add', 'ci', 'fetch', 'deploy'],
      upgrade: ['update', 'up'],
      remove: ['remove', 'rm', 'prune'],
      clean: ['store'],
      run: ['run', 'exec', 'dlx', 'test', 'start', 'build'],
    },
  },
  {
    name: 'gem',
    programs: ['gem'],
    values: ['-v', '--version', '-i', '--install-dir', '-n', '--bindir', '-s', '--source', '-P', '--trust-policy', '--platform'],
    verbs: { install: ['install', 'i'], upgrade: ['update'], remove: ['uninstall'], clean: ['cleanup'] },
  },
  {
    name: 'bundle',
    programs: ['bundle', 'bundler'],
    values: ['-j', '--jobs', '--path', '--without', '--with', '--gemfile', '--retry', '--binstubs'],
    verbs: { install: ['install', 'add'], upgrade: ['update'], remove: ['remove'], clean: ['clean'], run: ['exec'] },
    bare: 'install',
  },
  { name: 'go', programs: ['go'], values: ['-C', '-o', '-ldflags', '-tags', '-mod', '-modfile', '-p'], verbs: { install: ['install', 'get', 'mod download'], run: ['run', 'build', 'test', 'generate', 'vet'], clean: ['clean'] }, prefixes: ['mod'] }, // prettier-ignore
  {
    name: 'cargo',
    programs: ['cargo'],
    values: [
      '--version',
      '--vers',
      '--git',
      '--branch',
      '--tag',
      '--rev',
      '--path',
      '--root',
      '--target',
      '--features',
      '-F',
      '--profile',
      '-p',
      '--package',
      '-j',
      '--jobs',
      '--manifest-path',
      '--target-dir',
      '--config',
      '-Z',
    ],
    verbs: {
      install: ['install', 'add', 'fetch', 'binstall'],
      upgrade: ['update'],
      remove: ['uninstall', 'remove'],
      clean: ['clean'],
      run: ['build', 'run', 'test', 'b', 'r', 't'],
    },
  },
  {
    name: 'composer',
    programs: ['composer', 'composer.phar'],
    values: ['-d', '--working-dir', '--repository'],
    verbs: {
      install: ['install', 'i', 'require', 'create-project', 'global require'],
      upgrade: ['update', 'u', 'upgrade'],
      remove: ['remove'],
      clean: ['clear-cache', 'clearcache', 'cc'],
      run: ['run-script', 'run', 'exec'],
    },
    prefixes: ['global'],
  },
  {
    name: 'conda',
    programs: ['conda', 'mamba', 'micromamba'],
    values: ['-n', '--name', '-p', '--prefix', '-c', '--channel', '-f', '--file', '--solver', '-r', '--root-prefix'],
    verbs: {
      install: ['install', 'create', 'env create'],
      upgrade: ['update', 'upgrade', 'env update'],
      remove: ['remove', 'uninstall'],
      clean: ['clean'],
      run: ['run'],
    },
    prefixes: ['env'],
  },
];

const byProgram = new Map(managers.flatMap(manager => manager.programs.map(program => [program, manager] as const)));

/** Takes a call of a package manager apart (`python3 -m pip` too), once for all who ask; `null` for any other command. */
export function packageManagerCall(command: ShellCommand): PackageManagerCall | null {
  return command.packageCall;
}

/** Takes a command apart; `command.packageCall` keeps the result. */
export function readPackageManagerCall(command: ShellCommand): PackageManagerCall | null {
  const { name: program } = command;
  if (program === null) return null;
  let { args } = command;
  let found = byProgram.get(program) ?? (/^pip3?\.\d+$/.test(program) ? byProgram.get('pip') : undefined);
  if (found === undefined && /^python[\d.]*$/.test(program)) {
    const module = args.findIndex(arg => arg.text === '-m');
    found = module >= 0 && args[module + 1]?.text === 'pip' ? byProgram.get('pip') : undefined;
    args = args.slice(module + 2);
  }
  if (program === 'pacman') return pacmanCall(command, args);
  if (found === undefined) return null;
  const manager = found;

  const flags: ShellWord[] = [];
  const packages: ShellWord[] = [];
  const verb: ShellWord[] = [];
  let ended = false;
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    const text = word.text ?? word.raw;
    if (!ended && text === '--') ended = true;
    else if (!ended && /^-./.test(text)) {
      flags.push(word);
      if (manager.values.includes(text)) at++;
    } else if (verb.length === 0 || (verb.length === 1 && isPrefix(manager, verb[0]!, word))) verb.push(word);
    else packages.push(word);
  }
  const name = verb.map(word => word.text ?? word.raw).join(' ');
  return {
    command,
    manager: manager.name,
    program,
    verb: name,
    subcommand: verb.at(-1) ?? null,
    action: actionOf(manager, name),
    flags,
    packages,
  };
}

function isPrefix(manager: Manager, first: ShellWord, next: ShellWord): boolean {
  const name = first.text ?? '';
  if (!manager.prefixes?.includes(name)) return false;
  return Object.values(manager.verbs).some(verbs => verbs.includes(`${name} ${next.text}`));
}

function actionOf(manager: Manager, verb: string): PackageAction {
  if (verb === '') return manager.bare ?? 'other';
  for (const [action, verbs] of Object.entries(manager.verbs)) if (verbs.includes(verb)) return action as PackageAction;
  return 'other';
}

/** pacman's verbs are capital flags: `-Syu`, `-S name`, `-R name`, `-Scc`. */
function pacmanCall(command: ShellCommand, args: readonly ShellWord[]): PackageManagerCall {
  const flags = args.filter(arg => arg.raw.startsWith('-'));
  const packages = args.filter(arg => !arg.raw.startsWith('-'));
  const verbWord = flags.find(flag => /^-[A-Z]|^--(?:sync|remove|upgrade|query)$/.test(flag.raw)) ?? null;
  const verb = verbWord?.raw ?? '';
  const sync = /^-\w*S|^--sync$/.test(verb);
  let action: PackageAction = 'other';
  if (/^-\w*R|^--remove$/.test(verb)) action = 'remove';
  else if (/^-\w*U|^--upgrade$/.test(verb)) action = 'install';
  else if (sync && /^-\w*c/.test(verb)) action = 'clean';
  else if (sync && packages.length > 0) action = 'install';
  else if (sync && /u/.test(verb)) action = 'upgrade';
  else if (sync && /y/.test(verb)) action = 'refresh';
  return { command, manager: 'pacman', program: 'pacman', verb, subcommand: verbWord, action, flags, packages };
}

/**
 * The flag of a command that says one of `names`: a long one alone or with `=value`, a short one alone, in a cluster (`-qqy` for `-y`) or
 * with its value attached. Give long names with their dashes, short ones as `-y`.
 */
export function findFlag(words: readonly ShellWord[], names: readonly string[]): ShellWord | undefined {
  return words.find(word => {
    const text = word.text ?? word.raw;
    return names.some(name => {
      if (text === name) return true;
      if (name.startsWith('--')) return text.startsWith(`${name}=`);
      return /^-[a-zA-Z]+$/.test(text) && name.length === 2 && text.includes(name[1]!);
    });
  });
}

/** What a flag is given: behind its equals sign, or the next word. `null` where there is nothing, or no static text. */
export function flagValue(words: readonly ShellWord[], names: readonly string[]): string | null {
  for (let i = 0; i < words.length; i++) {
    const text = words[i]!.text ?? words[i]!.raw;
    for (const name of names) {
      if (text === name) return words[i + 1]?.text ?? null;
      if (text.startsWith(`${name}=`)) return words[i]!.text?.slice(name.length + 1) ?? null;
    }
  }
  return null;
}
