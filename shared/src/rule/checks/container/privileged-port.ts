import { ownItems, type ContainerOptions } from '../../container/types';
import { noFix, type Report } from '../../define-rule';

/** Images whose business is to be reached by SSH. */
const servesSsh = /git(?:ea|lab|olite|-server)?(?:$|[/:-])|forgejo|gogs|bitbucket|gerrit|sftp|ssh|rsync|borg|soft-serve|bastion|teleport/i;

/** `privileged-port` but for what is a family's own. */
export const privilegedPort = {
  title: 'Privileged or SSH port published',
  severity: 'info',
  category: 'network',
  profile: 'strict',
  references: { cisDocker: ['5.7', '5.8'], nist800190: ['3.4.2', '3.4.3', '4.4.2', '4.4.3'], cwe: ['CWE-668'] },
  messages: {
    privileged: { text: 'Only root can open port {port} on the host' },
    ssh: {
      text: 'Container "{container}" is reachable over SSH: use "exec" instead, which needs no SSH server',
      severity: 'warning',
      profile: 'recommended',
    },
  },
  on: {
    container(container: ContainerOptions, report: Report<'privileged' | 'ssh', never>): void {
      for (const { value } of ownItems(container, 'ports')) {
        const { host, container: inside, hostRange, protocol } = value;
        if (inside?.first === 22 && protocol === 'tcp' && !servesSsh.test(container.image?.text ?? container.name))
          report(hostRange, 'ssh', {}, noFix('no-fix'));
        else if (host && host.first < 1024 && host.first > 0) report(hostRange, 'privileged', { port: host.first }, noFix('no-fix'));
      }
    },
  },
} as const;
