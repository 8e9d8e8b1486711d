import type { ContainerOptions } from '../../container/types';
import { noFix, type Report } from '../../define-rule';
import { isWithinPath, normalizeHostPath } from '../../../knowledge/host-paths';
import { dangerOf, holdsCredentials, hostMountsOf, socketIn, type HostMount } from './host-mounts';
import { watchesHost } from './watches-host';

type MessageId = 'path' | 'read-only' | 'watched' | 'program' | 'read-program' | 'accounts' | 'credentials' | 'read-credentials';

/** What is to be said of a mount, and why it is dangerous; `null`: nothing. */
function messageOf({ mount, source }: HostMount, container: ContainerOptions): readonly [MessageId, why: string] | null {
  const { readOnly } = mount;
  if (socketIn(source)) return null;
  if (holdsCredentials(source)) return [readOnly ? 'read-credentials' : 'credentials', ''];
  const danger = dangerOf(source, readOnly);
  if (!danger) return null;
  if (danger.program) return [readOnly ? 'read-program' : 'program', ''];
  if (!readOnly) return ['path', danger.why];
  if (/^\/etc\/(?:passwd|group)$/.test(normalizeHostPath(source))) return ['accounts', ''];
  return [watchesHost(container) ? 'watched' : 'read-only', danger.why];
}

/** Mounts that others are compared with. */
const mostAround = 20;

/** What is said of the whole file system of the host as well. */
const plain: ReadonlySet<MessageId> = new Set<MessageId>(['path', 'read-only', 'watched']);

function isAround(outer: HostMount, inner: HostMount): boolean {
  return (
    outer.source !== inner.source &&
    isWithinPath(inner.source, outer.source.replace(/\/$/, '')) &&
    (inner.mount.readOnly || !outer.mount.readOnly)
  );
}

/** `sensitive-host-mount` but for what is a family's own. */
export const sensitiveHostMount = {
  title: 'Sensitive host path mounted',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: {
    cisDocker: ['5.6'],
    nist800190: ['3.4.3', '3.4.5', '4.4.3', '4.4.5'],
    mitre: ['T1611'],
    cwe: ['CWE-552', 'CWE-668'],
  },
  messages: {
    path: { text: 'Container "{container}" can change {path} on the host: {why}' },
    'read-only': { text: 'Container "{container}" can read {path} on the host: {why}' },
    watched: { text: 'Container "{container}" can read {path} on the host, as monitoring programs do: {why}', severity: 'info' },
    program: { text: 'Container "{container}" can change {path}, which is part of its host\'s configuration', severity: 'warning' },
    'read-program': { text: 'Container "{container}" can read {path}, which is part of the host configuration', severity: 'info' },
    accounts: { text: 'Container "{container}" can see the host\'s user accounts', severity: 'info' },
    credentials: { text: '{path} contains personal keys, and container "{container}" can change them' },
    'read-credentials': { text: '{path} contains personal keys, and container "{container}" can read them', severity: 'warning' },
  },
  on: {
    container(container: ContainerOptions, report: Report<MessageId, never>): void {
      const isPrivileged = container.get('privileged')?.value === true;
      const mounts = hostMountsOf(container);
      const around = mounts.filter(({ source }) => holdsCredentials(source) || normalizeHostPath(source) === '/');
      for (const mount of mounts) {
        const [messageId, why] = messageOf(mount, container) ?? [];
        if (messageId === undefined) continue;
        // what is around it is reported as no less, and mounted no less freely
        const isSaid = (outer: HostMount): boolean => isAround(outer, mount) && (holdsCredentials(outer.source) || plain.has(messageId));
        if (around.slice(0, mostAround).some(isSaid)) continue;
        // what is privileged has the host's /sys, and may write to it, as is said there
        if (isPrivileged && isWithinPath(normalizeHostPath(mount.source), '/sys')) continue;
        const left = noFix('manual', 'the decision depends on what the container is for');
        report(mount.mount.sourceRange, messageId, { path: mount.source, ...(why !== '' && why !== undefined && { why }) }, left);
      }
    },
  },
} as const;
