import { describe, expect, test } from 'vitest';
import { hardened } from './image-writes';

// What ConfigMaps put into a container is read as what an image has: the program that it starts, and the configuration of its server.

const indent = (text: string): string => text.replace(/^/gm, '    ').trimEnd();

const pod = (image: string, key: string, text: string, ...lines: readonly string[]): string =>
  [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata: {name: files}',
    'data:',
    `  ${key}: |`,
    indent(text),
    '---',
    'apiVersion: v1',
    'kind: Pod',
    'metadata: {name: web}',
    'spec:',
    '  containers:',
    '    - name: web',
    `      image: ${image}`,
    ...lines.map(line => `      ${line}`),
    '  volumes:',
    '    - {name: files, configMap: {name: files}}',
    '    - {name: data, emptyDir: {}}',
    '',
  ].join('\n');

const mount = (path: string, more = ''): string => `volumeMounts: [{name: files, mountPath: ${path}${more}}]`;

/** The paths that get volumes beside /tmp and what the image of the server writes; `null`: the root filesystem stays writable. */
function volumes(text: string): readonly string[] | null {
  const after = hardened('web.yaml', { 'web.yaml': text });
  if (!after.includes('readOnlyRootFilesystem: true')) return null;
  const known = new Set(['/tmp', '/var/cache/nginx', '/var/run', '/data', '/usr/local/apache2/logs']);
  const before = new Set([...text.matchAll(/mountPath: "?([\w./-]+)/g)].map(match => match[1]!));
  return [...after.matchAll(/mountPath: "?([\w./-]+)/g)].flatMap(match => (known.has(match[1]!) || before.has(match[1]!) ? [] : match[1]!));
}

describe('what a ConfigMap mounts', () => {
  test.each<[string, string, readonly string[] | null]>([
    [
      'a program that writes where it starts',
      pod('node:24', 'index.js', "fs.writeFileSync('count.txt', n);\n", 'command: [node, /app/index.js]', mount('/app')),
      null,
    ],
    [
      'one that writes to a folder of its own',
      pod('node:24', 'index.js', "fs.mkdirSync('/var/lib/counter');\n", 'command: [node, /app/index.js]', mount('/app')),
      ['/var/lib/counter'],
    ],
    [
      'one that writes to a volume',
      pod(
        'node:24',
        'index.js',
        "fs.mkdirSync('/data/counter');\n",
        'command: [node, /app/index.js]',
        'volumeMounts: [{name: files, mountPath: /app}, {name: data, mountPath: /data}]',
      ),
      [],
    ],
    ['one that writes nothing', pod('python:3.13', 'main.py', "print('on')\n", 'command: [python, /app/main.py]', mount('/app')), []],
    [
      'a configuration of a server',
      pod(
        'nginx:1.29',
        'default.conf',
        'access_log /var/log/shop/access.log;\n',
        mount('/etc/nginx/conf.d/default.conf', ', subPath: default.conf'),
      ),
      ['/var/log/shop'],
    ],
    [
      'one that keeps to the places of its image',
      pod('httpd:2.4', 'httpd.conf', 'ServerRoot "/usr/local/apache2"\nErrorLog logs/error_log\n', mount('/usr/local/apache2/conf')),
      [],
    ],
    ['one that is not mounted', pod('redis:8', 'redis.conf', 'dir /var/lib/redis\n', mount('/etc/redis', ', subPath: other.conf')), []],
    ['a script that changes users', pod('debian:13', 'run.sh', 'useradd app\n', 'command: [sh, /app/run.sh]', mount('/app')), null],
  ])('%s', (_, text, expected) => expect(volumes(text)).toEqual(expected));
});

/** Whether a container with a command gets another user, and a root filesystem that is only read. */
function isHardened(image: string, ...lines: readonly string[]): boolean {
  const text = pod(image, 'a.txt', 'a', ...lines);
  const after = hardened('web.yaml', { 'web.yaml': text });
  expect(after.includes('runAsNonRoot: true')).toBe(after.includes('readOnlyRootFilesystem: true'));
  return after.includes('readOnlyRootFilesystem: true');
}

describe('what a command does', () => {
  const shell = (script: string): string => `command: [sh, -c, ${JSON.stringify(script)}]`;
  const data = 'volumeMounts: [{name: data, mountPath: /data}]';
  test.each<[string, string, string[], boolean]>([
    ['writes a page of the image', 'nginx:1.29', [shell("echo hi > /usr/share/nginx/html/index.html && nginx -g 'daemon off;'")], false],
    [
      'fills in a configuration',
      'nginx:1.29',
      [shell("envsubst < /t/site > /etc/nginx/conf.d/default.conf; exec nginx -g 'daemon off;'")],
      false,
    ],
    ['changes one', 'httpd:2.4', [shell("sed -i 's/80/81/' conf/httpd.conf && httpd-foreground")], false],
    ['copies one', 'redis:8', [shell('cp /conf/redis.conf /etc/redis.conf && redis-server /etc/redis.conf')], false],
    ['writes where it starts', 'debian:13', [shell('while true; do date >> beat.log; sleep 5; done')], false],
    ['writes to a volume', 'debian:13', [shell('mkdir -p /data/x && date > /data/x/now; sleep 9'), data], true],
    [
      'writes to a volume that a variable names',
      'debian:13',
      [shell('date > "$OUT/now" 2>&1'), 'env: [{name: OUT, value: /data}]', data],
      true,
    ],
    ['writes where a variable of nobody says', 'debian:13', [shell('date > "$OUT/now"')], false],
    ['writes tags to a volume', 'debian:13', [shell("echo '<p>hi</p>' > /data/index.html"), data], true],
    ['writes to /tmp, and to nowhere', 'debian:13', [shell('date > /tmp/now; date >/dev/null; touch /tmp/x')], true],
    ['prints', 'debian:13', [shell('date; sleep 9')], true],
    ['is a program of Python that writes', 'python:3.13', [`command: [python, -c, "open('x.txt', 'w').write('1')"]`], false],
    ['is one of Node', 'node:24', [`command: [node, -e, "require('fs').writeFileSync('/srv/x.txt', '1')"]`], false],
    ['is one that prints', 'python:3.13', ['command: [python, -c, "print(1)"]'], true],
  ])('%s', (_, image, lines, expected) => expect(isHardened(image, ...lines)).toBe(expected));
});

describe('a configuration of a ConfigMap over that of the image', () => {
  const files = (mounts: string): Readonly<Record<string, string>> => ({
    Dockerfile: 'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n',
    'main.py': "serve(load('conf/settings.yml'))\n",
    'conf/settings.yml': 'storage:\n  path: /var/lib/inbox\n',
    'web.yaml': pod('registry.example.com/acme/web', 'settings.yml', 'storage:\n  path: /srv/box\n', `volumeMounts: [${mounts}]`),
    'compose.yaml': 'services:\n  web:\n    build: .\n    image: registry.example.com/acme/web\n',
  });
  const added = (mounts: string): readonly string[] =>
    [...hardened('web.yaml', files(mounts)).matchAll(/mountPath: (\/(?:var|srv)\/[\w/]+)/g)].map(match => match[1]!);
  test.each<[string, string, readonly string[]]>([
    ['laid over the file', '{name: files, mountPath: /app/conf/settings.yml, subPath: settings.yml}', ['/srv/box']],
    ['laid over its folder', '{name: files, mountPath: /app/conf}', ['/srv/box']],
    ['laid elsewhere, where something may read it', '{name: files, mountPath: /etc/web}', ['/var/lib/inbox', '/srv/box']],
  ])('%s', (_, mounts, expected) => expect(added(mounts)).toEqual(expected));
});
