import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import { fileGroup } from '../../fix/types';
import { findImageProfile } from '../../knowledge/image-profiles';
import type { Report } from '../../rule/define-rule';
import { hostMountOf } from './host-mounts';

const configuration = /\.(?:conf|cnf|cfg|ini|json|toml|ya?ml|xml|properties|pem|crt|key|env|sql|html)$|\/conf\.d$/i;
const folder =
  /^\/etc\/(?!.*\/data(?:\/|$))|\/conf\.d(?:\/|$)|^\/docker-entrypoint-initdb\.d(?:\/|$)|^\/usr\/share\/nginx\/html|\/certs?(?:\/|$)/;
const time = /^\/etc\/(?:localtime|timezone)$/;

/** `writable-host-mount` but for what is a family's own. */
export const writableHostMount = {
  title: 'Configuration mounted writable',
  severity: 'info',
  category: 'isolation',
  profile: 'strict',
  references: { nist800190: ['3.4.4', '4.4.4'], cwe: ['CWE-732'] },
  messages: {
    writable: { text: 'Whoever breaks into container "{container}" can change {source} on the host' },
    time: { text: 'Container "{container}" only reads {source}' },
  },
  fixes: {
    'read-only': { title: 'Mount it read-only', class: 'review' },
    time: { title: 'Mount it read-only', class: 'safe' },
  },
  assumptions: { 'only-reads': 'Container "{container}" does not change {source}' },
  on: {
    container(container: ContainerOptions, report: Report<'writable' | 'time', 'read-only' | 'time'>): void {
      const reference = container.image?.reference?.invalid === null ? container.image.reference : null;
      const writes = (reference && findImageProfile(reference)?.writablePaths) ?? [];
      for (const item of container.list('mounts').items) {
        const host = hostMountOf(item);
        if (!host || host.mount.readOnly || host.mount.target === null) continue;
        const { source, mount } = host;
        const edit = container.edit.makeReadOnly(item);
        if (time.test(source)) {
          report(mount.sourceRange, 'time', { source }, ...report.remedy('time', remedyOf(edit)));
          continue;
        }
        const target = mount.target ?? '';
        const isConfiguration = configuration.test(source) || (folder.test(target) && !/^\.{1,2}$/.test(source));
        if (!isConfiguration || writes.some(({ path }) => target === path || target.startsWith(`${path}/`))) continue;
        const remedy = remedyOf(edit, { assumes: [{ id: 'only-reads', data: { source } }], group: `${fileGroup}mounts` });
        report(mount.sourceRange, 'writable', { source }, ...report.remedy('read-only', remedy));
      }
    },
  },
} as const;
