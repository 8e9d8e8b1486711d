import { ownItems } from '../../../rule/container/types';
import { defineRule, noFix } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'compose/docker-daemon-tcp',
  supersedes: ['compose/published-on-all-interfaces'],
  title: 'Docker API over unencrypted TCP',
  severity: 'error',
  category: 'access',
  profile: 'baseline',
  references: {
    nist800190: ['3.4.3', '4.4.3'],
    cwe: ['CWE-306', 'CWE-319'],
    links: ['https://docs.docker.com/engine/security/protect-access/'],
  },
  messages: {
    published: { text: 'The Docker API is published without TLS: anyone who can reach it has root access to the host' },
    open: {
      text: 'The Docker API listens without TLS: anyone who can reach it has root access where the daemon runs',
      severity: 'warning',
    },
    client: {
      text: 'Docker is used over plain TCP: anyone on the network path has root access to the machine where the daemon runs',
      severity: 'warning',
    },
  },
  on: {
    container(container, report) {
      const port = ownItems(container, 'ports').find(
        ({ value: { container: inside } }) => inside && inside.first <= 2375 && inside.last >= 2375,
      );
      if (port) return report(port.value.hostRange, 'published', {}, noFix('manual'));
      const isDind = /(?:^|\/)docker:[^/]*dind/.test(container.image?.text ?? '');
      for (const { value: pair, range } of ownItems(container, 'env')) {
        const value = pair.value ?? '';
        if (isDind && pair.name === 'DOCKER_TLS_CERTDIR' && pair.value === '') report(range, 'open', {}, noFix('manual'));
        if (pair.name === 'DOCKER_HOST' && /^tcp:\/\/.*:2375\b/.test(value) && !/proxy/i.test(value))
          report(range, 'client', {}, noFix('manual'));
      }
      for (const { value: word, range } of ownItems(container, 'args'))
        if (/^--?(?:H|host)=?tcp:\/\/|^--tls=false$|^tcp:\/\/0\.0\.0\.0:2375/.test(word)) report(range, 'open', {}, noFix('manual'));
    },
  },
});
