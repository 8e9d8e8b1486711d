import { joined, remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import { isWithinPath, normalizeHostPath, pathAround } from '../../../knowledge/host-paths';
import { leave, type Remedy } from '../../fix/remedy';
import type { Report, RuleContext } from '../../define-rule';
import { doubtAgainst } from '../../../evidence/evidence';
import { hasKnownWrites } from '../../../evidence/image-witness';
import { isTemporary } from '../../../evidence/engine-start';
import { provedAssumptions, provedBy } from '../../fix/proved';
import { runsOnWindows, startGroup, startOf, isSpill, unpacksPrograms, type Start } from './start';

/** Folders that everybody may write to in the images that have them. */
const open = /^\/(?:tmp|var\/tmp|var\/lock)$|\/(?:postgresql|mysqld)$/;

/** What Podman mounts by itself on a read-only root file system. */
const podman: ReadonlySet<string> = new Set(['/tmp', '/run', '/var/tmp', '/dev/shm']);

/** What a container writes to beside its mounts. */
interface Writes {
  /** The folders that need a tmpfs. */
  readonly tmpfs: readonly string[];
  /** The folders that a trial gave new volumes. */
  readonly volumes: readonly string[];
  /** A folder that no tmpfs can stand for: it has files of the image, or keeps data; `null`: none is known. */
  readonly kept: string | null;
  /** Whether it is known what the image writes. */
  readonly known: boolean;
}

function writesOf(container: ContainerOptions, { profile, stage, keepsEntryPoint, evidence }: Start): Writes {
  const mounted = [...container.list('mounts').items, ...container.list('tmpfs').items].flatMap(({ value }) => value?.target ?? []);
  const volumes = [...(profile?.volumes ?? []), ...(stage?.volumes ?? []).map(({ target }) => target)];
  const inside = [...mounted, ...volumes];
  const targets = inside.map(normalizeHostPath);
  const facts = evidence.trial?.facts.readOnly ? evidence.trial.facts : null;
  const isProved = facts !== null;
  const tried = new Map((facts?.folders ?? []).map(folder => [folder.path, folder]));
  const known = isProved || hasKnownWrites(profile, keepsEntryPoint);
  const folders = [...(known ? [] : [{ path: '/tmp', filled: false }]), ...evidence.writes].filter(
    ({ path }) => !targets.some(target => isWithinPath(normalizeHostPath(path), target)),
  );
  const proved = folders.flatMap(({ path }) => (tried.get(path)?.kind === 'volume' ? path : []));
  const wanted = folders
    .filter(({ path, filled }) => !filled && isTemporary(path))
    .map(({ path }) => pathAround(path, inside))
    .filter(path => !(container.runtime === 'podman' && podman.has(normalizeHostPath(path))));
  const paths = [...new Set(wanted)].sort((a, b) => Number(b === '/tmp') - Number(a === '/tmp'));
  return {
    tmpfs: isProved ? paths : paths.filter(path => !paths.some(other => other !== path && isWithinPath(path, other))),
    volumes: proved,
    // a volume with the program in it would keep that as it is, whatever later images have
    kept:
      folders.find(({ path, filled }) =>
        tried.get(path)?.kind === 'volume' ? tried.get(path)?.isProgram === true : filled || !isTemporary(path),
      )?.path ?? null,
    known,
  };
}

/**
 * The options that let the user of a container write to a tmpfs. It is root's, with the mode of the folder that it covers; where there is none, everybody
 * may write to it, but for runc 1.2.8 and 1.3.3. Older ones of runc take the mode of the folder even over one that is given, so an owner is surer.
 */
function accessTo(path: string, container: ContainerOptions, { profile, user }: Start): string {
  const isThere = profile !== null && profile.os !== null && profile.os !== 'scratch';
  if (user.kind === 'root' || (open.test(path) && isThere)) return '';
  // Podman copies what is in the folder, its mode too, and refuses numbers
  if (container.runtime === 'podman') return ',U';
  if (user.kind === 'unknown' || user.uid === null || open.test(path)) return ',mode=1777';
  return `,uid=${user.uid},gid=${user.gid ?? user.uid}`;
}

function remedyFor(container: ContainerOptions, start: Start, context: RuleContext): Remedy {
  const obstacle = container.writesAtStart();
  if (obstacle !== null) return leave('no-fix', obstacle);
  const doubt = doubtAgainst(start.evidence, 'files');
  const { tmpfs, volumes, kept, known } = writesOf(container, start);
  const proved = provedBy(start.evidence, 'files');
  const size = context.defaults.tmpfsSize;
  const closed = tmpfs.filter(path => !unpacksPrograms(start, path));
  const entries = tmpfs.map(path => {
    const exec = closed.includes(path) ? 'noexec' : 'exec';
    return `${path}:${exec},nosuid,nodev,size=${size}${accessTo(path, container, start)}`;
  });
  const keeping = volumes.length === 0 ? null : container.edit.keep(volumes);
  const edit = joined([
    container.edit.set('readOnly', true),
    ...(entries.length === 0 ? [] : [container.edit.append('tmpfs', entries)]),
    ...(keeping === null ? [] : [keeping]),
  ]);
  const lost = kept ?? (keeping === null ? (volumes[0] ?? null) : null);
  const paths = tmpfs.length === 0 ? 'its mounts' : `${tmpfs.join(', ')} and its mounts`;
  const assumes = [
    ...(proved ?? []),
    ...(known ? [] : [{ id: 'writes-only', data: { paths } }]),
    ...(tmpfs.length === 0 ? [] : [{ id: 'fits-size', data: { size } }]),
    ...(closed.length === 0 ? [] : [{ id: 'runs-nothing', data: { paths: closed.join(', ') } }]),
    ...(keeping === null ? [] : [{ id: 'in-volumes', data: { paths: volumes.join(', ') } }]),
    ...(lost === null ? [] : [{ id: 'keeps-nothing', data: { path: lost }, evidence: true as const }]),
    ...(doubt === null ? [] : [{ id: 'writes-nothing', data: { seen: doubt }, evidence: true as const }]),
  ];
  const asks = lost !== null || tmpfs.some(path => isSpill(path, start, container));
  if (doubt === null) return remedyOf(edit, { assumes, group: startGroup(container), ...(asks && { class: 'attended' }) });
  const { fix, noFix } = remedyOf(edit, { assumes, class: 'attended' });
  return { fix, noFix: noFix ?? { reason: 'attended', detail: doubt } };
}

/** `writable-root-filesystem` but for what is a family's own. */
export const writableRootFilesystem = {
  title: 'Writable root filesystem',
  severity: 'info',
  category: 'privilege',
  profile: 'recommended',
  references: {
    cisDocker: ['5.13'],
    nist800190: ['3.4.4', '4.4.4'],
    mitre: ['T1525'],
    cwe: ['CWE-732'],
    links: ['https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html'],
  },
  messages: { writable: { text: 'Container "{container}" can change its own programs: its root filesystem is writable' } },
  fixes: { 'read-only': { title: 'Make the root filesystem read-only, with a tmpfs for written paths', class: 'review' } },
  assumptions: {
    ...provedAssumptions,
    'writes-only': 'Container "{container}" writes only to {paths}',
    'fits-size': 'The data that the container writes to each tmpfs fits in {size}',
    'in-volumes':
      'New volumes for {paths} keep both the data written there and the files copied from the first image, even when the image is updated',
    'runs-nothing': 'The container does not run programs or load libraries from {paths}',
    'writes-nothing': 'Container "{container}" writes to no path outside its mounts, although {seen}',
    'keeps-nothing': 'The container does not write to {path}, which contains data or files from the image',
  },
  on: {
    container(container: ContainerOptions, report: Report<'writable', 'read-only'>, context: RuleContext): void {
      if (container.get('privileged')?.value === true || runsOnWindows(container, context)) return;
      const setting = container.get('readOnly');
      if (setting ? setting.value !== false || setting.inherited : !container.lacks('readOnly')) return;
      const remedy = remedyFor(container, startOf(container, context), context);
      report(setting?.range ?? container.reportRange, 'writable', {}, ...report.remedy('read-only', remedy));
    },
  },
} as const;
