import type { PackageAction } from './types';

/** What is known of a package manager's command line. */
export interface Manager {
  readonly name: string;
  readonly programs: readonly string[];
  /** Flags whose value is the next word. */
  readonly values: ReadonlySet<string>;
  readonly verbs: ReadonlyMap<string, PackageAction>;
  /** Words that make a verb together with the next one: `pip` in `uv pip install`. */
  readonly prefixes: ReadonlySet<string>;
  /** What it does without a verb. */
  readonly bare: PackageAction;
  /** Whether it has no verbs: `npx PACKAGE`. */
  readonly verbless: boolean;
}

type Verbs = Readonly<Partial<Record<PackageAction, string>>>;

/** Lists are texts with blanks between; the two words of a verb are joined with a `+`. */
function manager(programs: string, verbs: Verbs, values: string, bare: PackageAction = 'other'): Manager {
  const map = new Map<string, PackageAction>();
  for (const [action, words] of Object.entries(verbs))
    for (const word of words.split(' ')) map.set(word.replace('+', ' '), action as PackageAction);
  const names = programs.split(' ');
  return {
    name: names[0]!,
    programs: names,
    values: new Set(values.split(' ')),
    verbs: map,
    prefixes: new Set([...map.keys()].filter(verb => verb.includes(' ')).map(verb => verb.slice(0, verb.indexOf(' ')))),
    bare,
    verbless: map.size === 0,
  };
}

const dnfVerbs: Verbs = {
  install: 'install in groupinstall localinstall reinstall rei builddep module+install group+install',
  upgrade: 'upgrade up update distro-sync dsync upgrade-minimal up-min system-upgrade system-upgrade+download system-upgrade+reboot',
  refresh: 'makecache check-update',
  remove: 'remove erase autoremove',
  clean: 'clean',
};
const dnfValues =
  '-c --config -x --exclude --repo --repoid --enablerepo --disablerepo --releasever --installroot --setopt -d -e -R --forcearch --advisory ' +
  '--disableplugin --enableplugin --downloaddir';
const pipValues =
  '-r --requirement -c --constraint --build-constraint -b --build -e --editable -t --target --prefix --root -i --index-url --extra-index-url -f ' +
  '--find-links --trusted-host --proxy --timeout --retries --cert --client-cert --platform --python-version --implementation --abi --no-binary ' +
  '--only-binary --progress-bar --cache-dir --log --src --exists-action --upgrade-strategy --global-option --install-option --config-settings ' +
  '-C --report --python --root-user-action --use-feature --use-deprecated --keyring-provider -d --dest -w --wheel-dir';
const nodeRun = 'run exec dlx test start build';

/** Every package manager that is understood; the first of its programs names it. */
export const managers: readonly Manager[] = [
  manager(
    'apt-get apt aptitude',
    {
      install: 'install reinstall satisfy build-dep',
      upgrade: 'upgrade dist-upgrade full-upgrade safe-upgrade dselect-upgrade',
      refresh: 'update',
      remove: 'remove purge autoremove autopurge',
      clean: 'clean autoclean distclean',
    },
    '-t --target-release --default-release -o --option -c --config-file -a --host-architecture',
  ),
  manager(
    'apk',
    { install: 'add', upgrade: 'upgrade fix', refresh: 'update', remove: 'del', clean: 'cache' },
    '-t --virtual -X --repository -p --root --arch --keys-dir --repositories-file --cache-dir --timeout --wait',
  ),
  manager('dnf dnf5 dnf-3', dnfVerbs, dnfValues),
  manager('yum', dnfVerbs, dnfValues),
  manager('microdnf', dnfVerbs, dnfValues),
  manager('tdnf', dnfVerbs, dnfValues),
  manager(
    'zypper',
    {
      install: 'install in source-install si',
      upgrade: 'update up patch dist-upgrade dup',
      refresh: 'refresh ref',
      remove: 'remove rm',
      clean: 'clean cc',
    },
    '-R --root -c --config -D --reposd-dir -C --cache-dir -r --repo --from -t --type -p --plus-repo --name',
  ),
  manager('pip pip3 pip2', { install: 'install', remove: 'uninstall', clean: 'cache', other: 'download wheel' }, pipValues),
  manager(
    'pipx',
    { install: 'install', upgrade: 'upgrade upgrade-all', remove: 'uninstall', run: 'run runpip' },
    '--python --index-url -i --suffix --pip-args --spec --preinstall',
  ),
  manager(
    'uv',
    {
      install: 'sync add pip+install pip+sync tool+install',
      remove: 'remove pip+uninstall',
      clean: 'cache',
      run: 'run tool+run',
      other: 'lock',
    },
    '-r --requirement -c --constraint -b --build-constraint -p --python --index-url -i --extra-index-url --index --cache-dir --project --directory ' +
      '--group --extra --allow-insecure-host --package --with --prefix --target -e --editable --link-mode --no-group --only-group',
  ),
  manager(
    'poetry',
    { install: 'install sync add', upgrade: 'update', remove: 'remove', clean: 'cache', run: 'run' },
    '--without --with --only -E --extras -C --directory -P --project',
  ),
  manager(
    'npm',
    {
      install: 'install i in add ci clean-install ic install-clean install-test it install-ci-test cit',
      upgrade: 'update up upgrade',
      remove: 'uninstall remove rm un prune',
      clean: 'cache',
      run: 'run run-script rum urn exec test t start',
    },
    '--prefix -C --registry --loglevel --cache --userconfig --tag --omit --include --only -w --workspace --before',
  ),
  manager(
    'yarn yarnpkg',
    {
      install: 'install add workspaces+focus global+add',
      upgrade: 'upgrade up',
      remove: 'remove autoclean',
      clean: 'cache',
      run: `${nodeRun} node`,
    },
    '--cwd --registry --cache-folder --mutex --network-timeout --modules-folder --network-concurrency',
    'install',
  ),
  manager(
    'pnpm',
    { install: 'install i add ci fetch deploy', upgrade: 'update up', remove: 'remove rm prune', clean: 'store', run: nodeRun },
    '-C --dir --filter -F --store-dir --registry --config --reporter',
  ),
  manager(
    'bun',
    { install: 'install i add', upgrade: 'update', remove: 'remove rm', run: 'run test build x', clean: 'pm' },
    '--cwd --registry --cache-dir',
  ),
  manager('npx pnpx bunx', {}, '--registry -c --call --userconfig', 'run'),
  manager(
    'gem',
    { install: 'install i', upgrade: 'update', remove: 'uninstall', clean: 'cleanup' },
    '-v --version -i --install-dir -n --bindir -s --source -P --trust-policy --platform',
  ),
  manager(
    'bundle bundler',
    { install: 'install add', upgrade: 'update', remove: 'remove', clean: 'clean', run: 'exec' },
    '-j --jobs --path --without --with --gemfile --retry --binstubs',
    'install',
  ),
  manager(
    'go',
    { install: 'install get mod+download', run: 'run build test generate vet', clean: 'clean' },
    '-C -o -ldflags -gcflags -tags -mod -modfile -p',
  ),
  manager(
    'cargo',
    {
      install: 'install add fetch binstall',
      upgrade: 'update',
      remove: 'uninstall remove',
      clean: 'clean',
      run: 'build run test b r t',
    },
    '--version --vers --git --branch --tag --rev --path --root --target --features -F --profile -p --package -j --jobs --manifest-path --target-dir ' +
      '--config -Z --index --registry',
  ),
  manager(
    'composer composer.phar',
    {
      install: 'install i require create-project global+require global+install',
      upgrade: 'update u upgrade global+update',
      remove: 'remove',
      clean: 'clear-cache clearcache cc',
      run: 'run-script run exec',
    },
    '-d --working-dir --repository',
  ),
  manager(
    'conda mamba micromamba',
    {
      install: 'install create env+create',
      upgrade: 'update upgrade env+update',
      remove: 'remove uninstall',
      clean: 'clean',
      run: 'run',
    },
    '-n --name -p --prefix -c --channel -f --file --solver -r --root-prefix',
  ),
];

/** The manager that a program's name calls. */
export const managersByProgram: ReadonlyMap<string, Manager> = new Map(
  managers.flatMap(known => known.programs.map(program => [program, known] as const)),
);
