import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { cleanUp, podman, scratch, takeCache } from './engine';
import { makeImages } from './images';
import { commandOf, podmanHere } from './proof';

// Files that try to reach the host, through `bulkhead prove` and podman: each thing that a trial refuses, once, and a service and a build that look around.
// `npx tsx test/containers/hostile.ts`, after `npm run build`.

const image = 'docker.io/library/python:3.13';

/** Parts of a Compose service that are refused. Each is one line of YAML. */
const composeService: readonly string[] = [
  'privileged: true',
  'devices: [/dev/kmsg]',
  'device_cgroup_rules: ["c 1:3 mr"]',
  'gpus: all',
  'network_mode: host',
  'network_mode: "container:other"',
  'pid: host',
  'ipc: host',
  'uts: host',
  'cgroup: host',
  'cgroup_parent: /evil',
  'userns_mode: host',
  'volumes: [/var/run/docker.sock:/var/run/docker.sock]',
  'volumes: ["./:/app"]',
  'volumes: ["~/.ssh:/keys"]',
  'volumes: ["${HOME}:/home"]',
  'volumes: [{type: bind, source: /etc, target: /host}]',
  'volumes: [{type: npipe, source: x, target: /p}]',
  'volumes: [data:/proc/sys]',
  'volumes: [outside:/data]',
  'volumes: [disguised:/data]',
  'volumes_from: [other]',
  'cap_add: [SYS_ADMIN]',
  'cap_add: [ALL]',
  'security_opt: ["seccomp=unconfined"]',
  'security_opt: ["apparmor=unconfined"]',
  'security_opt: ["systempaths=unconfined"]',
  'security_opt: ["label=disable"]',
  'sysctls: [kernel.core_pattern=|/evil]',
  'env_file: [/etc/passwd]',
  'env_file: [.env]',
  'secrets: [key]',
  'configs: [key]',
  'runtime: evil',
  'extends: {file: ../../etc/other.yaml, service: x}',
  'external_links: [other]',
  'use_api_socket: true',
  'provider: {type: evil}',
  'credential_spec: {file: x.json}',
  'post_start: [{command: id, privileged: true}]',
  'user: "0 --privileged"',
  'image: "--privileged"',
  'image: "-v/:/host"',
  'entrypoint: []\n    command: []',
];

/** What is left out of a trial, or taken over without what is in it: no argument for podman may hold it. */
const leftOut: readonly (readonly [line: string, never: RegExp])[] = [
  ['tmpfs: ["/run:exec,suid,dev,mode=1777,size=9999g,bind"]', /[:,]suid|[:,]dev,|9999g|,bind/],
  ['extra_hosts: ["metadata:host-gateway"]', /metadata|gateway/],
  ['dns: [192.0.2.1]', /dns|192\.0\.2/],
  ['links: [other]', /--link/],
  ['networks: [elsewhere]', /elsewhere/],
  ['oom_score_adj: -1000', /oom/],
  ['storage_opt: {size: 1T}', /storage-opt/],
  ['build: {context: ., cache_to: ["type=local,dest=evil"]}', /cache-to|type=local/],
];

const composeRest = `
  other:
    image: ${image}
volumes:
  data: {}
  outside: {external: true}
  disguised: {driver: local, driver_opts: {type: none, o: bind, device: /}}
secrets:
  key: {file: /etc/shadow}
configs:
  key: {file: /etc/shadow}
networks:
  elsewhere: {external: true}
`;

/** Parts of the spec of a pod, and of its container. */
const pod: readonly string[] = [
  'hostNetwork: true',
  'hostPID: true',
  'hostIPC: true',
  'volumes: [{name: v, hostPath: {path: /}}]',
  'volumes: [{name: v, csi: {driver: evil}}]',
  'volumes: [{name: v, nfs: {server: a.example.com, path: /}}]',
  'volumes: [{name: v, secret: {secretName: s}}]',
  'securityContext: {sysctls: [{name: kernel.msgmax, value: "1"}]}',
  'securityContext: {windowsOptions: {hostProcess: true}}',
  'securityContext: {seccompProfile: {type: Unconfined}}',
  'securityContext: {seccompProfile: {type: Localhost, localhostProfile: x}}',
  'runtimeClassName: evil',
];
const podContainer: readonly string[] = [
  'securityContext: {privileged: true}',
  'securityContext: {capabilities: {add: [SYS_ADMIN]}}',
  'securityContext: {seccompProfile: {type: Unconfined}}',
  'securityContext: {appArmorProfile: {type: Unconfined}}',
  'securityContext: {procMount: Unmasked}',
  'volumeDevices: [{name: v, devicePath: /dev/sda}]',
  'env: [{name: A, valueFrom: {configMapKeyRef: {name: c, key: k}}}]',
  'envFrom: [{secretRef: {name: s}}]',
  'image: "--privileged"',
  'volumeMounts: [{name: v, mountPath: /proc}]',
];

/** Dockerfiles whose build is refused; a build without a network is not. */
const dockerfiles: readonly string[] = [
  `# syntax=evil.example.com/frontend:1\nFROM ${image}\n`,
  `FROM ${image}\nADD https://files.example.com/x /x\n`,
  `FROM ${image}\nADD git@git.example.com:a/b.git /x\n`,
  `FROM ${image}\nRUN --mount=type=secret,id=k cat /run/secrets/k\n`,
  `FROM ${image}\nRUN --mount=type=ssh true\n`,
  `FROM ${image}\nRUN --mount=type=bind,from=other.example.com/x:1,target=/y true\n`,
  `FROM ${image}\nRUN --security=insecure true\n`,
  `FROM ${image}\nRUN --network=host true\n`,
  `FROM ${image}\nRUN --device=vendor.example.com/device=x true\n`,
  'FROM absent.example.com/x:1\n',
  `FROM ${image}\nCOPY --from=absent.example.com/x:1 / /x\n`,
  `ARG BASE=absent.example.com/x:1\nFROM \${BASE}\n`,
];

/** Parts of the build of a Compose service. */
const builds: readonly string[] = [
  '{context: ../..}',
  '{context: /etc}',
  '{context: ., dockerfile: ../../other}',
  '{context: link}',
  '{context: "https://git.example.com/a.git"}',
  '{context: ., additional_contexts: {host: /}}',
  '{context: ., ssh: [default]}',
  '{context: ., secrets: [key]}',
  '{context: ., network: host}',
  '{context: ., privileged: true}',
  '{context: ., entitlements: [security.insecure]}',
];

const podOf = (spec: string, container: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  ${spec || 'restartPolicy: Never'}\n  containers:\n    - name: web\n      ${/^image:/.test(container) ? '' : `image: ${image}\n      `}${container || 'command: [sleep, "9"]'}\n`;

const composeOf = (line: string): string =>
  `services:\n  web:\n    ${/^(?:image|build):/.test(line) ? '' : `image: ${image}\n    `}${line}\n${composeRest}`;

interface Case {
  readonly title: string;
  readonly file: string;
  readonly text: string;
  readonly name?: string;
  /** What no argument may hold; without it nothing at all is made. */
  readonly never?: RegExp;
}

const cases: readonly Case[] = [
  ...leftOut.map(([line, never]) => ({ title: line, file: 'compose.yaml', text: composeOf(line), name: 'web', never })),
  ...composeService.map(line => ({ title: line, file: 'compose.yaml', text: composeOf(line), name: 'web' })),
  ...builds.map(line => ({
    title: `build: ${line}`,
    file: 'compose.yaml',
    text: composeOf(`build: ${line}`),
    name: 'web',
  })),
  ...pod.map(line => ({
    title: line,
    file: 'pod.yaml',
    text: podOf(line, line.startsWith('volumes') ? 'volumeMounts: [{name: v, mountPath: /v}]' : ''),
  })),
  ...podContainer.map(line => ({ title: line, file: 'pod.yaml', text: podOf('', line) })),
  ...dockerfiles.map(text => ({ title: text.split('\n').slice(-2)[0]!, file: 'Dockerfile', text })),
];

/** A podman that writes down what it is asked. */
function spyOn(path: string): { readonly asked: () => string } {
  const log = join(scratch, 'asked');
  renameSync(join(path, 'podman'), join(path, 'podman-itself'));
  writeFileSync(join(path, 'podman'), `#!/bin/sh\necho "$*" >> '${log}'\nexec '${join(path, 'podman-itself')}' "$@"\n`);
  chmodSync(join(path, 'podman'), 0o755);
  return {
    asked: () => {
      const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
      rmSync(log, { force: true });
      return text;
    },
  };
}

/** What a service looks for: anything of the host that it can see, reach or change. It prints what it finds, and fails. */
const around = (port: number): string => `
import os, socket, sys
found = []
def reach(address):
    try:
        socket.create_connection(address, 2).close(); found.append("reached %s:%s" % address)
    except OSError: pass
for host in ("127.0.0.1", "host.docker.internal", "host.containers.internal", "10.88.0.1", "172.17.0.1", "169.254.169.254"): reach((host, ${port}))
reach(("169.254.169.254", 80))
try: socket.getaddrinfo("example.com", 80); found.append("a name server")
except OSError: pass
for name in os.listdir("/sys/class/net"):
    if name != "lo": found.append("interface " + name)
for path in ("/var/run/docker.sock", "/run/docker.sock", "/run/podman/podman.sock", "/host"):
    if os.path.exists(path): found.append(path)
for name in os.listdir("/dev"):
    if name.startswith(("sd", "vd", "nvme", "kmsg", "mem", "kvm", "fuse", "dm-")): found.append("/dev/" + name)
for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/sys/kernel/uevent_helper"):
    try: os.close(os.open(path, os.O_WRONLY)); found.append("writes " + path)
    except OSError: pass
status = open("/proc/self/status").read()
caps = int(status.split("CapBnd:")[1].split()[0], 16)
if caps >> 21 & 1: found.append("SYS_ADMIN")
if "Seccomp:\\t2" not in status: found.append("no seccomp")
for name, value in os.environ.items():
    if "of-the-user" in value or "of-the-file" in value: found.append("variable " + name + "=" + value)
if len([name for name in os.listdir("/proc") if name.isdigit()]) > 5: found.append("processes of others")
if found: sys.exit("; ".join(found))
`;

async function lookAround(path: string, spy: ReturnType<typeof spyOn>): Promise<string> {
  const server = createServer(socket => socket.end());
  await new Promise<void>(done => server.listen(0, '0.0.0.0', done));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const folder = join(scratch, 'around');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '.env'), 'FROM_FILE=of-the-file\n');
  writeFileSync(join(folder, 'look.py'), around(port));
  writeFileSync(join(folder, 'Dockerfile'), `FROM ${image}\nCOPY look.py /look.py\nRUN python3 /look.py\nCMD ["python3", "/look.py"]\n`);
  writeFileSync(
    join(folder, 'compose.yaml'),
    'services:\n  web:\n    build: .\n    environment: {A: "${FROM_USER:-}", B: "${FROM_FILE:-}", API_TOKEN: "of-the-file"}\n    ports: ["80:80"]\n',
  );
  const [program, args, { env }] = commandOf(`${join(folder, 'compose.yaml')}:web`, path);
  const ended = await new Promise<{ readonly code: number | null; readonly out: string }>(resolve => {
    const child = spawn(program, args, {
      env: {
        ...env,
        FROM_USER: 'of-the-user',
        HTTP_PROXY: 'http://of-the-user.example.com',
        HTTPS_PROXY: 'http://of-the-user.example.com',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (out += bytes.toString()));
    child.on('exit', code => resolve({ code, out }));
  });
  server.close();
  const isClosed = !/--publish|-p |--network=(?!none)/.test(spy.asked());
  return ended.code === 0 && isClosed ? '' : ended.out;
}

async function main(): Promise<void> {
  await takeCache();
  let failures = 0;
  try {
    makeImages([image.replace('docker.io/library/', '')]);
    const path = podmanHere();
    const spy = spyOn(path);
    for (const [at, { title, file, text, name, never }] of cases.entries()) {
      const written = join(scratch, 'hostile', `${at}`, file);
      mkdirSync(dirname(written), { recursive: true });
      writeFileSync(written, text);
      symlinkSync('/etc', join(dirname(written), 'link'));
      if (file !== 'Dockerfile') writeFileSync(join(dirname(written), 'Dockerfile'), `FROM ${image}\n`);
      const [program, args, options] = commandOf(name === undefined ? written : `${written}:${name}`, path);
      const { status, stdout, stderr } = spawnSync(program, args, { ...options, encoding: 'utf8', timeout: 120_000 });
      const made = spy
        .asked()
        .split('\n')
        .filter(line => / (?:run|build|create|pull|volume create|cp) /.test(line));
      const isRefused = status !== 0 && /"verdict": *"cannot"/.test(stdout) && made.length === 0;
      const isGood = never ? made.length > 0 && !made.some(line => never.test(line)) : isRefused;
      if (!isGood) failures++;
      console.log(
        `${isGood ? 'ok    ' : 'FAILED'}  ${file}: ${title.replace(/\n */g, ' ')}: ${never ? 'left out' : (/"what": *(".*")/.exec(stdout)?.[1] ?? stderr.trim())}${(isGood ? [] : made).map(line => `\n        ${line}`).join('')}`,
      );
    }
    const found = await lookAround(path, spy);
    if (found !== '') failures++;
    console.log(`${found === '' ? 'ok    ' : 'FAILED'}  a build and a service that look around${found}`);
    const left = podman(['ps', '-a', '--filter', 'label=bulkhead.trial', '--format', '{{.Names}}']).out.trim();
    if (left !== '') failures++;
    console.log(`${cases.length + 1} tried, ${failures} failed`);
  } finally {
    cleanUp();
  }
  process.exitCode = failures === 0 ? 0 : 1;
}

void main();
