import { remedyOf } from '../../container/edits';
import { ownSetting, type ContainerOptions } from '../../container/types';
import { noFix, type Report, type RuleContext } from '../../rule/define-rule';
import { startOf } from './start';

/** Images that bring a check of their own. */
const checked =
  /(?:^|\/)(?:gitlab-[ce]e|vaultwarden\/server|nextcloud-aio[\w-]*|linuxserver\/[\w-]+|keycloak|portainer|pihole|mailserver|traefik\/whoami)(?:[:@]|$)/;

/** Whether the image of a container may have a health check: it is built here, nothing is known of it, or it is one that has. */
function mayHaveOne(container: ContainerOptions, context: RuleContext): boolean {
  const text = container.image?.text ?? null;
  return text === null || checked.test(text) || startOf(container, context).stage !== null;
}

/** `missing-healthcheck` but for what is a family's own. */
export const missingHealthcheck = {
  title: 'No health check',
  severity: 'info',
  category: 'reliability',
  profile: 'recommended',
  references: { cisDocker: ['5.27'] },
  messages: {
    disabled: { text: 'The health check of container "{container}" is switched off' },
    missing: { text: 'Nothing tells whether container "{container}" still answers', severity: 'hint', profile: 'strict' },
  },
  fixes: { enable: { title: 'Keep the health check of the image', class: 'attended' } },
  on: {
    container(container: ContainerOptions, report: Report<'disabled' | 'missing', 'enable'>, context: RuleContext): void {
      const off = ownSetting(container, 'noHealthcheck');
      const test = ownSetting(container, 'healthTest');
      if (off?.value) report(off.range, 'disabled', {}, ...report.remedy('enable', remedyOf(container.edit.remove(off))));
      else if (test && /^NONE\b/.test(test.value))
        report(test.range, 'disabled', {}, ...report.remedy('enable', remedyOf(container.edit.remove(test))));
      else if (container.lacks('healthTest') && container.lacks('noHealthcheck') && !mayHaveOne(container, context))
        report(container.reportRange, 'missing', {}, noFix('manual'));
    },
  },
} as const;
