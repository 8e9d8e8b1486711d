import { joined, remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import { isWithinPath, normalizeHostPath } from '../../knowledge/host-paths';
import type { Remedy } from '../../fix/remedy';
import type { Report, RuleContext } from '../../rule/define-rule';
import { fixedUser, isTemporary, startGroup, startOf, unpacksPrograms, type Start } from './start';

/** Folders that everybody may write in the image, so that a tmpfs, which takes their mode, needs no owner. */
const open: ReadonlySet<string> = new Set(['/tmp', '/var/tmp', '/var/run/postgresql', '/var/run/mysqld', '/run/mysqld', '/var/lock']);

/** What Podman mounts by itself on a read-only root file system. */
const podman: ReadonlySet<string> = new Set(['/tmp', '/run', '/var/tmp', '/dev/shm']);

/** The folders that need a tmpfs, and one that the image writes and that no tmpfs can stand for. */
function foldersOf(
  container: ContainerOptions,
  { profile, stage }: Start,
): { readonly tmpfs: readonly string[]; readonly kept: string | null } {
  const covered = [...container.list('mounts').items, ...container.list('tmpfs').items].flatMap(({ value }) => value?.target ?? []);
  const isCovered = (path: string): boolean =>
    [...covered, ...(profile?.volumes ?? [])].some(target => isWithinPath(normalizeHostPath(path), normalizeHostPath(target)));
  const known = profile?.kind === 'server' && stage === null;
  const writes = (profile?.writablePaths ?? []).filter(({ path }) => !isCovered(path));
  const own = (stage?.folders ?? []).filter(({ path }) => !isCovered(path));
  const wanted = [
    ...(known ? [] : ['/tmp']),
    ...writes.filter(({ path, hasContent }) => !hasContent && isTemporary(path)).map(({ path }) => path),
    ...own.filter(({ path, filled }) => !filled && isTemporary(path)).map(({ path }) => path),
  ];
  const sorted = [...new Set(wanted)].sort((a, b) => Number(b === '/tmp') - Number(a === '/tmp'));
  const tmpfs = sorted.filter(path => !isCovered(path) && !(container.runtime === 'podman' && podman.has(normalizeHostPath(path))));
  const kept =
    writes.find(({ path, hasContent }) => hasContent || !isTemporary(path))?.path ??
    own.find(({ path, filled }) => filled || !isTemporary(path))?.path;
  return { tmpfs, kept: kept ?? null };
}

function remedyFor(container: ContainerOptions, start: Start, { defaults }: RuleContext): Remedy {
  const { profile, doubt, uid } = start;
  const { tmpfs, kept } = foldersOf(container, start);
  const user = fixedUser(container, start) ?? (uid === null || uid === 0 ? null : { uid, gid: profile?.runAs.gid ?? uid });
  const size = `size=${defaults.tmpfsSize}`;
  const entries = tmpfs.map(path => {
    const exec = unpacksPrograms(start, path) ? 'exec' : 'noexec';
    const owner = user && !open.has(path) ? `,uid=${user.uid},gid=${user.gid}` : '';
    return `${path}:${exec},nosuid,nodev,${size}${owner}`;
  });
  const edit = joined([container.edit.set('readOnly', true), ...(entries.length === 0 ? [] : [container.edit.append('tmpfs', entries)])]);
  const paths = tmpfs.length === 0 ? 'its volumes' : `${tmpfs.join(', ')} and its volumes`;
  const assumes = [
    { id: 'writes-only', data: { paths } },
    ...(tmpfs.length === 0 ? [] : [{ id: 'fits-size', data: { size: defaults.tmpfsSize } }]),
  ];
  const seen = doubt ?? (kept === null ? null : `the image writes to ${kept}`);
  if (seen === null) return remedyOf(edit, { assumes, group: startGroup(container) });
  const { fix, noFix } = remedyOf(edit, { assumes, class: 'attended' });
  return { fix, noFix: noFix ?? { reason: 'unknown-image', detail: seen } };
}

/** `writable-root-filesystem` but for what is a family's own. */
export const writableRootFilesystem = {
  title: 'Root file system is writable',
  severity: 'warning',
  category: 'privilege',
  profile: 'recommended',
  references: { cisDocker: ['5.13'], nist800190: ['3.4.4', '4.4.4'], mitre: ['T1525'], cwe: ['CWE-732'] },
  messages: { writable: { text: 'Whoever breaks into container "{container}" can change its programs' } },
  fixes: { 'read-only': { title: 'Make it read-only, with a tmpfs for what is written', class: 'review' } },
  assumptions: {
    'writes-only': 'Container "{container}" writes to {paths}, and nowhere else',
    'fits-size': 'What it writes there fits into {size}',
  },
  on: {
    container(container: ContainerOptions, report: Report<'writable', 'read-only'>, context: RuleContext): void {
      const setting = container.get('readOnly');
      if (setting ? setting.value !== false : !container.lacks('readOnly')) return;
      if (
        container.get('privileged')?.value === true ||
        /^windows\b/.test(container.get('platform')?.value ?? '') ||
        container.get('isolation')
      )
        return;
      const start = startOf(container, context);
      if (start.profile?.os === 'windows') return;
      report(setting?.range ?? container.reportRange, 'writable', {}, ...report.remedy('read-only', remedyFor(container, start, context)));
    },
  },
} as const;
