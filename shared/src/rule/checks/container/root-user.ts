import { remedyOf } from '../../container/edits';
import { isTaskAlone } from '../../container/task';
import { ownItems, ownSetting, type ContainerOptions, type Edit } from '../../container/types';
import { leave, type NoFix, type Remedy } from '../../fix/remedy';
import { doubtAgainst } from '../../../evidence/evidence';
import type { Assumption, Operation } from '../../fix/types';
import type { FixExtras, Report, RuleContext } from '../../define-rule';
import { isRoot } from '../../../evidence/user';
import { provedAssumptions, provedBy } from '../../fix/proved';
import { volumeFiles, runsOnWindows, startGroup, startOf, type Start } from './start';

/** What `report.fix` takes beside the id. */
type FixParts = [operations: () => readonly Operation[], extras: FixExtras];

function remedyFor(container: ContainerOptions, start: Start): Remedy {
  const { owner, user, evidence, profile } = start;
  if (user.kind === 'root') return leave('needs-root', user.why);
  if (user.kind !== 'settable') {
    // as whom it starts is known then, and not what it needs
    const isConfigured = profile?.kind === 'configured';
    return leave(
      isConfigured ? 'needs-input' : 'unknown-image',
      doubtAgainst(evidence, 'user') ?? doubtAgainst(evidence, 'escalation') ?? undefined,
    );
  }
  const edit = userEdit(container, user.user);
  const assumes: Assumption[] = [{ id: 'own-files', data: { user: user.user } }, ...(provedBy(evidence, 'user') ?? [])];
  const seen = doubtAgainst(evidence, 'user') ?? owner;
  if (seen === null) return remedyOf(edit, { group: startGroup(container), assumes });
  const other = { id: 'other-user', data: { user: user.user, seen }, evidence: true as const };
  const { fix, noFix } = remedyOf(edit, { class: 'attended', assumes: [...assumes, other] });
  return { fix, noFix: noFix ?? { reason: 'attended', detail: seen } };
}

const userEdit = (container: ContainerOptions, user: string): Edit => {
  const written = ownSetting(container, 'user');
  return written ? container.edit.replace(written, user) : container.edit.set('user', user);
};

/** The user for a person who knows that a container does without root, though nothing says so, or something seems to need it; `null`: the file takes none. */
function anyway(container: ContainerOptions, { profile }: Start, { defaults }: RuleContext, { detail: seen }: NoFix): FixParts | null {
  const { uid, gid } = profile?.runAs.uid ? profile.runAs : defaults;
  const user = `${uid}:${gid ?? uid}`;
  const edit = userEdit(container, user);
  const assumption: Assumption =
    seen === undefined ? { id: 'guessed-user', data: { user } } : { id: 'other-user', data: { user, seen }, evidence: true };
  return typeof edit === 'function' ? [edit, { data: { user }, alone: true, assumes: [assumption] }] : null;
}

/** Whether the image is one that starts as root, although nobody knows who else it could start as. */
function isRootByImage({ profile, stage, untriedUser: user }: Start): boolean {
  return user.kind === 'unknown' && stage === null && profile?.defaultUser?.uid === 0;
}

/** The clients that a command starts a container with. */
const clients: ReadonlySet<string> = new Set(['docker', 'podman', 'nerdctl']);

/** Whether a script builds the image that it runs, from a Dockerfile that says its user. */
const isBuiltBefore = ({ isBuilt, runtime }: ContainerOptions): boolean => isBuilt && clients.has(runtime);

/** Whether a Dockerfile of the workspace may build the image, by its name: what it says of its user is reported there. */
const hasNamesake = ({ image }: ContainerOptions, { workspace }: RuleContext): boolean =>
  image?.reference?.invalid === null && workspace.namesakeOf(image.text!) !== null;

const userOf = ({ user }: Start): { readonly user: string } => ({ user: user.kind === 'settable' ? user.user : '' });

/** `root-user` but for what is a family's own. */
export const rootUser = {
  title: 'Container may run as root',
  severity: 'warning',
  category: 'privilege',
  profile: 'restricted',
  references: {
    cisDocker: ['4.1'],
    nist800190: ['3.4.3', '4.4.3'],
    mitre: ['T1611'],
    cwe: ['CWE-250'],
    links: ['https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html'],
  },
  messages: {
    root: { text: 'Container "{container}" runs as root' },
    image: { text: 'Container "{container}" starts as root, as {image} does by default' },
    unknown: { text: 'Container "{container}" may run as root: the user of its image is unknown', severity: 'hint' },
    group: { text: 'Container "{container}" is in the root group', severity: 'info' },
  },
  fixes: {
    user: { title: 'Run as user {user}', class: 'review' },
    anyway: { title: 'Run as user {user}, if nothing in the container needs root', class: 'attended' },
  },
  assumptions: {
    ...provedAssumptions,
    'own-files': volumeFiles,
    'guessed-user': 'Container "{container}" can run as user {user}: nothing indicates that its image needs root',
    'other-user': 'Container "{container}" can run as user {user}, although {seen}',
  },
  on: {
    container(
      container: ContainerOptions,
      report: Report<'root' | 'image' | 'unknown' | 'group', 'user' | 'anyway'>,
      context: RuleContext,
    ): void {
      if (container.get('privileged')?.value === true || runsOnWindows(container, context)) return;
      const start = startOf(container, context);
      const { profile, stage, untriedUser: user } = start;
      const written = ownSetting(container, 'user');
      const remedy = (): ReturnType<typeof report.remedy> => {
        const found = remedyFor(container, start);
        const other = found.fix === null && found.noFix ? anyway(container, start, context, found.noFix) : null;
        return [...report.remedy('user', found, userOf(start)), ...(other ? [report.fix('anyway', ...other)] : [])];
      };
      // what somebody starts for a moment and as root, since it does what only root can
      const isAsked =
        user.kind === 'root' && user.why.seen === 'program-needs-root' && (container.purpose === 'one-shot' || isTaskAlone(container));
      if (written && isRoot(written.value)) {
        if (!isAsked) report(written.range, 'root', {}, ...remedy());
      } else if (written && /:(?:0+|root)$/.test(written.value) && profile?.runAs.gid !== 0) report(written.range, 'group');
      else if (container.lacks('user')) {
        // of an image that is built here its Dockerfile is told, and what changes its user by itself is root for a moment only
        if (profile && (user.kind === 'settable' || user.kind === 'root' || isRootByImage(start)))
          report(container.reportRange, 'image', { image: profile.name }, ...remedy());
        else if (user.kind === 'unknown' && stage === null && !isBuiltBefore(container) && !hasNamesake(container, context))
          report(container.reportRange, 'unknown', {}, ...remedy());
      }
      for (const { value, range } of ownItems(container, 'groupAdd')) if (isRoot(value)) report(range, 'group');
    },
  },
} as const;
