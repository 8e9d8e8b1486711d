import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { effectiveConfig } from '../../../shared/src/engine/config/effective';
import { parseConfig } from '../../../shared/src/engine/config/parse';
import { rulesVersions, severityChanges } from '../../../shared/src/engine/config/rules-versions';
import { severitiesAt } from '../../../shared/src/engine/config/severities';
import { rules } from '../../../shared/src/families/generated/index';
import { starterConfiguration } from '../../../shared/src/output/protocol/starter';
import type { Finding } from '../../../shared/src/rule/finding/types';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';
import { root } from '../../../tools/rules/files';

const engine = createEngine(rules);
const byId = new Map(rules.map(rule => [rule.id, rule]));
/** A rule, or a rule and one of its messages. */
const named = (id: string) => {
  const [family = '', name = '', message] = id.split('/');
  return { rule: byId.get(`${family}/${name}`), message };
};

/** What is found in files of one workspace, under the text of a configuration. */
function lint(files: Readonly<Record<string, string>>, config: string): readonly Finding[] {
  const parsed = parseConfig(config, rules);
  expect(parsed.problems).toEqual([]);
  const workspace = createWorkspaceIndex({ complete: true });
  const opened = Object.entries(files).map(([path, text]) => engine.open({ path, text }));
  for (const file of opened) workspace.update(file.file.path, file.facts());
  return opened.flatMap(file => {
    const effective = effectiveConfig(parsed.config, file.file.path);
    if (effective === 'excluded') return [];
    return file.lint({ ...plainContext(), workspace: workspace.index, config: effective, repository: { folder: '', owner: 'acme' } })
      .findings;
  });
}

describe('the versions', () => {
  test('the last is that of the product, which is what the starting configuration names', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
    expect(rulesVersions.at(-1)).toBe(version);
    expect(starterConfiguration).toContain(`# rulesVersion: ${version}\n`);
  });

  test('what has changed is a rule or a message that there is', () => {
    for (const { of } of severityChanges)
      for (const { rule, message } of of.map(named)) expect(rule && (message === undefined || rule.messages[message])).toBeTruthy();
  });

  test('0.1.0 weighs everything as it did', () => {
    const weigh = severitiesAt('0.1.0');
    const lines = readFileSync(join(__dirname, 'severities-0.1.0.txt'), 'utf8').trim().split('\n');
    const now = lines.map(line => {
      const id = line.split(' ')[1]!;
      const { rule, message } = named(id);
      // a rule or a message that is gone reports nothing
      return rule && (message === undefined || rule.messages[message]) ? `${weigh(rule, message)} ${id}` : line;
    });
    expect(lines.length).toBeGreaterThan(600);
    expect(now).toEqual(lines);
  });
});

const service = (keys: string) => ({ 'compose.yaml': `services:\n  web:\n    image: example.com/acme/app:1.4\n    ${keys}\n` });
const database = (password: string) => service(`environment: {POSTGRES_USER: Paperless, POSTGRES_PASSWORD: ${password}}`);
const command = (options: string) => ({ 'run.sh': `docker run -d ${options} example.com/acme/app:1.4\n` });
const jaeger = (image: string) => ({ 'compose.yaml': `services:\n  web:\n    image: ${image}\n    ports: ["16686:16686"]\n` });
const disks = (name: string, device: string) => ({
  'compose.yaml': `services:\n  web:\n    image: ${name}\n    devices: ["${device}"]\n`,
});
const unconfined = 'compose/security-profile-disabled/profile';
const image = (lines: string) => ({ Dockerfile: `FROM example.com/acme/base:1.4\n${lines}CMD ["app"]\n` });
const pod = (network: string) => ({
  'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  ${network}\n  containers: [{name: a, image: 'example.com/a:1', ports: [{containerPort: 80, hostPort: 80}]}]\n`,
});
const onNode = (path: string, readOnly: boolean, more = 'hostPID: false') => ({
  'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  ${more}\n  containers: [{name: a, image: 'example.com/a:1', volumeMounts: [{name: v, mountPath: /v, readOnly: ${readOnly}}]}]\n  volumes: [{name: v, hostPath: {path: ${path}}}]\n`,
});
const variableOf = (name: string, value: string) => ({
  'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: a, image: 'example.com/a:1', env: [{name: ${name}, value: '${value}'}]}]\n`,
});
const titled = (event: string) => ({
  '.github/workflows/a.yml': `on: ${event}\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo "\${{ github.event.pull_request.title }}"\n`,
});
const passing = (input: string, call = '', script = 'make ${{ inputs.a }}', more = '') => ({
  '.github/workflows/a.yml': `on: {workflow_call: {inputs: {a: {type: string}}}${more}}\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ${script}\n`,
  '.github/workflows/b.yml': `on: [push, pull_request]\npermissions: {}\njobs:\n  a:\n    uses: ./.github/workflows/a.yml\n    with: {a: '${input}'}\n${call}`,
});
const including = (path: string) => ({
  '.gitlab-ci.yml': `include: [{remote: 'https://gitlab.example.com/acme/ci/${path}'}]\nbuild: {script: [make]}\n`,
});
const passed = (value: string): string => `  b:\n    uses: ./.github/workflows/a.yml\n    with: {a: '${value}'}\n`;
const asking = ', workflow_dispatch: {inputs: {a: {type: string}}}';
const input = 'workflow/template-injection/caller';
const step = (run: string) => ({
  '.github/workflows/a.yml': `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ${run}\n`,
});
const scanning = (comment: string) => ({
  '.gitlab-ci.yml': `scan:\n  script: [trivy image --exit-code 1 example.com/a:1]\n  allow_failure: true${comment}\n`,
});
const calling = (repository: string, ref = 'main') => ({
  '.github/workflows/a.yml': `on: push\npermissions: {}\njobs:\n  a:\n    uses: ${repository}/.github/workflows/b.yml@${ref}\n    secrets: inherit\n`,
});
const granting = (other: string) => ({
  '.github/workflows/a.yml': `on: push\npermissions: {contents: write}\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n  b:\n    ${other}\n`,
});
const webhook = (client: string, annotation = 'a: b') => ({
  'a.yaml': `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: a, annotations: {${annotation}}}\nwebhooks:\n  - name: a.example.com\n    failurePolicy: Ignore\n    clientConfig: ${client.startsWith('{') ? client : `{${client}}`}\n    rules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]\n`,
});
const volumes = (more: string) => ({
  'a.yaml': `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules:\n  - {apiGroups: [''], resources: [persistentvolumes], verbs: [create]}\n  ${more}\n`,
});
const policy = (name: string) =>
  `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: ${name}}\nspec:\n  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}\n  validations: [{expression: 'true'}]\n`;
const binding = (name: string) =>
  `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {name: ${name}}\nspec: {policyName: ${name}, validationActions: [Deny]}\n`;
const authority = (subject: string, issuer = 'issuer: https://token.actions.githubusercontent.com') => ({
  'policy.yaml': `apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata: {name: a}\nspec:\n  images: [{glob: 'ghcr.io/acme/**'}]\n  authorities:\n    - keyless:\n        url: https://fulcio.sigstore.dev\n        identities: [{${issuer}, subjectRegExp: '${subject}'}]\n`,
});

describe('a severity that depends on what is seen', () => {
  const dangerous = 'added-capabilities/dangerous';
  const variable = 'compose/secret-in-environment/variable';
  const any = 'compose/published-on-all-interfaces/any';
  const gate = 'workflow/scan-without-gate/passes';
  const propagation = 'compose/mount-propagation/shared';
  const health = 'dockerfile/missing-healthcheck/missing';
  const ignoring = 'policy/failure-policy-ignore/webhook';
  const unbound = 'policy/missing-binding/unbound';
  const unanchored = 'policy/keyless-identity-wildcard/unanchored';
  it.each<readonly [what: string, files: Readonly<Record<string, string>>, message: string, now: string, before: string]>([
    ['a scan that may fail', scanning(''), gate, 'warning', 'warning'],
    ['a scan that may fail, with the reason', scanning(' # until the list is empty'), gate, 'info', 'warning'],
    ['a network of its own', service('cap_add: [NET_ADMIN]'), `compose/${dangerous}`, 'warning', 'error'],
    ['a network by name', service('cap_add: [NET_ADMIN]\n    network_mode: bridge'), `compose/${dangerous}`, 'warning', 'error'],
    ['the network of the host', service('cap_add: [NET_ADMIN]\n    network_mode: host'), `compose/${dangerous}`, 'error', 'error'],
    ['the network of another', service('cap_add: [NET_ADMIN]\n    network_mode: service:x'), `compose/${dangerous}`, 'error', 'error'],
    ['a network that is filled in', service('cap_add: [NET_ADMIN]\n    network_mode: ${MODE}'), `compose/${dangerous}`, 'error', 'error'],
    ['processes of its own', service('cap_add: [SYS_PTRACE]'), `compose/${dangerous}`, 'warning', 'error'],
    ['processes of the host', service('cap_add: [SYS_PTRACE]\n    pid: host'), `compose/${dangerous}`, 'error', 'error'],
    ['what no namespace holds', service('cap_add: [SYS_ADMIN]'), `compose/${dangerous}`, 'error', 'error'],
    ['a command with a network of its own', command('--cap-add NET_ADMIN'), `run/${dangerous}`, 'warning', 'error'],
    ['a command with host network', command('--cap-add NET_ADMIN --net host'), `run/${dangerous}`, 'error', 'error'],
    ['the network of the host alone', command('--net host'), 'run/host-namespace/network', 'warning', 'error'],
    [
      'host network of a job',
      { '.gitlab-ci.yml': 'test:\n  script: [docker run --network host example.com/a:1]\n' },
      'run/host-namespace/network',
      'info',
      'error',
    ],
    ['a command with options that are not seen', command('--cap-add NET_ADMIN $OPTIONS'), `run/${dangerous}`, 'error', 'error'],
    ['the name of its user', database('paperless'), variable, 'warning', 'error'],
    ['another word', database('paperlesss'), variable, 'error', 'error'],
    ['the name of its image', service('environment: {APP_PASSWORD: app}'), variable, 'warning', 'error'],
    [
      'the name of the user in a command',
      command('-e DB_USER=paper -e DB_PASSWORD=paper'),
      'run/secret-in-environment/secret',
      'warning',
      'error',
    ],
    ['another in a command', command('-e DB_USER=paper -e DB_PASSWORD=xkcd'), 'run/secret-in-environment/secret', 'error', 'error'],
    [
      'one of a container in a workflow',
      step('docker run -d -e DB_USER=paper -e DB_PASSWORD=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 a'),
      'run/secret-in-environment/secret',
      'warning',
      'error',
    ],
    ['a service that is privileged', command('--privileged'), 'run/privileged/privileged', 'error', 'error'],
    [
      'a container that a person waits for',
      { 'run.sh': 'docker run --rm --privileged example.com/acme/app:1.4 build\n' },
      'run/privileged/privileged',
      'warning',
      'error',
    ],
    [
      'a container of a workflow',
      step('docker run -d --privileged example.com/acme/app:1.4'),
      'run/privileged/privileged',
      'warning',
      'error',
    ],
    ['a file that is mounted', service('volumes: ["/etc/a.conf:/etc/a.conf:shared"]'), propagation, 'hint', 'error'],
    ['a folder that is', service('volumes: ["/data:/data:shared"]'), propagation, 'error', 'error'],
    ['a port of a pod', pod('hostNetwork: false'), 'kubernetes/host-port/used', 'warning', 'warning'],
    ['one of a node', pod('hostNetwork: true'), 'kubernetes/host-port/used', 'hint', 'warning'],
    [
      'the network of a part of the node',
      pod('priorityClassName: system-node-critical\n  hostNetwork: true'),
      'kubernetes/host-network/shared',
      'warning',
      'error',
    ],
    ['the network of another pod', pod('hostNetwork: true'), 'kubernetes/host-network/shared', 'error', 'error'],
    [
      'a password that is its user',
      image('ENV URL=mysql://kimai:kimai@db/kimai\n'),
      'dockerfile/hardcoded-secret/shaped',
      'warning',
      'error',
    ],
    ['another password', image('ENV URL=mysql://kimai:hunter7@db/kimai\n'), 'dockerfile/hardcoded-secret/shaped', 'error', 'error'],
    [
      'what a developer starts',
      { 'hack/run.sh': 'docker run --privileged example.com/acme/app:1.4\n' },
      'run/privileged/privileged',
      'info',
      'error',
    ],
    [
      'what only a developer builds and starts',
      { 'docker-compose.dev.yml': service('tty: true')['compose.yaml'] },
      'compose/privilege-escalation/missing',
      'info',
      'warning',
    ],
    [
      'the engine of a developer',
      { 'dev/compose.yaml': service('volumes: ["/var/run/docker.sock:/var/run/docker.sock"]')['compose.yaml'] },
      'compose/runtime-socket/socket',
      'error',
      'error',
    ],
    [
      'a default in a test',
      { 'tests/run.sh': 'docker run -e DB_PASSWORD=changeme example.com/acme/app:1.4\n' },
      'run/secret-in-environment/weak',
      'info',
      'warning',
    ],
    ['words that are usual', database('dev-password1234'), variable, 'warning', 'error'],
    ['the user and a usual word', database('paperless_secret'), variable, 'warning', 'error'],
    ['a usual word and another', database('dev-xkcd'), variable, 'error', 'error'],
    ['a usual word in a command', command('-e DB_PASSWORD=testpass'), 'run/secret-in-environment/secret', 'warning', 'error'],
    [
      'what a test gives away',
      { 'tests/run.sh': 'docker run -e DB_PASSWORD=xkcd example.com/acme/app:1.4\n' },
      'run/secret-in-environment/secret',
      'error',
      'error',
    ],
    ['one in a command', command('-e URL=mysql://kimai:kimai@db/kimai'), 'run/secret-in-environment/shaped', 'warning', 'error'],
    ['a default of a pod', variableOf('DB_PASSWORD', 'changeme'), 'kubernetes/secret-in-env/named', 'warning', 'error'],
    ['another value', variableOf('DB_PASSWORD', 'hunter7'), 'kubernetes/secret-in-env/named', 'error', 'error'],
    ['an address in a pod', variableOf('URL', 'mysql://kimai:kimai@db/kimai'), 'kubernetes/secret-in-env/shaped', 'warning', 'error'],
    ['a shell of an unknown image', { Dockerfile: 'FROM base\nCMD /start.py\n' }, 'dockerfile/shell-form/shell', 'info', 'warning'],
    ['one of Debian', { Dockerfile: 'FROM debian:13\nCMD /start.py\n' }, 'dockerfile/shell-form/shell', 'warning', 'warning'],
    ['a time zone', onNode('/etc/localtime', true), 'kubernetes/host-path/mounted', 'warning', 'error'],
    ['settings that are read', onNode('/etc/systemd', true), 'kubernetes/host-path/sensitive', 'warning', 'error'],
    ['keys that are read', onNode('/etc/kubernetes', true), 'kubernetes/host-path/sensitive', 'error', 'error'],
    ['settings that can be written', onNode('/etc/systemd', false), 'kubernetes/host-path/sensitive', 'error', 'error'],
    [
      'a network plug-in',
      onNode('/etc/cni/net.d', false, 'priorityClassName: system-node-critical'),
      'kubernetes/host-path/sensitive',
      'warning',
      'error',
    ],
    ['a value that swallows other variables', image('ENV TERM xterm A=b\n'), 'dockerfile/legacy-key-value/legacy', 'warning', 'info'],
    ['a value alone', image('ENV TERM xterm\n'), 'dockerfile/legacy-key-value/legacy', 'hint', 'info'],
    ['where mail comes in', service('ports: ["25:25"]'), any, 'hint', 'info'],
    ['a range with that port', service('ports: ["25-26:25-26"]'), any, 'info', 'info'],
    ['Jaeger', jaeger('jaegertracing/all-in-one:1.60'), any, 'warning', 'info'],
    ['an example of Jaeger', jaeger('jaegertracing/example-hotrod:1.60'), any, 'info', 'info'],
    ['a program without a port', image(''), health, 'hint', 'info'],
    ['one with a port', image('EXPOSE 8080\n'), health, 'info', 'info'],
    ['a server', { Dockerfile: 'FROM nginx:1.27\nCMD ["nginx", "-g", "daemon off;"]\n' }, health, 'info', 'info'],
    ['sources for the folder of WORKDIR', image('WORKDIR /app\nCOPY a b /app\n'), 'dockerfile/copy-needs-slash/slash', 'info', 'error'],
    ['sources for another', image('WORKDIR /app\nCOPY a b /srv\n'), 'dockerfile/copy-needs-slash/slash', 'error', 'error'],
    ['a cd that is repeated', image('RUN make && cd /app\nRUN cd /app && make\n'), 'dockerfile/run-cd/lost', 'info', 'warning'],
    ['a cd that is not', image('RUN make && cd /app\nRUN cd /srv && make\n'), 'dockerfile/run-cd/lost', 'warning', 'warning'],
    [
      'a default to be replaced',
      { Dockerfile: 'ARG A=give-me\nFROM alpine@sha256:$A\n' },
      'dockerfile/invalid-default-arg-in-from/invalid',
      'warning',
      'error',
    ],
    ['a disk of what watches disks', disks('ghcr.io/analogj/scrutiny:v0.8.1', '/dev/sda'), 'compose/host-devices/raw', 'warning', 'error'],
    ['its memory', disks('ghcr.io/analogj/scrutiny:v0.8.1', '/dev/mem'), 'compose/host-devices/raw', 'error', 'error'],
    ['a disk of another', disks('example.com/acme/app:1.4', '/dev/sda'), 'compose/host-devices/raw', 'error', 'error'],
    ['no label for what is mounted', service('security_opt: ["label=disable"]\n    volumes: ["./a:/a"]'), unconfined, 'warning', 'error'],
    ['no label', service('security_opt: ["label=disable"]'), unconfined, 'error', 'error'],
    ['a policy among bound ones', { 'a.yaml': policy('a'), 'b.yaml': `${policy('b')}---\n${binding('b')}` }, unbound, 'error', 'error'],
    [
      'a library of policies',
      { 'a.yaml': policy('a'), 'b.yaml': `${policy('b')}---\n${binding('b')}`, 'c.yaml': policy('c') },
      unbound,
      'info',
      'error',
    ],
    ['a pull request without secrets', titled('pull_request'), 'workflow/template-injection/pull-request', 'warning', 'error'],
    ['one with them', titled('[pull_request, pull_request_target]'), 'workflow/template-injection/pull-request', 'error', 'error'],
    ['a workflow that others call', titled('[pull_request, workflow_call]'), 'workflow/template-injection/pull-request', 'error', 'error'],
    ['an address with a short commit', including('-/raw/2851f4d5/a.yml'), 'gitlab/unpinned-include/remote', 'hint', 'warning'],
    ['one with a branch', including('-/raw/main/a.yml'), 'gitlab/unpinned-include/remote', 'warning', 'warning'],
    ['an input that a call fixes', passing('all'), input, 'hint', 'warning'],
    ['one that no call gives', passing('all', '  b: {uses: ./.github/workflows/a.yml}\n'), input, 'hint', 'warning'],
    ['one that those who push name', passing('${{ github.ref_name }}'), input, 'info', 'warning'],
    ['one that anyone names, in one of two calls', passing('all', passed('${{ github.head_ref }}')), input, 'warning', 'warning'],
    ['one that the caller gets', passing('${{ inputs.b }}'), input, 'hint', 'warning'],
    ['one that a person may give, too', passing('all', '', undefined, asking), input, 'info', 'warning'],
    ['one that is the script', passing('${{ github.head_ref }}', '', '${{ inputs.a }}'), input, 'hint', 'warning'],
    ['one without a call', { '.github/workflows/a.yml': passing('')['.github/workflows/a.yml'] }, input, 'warning', 'warning'],
    ['an action of the same owner', calling('Acme/flows'), 'workflow/branch-action/branch', 'warning', 'error'],
    ['one of another', calling('acme-2/flows'), 'workflow/branch-action/branch', 'error', 'error'],
    ['a webhook that is completed later', webhook('service: {name: a, namespace: b}'), ignoring, 'hint', 'info'],
    ['one with its authority', webhook('{service: {name: a, namespace: b}, caBundle: YQ==}'), ignoring, 'info', 'info'],
    [
      'one that cert-manager completes',
      webhook('service: {name: a, namespace: b}', 'cert-manager.io/inject-ca-from: a/b'),
      ignoring,
      'info',
      'info',
    ],
    ['one with an address', webhook('url: https://a.example.com/'), ignoring, 'info', 'info'],
    [
      'the role of a provisioner',
      volumes('- {apiGroups: [storage.k8s.io], resources: [storageclasses], verbs: [get]}'),
      'kubernetes/rbac-workloads/volumes',
      'info',
      'warning',
    ],
    ['another role', volumes(''), 'kubernetes/rbac-workloads/volumes', 'warning', 'warning'],
    ['what each job may need', granting('uses: ./.github/workflows/b.yml'), 'workflow/broad-permissions/grave', 'info', 'warning'],
    [
      'what one job may need',
      granting('runs-on: ubuntu-24.04\n    steps: [{run: make}]'),
      'workflow/broad-permissions/grave',
      'warning',
      'warning',
    ],
    ['a tag of the same owner', calling('Acme/flows', 'v1'), 'workflow/unpinned-action/tag', 'hint', 'warning'],
    ['a tag of another', calling('acme-2/flows', 'v1'), 'workflow/unpinned-action/tag', 'warning', 'warning'],
    ['secrets for the same owner', calling('Acme/flows'), 'workflow/inherited-secrets/foreign', 'info', 'warning'],
    ['secrets for another', calling('acme-2/flows'), 'workflow/inherited-secrets/foreign', 'warning', 'warning'],
    ['an owner at GitHub', authority('https://github.com/acme/web/'), unanchored, 'warning', 'error'],
    ['an owner that may go on', authority('https://github.com/acme'), unanchored, 'error', 'error'],
    ['a slash that may be missing', authority('https://github.com/acme/?'), unanchored, 'error', 'error'],
    ['an owner or another', authority('https://github.com/acme/web|x'), unanchored, 'error', 'error'],
    ['part of an address', authority('acme/web/.github'), unanchored, 'error', 'error'],
    ['any issuer', authority('https://github.com/acme/web/', 'issuerRegExp: .*'), unanchored, 'error', 'error'],
  ])('%s', (_, files, message, now, before) => {
    const of = (config: string): readonly Finding[] => lint(files, config).filter(f => `${f.rule}/${f.messageId}` === message);
    const [found, pinned] = [of(''), of('rulesVersion: 0.1.0')];
    expect(found.length).toBeGreaterThan(0);
    expect(found.map(({ severity }) => severity)).toEqual(found.map(() => now));
    expect(pinned.map(({ severity }) => severity)).toEqual(found.map(() => before));
    // what a baseline goes by
    expect(pinned.map(({ fingerprint }) => fingerprint)).toEqual(found.map(({ fingerprint }) => fingerprint));
  });
});

describe('rulesVersion in a configuration', () => {
  const files = service('restart: always');
  const memory = (config: string) => lint(files, config).flatMap(f => (f.rule === 'compose/missing-memory-limit' ? [f.severity] : []));

  it.each([
    ['', 'info'],
    ['rulesVersion: 0.2.0', 'info'],
    ['rulesVersion: 0.1.0', 'warning'],
    ['rulesVersion: "0.1.0"\nprofile: strict', 'warning'],
    ['rulesVersion: 0.1.0\nrules: {compose/missing-memory-limit: error}', 'error'],
    ['rulesVersion: 0.1.0\nrules: {compose/missing-memory-limit: on}\nprofile: baseline', 'warning'],
    ['rules: {compose/missing-memory-limit: on}\nprofile: baseline', 'info'],
    ['rulesVersion: 0.1.0\noverrides: [{files: compose.yaml, rules: {compose/missing-digest: off}}]', 'warning'],
  ])('%j', (config, severity) => expect(memory(config)).toEqual([severity]));

  test('changes nothing but severities', () => {
    const plain = (config: string) =>
      lint(files, config).map(({ rule, messageId, fingerprint, range }) => [rule, messageId, fingerprint, range]);
    expect(plain('rulesVersion: 0.1.0')).toEqual(plain(''));
    expect(plain('rules: {compose/privilege-escalation: error}')).toEqual(plain(''));
  });
});

test('of tests secrets alone are reported, since rules of the newest version', () => {
  const files = { 'tests/run.sh': 'docker run --privileged -e DB_PASSWORD=xkcd example.com/acme/app:1.4\n' };
  const found = (config: string): readonly string[] => lint(files, config).map(({ rule }) => rule);
  expect(found('')).toEqual(['run/secret-in-environment']);
  expect(found('rulesVersion: 0.1.0')).toContain('run/privileged');
  expect(found('profile: recommended')).toContain('run/privileged');
});
