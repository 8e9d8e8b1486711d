import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import { fileGroup } from '../../fix/types';
import { isWithinPath } from '../../../knowledge/host-paths';
import type { Report, RuleContext } from '../../define-rule';
import { dangerOf, hostMountsOf, socketIn } from './host-mounts';
import { startOf } from './start';

const configuration = /\.(?:conf|cnf|cfg|ini|json|toml|ya?ml|xml|properties|pem|crt|key|env|sql|html?|tmpl|rules|lua)$|\/conf\.d$/i;
const folder =
  /^\/etc\/(?!.*\/data(?:\/|$))|\/conf(?:ig)?\.d(?:\/|$)|^\/docker-entrypoint-initdb\.d(?:\/|$)|^\/usr\/share\/nginx\/html|\/certs?(?:\/|$)/;
/** The folder of a project, or of its sources. */
const sources = /^\.{1,2}\/?$|^\.?\/?(?:src|app)\/?$/;
const time = /^\/(?:etc\/(?:localtime|timezone)|usr\/share\/zoneinfo(?:\/.*)?)$/;

/** `writable-host-mount` but for what is a family's own. */
export const writableHostMount = {
  title: 'Configuration mounted as writable',
  severity: 'info',
  category: 'isolation',
  profile: 'strict',
  references: { nist800190: ['3.4.4', '4.4.4'], cwe: ['CWE-732'] },
  messages: {
    configuration: { text: '{source} is configuration that container "{container}" can change on the host' },
    time: { text: 'Container "{container}" can change {source} on the host', severity: 'warning', profile: 'recommended' },
  },
  fixes: {
    'read-only': { title: 'Mount the host path read-only', class: 'review' },
    time: { title: 'Mount the host path read-only', class: 'safe' },
  },
  assumptions: { 'only-reads': 'Container "{container}" does not change {source}' },
  on: {
    container(container: ContainerOptions, report: Report<'configuration' | 'time', 'read-only' | 'time'>, context: RuleContext): void {
      for (const { item, mount, source } of hostMountsOf(container)) {
        const { target, sourceRange } = mount;
        if (mount.readOnly || target === null) continue;
        if (time.test(source)) {
          report(sourceRange, 'time', { source }, ...report.remedy('time', remedyOf(container.edit.makeReadOnly(item))));
          continue;
        }
        const isConfiguration = configuration.test(source) || (folder.test(target) && !sources.test(source));
        if (!isConfiguration || socketIn(source) || dangerOf(source, false)) continue;
        const writes = startOf(container, context).profile?.writablePaths ?? [];
        if (writes.some(({ path }) => isWithinPath(target, path))) continue;
        const extras = { assumes: [{ id: 'only-reads', data: { source } }], group: `${fileGroup}mounts` };
        report(
          sourceRange,
          'configuration',
          { source },
          ...report.remedy('read-only', remedyOf(container.edit.makeReadOnly(item), extras)),
        );
      }
    },
  },
} as const;
