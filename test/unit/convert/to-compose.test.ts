import { describe, expect, it, test } from 'vitest';
import type { ContainerOptions } from '../../../shared/src/rule/container/types';
import { isCarried } from '../../../shared/src/services/convert/flags';
import { readCommands } from '../../../shared/src/services/convert/read-commands';
import { noteSurroundings, toCompose } from '../../../shared/src/services/convert/to-compose';
import { composeOf } from '../../../shared/src/families/compose/model/project';
import type { ComposeView } from '../../../shared/src/families/compose/model/types';
import { flagsOf } from '../../../shared/src/knowledge/run-flags';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { corpusRows, hasCorpus, noCorpus } from '../../../tools/corpus-folder';
import { seenFields } from '../../support/container-fields';

if (!hasCorpus) console.log(noCorpus);

interface Made {
  readonly text: string;
  readonly notes: readonly string[];
  readonly containers: readonly ContainerOptions[];
}

/** The Compose file of commands, and the ids of its notes. */
function made(command: string): Made {
  const read = readCommands(command);
  if (!read.ok) throw new Error(read.message);
  const { text } = toCompose(read);
  noteSurroundings(read);
  return { text, notes: read.notes.list.map(({ id }) => id), containers: read.containers };
}

function loaded(text: string): ComposeView {
  return composeOf(parseDocument(text), 'compose.yaml', { templated: false, fragment: false });
}

/** A service's own lines, without `services:` and its name. */
function service(command: string): string {
  return made(command)
    .text.split('\n')
    .slice(2)
    .map(line => line.slice(4))
    .join('\n')
    .trim();
}

describe('a command becomes a service', () => {
  test.each<[command: string, expected: string]>([
    ['docker run nginx', 'image: nginx'],
    // values that YAML takes for something else
    [
      'docker run -u 99:100 -p 22:22 -e A=1 -e B=yes nginx',
      'image: nginx\nuser: "99:100"\nports:\n  - "22:22"\nenvironment:\n  A: "1"\n  B: "yes"',
    ],
    ['docker run --restart no nginx', 'image: nginx\nrestart: "no"'],
    // the last one counts, and lists add up
    ['docker run -m 1g -m 2g --cap-add A --cap-add B nginx', 'image: nginx\ncap_add:\n  - A\n  - B\nmem_limit: 2g'],
    ['docker run --init=false -itP=false nginx', 'image: nginx\ninit: false\nstdin_open: true\ntty: true'],
    // a variable without a value is passed on
    ['docker run -e HOME_TOWN nginx', 'image: nginx\nenvironment:\n  HOME_TOWN:'],
    ['docker run -e A= nginx', 'image: nginx\nenvironment:\n  A: ""'],
    ['docker run nginx sh -c "echo hi"', 'image: nginx\ncommand:\n  - sh\n  - -c\n  - echo hi'],
    ['docker run --entrypoint "" nginx', 'image: nginx\nentrypoint: []'],
    ['docker run --cpus .5 nginx', 'image: nginx\ncpus: 0.5'],
    ['docker run --stop-timeout 5 nginx', 'image: nginx\nstop_grace_period: 5s'],
    ['docker run -p ::1:80:80 nginx', 'image: nginx\nports:\n  - "[::1]:80:80"'],
    [
      'docker run -p target=80,published=8080,protocol=udp nginx',
      'image: nginx\nports:\n  - target: 80\n    published: "8080"\n    protocol: udp',
    ],
    ['docker run --ulimit nofile=1:2 --ulimit nproc=3 nginx', 'image: nginx\nulimits:\n  nofile:\n    soft: 1\n    hard: 2\n  nproc: 3'],
    ['docker run --security-opt no-new-privileges nginx', 'image: nginx\nsecurity_opt:\n  - no-new-privileges:true'],
    ['docker run -v C:\\data:C:\\app -v D:/x:/y nginx', 'image: nginx\nvolumes:\n  - C:\\data:C:\\app\n  - D:/x:/y'],
    [
      'docker run -v \\\\.\\pipe\\docker_engine:\\\\.\\pipe\\docker_engine nginx',
      'image: nginx\nvolumes:\n  - \\\\.\\pipe\\docker_engine:\\\\.\\pipe\\docker_engine',
    ],
    ['docker run -v "C:\\a b:/x" nginx', 'image: nginx\nvolumes:\n  - C:\\a b:/x'],
    ['docker run --tmpfs /a -v /c:/a -v d:/e --mount type=bind,src=/f,dst=/a nginx', 'image: nginx\nvolumes:\n  - d:/e\ntmpfs:\n  - /a'],
    ['podman run --tmpfs /a:size=1m,U nginx', 'image: nginx\ntmpfs:\n  - /a:size=1m,mode=1777'],
    ['podman run --tmpfs /a:U,mode=700 --tmpfs /b:notmpcopyup nginx', 'image: nginx\ntmpfs:\n  - /a:mode=1777\n  - /b'],
    ['docker run --tmpfs /a:size=1m --tmpfs /b --tmpfs /a:size=2m nginx', 'image: nginx\ntmpfs:\n  - /b\n  - /a:size=2m'],
    [
      'docker run --mount type=tmpfs,dst=/x,tmpfs-size=1m,tmpfs-mode=1777 nginx',
      'image: nginx\nvolumes:\n  - type: tmpfs\n    target: /x\n    tmpfs:\n      size: 1m\n      mode: 1023',
    ],
    [
      'docker run --gpus \'"device=0,1",capabilities=utility\' nginx',
      'image: nginx\ndeploy:\n  resources:\n    reservations:\n      devices:\n        - capabilities:\n            - gpu\n            - utility\n          device_ids:\n            - "0"\n            - "1"',
    ],
    ['podman run --cap-drop ALL,NET_RAW nginx', 'image: nginx\ncap_drop:\n  - ALL\n  - NET_RAW'],
  ])('%s', (command, expected) => {
    expect(service(command)).toBe(expected);
    expect(loaded(made(command).text).project.problems).toEqual([]);
  });
});

describe('what a shell would fill in', () => {
  test.each<[command: string, expected: string, notes: readonly string[]]>([
    // Compose knows the same forms
    ['docker run -e A=$B nginx', 'A: ${B}', ['variable']],
    ['docker run -e "A=${B:-c} d" nginx', 'A: ${B:-c} d', []],
    ['docker run -e A=${B:?no} nginx', 'A: ${B:?no}', ['variable']],
    // dollars that stay are doubled, for Compose would fill them in
    [`docker run -e 'A=$B' nginx`, 'A: $$B', []],
    ['docker run -e "A=\\$B$C" nginx', 'A: $$B${C}', ['variable']],
    [`docker run -e 'A=\${B}$$' nginx`, 'A: $${B}$$$$', []],
    // the shell alone knows what comes of these
    ['docker run -e A=$(id -u) nginx', 'A: ${ID_U:?}', ['substitution']],
    ['docker run -e A=`id -u` nginx', 'A: ${ID_U:?}', ['substitution']],
    ['docker run -e A=${B%.*} nginx', 'A: ${B:?}', ['substitution']],
    ['docker run -e A=$1 nginx', 'A: ${VALUE_1:?}', ['substitution']],
    ['docker run -e A=${B:-$(c)} nginx', 'A: ${B_C:?}', ['substitution']],
  ])('%s', (command, expected, notes) => {
    const result = made(command);
    expect(service(command).split('\n').at(-1)!.trim()).toBe(expected);
    expect(result.notes).toEqual(notes);
  });

  test.each<[source: string, expected: string]>([
    ['$PWD/a', './a'],
    ['"$(pwd)"', '.'],
    ['${PWD}', '.'],
    ['`pwd`/a', './a'],
    ['./a', './a'],
    ['~/a', '~/a'],
    ['$HOME/a', '${HOME}/a'],
    ['/a/$B', '/a/${B}'],
  ])('a folder of the host: %s', (source, expected) => {
    expect(service(`docker run -v ${source}:/x nginx`)).toBe(`image: nginx\nvolumes:\n  - ${expected}:/x`);
  });
});

describe('values that try to be more than values', () => {
  test.each<[what: string, value: string]>([
    ['a comment', 'a # b'],
    ['a key', 'a: b'],
    ['a new line', 'a\nprivileged: true'],
    ['a document', '---\nservices: {}'],
    ['quotes', `a"b'c`],
    ['a tag', '!!binary x'],
    ['an alias', '*x'],
    ['a merge key', '<<'],
    ['control characters', 'a\u001b[31mb\u2028c'],
    ['a variable', '${A:-b}$C$$'],
    ['a byte order mark', '\ufeffa'],
  ])('%s', (_, value) => {
    const word = `'${value.replaceAll("'", `'\\''`)}'`;
    const { text } = made(`docker run -e A=${word} --label ${word.replaceAll('=', '')}=${word} nginx ${word}`);
    const { services, project } = loaded(text);
    expect(project.problems).toEqual([]);
    expect(services[0]!.list('env').items.map(item => item.value?.value)).toEqual([value]);
    expect(services[0]!.list('args').items.map(item => item.value)).toEqual([value]);
    expect(services[0]!.get('privileged')).toBe(null);
  });

  it('takes names of JavaScript for names', () => {
    const { text } = made('docker run -e __proto__=a -e constructor=b --label __proto__=c --network __proto__ --name __proto__ nginx');
    expect(text).toContain('__proto__: a');
    expect(text).toContain('constructor: b');
    expect(text).toContain('__proto__: c');
    expect(text).toContain('- __proto__');
  });
});

describe('several commands', () => {
  const text = `docker network create app
docker run -d --name db --network app postgres:16
docker run -d --name web --network app --network other --link db:database --pid container:db --volumes-from db:ro -p 80:80 nginx
docker run -d nginx
docker run -d nginx`;

  it('know each other, and the networks that the text makes', () => {
    const result = made(text);
    expect(Object.keys(loaded(result.text).project.merged!.entries.get('services')!.value)).toBeDefined();
    expect(loaded(result.text).services.map(({ name }) => name)).toEqual(['db', 'web', 'nginx', 'nginx-2']);
    expect(result.text).toContain('networks:\n  app:\n    name: app\n  other:\n    external: true\n    name: other\n');
    expect(result.text).toContain('links:\n      - db:database');
    expect(result.text).toContain('pid: service:db');
    expect(result.text).toContain('volumes_from:\n      - db:ro');
    expect(result.notes.filter(id => id === 'external-network')).toHaveLength(1);
  });
});

describe('nothing is lost in silence', () => {
  const samples: Readonly<Record<string, string>> = {
    'add-host': 'a:1.2.3.4',
    attach: 'stdout',
    'blkio-weight-device': '/dev/sda:200',
    'device-cgroup-rule': 'c 1:3 rmw',
    'device-read-bps': '/dev/sda:1mb',
    'device-read-iops': '/dev/sda:1',
    'device-write-bps': '/dev/sda:1mb',
    'device-write-iops': '/dev/sda:1',
    cgroupns: 'host',
    dns: '1.1.1.1',
    env: 'A=b',
    gpus: 'all',
    name: 'web',
    pull: 'always',
    expose: '80',
    ip: '10.0.0.2',
    ip6: '::2',
    label: 'a=b',
    'link-local-ip': '169.254.0.2',
    'log-opt': 'a=b',
    'mac-address': '02:42:ac:11:00:02',
    mount: 'type=volume,source=a,target=/b',
    pid: 'host',
    publish: '80:80',
    restart: 'always',
    'security-opt': 'no-new-privileges',
    sysctl: 'net.a=1',
    ulimit: 'nofile=1',
    userns: 'host',
    uts: 'host',
    volume: 'a:/b',
  };
  const kinds: Readonly<Record<string, string>> = { duration: '5s', bytes: '64m', decimal: '1.5', integer: '5', natural: '5' };
  const docker = flagsOf('docker');
  const flags = [...new Set(docker.names.map(name => docker.long(name)!.name))];

  test.each(flags.map(name => [name] as const))('--%s', name => {
    const { kind } = docker.long(name)!;
    const flag = kind === 'switch' ? `--${name}` : `--${name} '${samples[name] ?? kinds[kind] ?? 'x'}'`;
    expect(isCarried(name)).toBe(true);
    // addresses are about a network
    for (const front of ['docker run', 'docker run --network app']) {
      const { text, notes } = made(`${front} ${flag} nginx`);
      const without = made(`${front} nginx`);
      expect(text !== without.text || notes.length > without.notes.length).toBe(true);
      expect(loaded(text).project.problems.map(({ message }) => message)).toEqual([]);
    }
  });

  it.each(['podman', 'nerdctl'] as const)('flags that %s alone has are named', program => {
    const table = flagsOf(program);
    for (const name of table.names.filter(each => !isCarried(table.long(each)!.name) && each !== 'rootfs')) {
      const flag = table.long(name)!.kind === 'switch' ? `--${name}` : `--${name} 1`;
      expect(made(`${program} run ${flag} example.com/a:1`).notes, name).toContain('own-engine');
    }
  });

  it('says nothing of what Compose does by itself', () => {
    const text =
      'docker pull nginx\ndocker network create app\ndocker network create --subnet 10.0.0.0/8 b\ndocker run --network app nginx';
    expect(made(text).notes).toEqual(['other']);
  });

  it('names what stands around the command', () => {
    const { notes } = made('mkdir -p data && FOO=1 sudo docker -H tcp://build:2376 run -d nginx > log.txt; docker logs web');
    expect(notes).toEqual(expect.arrayContaining(['detach', 'around', 'engine', 'other']));
    expect(notes.filter(id => id === 'other')).toHaveLength(2);
  });
});

interface CliRow {
  readonly id: string;
  readonly argv: readonly string[];
  readonly expect: 'ok' | 'error';
}

describe.skipIf(!hasCorpus)("the commands of Docker's own tests", () => {
  const rows = hasCorpus ? corpusRows<CliRow>('corpus/docker-run/docker-cli.jsonl') : [];
  const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
  const commands = rows.map(row => ({ ...row, command: `docker run ${row.argv.map(quoted).join(' ')}` }));

  /** Rows that no engine runs, although the client takes them. */
  const refusedLater: Readonly<Record<string, string>> = {
    'docker-cli/225': 'a placeholder for the name of a volume',
    'docker-cli/233': 'a placeholder for the name of a volume',
    'docker-cli/254': 'a volume is called $HOME/...: nothing was filled in',
    'docker-cli/540': 'two mounts at one path',
  };
  const usable = commands.filter(row => row.expect === 'ok' && !Object.hasOwn(refusedLater, row.id));

  it('are services that Compose loads', () => {
    const broken = usable.flatMap(({ id, command }) => {
      const read = readCommands(command);
      // an empty name of an image is the engine's to refuse
      if (!read.ok) return read.message === 'The command does not name an image' ? [] : [`${id}: ${read.message}`];
      const { text } = toCompose(read);
      return loaded(text).project.problems.map(({ message }) => `${id}: ${message}\n${text}`);
    });
    expect(broken).toEqual([]);
  });

  /** Where the two views have no word in common, or the command is one that no engine runs. */
  const unlike: Readonly<Record<string, string>> = {
    'docker-cli/211': 'an empty entry point takes that of the image away',
    'docker-cli/418': 'the same',
    'docker-cli/419': 'the same',
    'docker-cli/386': 'a volume called C, which Compose takes for a drive',
    'docker-cli/390': 'a colon for a mount',
    'docker-cli/395': 'a tmpfs in the long form',
    'docker-cli/530': 'an empty capability, which is noted',
    'docker-cli/539': 'two mounts at one path',
  };

  it('are the same containers to the rules', () => {
    const different = usable.flatMap(({ id, command }) => {
      if (Object.hasOwn(unlike, id)) return [];
      const read = readCommands(command);
      if (!read.ok) return [];
      const { text } = toCompose(read);
      const [before, after] = [seenFields(read.containers[0]!), seenFields(loaded(text).services[0]!)];
      const told = new Set<string>(read.notes.list.map(note => note.id));
      const fields = Object.keys({ ...before, ...after }).filter(field => {
        // a secret is written as a variable, and ports of a container without a network of its own are left out
        if ((field === 'env' && told.has('secret')) || (field === 'ports' && told.has('host-ports'))) return false;
        return JSON.stringify(before[field]) !== JSON.stringify(after[field]);
      });
      return fields.map(field => `${id} ${field}: ${JSON.stringify(before[field])} ${JSON.stringify(after[field])}`);
    });
    expect(different).toEqual([]);
  });
});
