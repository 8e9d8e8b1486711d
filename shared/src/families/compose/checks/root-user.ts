import { remedyOf } from '../../../container/edits';
import type { ContainerOptions } from '../../../container/types';
import { noFix, type Report, type RuleContext } from '../../../rule/define-rule';
import { containerGroup, isRoot, runningImage, runningUser, runsOnWindows } from './running';

/** `root-user` but for what is a family's own. */
export const rootUser = {
  title: 'Container may run as root',
  severity: 'warning',
  category: 'privilege',
  profile: 'restricted',
  references: {
    cisDocker: ['4.1'],
    nist800190: ['3.4.3', '4.4.3'],
    cwe: ['CWE-250'],
    links: ['https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html'],
  },
  messages: {
    root: { text: 'Container "{container}" runs as root' },
    image: { text: 'Container "{container}" runs as root, as {image} does unless it is told otherwise' },
    unknown: { text: 'Nothing says that "{container}" does not run as root', severity: 'info' },
    group: { text: 'Container "{container}" is in the group of root', severity: 'info' },
  },
  fixes: { user: { title: 'Run as {user}', class: 'review' } },
  assumptions: { 'own-files': 'What is in its volumes already belongs to {user}, as in volumes that are new' },
  on: {
    container(container: ContainerOptions, report: Report<'root' | 'image' | 'unknown' | 'group', 'user'>, context: RuleContext): void {
      if (container.get('privileged')?.value === true || runsOnWindows(container, context)) return;
      const { profile, stage, root } = runningImage(container, context);
      const written = container.get('user');
      const user = runningUser(container, context);
      const fixes = (range = written) => {
        if (user.kind === 'root') return [noFix('needs-root', user.why)];
        if (user.kind !== 'settable') return [noFix('unknown-image')];
        const edit = range ? container.edit.replace(range, user.user) : container.edit.set('user', user.user);
        const data = { user: user.user };
        return report.remedy('user', remedyOf(edit, { assumes: [{ id: 'own-files', data }], group: containerGroup(container) }), data);
      };
      if (written) {
        if (written.inherited || written.value === null) return;
        if (isRoot(written.value)) report(written.range, 'root', {}, ...fixes());
        else if (/:(?:0+|root)$/.test(written.value)) report(written.range, 'group', {});
      } else if (container.lacks('user') && root === null) {
        // a Dockerfile without USER is reported there
        if (user.kind === 'settable' || (user.kind === 'root' && profile))
          report(container.reportRange, 'image', { image: profile?.name ?? '' }, ...fixes(null));
        else if (user.kind === 'unknown' && !stage) report(container.reportRange, 'unknown', {}, noFix('unknown-image'));
      }
      for (const group of container.list('groupAdd').items) {
        if (!group.inherited && group.value !== null && isRoot(group.value)) report(group.range, 'group', {});
      }
    },
  },
} as const;
