import { chooseUser, userOperations } from '../../fix/dockerfile/user';
import type { Assumption, ReasonId } from '../../fix/types';
import type { ImageProfile } from '../../knowledge/image-profiles';
import { stageProfile } from '../../knowledge/stage-image';
import { chainInstructions, wholeText } from '../../model/dockerfile/chain';
import { runCommands, scriptsOf } from '../../model/dockerfile/scripts';
import type { Stage } from '../../model/dockerfile/types';
import { isRootUser } from '../../model/dockerfile/users';
import { defineRule, left, type Attachment, type FixDefaults, type Report } from '../../rule/define-rule';

/** Programs that go on as another user. */
const droppers =
  /(?:^|[\s"'/[])(?:gosu|su-exec|setpriv|s6-(?:svscan|setuidgid|overlay-suexec|applyuidgid)|chpst|setuidgid|runuser|su|start-stop-daemon)(?=$|[\s"',\]])/;
/** What an image brings so that its entry point script can go on as another user. */
const dropTools = /\b(?:gosu|su-exec|s6-overlay|s6-setuidgid|setpriv|chpst)\b/;
/** Programs that cannot do their work without root. */
const rootPrograms = new Set([
  'init',
  'systemd',
  'sshd',
  'cron',
  'crond',
  'dockerd',
  'containerd',
  'dhcpd',
  'openvpn',
  'keepalived',
  'udevd',
  'tailscaled',
]);
const rootHome = /(?:^|[\s=:"'(])(?:\/root(?![\w-])|~\/|\$\{?HOME\}?\/)/;

/** Whether the process that the stage starts goes on as another user by itself. */
function dropsPrivileges(stage: Stage, profile: ImageProfile | null): boolean {
  const { entrypoint, cmd } = stage.state;
  const starts = [entrypoint, cmd].filter(i => i !== null);
  if (starts.some(i => droppers.test(i.logical.text) || /\["\/init"/.test(i.logical.text))) return true;
  if (entrypoint === null && profile?.privilegeDrop) return true;
  const script = /(?:entry-?point|\.sh\b|\binit\b|\bstart|\brun)/i.test(starts.map(i => i.logical.text).join(' '));
  return script && chainInstructions(stage).some(i => dropTools.test(wholeText(i)));
}

/** Why the process cannot be given a user without more. */
function obstacle(stage: Stage, profile: ImageProfile | null): readonly [ReasonId, string] | null {
  const { entrypoint, cmd } = stage.state;
  const programs = [entrypoint, cmd].flatMap(i => (i ? scriptsOf(i).flatMap(s => s.commands.map(c => c.name ?? '')) : []));
  const program = programs.find(name => rootPrograms.has(name));
  if (program !== undefined) return ['needs-root', `${program} needs root`];
  if (entrypoint === null && profile?.nonRoot.startsWith('needs-')) return ['needs-root', `${profile.name} needs root as it is`];
  const inHome = chainInstructions(stage).find(i => {
    if (i.keyword === 'RUN')
      return runCommands(i).some(
        ({ command: c }) =>
          c.name !== null &&
          !c.inner &&
          writesHome(
            c.name,
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
  return (
    !['rm', 'find', 'cd', 'ls', 'cat', 'chmod', 'test', '['].includes(name) &&
    args.some(arg => rootHome.test(` ${arg}`) && !/\/\.(?:cache|npm|gnupg|m2|config)\b/.test(arg))
  );
}

/** What a person should look at before the process runs as somebody else. */
function assumptions(stage: Stage): readonly Assumption[] {
  const found: Assumption[] = [];
  const copied = chainInstructions(stage).some(i => (i.keyword === 'COPY' || i.keyword === 'ADD') && !i.flag('chown'));
  if (copied) found.push({ id: 'read-only', data: { directory: stage.state.workdir?.value ?? '/' } });
  const low = chainInstructions(stage)
    .filter(i => i.keyword === 'EXPOSE')
    .flatMap(i => i.words.map(w => Number.parseInt(w.text, 10)));
  const port = low.find(p => p > 0 && p < 1024);
  if (port !== undefined) found.push({ id: 'low-port', data: { port } });
  return found;
}

type UserReport = Report<'explicit' | 'missing' | 'administrator' | 'unknown' | 'tool', 'user'>;

function remedy(stage: Stage, profile: ImageProfile | null, defaults: FixDefaults, report: UserReport): Attachment {
  const stop = obstacle(stage, profile);
  if (stop) return left(...stop);
  const chosen = chooseUser(stage, profile, defaults);
  if (!chosen) return left('unknown-image');
  const { user } = stage.state;
  return report.fix('user', () => userOperations(stage, chosen, user?.instruction ?? null), {
    data: { user: chosen.user },
    ...(stage.windows && { class: 'attended' }),
    assumes: [...chosen.assumes, ...assumptions(stage)],
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
    'read-only': 'The process only reads what was copied as root, {directory} among it',
    'low-port': 'Port {port} may be bound without root, as Docker allows and Kubernetes does not by itself',
    'no-entry': 'The program needs no entry in /etc/passwd',
  },
  on: {
    stage(stage, report, { defaults }) {
      if (!stage.isFinal) return;
      const profile = stageProfile(stage);
      const { user, cmd, entrypoint } = stage.state;
      const { image } = stage;
      const { text, raw, reference } = stage.root.image;
      if (reference !== null && reference.invalid !== null) return;
      if (stage.windows || profile?.os === 'windows') {
        const administrator = user ? /(?:^|\\)ContainerAdministrator$/i.test(user.value ?? '') : /servercore/.test(text ?? '');
        if (administrator)
          report(user?.instruction.words[0]?.range ?? image.range, 'administrator', {}, remedy(stage, profile, defaults, report));
        return;
      }
      const root = user ? user.value !== null && isRootUser(user.value) : profile?.defaultUser == null || profile.defaultUser.uid === 0;
      if (!root || dropsPrivileges(stage, profile)) return;
      const started = cmd !== null || entrypoint !== null || profile?.kind === 'server' || profile?.kind === 'tool';
      if (user) {
        const word = user.instruction.words[0];
        report(
          word?.range ?? user.instruction.keywordRange,
          'explicit',
          {},
          started ? remedy(stage, profile, defaults, report) : left('needs-root'),
        );
      } else if (!profile?.defaultUser) report(image.range, 'unknown', { image: text ?? raw }, left('unknown-image'));
      else if (!started) report(image.range, 'tool', {}, left('no-fix'));
      else report(image.range, 'missing', { image: text ?? raw }, remedy(stage, profile, defaults, report));
    },
  },
});
