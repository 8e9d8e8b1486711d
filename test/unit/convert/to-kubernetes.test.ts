import { describe, expect, it, test } from 'vitest';
import { convertService } from '../../../shared/src/services/convert/convert';
import { parseStream } from '../../../shared/src/syntax/yaml/parse';
import type { YamlNode } from '../../../shared/src/syntax/yaml/types';
import { conversion, converted, convertedService } from '../../support/convert';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

function jsonOf(node: YamlNode | null): Json {
  if (node?.kind === 'map') return Object.fromEntries(node.entries.map(({ name, value }) => [String(name), jsonOf(value)]));
  if (node?.kind === 'sequence') return node.items.map(jsonOf);
  return node?.kind === 'scalar' ? node.value : null;
}

/** The objects of manifests by kind, as they were before harden. */
function objects(text: string): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    parseStream(text, new Map()).map(({ document }) => {
      const object = jsonOf(document.root) as { readonly kind: string };
      return [object.kind, object];
    }),
  );
}

function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let found: Json | undefined = value;
  for (const step of path)
    found = found === null || typeof found !== 'object' ? undefined : (found as Readonly<Record<string, Json>>)[step];
  return found;
}

/** What a service with some lines comes to: the pod's spec and its container, and the ids of the notes. */
function service(
  lines: string,
  more = '',
): { readonly pod: Json; readonly container: Json; readonly notes: readonly string[]; readonly all: Readonly<Record<string, Json>> } {
  const text = `services:\n  web:\n    image: example.com/web:1\n    ports: ["80"]\n${lines.replace(/^/gm, '    ')}\n${more}`;
  const made = convertedService(text);
  const all = objects(made.before);
  const pod = at(all['Deployment'], 'spec', 'template', 'spec') ?? null;
  const notes = made.notes.map(({ id }) => id).filter(id => id !== 'service-type' && id !== 'free-port');
  return { pod, container: at(pod, 'containers', 0) ?? null, notes, all };
}

describe('a service becomes a Deployment and a Service', () => {
  it('runs an image of Windows there, with nothing of Linux', () => {
    const { text } = convertedService('services:\n  app:\n    image: mcr.microsoft.com/windows/nanoserver:ltsc2022\n');
    expect(text).toContain('      os:\n        name: windows\n      nodeSelector:\n        kubernetes.io/os: windows\n');
    expect(text).not.toMatch(/seccomp|capabilities|readOnlyRootFilesystem|runAsUser/);
  });

  it('is hardened, and says what it needs', () => {
    const made = convertedService(`services:
  web:
    image: nginx:1.29.1
    ports:
      - "127.0.0.1:8080:80"
    environment:
      MODE: production
      API_TOKEN: \${API_TOKEN}
    volumes:
      - cache:/var/cache/nginx
      - ./site.conf:/etc/nginx/conf.d/site.conf:ro
    mem_limit: 512m
    cpus: 0.5
    healthcheck:
      test: curl -f http://localhost/ || exit 1
      interval: 10s
volumes:
  cache: {}
`);
    expect(made.fileName).toBe('web.yaml');
    expect(made.before).toBe(`# To do:
# - PersistentVolumeClaim cache requests 1Gi, since no size was given; set the size that the data needs
# - volumes ./site.conf:/etc/nginx/conf.d/site.conf: run kubectl create configmap web-site-conf --from-file=site.conf=./site.conf
# - Secret web-secrets must contain API_TOKEN; run kubectl create secret generic web-secrets --from-env-file=FILE, with a file of NAME=value lines
# Written otherwise:
# - ports: the Service is reachable only inside the cluster; an Ingress, a load balancer or "kubectl port-forward" makes it reachable from outside
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: cache
spec:
  accessModes:
    - ReadWriteOnce
  resources:
    requests:
      storage: 1Gi
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
spec:
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: web
  strategy:
    type: Recreate
  template:
    metadata:
      labels:
        app.kubernetes.io/name: web
    spec:
      containers:
        - name: web
          image: nginx:1.29.1
          ports:
            - containerPort: 80
          env:
            - name: MODE
              value: production
            - name: API_TOKEN
              valueFrom:
                secretKeyRef:
                  name: web-secrets
                  key: API_TOKEN
          resources:
            limits:
              memory: 512Mi
              cpu: 500m
          livenessProbe:
            exec:
              command:
                - sh
                - -c
                - curl -f http://localhost/ || exit 1
            periodSeconds: 10
            timeoutSeconds: 30
            failureThreshold: 3
          volumeMounts:
            - name: cache
              mountPath: /var/cache/nginx
            - name: web-site-conf
              mountPath: /etc/nginx/conf.d/site.conf
              subPath: site.conf
              readOnly: true
      volumes:
        - name: cache
          persistentVolumeClaim:
            claimName: cache
        - name: web-site-conf
          configMap:
            name: web-site-conf
---
apiVersion: v1
kind: Service
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
spec:
  selector:
    app.kubernetes.io/name: web
  ports:
    - port: 8080
      targetPort: 80
`);
    expect(made.text).toContain('allowPrivilegeEscalation: false');
    // what was written is not written twice, and a second run finds nothing to do
    expect(conversion.engine.open({ path: made.fileName, text: made.text }).harden(conversion.context).text).toBe(made.text);
  });

  test.each<[lines: string, path: readonly (string | number)[], expected: Json]>([
    ['user: "10:20"', ['securityContext'], { runAsUser: 10, runAsNonRoot: true, runAsGroup: 20 }],
    ['user: root', ['securityContext'], { runAsUser: 0 }],
    ['read_only: true', ['securityContext', 'readOnlyRootFilesystem'], true],
    ['cap_drop: [all]\ncap_add: [CAP_CHOWN]', ['securityContext', 'capabilities'], { drop: ['ALL'], add: ['CHOWN'] }],
    ['security_opt: [no-new-privileges:true]', ['securityContext', 'allowPrivilegeEscalation'], false],
    // the API server refuses both together
    ['privileged: true\nsecurity_opt: [no-new-privileges:true]', ['securityContext'], { privileged: true }],
    [
      'security_opt: ["seccomp=unconfined", "apparmor:mine"]',
      ['securityContext'],
      { seccompProfile: { type: 'Unconfined' }, appArmorProfile: { type: 'Localhost', localhostProfile: 'mine' } },
    ],
    ['security_opt: ["label:type:svirt_t"]', ['securityContext', 'seLinuxOptions'], { type: 'svirt_t' }],
    // words as Compose splits them
    ['command: sh -c "echo hi"', ['args'], ['sh', '-c', 'echo hi']],
    ['entrypoint: [a, b]\ncommand: [c]', ['command'], ['a', 'b']],
    // Kubernetes fills in $(NAME)
    ['command: ["echo", "$$(A) $$$$ $$A"]', ['args'], ['echo', '$$(A) $$$ $A']],
    ['environment: ["A=$$(B)"]', ['env', 0, 'value'], '$$(B)'],
    // a default is a value; what has none comes from elsewhere
    ['environment: {A: "${B:-c}"}', ['env', 0, 'value'], 'c'],
    ['environment: {A: "x${B}"}', ['env', 0, 'valueFrom', 'configMapKeyRef'], { name: 'web-settings', key: 'A' }],
    ['environment: [PATH_TO_IT]', ['env', 0, 'valueFrom', 'configMapKeyRef'], { name: 'web-settings', key: 'PATH_TO_IT' }],
    ['environment: {DB_PASSWORD: hunter22}', ['env', 0, 'valueFrom', 'secretKeyRef'], { name: 'web-secrets', key: 'DB_PASSWORD' }],
    ['environment: {URL: "postgres://a:hunter22@db/x"}', ['env', 0, 'valueFrom', 'secretKeyRef'], { name: 'web-secrets', key: 'URL' }],
    [
      'env_file: [.env, {path: b.env, required: false}]',
      ['envFrom'],
      [{ secretRef: { name: 'web-env' } }, { secretRef: { name: 'web-b-env', optional: true } }],
    ],
    [
      'mem_limit: 1g\nmem_reservation: 1500k\ncpus: 2',
      ['resources'],
      { limits: { memory: '1Gi', cpu: '2' }, requests: { memory: '1500Ki' } },
    ],
    [
      'deploy: {resources: {limits: {memory: 64m, cpus: "0.25"}, reservations: {cpus: "0.1"}}}',
      ['resources'],
      { limits: { memory: '64Mi', cpu: '250m' }, requests: { cpu: '100m' } },
    ],
    ['gpus: all', ['resources', 'limits'], { 'nvidia.com/gpu': '1' }],
    [
      'healthcheck: {test: [CMD, a, b], timeout: 1m30s, retries: 5, start_period: 500ms}',
      ['livenessProbe'],
      { exec: { command: ['a', 'b'] }, initialDelaySeconds: 1, periodSeconds: 30, timeoutSeconds: 90, failureThreshold: 5 },
    ],
    ['working_dir: /a\nstdin_open: true\ntty: true', ['workingDir'], '/a'],
    ['pull_policy: always', ['imagePullPolicy'], 'Always'],
  ])('%s', (lines, path, expected) => {
    expect(at(service(lines).container, ...path)).toEqual(expected);
  });

  test.each<[lines: string, path: readonly (string | number)[], expected: Json]>([
    ['network_mode: host\npid: host\nipc: host', ['hostNetwork'], true],
    ['group_add: ["44"]\nsysctls: {net.a: 1}', ['securityContext'], { supplementalGroups: [44], sysctls: [{ name: 'net.a', value: '1' }] }],
    ['extra_hosts: ["a:1.2.3.4", "b=1.2.3.4"]', ['hostAliases'], [{ ip: '1.2.3.4', hostnames: ['a', 'b'] }]],
    [
      'dns: 1.1.1.1\ndns_search: [a.example]\ndns_opt: ["ndots:2", rotate]',
      ['dnsConfig'],
      { nameservers: ['1.1.1.1'], searches: ['a.example'], options: [{ name: 'ndots', value: '2' }, { name: 'rotate' }] },
    ],
    ['stop_grace_period: 1m', ['terminationGracePeriodSeconds'], 60],
    ['hostname: a', ['hostname'], 'a'],
    ['hostname: a.example', ['hostname'], undefined as unknown as Json],
    ['platform: linux/arm64', ['nodeSelector'], { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'arm64' }],
    ['tmpfs: ["/a:size=64m,mode=1777"]', ['volumes'], [{ name: 'a', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } }]],
    ['shm_size: 1g', ['volumes'], [{ name: 'dev-shm', emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } }]],
    ['volumes: [/a]', ['volumes'], [{ name: 'a', emptyDir: {} }]],
    ['volumes: ["./data:/data"]', ['volumes'], [{ name: 'web-data', persistentVolumeClaim: { claimName: 'web-data' } }]],
    ['volumes: [".:/app"]', ['volumes'], [{ name: 'web-app', persistentVolumeClaim: { claimName: 'web-app' } }]],
    ['volumes: ["./conf:/conf:ro"]', ['volumes'], [{ name: 'web-conf', configMap: { name: 'web-conf' } }]],
    [
      'volumes: ["/var/run/docker.sock:/var/run/docker.sock", "/:/host:ro", "/etc/localtime:/etc/localtime:ro"]',
      ['volumes'],
      undefined as unknown as Json,
    ],
  ])('pod: %s', (lines, path, expected) => {
    expect(at(service(lines).pod, ...path)).toEqual(expected);
  });

  it('mounts secrets and configs where Compose puts them', () => {
    const { pod, container, notes } = service(
      'secrets: [token]\nconfigs: [{source: site, target: /etc/site.conf}]',
      'secrets: {token: {file: "./a b.txt"}}\nconfigs: {site: {content: x}}',
    );
    expect(at(container, 'volumeMounts')).toEqual([
      { name: 'token', mountPath: '/run/secrets/token', subPath: 'token', readOnly: true },
      { name: 'site', mountPath: '/etc/site.conf', subPath: 'site', readOnly: true },
    ]);
    expect(at(pod, 'volumes')).toEqual([
      { name: 'token', secret: { secretName: 'web-token', items: [{ key: 'token', path: 'token' }] } },
      { name: 'site', configMap: { name: 'web-site', items: [{ key: 'site', path: 'site' }] } },
    ]);
    expect(notes).toEqual(['secret-file', 'config-text']);
  });

  it('makes labels that Kubernetes takes', () => {
    const { all, notes } = service('labels:\n  a.example/b: c\n  rule: "Host(`x`)"\n  "bad key!": x\n  kubernetes.io/x: y');
    expect(at(all['Deployment'], 'spec', 'template', 'metadata')).toEqual({
      labels: { 'a.example/b': 'c', 'app.kubernetes.io/name': 'web' },
      annotations: { rule: 'Host(`x`)' },
    });
    expect(notes).toEqual(['label-value', 'label-lost', 'label-lost']);
  });

  it('leads a Service to what is published or exposed, or to what the image is known to listen on', () => {
    const ports = (text: string): Json | undefined => at(objects(convertedService(text).before)['Service'], 'spec', 'ports');
    expect(ports('services:\n  a:\n    image: x\n    ports: ["8080:80", "80:80", "53:53/udp", "${P}:90"]\n    expose: [81]')).toEqual([
      { name: 'tcp-8080', port: 8080, targetPort: 80 },
      { name: 'tcp-80', port: 80, targetPort: 80 },
      { name: 'udp-53', port: 53, targetPort: 53, protocol: 'UDP' },
      { name: 'tcp-90', port: 90, targetPort: 90 },
      { name: 'tcp-81', port: 81, targetPort: 81 },
    ]);
    expect(ports('services:\n  db:\n    image: postgres:16')).toEqual([{ port: 5432, targetPort: 5432 }]);
    expect(ports('services:\n  a:\n    image: example.com/a')).toBe(undefined);
  });
});

describe('what cannot be converted', () => {
  test.each<[text: string, service: string | null, said: string | RegExp]>([
    ['a: b', null, 'The file is no Compose file'],
    ['services:\n  a: {image: x}\n  b: {image: y}', null, 'Which service? The file has 2: a, b'],
    ['services:\n  a: {image: x}', 'b', 'There is no service "b" in the file; it has a'],
    ['services:\n  a: {}', 'a', 'Compose refuses the file: has neither an image nor a build context specified'],
    ['services:\n  a:\n    image: [', 'a', /^Compose refuses the file: /],
  ])('%j', (text, name, said) => {
    const made = convertService({ path: 'compose.yaml', text }, name, conversion);
    expect(made.ok ? '' : made.message).toEqual(typeof said === 'string' ? said : (expect.stringMatching(said) as unknown));
  });

  it('points to the place', () => {
    const made = convertService({ path: 'compose.yaml', text: 'services:\n  a:\n    image: x\n    restart: 5\n' }, 'a', conversion);
    expect(made).toMatchObject({ ok: false, at: { line: 3, character: 13, length: 1, text: '    restart: 5' } });
  });

  it('is not held up by what is wrong in other services', () => {
    expect(convertedService('services:\n  a: {image: x, networks: [nowhere]}\n  b: {}', 'a').ok).toBe(true);
  });
});

describe('a command becomes a Job where it ends', () => {
  it('and a Deployment where it stays', () => {
    expect(Object.keys(objects(converted('docker run --rm busybox:1.37 sh -c "echo hi"', 'kubernetes').before))).toEqual(['Job']);
    expect(Object.keys(objects(converted('docker run --rm -d -p 80:80 nginx:1.29.1', 'kubernetes').before))).toEqual([
      'Deployment',
      'Service',
    ]);
  });

  it('says nothing of Compose', () => {
    const { notes } = converted(
      'docker run -d --rm -P -e TOKEN=$TOKEN -e PASSWORD=hunter22 --network x --name db postgres:16',
      'kubernetes',
    );
    expect(notes.map(({ id }) => id)).toEqual(['network', 'known-port', 'secret-keys']);
  });
});
