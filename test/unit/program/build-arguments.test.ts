import { describe, expect, test } from 'vitest';
import { hardened, type Files } from './image-writes';

// Arguments of a build move what a Dockerfile tells: a manifest goes by those that the image is built with.

const Dockerfile = [
  'FROM python:3.13-slim',
  'ARG STATE=/var/lib/web',
  'ARG RUN_AS=1000',
  'ENV STATE_DIR=$STATE',
  'RUN mkdir -p $STATE',
  'COPY main.py /app/',
  'CMD ["python", "/app/main.py"]',
  '',
].join('\n');
const image = 'registry.example.com/acme/web';
const manifest = `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n    - name: web\n      image: ${image}:1\n`;
const program = "import os\nopen(os.path.join(os.environ['STATE_DIR'], 'log'), 'w')\n";
const compose = (args: string): Files => ({
  'compose.yaml': `services:\n  web:\n    image: ${image}\n    build: {context: ., args: ${args}}\n`,
});

const after = (files: Files, dockerfile = Dockerfile): string =>
  hardened('web.yaml', { Dockerfile: dockerfile, 'main.py': program, 'web.yaml': manifest, ...files });

describe('the folder of an image that is built with another argument', () => {
  test.each<[string, Files, string]>([
    ['of Compose, in a map', compose('{STATE: /srv/state}'), '/srv/state'],
    ['of Compose, in a list', compose('[STATE=/srv/state]'), '/srv/state'],
    ['of Compose, unless a variable is set', compose('{STATE: "${STATE:-/srv/state}"}'), '/srv/state'],
    ['that it has anyway', compose('{STATE: /var/lib/web}'), '/var/lib/web'],
    ['of another name', compose('{OTHER: /srv/state}'), '/var/lib/web'],
    ['of a command', { 'build.sh': `docker build --build-arg STATE=/srv/state -t ${image} .\n` }, '/srv/state'],
    [
      'of a bake file',
      { 'docker-bake.hcl': `target "web" {\n  tags = ["${image}"]\n  args = {\n    STATE = "/srv/state"\n  }\n  target = ""\n}\n` },
      '/srv/state',
    ],
    [
      'of a workflow',
      {
        '.github/workflows/a.yaml': `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: .\n          tags: ${image}:1\n          build-args: |\n            A=b\n            STATE=/srv/state\n`,
      },
      '/srv/state',
    ],
    [
      'of Skaffold',
      {
        'skaffold.yaml': `apiVersion: skaffold/v4beta6\nkind: Config\nbuild:\n  artifacts:\n    - image: ${image}\n      docker: {buildArgs: {STATE: /srv/state}}\n`,
      },
      '/srv/state',
    ],
  ])('%s', (_, files, expected) => {
    expect([...after(files).matchAll(/mountPath: (\/(?!tmp)\S+)/g)].map(match => match[1])).toEqual([expected]);
    expect(after(files)).toContain('runAsUser: 10001');
  });
});

describe('what the argument may change besides is asked for', () => {
  const twice = `${Dockerfile}LABEL about="state in /var/lib/web"\n`;
  const user = Dockerfile.replace('CMD', 'USER $RUN_AS\nCMD');
  test.each<[string, string, Files, boolean]>([
    ['a path that the Dockerfile has twice', twice, compose('{STATE: /srv/state}'), true],
    ['the same, as it is', twice, compose('{STATE: /var/lib/web}'), false],
    ['a path that a variable decides', Dockerfile, compose('{STATE: "${STATE}"}'), true],
    ['the user', user, compose('{RUN_AS: 2000}'), true],
    ['the user, as it is', user, compose('{RUN_AS: 1000}'), false],
    ['an argument that decides nothing', Dockerfile, compose('{RUN_AS: 2000}'), false],
  ])('%s', (_, dockerfile, files, isAsked) => {
    expect(after(files, dockerfile).includes('runAsUser:')).toBe(!isAsked);
    expect(after(files, dockerfile).includes('runAsNonRoot: true')).toBe(!isAsked);
  });
});

test('a service of Compose is judged by its own arguments', () => {
  const text =
    'services:\n  web:\n    build: {context: ., args: {STATE: /srv/state}}\n    volumes: [state:/srv/state]\nvolumes: {state: {}}\n';
  const files = { Dockerfile, 'main.py': program, 'compose.yaml': text };
  expect(hardened('compose.yaml', files)).toContain('read_only: true');
  expect(hardened('compose.yaml', { ...files, 'compose.yaml': text.replace('args: {STATE', 'args: {OTHER') })).not.toContain('read_only');
});
