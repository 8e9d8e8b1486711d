import { chooseUser, userOperations, type ChosenUser } from '../../fix/dockerfile/user';
import type { Assumption, ReasonId } from '../../fix/types';
import type { ImageProfile } from '../../knowledge/image-profiles';
import { droppingServers, interactivePrograms, interpreters, processManagers, rootPrograms, userSwitchers } from '../../knowledge/programs';
import { stageProfile } from '../../knowledge/stage-image';
import { chainInstructions, firstWith, wholeText } from '../../model/dockerfile/chain';
import { runCommands, scriptsOf } from '../../model/dockerfile/scripts';
import type { Instruction, Stage } from '../../model/dockerfile/types';
import { createdUsers, isRootUser } from '../../model/dockerfile/users';
import { baseName } from '../../model/shell/interpreter';
import { defineRule, left, type Attachment, type Report, type RuleContext } from '../../rule/define-rule';

/** What an image brings so that its entry point script can go on as another user. */
const switchTools = /\b(?:gosu|su-exec|s6-overlay|s6-setuidgid|setpriv|chpst)\b/;
const sockets = /\b(?:docker|containerd|crio|podman)\.sock\b/;
const rootHome = /(?:^|[\s=:"'(])(?:\/root(?![\w-])|~\/|\$\{?HOME\}?\/)/;
const writers = new Set('cp mv mkdir touch tee chown chmod install apt-get apk ln useradd adduser sysctl mount'.split(' '));

/** What a stage starts: ENTRYPOINT and CMD, and the programs that they name, paths taken off. */
interface Start {
  readonly entrypoint: boolean;
  readonly words: readonly string[];
  /** Those that run: without the CMD that a program of its own takes for arguments. */
  readonly runs: readonly string[];
  /** Whether the first word is a script that came with the build. */
  readonly script: boolean;
}

const inits = ['tini', '--', 'dumb-init', 'docker-init', 'catatonit', '-g', '-s'];
const scriptName = /\.sh$|entry-?point|^(?:start|run|boot)\b/i;

function wordsOf(instruction: Instruction | null): string[] {
  if (instruction === null) return [];
  const commands = scriptsOf(instruction).flatMap(s => s.commands.filter(c => c.name !== null));
  if (instruction.json) return [...instruction.json.map(w => baseName(w.text)), ...commands.slice(1).map(c => c.name!)];
  return commands.flatMap(c => [c.name!, ...c.args.map(a => a.text ?? a.raw)]);
}

function startOf(stage: Stage): Start {
  const first = wordsOf(stage.state.entrypoint);
  const second = wordsOf(stage.state.cmd);
  const handsOn = first.every(word => inits.includes(word) || scriptName.test(word));
  const words = [...first, ...second];
  const program = words.find(word => ![...inits, 'sh', 'bash'].includes(word)) ?? '';
  return { entrypoint: stage.state.entrypoint !== null, words, runs: handsOn ? words : first, script: scriptName.test(program) };
}

/** Whether an image does something by itself, or waits for a command: a shell, an interpreter with nothing to run. */
function startsSomething({ words }: Start, profile: ImageProfile | null): boolean {
  if (words.length === 0) return profile?.kind === 'server' || profile?.kind === 'tool';
  const program = words.filter(
    word => !['tini', '--', '-g', '-a', '-i', '-l', '-it'].includes(word) && !/entry-?point(?:\.sh)?$/.test(word),
  );
  const [only] = program;
  return only === undefined || program.length > 1 || !(interactivePrograms.has(only) || interpreters.has(only.replace(/[\d.]+$/, '')));
}

/** Whether the process that the stage starts goes on as another user by itself. */
function dropsPrivileges(stage: Stage, profile: ImageProfile | null, start: Start): boolean {
  if (start.runs.some(word => userSwitchers.has(word) || droppingServers.has(word.replace(/[\d.]+$/, '')) || word.startsWith('s6-')))
    return true;
  if (!start.entrypoint && profile?.privilegeDrop) return true;
  return (start.script || start.words[0] === 'init') && stage.file.stages.some(other => firstWith(other, switchTools) !== null);
}

/** Why the process cannot be given a user without more. */
function obstacle(stage: Stage, profile: ImageProfile | null, start: Start, path: string): readonly [ReasonId, string] | null {
  const program = start.words.find(word => rootPrograms.has(word) || processManagers.has(word));
  if (program !== undefined) return ['needs-root', `${program} needs root`];
  if (!start.entrypoint && profile?.nonRoot.startsWith('needs-')) return ['needs-root', `${profile.name} needs root as it is`];
  if (/(?:^|\/)\.github\/actions\//.test(path)) return ['needs-root', 'GitHub runs container actions as root'];
  const all = chainInstructions(stage);
  if (all.some(i => sockets.test(wholeText(i)))) return ['needs-root', 'the socket of the container runtime is open to root only'];
  const commands = [stage.state.entrypoint, stage.state.cmd].flatMap(i => (i ? scriptsOf(i).flatMap(s => s.commands) : []));
  const changes = commands.find(
    c =>
      writers.has(c.name ?? '') ||
      c.redirections.some(r => r.operator.startsWith('>') && r.target?.text?.startsWith('/') && !r.target.text.startsWith('/dev/')),
  );
  if (changes) return ['needs-root', 'what it starts changes files that belong to root'];
  const inHome = all.some(i => {
    if (i.keyword === 'RUN')
      return runCommands(i).some(
        ({ command: c }) =>
          !c.inner &&
          writesHome(
            c.name ?? '',
            c.args.map(a => a.raw),
          ),
      );
    return ['COPY', 'ADD', 'WORKDIR', 'ENV', 'VOLUME', 'CMD', 'ENTRYPOINT'].includes(i.keyword) && rootHome.test(i.logical.text);
  });
  return inHome ? ['needs-root', 'files that the process needs lie in the home of root'] : null;
}

/** Whether a command puts something into root's home that stays there. */
function writesHome(name: string, args: readonly string[]): boolean {
  if (/^pip[\d.]*$/.test(name) && args.includes('--user')) return true;
  if (['', 'rm', 'find', 'cd', 'ls', 'cat', 'chmod', 'test', '['].includes(name)) return false;
  return args.some(arg => rootHome.test(` ${arg}`) && !/\/\.(?:cache|npm|gnupg|m2|config)\b/.test(arg));
}

/** What a person should look at before the process runs as somebody else. */
function assumptions(stage: Stage, start: Start): readonly Assumption[] {
  const all = chainInstructions(stage);
  const found: Assumption[] = [];
  if (all.some(i => (i.keyword === 'COPY' || i.keyword === 'ADD') && !i.flag('chown')) || stage.state.workdir) {
    found.push({ id: 'read-only', data: { directory: stage.state.workdir?.value ?? '/' } });
  }
  const ports = all.filter(i => i.keyword === 'EXPOSE').flatMap(i => i.words.map(w => Number.parseInt(w.text, 10)));
  const port = ports.find(p => p > 0 && p < 1024);
  if (port !== undefined) found.push({ id: 'low-port', data: { port } });
  if (start.script) found.push({ id: 'script' });
  if (ownsNoVolume(stage)) found.push({ id: 'volume' });
  return found;
}

/** Whether the stage has a VOLUME, which the process is going to write to, and gives nothing to another user. */
function ownsNoVolume(stage: Stage): boolean {
  const all = chainInstructions(stage);
  return all.some(i => i.keyword === 'VOLUME') && !all.some(i => /\bchown\b|--chown|\binstall(?:\s+-\S+)*\s+-o\s/.test(i.logical.text));
}

type UserReport = Report<'explicit' | 'missing' | 'administrator' | 'unknown' | 'tool', 'user'>;

function remedy(stage: Stage, profile: ImageProfile | null, { defaults, path }: RuleContext, report: UserReport): Attachment {
  const start = startOf(stage);
  const stop = obstacle(stage, profile, start, path);
  if (stop) return left(...stop);
  const chosen: ChosenUser | null = chooseUser(stage, profile, defaults);
  if (!chosen) return left('unknown-image');
  // A script that came with the build may well switch to the user that the file creates for it.
  const doubtful = stage.windows || ownsNoVolume(stage) || (start.script && createdUsers(stage).length > 0);
  return report.fix('user', () => userOperations(stage, chosen, stage.state.user?.instruction ?? null), {
    data: { user: chosen.user },
    ...(doubtful && { class: 'attended' }),
    assumes: [...chosen.assumes, ...assumptions(stage, start)],
  });
}

export const rule = defineRule({
  id: 'dockerfile/root-user',
  title: 'Final stage runs as root',
  severity: 'error',
  category: 'privilege',
  profile: 'restricted',
  supersedes: ['dockerfile/unused-user'],
  references: { cisDocker: ['4.1'], nist800190: ['3.1.2', '4.1.2'], nsaCisa: ['1.0', '1.6'], mitre: ['T1611'], cwe: ['CWE-250'] },
  peers: {
    hadolint: ['DL3002'],
    trivy: ['DS-0002'],
    checkov: ['CKV_DOCKER_3', 'CKV_DOCKER_8'],
    kics: ['Missing User Instruction', "Last User Is 'root'"],
    semgrep: ['missing-user', 'missing-user-entrypoint', 'last-user-is-root'],
    dockle: ['CIS-DI-0001'],
    tally: ['hadolint/DL3002', 'tally/stateful-root-runtime'],
  },
  messages: {
    explicit: { text: 'The image runs as root: this USER is the last one' },
    missing: { text: 'The image runs as root: no USER is set, and "{image}" brings none', severity: 'warning' },
    administrator: { text: 'The image runs as ContainerAdministrator', severity: 'warning' },
    unknown: { text: 'No USER is set, and whether "{image}" brings one is not known', severity: 'hint' },
    tool: { text: 'The image is left to root, for whoever builds on it or runs it', severity: 'info' },
  },
  fixes: { user: { title: 'Run as user {user}', class: 'review' } },
  assumptions: {
    'read-only': 'The process only reads what belongs to root, {directory} among it',
    'low-port': 'Port {port} may be bound without root, as Docker allows and Kubernetes does not by itself',
    'no-entry': 'The program needs no entry in /etc/passwd',
    script: 'The script that it starts with needs no root',
    volume: 'Whoever runs the image gives the user its volumes',
  },
  on: {
    stage(stage, report, context) {
      if (!stage.isFinal) return;
      const profile = stageProfile(stage);
      const { user } = stage.state;
      const { text, raw, reference } = stage.root.image;
      const image = text ?? raw;
      const place = user ? (user.instruction.words[0]?.range ?? user.instruction.keywordRange) : stage.image.range;
      if (reference !== null && reference.invalid !== null) return;
      if (stage.windows || profile?.os === 'windows') {
        const administrator = user ? /(?:^|\\)ContainerAdministrator$/i.test(user.value ?? '') : /servercore/.test(image);
        if (administrator) report(place, 'administrator', {}, remedy(stage, profile, context, report));
        return;
      }
      const root = user ? user.value !== null && isRootUser(user.value) : profile?.defaultUser == null || profile.defaultUser.uid === 0;
      const start = startOf(stage);
      if (!root || dropsPrivileges(stage, profile, start)) return;
      const started = startsSomething(start, profile);
      if (user) report(place, 'explicit', {}, started ? remedy(stage, profile, context, report) : left('needs-root'));
      else if (!profile?.defaultUser) report(place, 'unknown', { image }, left('unknown-image'));
      else if (!started) report(place, 'tool', {}, left('no-fix'));
      else report(place, 'missing', { image }, remedy(stage, profile, context, report));
    },
  },
});
