import { describe, expect, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { createGate } from '../../shared/src/output/report/gate';
import { effectiveText } from '../../shared/src/output/report/effective';
import { createWords } from '../../shared/src/output/report/words';
import { plainContext } from '../../tools/lint-context';

const engine = createEngine(rules);
const words = createWords(rules);

/** What really runs of a file, as `explain --effective` prints it. */
function shown(path: string, text: string): string {
  const gate = createGate({ text, findings: [] });
  return effectiveText(engine.open({ path, text }).effective(plainContext()), words, gate);
}

const pod = (spec: string, container: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n${spec}  containers:\n    - name: app\n      image: nginx:1.27\n${container}`;

describe('a container of a pod', () => {
  test.each([
    ['the user of its image', pod('', ''), 'user: 0 (root)  # image nginx:1.27'],
    [
      'its own user before pod network',
      pod('  securityContext: { runAsUser: 1 }\n', '      securityContext: { runAsUser: 2 }\n'),
      'user: 2  # this file\n',
    ],
    ['the user of the pod', pod('  securityContext: { runAsUser: 1, fsGroup: 7 }\n', ''), 'user: 1  # this file, at the pod level'],
    ['groups of the pod', pod('  securityContext: { runAsUser: 1, fsGroup: 7 }\n', ''), '    - fsGroup 7'],
    [
      'no capability as another user',
      pod('', '      securityContext: { runAsUser: 2, capabilities: { drop: [ALL], add: [CHOWN] } }\n'),
      'none at first; setuid programs can gain CHOWN',
    ],
    [
      'none where all are dropped',
      pod('', '      securityContext: { capabilities: { drop: [ALL] } }\n'),
      'capabilities: none  # this file',
    ],
    ['all where it is privileged', pod('', '      securityContext: { privileged: true }\n'), 'capabilities: all  # this file'],
    ['the level that it meets', pod('  hostNetwork: true\n', ''), 'Pod Security: privileged; baseline also requires hostNamespaces'],
    ['the network of its node', pod('  hostNetwork: true\n', ''), 'network: host network  # this file, at the pod level'],
    ['a token unless the pod declines it', pod('', ''), 'service account token: mounted, for service account default  # default'],
    [
      'no token where it does',
      pod('  automountServiceAccountToken: false\n', ''),
      'service account token: not mounted  # this file, at the pod level',
    ],
    ['its limits', pod('', '      resources: { limits: { memory: 64Mi } }\n'), 'limits: memory 64Mi'],
    [
      'mounts with what is behind them',
      pod('  volumes: [{ name: v, hostPath: { path: /etc } }]\n', '      volumeMounts: [{ name: v, mountPath: /host }]\n'),
      'mounts: /host <- hostPath /etc (rw)',
    ],
  ])('has %s', (_what, text, line) => {
    expect(shown('web.yaml', text)).toContain(line);
  });

  test('has no level where only a part of its pod is seen', () => {
    expect(
      shown(
        'patch.yaml',
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: { containers: [{ name: app, $patch: merge }] } } }\n',
      ),
    ).not.toContain('Pod Security: baseline');
  });
});

describe('a service and a command', () => {
  const compose = (lines: string): string => `services:\n  web:\n    image: nginx:1.27\n${lines}`;
  test.each([
    ['compose.yaml', compose('    user: "5:6"\n'), 'user: 5  # this file'],
    ['compose.yaml', compose('    user: "5:6"\n'), 'groups: 6  # this file'],
    ['compose.yaml', compose('    ports: ["8080:80"]\n'), 'ports: 0.0.0.0:8080 -> 80/tcp  # this file'],
    ['compose.yaml', compose('    read_only: true\n'), 'root filesystem: read-only  # this file'],
    ['compose.yaml', compose('    security_opt: [no-new-privileges:true]\n'), 'privilege escalation: not possible  # this file'],
    ['compose.yaml', compose('    network_mode: host\n'), 'network: host network  # this file'],
    ['compose.yaml', compose(''), 'network: project network  # default'],
    ['run.sh', 'docker run -d --pid host -m 64m -p 127.0.0.1:1:2 nginx:1.27\n', 'host namespaces: pid  # this file'],
    ['run.sh', 'docker run -d --pid host -m 64m -p 127.0.0.1:1:2 nginx:1.27\n', 'limits: memory 64m  # this file'],
    ['run.sh', 'docker run -d -p 127.0.0.1:1:2 nginx:1.27\n', 'ports: 127.0.0.1:1 -> 2/tcp  # this file'],
    // one that is given up by Podman, and given by Docker
    ['run.sh', 'docker run -d nginx:1.27\n', '    - NET_RAW'],
  ])('%s: %s', (path, text, line) => {
    expect(shown(path, text)).toContain(line);
  });

  test('has no NET_RAW from Podman', () => {
    expect(shown('run.sh', 'podman run -d nginx:1.27\n')).not.toContain('NET_RAW');
  });
});

describe('the last stage of a Dockerfile', () => {
  test.each([
    ['FROM node:24\n', 'user: 0 (root)  # image node:24'],
    ['FROM node:24\nUSER node\n', 'user: node  # this file'],
    ['FROM node:24 AS a\nUSER node\nFROM node:24\n', 'user: 0 (root)'],
    ['FROM node:24\nEXPOSE 80\nCMD ["node", "x.js"]\n', 'starts: CMD ["node", "x.js"]  # this file'],
    ['FROM unheard-of/image\n', 'user: not known  # image unheard-of/image'],
  ])('%j: %s', (text, line) => {
    expect(shown('Dockerfile', text)).toContain(line);
  });
});

test('secrets stay masked', () => {
  const text =
    'services:\n  web:\n    image: nginx:1.27\n    environment:\n      DB_PASSWORD: hunter2secret\n    volumes: ["./hunter2secret:/data"]\n';
  expect(shown('compose.yaml', text)).not.toContain('hunter2secret');
});
