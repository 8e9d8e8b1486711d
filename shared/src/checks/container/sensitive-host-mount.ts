import type { ContainerOptions } from '../../container/types';
import { noFix, type Report } from '../../rule/define-rule';
import { normalizeHostPath } from '../../knowledge/host-paths';
import { dangerOf, holdsCredentials, hostMountOf, isCommonFile, socketIn } from './host-mounts';

/** `sensitive-host-mount` but for what is a family's own. */
export const sensitiveHostMount = {
  title: 'Sensitive host path mounted',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: { cisDocker: ['5.6'], nist800190: ['3.4.5', '4.4.5'], mitre: ['T1611'], cwe: ['CWE-668'] },
  messages: {
    path: { text: 'Container "{container}" can change {path} of its host: {why}' },
    'read-only': { text: 'Container "{container}" can read {path} of its host: {why}', severity: 'warning' },
    configuration: { text: 'Container "{container}" gets {path}: configuration of its host', severity: 'warning' },
    accounts: { text: 'Container "{container}" sees the accounts of its host', severity: 'info' },
    credentials: { text: '{path} holds keys of a person, and container "{container}" can change them' },
    'read-credentials': { text: '{path} holds keys of a person, and container "{container}" can read them', severity: 'warning' },
  },
  on: {
    container(
      container: ContainerOptions,
      report: Report<'path' | 'read-only' | 'configuration' | 'accounts' | 'credentials' | 'read-credentials', never>,
    ): void {
      for (const item of container.list('mounts').items) {
        const host = hostMountOf(item);
        if (!host || isCommonFile(host.source) || socketIn(host.source)) continue;
        const { source, mount } = host;
        const { readOnly, sourceRange } = mount;
        const left = noFix('manual', 'what the container is for decides');
        if (holdsCredentials(source)) {
          report(sourceRange, readOnly ? 'read-credentials' : 'credentials', { path: source }, left);
          continue;
        }
        const danger = dangerOf(source);
        if (danger === null) continue;
        const isAccounts = readOnly && /^\/etc\/(?:passwd|group)$/.test(normalizeHostPath(source));
        if (isAccounts) report(sourceRange, 'accounts', {}, left);
        else if (danger.own) report(sourceRange, 'configuration', { path: source }, left);
        else report(sourceRange, readOnly ? 'read-only' : 'path', { path: source, why: danger.why }, left);
      }
    },
  },
} as const;
