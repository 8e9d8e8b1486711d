import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import { leave, type Remedy } from '../../fix/remedy';
import type { Report, RuleContext } from '../../rule/define-rule';
import { fixedUser, startGroup, startOf, uidOf, type Start } from './start';

function remedyFor(container: ContainerOptions, start: Start): Remedy {
  const { boundData, doubt, runAs } = start;
  if (doubt !== null) return leave('needs-root', doubt);
  if (boundData !== null) return leave('needs-root', `${boundData} is a folder of the host, which belongs to root when it is new`);
  const user = fixedUser(container, start);
  if (!user) return leave('unknown-image', runAs.kind === 'unknown' ? (runAs.detail ?? undefined) : undefined);
  const edit = container.edit.set('user', `${user.uid}:${user.gid}`);
  return remedyOf(edit, { group: startGroup(container), assumes: [{ id: 'own-user', data: { uid: user.uid } }] });
}

/** `root-user` but for what is a family's own. */
export const rootUser = {
  title: 'Container may run as root',
  severity: 'warning',
  category: 'privilege',
  profile: 'restricted',
  references: { cisDocker: ['4.1'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1611'], cwe: ['CWE-250'] },
  messages: {
    root: { text: 'Container "{container}" runs as root' },
    missing: { text: 'Container "{container}" starts as root: its image has no other user' },
    unknown: { text: 'Container "{container}" may run as root: nothing says which user its image has', severity: 'info' },
    group: { text: 'Container "{container}" belongs to the group of root', severity: 'info' },
  },
  fixes: { user: { title: "Run as the image's own user", class: 'review' } },
  assumptions: { 'own-user': 'User {uid} may write whatever container "{container}" writes, in its volumes too' },
  on: {
    container(container: ContainerOptions, report: Report<'root' | 'missing' | 'unknown' | 'group', 'user'>, context: RuleContext): void {
      const user = container.get('user');
      const start = startOf(container, context);
      if (user?.text != null && uidOf(user.text) === 0)
        report(user.range, 'root', {}, ...report.remedy('user', remedyFor(container, start)));
      else if (user?.text != null && /^[^:]{1,60}:(?:0|root)$/.test(user.text) && start.profile?.runAs.gid !== 0)
        report(user.range, 'group');
      for (const { value, range } of container.list('groupAdd').items) if (value === '0' || value === 'root') report(range, 'group');
      if (!container.lacks('user') || container.get('privileged')?.value === true) return;
      // of an image that is built here its Dockerfile is told
      if (start.uid === 0 && start.stage === null)
        report(container.reportRange, 'missing', {}, ...report.remedy('user', remedyFor(container, start)));
      else if (start.uid === null && start.stage === null && start.profile?.defaultUser == null && container.image?.text != null)
        report(container.reportRange, 'unknown', {}, ...report.remedy('user', leave('unknown-image')));
    },
  },
} as const;
