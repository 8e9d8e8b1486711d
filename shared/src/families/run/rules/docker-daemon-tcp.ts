import { defineRule, noFix } from '../../../rule/define-rule';
import { plainDaemons } from '../model/daemons';

export const rule = defineRule({
  id: 'run/docker-daemon-tcp',
  title: 'Docker API over unencrypted TCP',
  severity: 'error',
  category: 'access',
  profile: 'baseline',
  references: { nist800190: ['3.5.2', '4.5.2'], mitre: ['T1610'], cwe: ['CWE-319', 'CWE-306'] },
  messages: {
    tcp: { text: 'Anyone who can reach {address} can act as root on that host and read the traffic to it' },
    local: { text: 'Every program on this machine that can reach {address} can act as root on the machine', severity: 'warning' },
  },
  on: {
    client({ client }, report) {
      for (const { address, range, isLocal } of plainDaemons(client))
        report(range, isLocal ? 'local' : 'tcp', { address }, noFix('manual', 'TLS on port 2376, or ssh:// instead'));
    },
  },
});
