import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';

/** Three projects, read as an intruder reads them: every edge of their stories, and of what looks like an edge that there is none. */

const engine = createEngine(rules);

/** Of each container `file container: code > node (socket)`, and below it `also` what is open on the way and leads no further. */
function edges(files: Readonly<Record<string, string>>): readonly string[] {
  const store = createWorkspaceIndex({ complete: true });
  const opened = Object.entries(files).map(([path, text]) => engine.open({ path, text }));
  for (const one of opened) store.update(one.file.path, one.facts());
  store.settle(true);
  const context = { ...plainContext(), workspace: store.index };
  return opened.flatMap(one =>
    one.stories(context).flatMap(({ container, steps, also }) => {
      const named = (ways: (typeof steps)[number]['ways']): string =>
        ways.map(({ move, ifRoot, path }) => `${move}${ifRoot ? '?' : ''}${path === null ? '' : ` in ${path}`}`).join(', ');
      const shown = steps.map(({ to, ways }) => (ways.length === 0 ? to : `${to} (${named(ways)})`));
      return `${one.file.path} ${container}: ${shown.join(' > ')}${also.length === 0 ? '' : `; also ${named(also)}`}`;
    }),
  );
}

const monitored = {
  'compose.yaml': `services:
  proxy:
    image: traefik:3.5
    ports: ["80:80", "443:443"]
    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]
  app:
    image: registry.example.com/acme/app:2.1
    user: "10001"
    environment: { DATABASE_URL: "postgres://app:sky-over-berlin-77@db/app" }
  agent:
    image: registry.example.com/acme/agent:5
    pid: host
    network_mode: host
    volumes: ["/var/run/docker.sock:/var/run/docker.sock", "/:/rootfs:ro"]
  cadvisor:
    image: registry.example.com/acme/cadvisor:1
    user: "65534"
    privileged: true
    volumes: ["/:/rootfs:ro", "/sys:/sys:ro"]
  cache:
    image: redis:8.2
    ports: ["6379:6379"]
  db:
    image: postgres:17
    environment: { POSTGRES_PASSWORD: sky-over-berlin-77 }
    ports: ["127.0.0.1:5432:5432"]
  queue:
    image: mongo:8.0
    environment: { MONGO_INITDB_ROOT_PASSWORD_FILE: /run/secrets/mongo }
    ports: ["27017:27017"]
`,
};

const cluster = {
  'ns.yaml': `apiVersion: v1
kind: Namespace
metadata: {name: telemetry, labels: {pod-security.kubernetes.io/enforce: privileged}}
`,
  'daemon.yaml': `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: probe, namespace: telemetry}
spec:
  selector: {matchLabels: {app: probe}}
  template:
    metadata: {labels: {app: probe}}
    spec:
      serviceAccountName: probe
      hostPID: true
      initContainers:
        - {name: mount, image: "alpine:3.22", securityContext: {privileged: true}, command: [mount, -t, bpf, bpf, /sys/fs/bpf]}
      containers:
        - {name: probe, image: "alpine:3.22", command: [sleep, infinity], securityContext: {privileged: true}}
        - {name: exporter, image: "alpine:3.22", command: [sleep, infinity], securityContext: {runAsUser: 65534, runAsNonRoot: true}}
`,
  'rbac.yaml': `apiVersion: v1
kind: ServiceAccount
metadata: {name: probe, namespace: telemetry}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: probe}
rules:
  - {apiGroups: [""], resources: [nodes, pods], verbs: [get, list, watch]}
  - {apiGroups: [""], resources: [secrets], resourceNames: [probe-tls], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: probe}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: probe}
subjects: [{kind: ServiceAccount, name: probe, namespace: telemetry}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: deployer}
rules: [{apiGroups: [apps], resources: [deployments], verbs: [create, patch]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: deployer, namespace: telemetry}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: deployer}
subjects: [{kind: ServiceAccount, name: deployer, namespace: telemetry}]
`,
  'deployer.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: deployer, namespace: telemetry}
spec:
  selector: {matchLabels: {app: deployer}}
  template:
    metadata: {labels: {app: deployer}}
    spec:
      serviceAccountName: deployer
      containers:
        - {name: deployer, image: "registry.example.com/acme/deployer:1"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: front, namespace: telemetry}
spec:
  selector: {matchLabels: {app: front}}
  template:
    metadata: {labels: {app: front}}
    spec:
      serviceAccountName: probe
      automountServiceAccountToken: false
      containers:
        - {name: front, image: "registry.example.com/acme/front:1"}
`,
};

const pipeline = {
  '.github/workflows/image.yaml': `on: { push: { branches: [main] }, pull_request_target: {} }
permissions: { contents: read, packages: write }
jobs:
  image:
    runs-on: ubuntu-24.04
    services:
      cache: { image: "redis:8.2", ports: ["6379:6379"] }
    steps:
      - uses: actions/checkout@v5
      - run: |
          docker build -t ghcr.example.com/acme/app:latest .
          docker run --rm -v /var/run/docker.sock:/var/run/docker.sock alpine:3.22 true
          docker push ghcr.example.com/acme/app:latest
`,
  'deploy.sh': `#!/bin/sh
docker pull ghcr.example.com/acme/app:latest
docker run -d --name app --restart always -p 8080:8080 ghcr.example.com/acme/app:latest
docker run -d --name watch -v /var/run/docker.sock:/var/run/docker.sock alpine:3.22 sleep infinity
docker run -d --name logs --user 65534 -v /var/log:/logs:ro alpine:3.22 sleep infinity
`,
  Dockerfile: 'FROM node:24-slim\nCOPY . /app\nUSER node\nCMD ["node", "/app/server.js"]\n',
};

describe('the edges of a project', () => {
  test.each<[name: string, files: Readonly<Record<string, string>>, expected: readonly string[]]>([
    [
      'services with an agent that watches them',
      monitored,
      [
        // `:ro` keeps nobody from speaking through a socket
        'compose.yaml proxy: code > node (socket)',
        // as whom it runs is not known
        'compose.yaml agent: code > node (socket?); also processes, loopback',
        // none of: app, whose credential leads to a server that is not named as one; cadvisor, which is privileged and not root; db, which is published to this machine
        // alone; queue, whose password is in a file
      ],
    ],
    [
      'a namespace with a privileged daemon, and accounts',
      cluster,
      [
        'daemon.yaml probe: code > node (privileged); also processes, peers',
        'deployer.yaml deployer: code > token (token) > secrets (mounts in rbac.yaml); also peers',
        // none of: mount, which has ended; exporter, which is not root; front, which has no token; nor by one Secret of a name
      ],
    ],
    [
      'a workflow that pushes an image, and the script that runs it',
      pipeline,
      // none of: what a job starts and ends with it; app, which publishes its own port; logs, which is not root
      ['deploy.sh watch: code > node (socket)'],
    ],
  ])('%s', (_, files, expected) => {
    expect(edges(files)).toEqual(expected);
  });
});
