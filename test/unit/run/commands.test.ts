import { describe, expect, it } from 'vitest';
import { readModel } from '../../../shared/src/families/run/model/read';
import type { RunCommand, RunModel } from '../../../shared/src/families/run/model/types';
import { containersOf } from '../../../shared/src/families/run/model/view';

/** Which commands are found where, and what of them is known. */

const plain = { templated: false, fragment: false };
const read = (path: string, text: string): RunModel =>
  readModel({ path, fileText: text, base: 0, index: 0, dialect: plain, document: null, memo: new Map() });

/** A command as a table prints it: the image as it is written, `-` where there is none; `?` where options are not known. */
const print = ({ parsed, args, program, verb }: RunCommand): string =>
  `${program} ${verb} ${parsed.image === null ? '-' : args[parsed.image]!.shown}${parsed.open ? ' ?' : ''}`;

const found = (path: string, text: string): readonly string[] => read(path, text).commands.map(print);

describe('commands in a shell script', () => {
  it.each<[string, readonly string[]]>([
    ['docker run nginx', ['docker run nginx']],
    ['sudo -E docker container run -d nginx', ['docker run nginx']],
    ['docker --context prod -H ssh://a create nginx', ['docker create nginx']],
    ['/usr/bin/docker.exe run nginx', ['docker run nginx']],
    ['"${DOCKER:-podman}" run nginx', ['podman run nginx']],
    ['$CONTAINER_ENGINE run nginx', ['docker run nginx']],
    ['finch run nginx; nerdctl -n k8s.io run redis', ['nerdctl run nginx', 'nerdctl run redis']],
    ['docker run -d $(docker build -q .)', ['docker run $(docker build -q .)']],
    ['docker run "$@"', ['docker run - ?']],
    ['docker run "${args[@]}" nginx', ['docker run nginx ?']],
    ['docker run $OPTS nginx', ['docker run nginx ?']],
    ['docker run $IMAGE bash', ['docker run $IMAGE']],
    ['docker run "$REG/app:$TAG"', ['docker run $REG/app:$TAG']],
    ['docker run registry.example/$NAME sh', ['docker run registry.example/$NAME']],
    ['docker run --name=$NAME -v "$PWD":/src nginx', ['docker run nginx']],
    ['for i in 1 2; do docker run nginx | tee out > x; done', ['docker run nginx']],
    ['dr() { docker run "$@"; }', ['docker run - ?']],
    ["bash -c 'docker run nginx'", ['docker run nginx']],
    ['docker run --pids-limit -1 --oom-score-adj -1000 nginx --privileged', ['docker run nginx']],
    ['docker run -tiv /a:/b -p=80:80 -- nginx', ['docker run nginx']],
    ['podman run --rootfs dir cmd', ['podman run dir']],
    ['docker run \\\n  -d \\\n  nginx', ['docker run nginx']],
    ['docker run \\', ['docker run -']],
    // no commands
    ['echo docker run nginx', []],
    ['# docker run nginx', []],
    ['cat <<EOF > x.sh\ndocker run nginx\nEOF', []],
    ['alias d=docker\nd run nginx', []],
    ['docker service create nginx\ndocker compose run web\ndocker exec web run', []],
    ['docker image run', []],
    ['run docker nginx', []],
    ['mydocker run nginx', []],
  ])('%j', (text, commands) => {
    expect(found('a.sh', text)).toEqual(commands);
  });

  it('reads no script of another language', () => {
    expect(found('a.sh', '#!/usr/bin/env python3\ndocker run nginx\n')).toEqual([]);
  });
});

describe('commands elsewhere', () => {
  it.each<[string, string, readonly string[]]>([
    ['Makefile', 'IMAGE := example.com/app:1\nup:\n\t@docker run -d $(IMAGE)\n', ['docker run example.com/app:1']],
    ['Makefile', 'up:\n\t-$(DOCKER) run -d $(FLAGS) nginx\n', ['docker run nginx ?']],
    ['Makefile', 'up:\n\tdocker run -v $$HOME:/x \\\n\t  nginx\n', ['docker run nginx']],
    ['Makefile', 'X = docker run nginx\n', []],
    // a recipe is expanded once all of the file is read; what is set at once knows no more than stands above it
    ['Makefile', 'up:\n\tdocker run -d $(IMAGE)\nIMAGE = $(NAME):1\nNAME = nginx\n', ['docker run nginx:1']],
    ['Makefile', 'IMAGE := $(NAME):1\nNAME = nginx\nup:\n\tdocker run -d $(IMAGE)\n', ['docker run $(IMAGE)']],
    ['Makefile', 'up:\n\tdocker run -d $(IMAGE)\nIMAGE = nginx\nIMAGE = redis\n', ['docker run $(IMAGE)']],
    ['Makefile', 'EMPTY =\nup:\n\tdocker run $(EMPTY)-d nginx\n', ['docker run nginx ?']],
    ['Makefile', `up:\n\tdocker run ${'-e A=b '.repeat(4000)}nginx\n`, ['docker run nginx']],
    ['a.service', '[Service]\nExecStart=-/usr/bin/docker run --name %p \\\n  nginx\n', ['docker run nginx']],
    ['a.service', '[Unit]\nDescription=docker run nginx\n# ExecStart=docker run nginx\n', []],
    ['a.service', `[Service]\nExecStart=/usr/bin/docker run ${'-e A=b '.repeat(4000)}nginx\n`, ['docker run nginx']],
    ['a.service', '[Service]\nExecStart=/usr/bin/docker run -e A=${B} nginx {}\n', ['docker run nginx']],
    ['a.md', '```sh\ndocker run nginx\n```\n', ['docker run nginx']],
    ['a.md', '```console\n$ docker run nginx\ndocker run redis\n```\n', ['docker run nginx']],
    ['a.md', '```\nsudo docker run nginx\n```\n', ['docker run nginx']],
    ['a.md', '```python\ndocker run nginx\n```\nRun `docker run x`.\n', []],
  ])('%s %j', (path, text, commands) => {
    expect(found(path, text)).toEqual(commands);
  });
});

describe('the view of a container', () => {
  const view = (text: string) => containersOf(read('a.sh', text))[0]!;

  it('says what is a service, and what is not', () => {
    const purposes = (
      [
        'docker run -d nginx',
        'docker run -p 80:80 nginx',
        'docker create nginx',
        'docker run --restart always nginx',
        'docker run --rm nginx',
        'docker run -it -p 80:80 nginx',
        'docker run nginx true',
        'docker run -d nginx sh',
      ] as const
    ).map(text => view(text).purpose);
    expect(purposes).toEqual(['service', 'service', 'service', 'service', 'one-shot', 'one-shot', 'one-shot', 'one-shot']);
  });

  it('knows nothing absent where an option may be hidden', () => {
    expect(view('docker run -d $OPTS nginx').lacks('user')).toBe(false);
    expect(view('docker run -d nginx').lacks('user')).toBe(true);
    expect(view('docker run -d --user 1 nginx').lacks('user')).toBe(false);
  });

  it('reads mounts in any spelling', () => {
    const { items } = view(
      'docker run -v /a:/b:ro,rshared -v data:/d -v /cache -v ~/.ssh:/k -v "$X:/y" --mount \'type=bind,src=/s,dst=/t,readonly\' --mount type=tmpfs,dst=/tmp nginx',
    ).list('mounts');
    expect(items.map(({ value }) => value && [value.kind, value.source, value.target, value.readOnly, value.propagation])).toEqual([
      ['bind', '/a', '/b', true, 'rshared'],
      ['volume', 'data', '/d', false, null],
      ['anonymous', null, '/cache', false, null],
      ['bind', '~/.ssh', '/k', false, null],
      ['other', null, '/y', false, null],
      ['bind', '/s', '/t', true, null],
    ]);
  });

  it('parts what commas part, for the clients that do', () => {
    const names = (text: string) =>
      view(text)
        .list('capDrop')
        .items.map(({ value }) => value);
    expect(names('podman run --cap-drop all,CAP_CHOWN nginx')).toEqual(['ALL', 'CHOWN']);
    expect(names('docker run --cap-drop ALL,CHOWN nginx')).toEqual(['ALL,CHOWN']);
  });
});
