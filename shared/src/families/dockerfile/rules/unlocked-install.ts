import { refusalAt } from '../fix/refusal';
import { insertWords, replaceText } from '../../../rule/fix/operations';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { isSetBefore } from '../model/chain';
import { presenceOf } from '../model/copied-files';
import { isVerified } from '../model/downloads';
import { absolutePath, contextSources, findWritten, workdirAt, writtenFiles, type WrittenFile } from '../model/files';
import { resolvePath } from '../../../base/text/path';
import type { RunCommand } from '../model/types';
import { downloadsOf, plainName, plainText } from '../../../syntax/shell/downloads';
import { findFlag, flagValue, packageManagerCall } from '../../../syntax/shell/package-manager';
import type { PackageManagerCall } from '../../../syntax/shell/types';
import { range } from '../../../base/text/range';
import { withoutEnd } from '../../../base/text/ends';
import { defineRule, noFix, type FixExtras, type Report } from '../../../rule/define-rule';
import { inOneLine, type Pattern } from '../../../base/text/pattern';

/** How a manager is held to its lock file. */
interface Locking {
  readonly verbs: readonly string[];
  readonly manifest: string;
  readonly locks: readonly string[];
  /** Flags and variables that hold it to the lock file, or with which it installs nothing. */
  readonly flags: readonly string[];
  readonly variables: readonly string[];
  readonly settings?: Pattern;
  /** What the fix inserts behind the verb, or puts in its place or in front. */
  readonly insert?: string;
  readonly verb?: string;
  readonly prefix?: string;
}

const frozen = { flags: ['--frozen-lockfile', '--immutable', '--lockfile-only', '--version', '-v', '--help'], insert: '--frozen-lockfile' };
const managers: Readonly<Record<string, Locking>> = {
  npm: { verbs: ['install', 'i', 'in', 'add'], manifest: 'package.json', locks: ['package-lock.json', 'npm-shrinkwrap.json'], flags: ['--global', '-g', '--package-lock-only'], variables: [], verb: 'ci' },
  yarn: { ...frozen, verbs: ['install', ''], manifest: 'package.json', locks: ['yarn.lock'], variables: ['CI', 'YARN_ENABLE_IMMUTABLE_INSTALLS'], settings: /enableImmutableInstalls/ },
  pnpm: { ...frozen, verbs: ['install', 'i'], manifest: 'package.json', locks: ['pnpm-lock.yaml'], variables: ['CI'] },
  // its PackageManagerOptions freeze the lock file for production
  bun: { ...frozen, flags: [...frozen.flags, '--production', '-p'], verbs: ['install', 'i'], manifest: 'package.json', locks: ['bun.lock', 'bun.lockb'], variables: [] },
  bundle: { verbs: ['install', ''], manifest: 'Gemfile', locks: ['Gemfile.lock'], flags: ['--deployment', '--frozen', '--version', '-v', '--help'], variables: ['BUNDLE_DEPLOYMENT', 'BUNDLE_FROZEN'], settings: inOneLine(/bundler? config\b/, /\b(?:deployment|frozen)\b/), prefix: 'bundle config set --local frozen true && ' },
  uv: { verbs: ['sync'], manifest: 'pyproject.toml', locks: ['uv.lock'], flags: ['--locked', '--frozen'], variables: ['UV_LOCKED', 'UV_FROZEN'], insert: '--locked' },
  go: { verbs: ['mod download'], manifest: 'go.mod', locks: ['go.sum', 'go.work.sum'], flags: [], variables: [] },
}; // prettier-ignore
/** Managers that renew a lock file when they are told to, with what installs what it records instead; cargo has no such command. */
const updaters: Readonly<Record<string, string>> = {
  npm: 'ci',
  yarn: `install ${frozen.insert}`,
  pnpm: `install ${frozen.insert}`,
  bun: `install ${frozen.insert}`,
  bundle: 'install',
  poetry: 'install',
  composer: 'install',
  cargo: '',
};

type LockReport = Report<'unlocked' | 'maybe' | 'absent' | 'updates' | 'tool' | 'hashes' | 'branch' | 'latest', 'lock' | 'locked' | 'copy'>;

/** Whether a variable of the stage or in front of the command is set. */
function isSet({ stage, instruction, command }: RunCommand, names: readonly string[]): boolean {
  return names.some(
    name => !/^(?:0|false)?$/i.test(stage?.variable(name, instruction)?.value ?? '') || command.assignments.some(a => a.name === name),
  );
}

function lockOperation(call: PackageManagerCall, { verb, insert, prefix }: Locking): DockerfileOperation | null {
  const { subcommand, command } = call;
  if (verb !== undefined) return subcommand && replaceText(subcommand.range, verb);
  if (insert !== undefined) return insertWords((subcommand ?? command.nameWord!).range.end, insert);
  if (prefix === undefined || command.outer || command.before === '|' || command.assignments.length > 0) return null;
  return replaceText(range(command.range.start), prefix);
}

/** Copies the lock file beside the manifest, and installs what it records; `null` where the file does not say how. */
function copyOperations({ stage, instruction }: RunCommand, call: PackageManagerCall, locking: Locking): DockerfileOperation[] | null {
  const copy = stage?.instructions.findLast(
    i =>
      i.index < instruction.index &&
      i.keyword === 'COPY' &&
      !i.flag('from') &&
      i.words.some(word => plainName(word.text) === locking.manifest),
  );
  const manifest = copy?.words.slice(0, -1).find(word => plainName(word.text) === locking.manifest);
  const target = copy?.words.at(-1);
  const install = lockOperation(call, locking);
  if (!copy || !manifest || !target || !install || copy.execForm || refusalAt(instruction) || refusalAt(copy)) return null;
  // a file that is given another name has a folder in front of it, which is not known to be one
  if ([manifest, target].some(word => word.raw !== word.text) || plainName(target.text) === locking.manifest) return null;
  const lock = manifest.text.slice(0, -locking.manifest.length) + locking.locks[0]!;
  const slash = /(?:^|\/)\.{0,2}$/.test(target.text) ? [] : [replaceText(range(target.range.end), '/')];
  return [insertWords(manifest.range.end, lock), ...slash, install];
}

/**
 * Whether the lock file is copied into the folder of the install, and its manifest is not: a step of the build has made that, for which the lock file
 * need not be. A copy of a folder, of names with globs or from another stage may bring it.
 */
function isManifestMade({ stage, instruction }: RunCommand, { manifest, locks }: Locking): boolean {
  const folder = workdirAt(instruction);
  if (stage === null || folder === null) return false;
  const at = (name: string): string => `${withoutEnd(folder, '/')}/${name}`;
  const isThere = (wanted: (file: WrittenFile) => boolean): boolean =>
    findWritten(stage, writtenFiles, file => file.instruction.index < instruction.index && wanted(file)) !== undefined;
  const mayBring = ({ path, instruction: { keyword, file }, range: source }: WrittenFile): boolean =>
    path === at(manifest) ||
    (/[*?[]/.test(path) && path.startsWith(at(''))) ||
    (path === folder && (keyword === 'RUN' || !plainName(withoutEnd(file.text.slice(source.start, source.end), '/')).includes('.', 1)));
  const isTaken = stage.instructions.some(
    other => other.index < instruction.index && (other.flag('from') !== undefined || other.mounts.some(({ type }) => type === 'bind')),
  );
  return !isTaken && isThere(({ path }) => locks.some(lock => path === at(lock))) && !isThere(mayBring);
}

/**
 * Whether the lock file comes from another folder of the context than the manifest beside it, or the folder that has it: in a monorepo it is that of another project
 * then, and does not match.
 */
function comesFromElsewhere({ stage, instruction }: RunCommand, { manifest, locks }: Locking): boolean {
  const workdir = workdirAt(instruction);
  const folders = { lock: null as string | null, manifest: null as string | null };
  for (const copy of stage?.instructions ?? []) {
    const target = absolutePath(copy.words.at(-1)?.text ?? '', workdirAt(copy));
    if (copy.index > instruction.index || workdir === null || target !== workdir) continue;
    for (const { name } of contextSources(copy)) {
      const base = plainName(name);
      const folder = resolvePath(`/${name.slice(0, name.length - base.length)}`);
      if (locks.includes(base)) folders.lock = folder;
      else if (base === manifest) folders.manifest = folder;
      else if (!base.includes('.')) folders.manifest = resolvePath(`/${name}`);
    }
  }
  return folders.lock !== null && folders.manifest !== null && folders.lock !== folders.manifest;
}

/** An install of a project's dependencies. */
function checkProject(view: RunCommand, call: PackageManagerCall, locking: Locking, report: LockReport): void {
  const { stage, instruction } = view;
  if (!stage || call.packages.length > 0 || !locking.verbs.includes(call.verb) || findFlag(call.flags, locking.flags)) return;
  if (isSet(view, locking.variables) || (locking.settings && isSetBefore(instruction, locking.settings))) return;
  const lock = presenceOf(stage, instruction, locking.locks);
  const named = locking.locks.find(name => presenceOf(stage, instruction, [name]) === 'yes') ?? locking.locks[0]!;
  const place = (call.subcommand ?? call.command.nameWord!).range;
  const data = { command: `${call.program} ${call.verb}`.trim(), file: named };
  if (lock === 'no') {
    if (presenceOf(stage, instruction, [locking.manifest]) !== 'yes') return;
    const operations = copyOperations(view, call, locking);
    const fix = operations && report.fix('copy', () => operations, { data, assumes: [{ id: 'recorded', data }], alone: true });
    return report(place, 'absent', data, fix ?? noFix('manual'));
  }
  if (call.manager === 'go') return;
  const operation = lockOperation(call, locking);
  const made = lock === 'yes' && (isManifestMade(view, locking) || comesFromElsewhere(view, locking));
  const extras: FixExtras = lock === 'yes' ? { data, class: made ? 'attended' : 'review', assumes: [{ id: 'fresh', data }] } : { data };
  report(
    place,
    lock === 'yes' ? 'unlocked' : 'maybe',
    data,
    refusalAt(instruction) ?? (operation ? report.fix('lock', () => [operation], extras) : noFix('no-fix')),
  );
}

function checkCall(view: RunCommand, call: PackageManagerCall, report: LockReport): void {
  const { manager, verb, subcommand, program, flags, action } = call;
  const place = (subcommand ?? call.command.nameWord!).range;
  const locking = managers[manager];
  if (action === 'upgrade') {
    if (!Object.hasOwn(updaters, manager) || verb.startsWith('global') || findFlag(flags, ['--global', '-g', '--dry-run'])) return;
    const instead = subcommand && call.packages.length === 0 && !refusalAt(view.instruction) ? updaters[manager]! : '';
    const data = { command: `${program} ${verb}`, file: 'the lock file' };
    const fix = instead !== '' && report.fix('lock', () => [replaceText(subcommand!.range, instead)], { data });
    report(place, 'updates', data, fix || noFix('manual'));
  } else if ((manager === 'pip' && verb === 'install') || (manager === 'uv' && verb === 'pip install')) {
    const requirements = flags.find(flag => flag.text === '-r' || flag.text?.startsWith('--requirement'));
    if (requirements && !findFlag(flags, ['--require-hashes']) && !isSet(view, [`${manager.toUpperCase()}_REQUIRE_HASHES`]))
      report(requirements.range, 'hashes', { manager }, noFix('manual'));
  } else if (locking) checkProject(view, call, locking, report);
  else if (manager === 'cargo' && verb === 'install') {
    if (findFlag(flags, ['--locked', '--frozen', '--list', '--help'])) return;
    const add: DockerfileOperation = insertWords(place.end, '--locked');
    report(place, 'tool', {}, refusalAt(view.instruction) ?? report.fix('locked', () => [add]));
  }
}

/** A clone of whatever a branch holds, with nothing behind it that names a commit. */
function checkClone({ command, script }: RunCommand, report: LockReport): void {
  const verb = command.args.find(arg => !arg.raw.startsWith('-'));
  if (verb?.text !== 'clone') return;
  const branch = flagValue(command.args, ['--branch', '-b']);
  const named =
    command.args.some(arg => /^(?:-b|--branch|--revision)/.test(arg.text ?? arg.raw)) &&
    !/^(?:main|master|develop|dev|trunk)$/.test(branch ?? '');
  const later = script.commands.some(
    ({ name, args, range: { start } }) =>
      start > command.range.start && name === 'git' && args.some(arg => /^(?:checkout|reset|switch)$/.test(arg.text ?? '')),
  );
  if (!named && !later) report(verb.range, 'branch', {}, noFix('manual'));
}

export const rule = defineRule({
  id: 'dockerfile/unlocked-install',
  title: 'Dependencies installed without the lock file',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cisDocker: ['4.11'], nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195'], cwe: ['CWE-1357'] },
  messages: {
    maybe: { text: 'If the build context contains {file}, "{command}" may install versions other than the locked ones' },
    unlocked: { text: '"{command}" may install versions other than those recorded in {file}' },
    absent: { text: '"{command}" runs without {file}: every build picks its own versions' },
    updates: { text: '"{command}" replaces the locked versions with the newest ones' },
    tool: { text: '"cargo install" without --locked may use newer dependencies than the program\'s author tested', severity: 'info' },
    hashes: { text: 'Without --require-hashes, {manager} accepts any file with the right version', severity: 'hint', profile: 'strict' },
    branch: {
      text: 'git clone fetches the current state of the branch: the command names no commit or tag',
      severity: 'hint',
      profile: 'strict',
    },
    latest: { text: 'The file downloaded here changes with each release', severity: 'hint', profile: 'strict' },
  },
  fixes: {
    lock: { title: 'Install the versions recorded in {file}', class: 'attended' },
    copy: { title: 'Copy {file} too, and install the versions recorded in it', class: 'attended' },
    locked: { title: 'Add --locked', class: 'review' },
  },
  assumptions: {
    recorded: '{file} is in the build context, next to the manifest',
    fresh: '{file} matches the manifest: with a stale lock file, the build fails',
  },
  on: {
    command(view, report) {
      const { command, stage, instruction } = view;
      const call = packageManagerCall(command);
      if (call) checkCall(view, call, report);
      else if (command.name === 'git') checkClone(view, report);
      else
        for (const { url, file } of downloadsOf(command))
          if (
            url &&
            /\/latest(?:[/.?]|$)|\/(?:main|master)\.(?:zip|tar)/.test(plainText(url)) &&
            !(stage && isVerified(stage, instruction, file))
          )
            report(url.range, 'latest', {}, noFix('manual'));
    },
  },
});
