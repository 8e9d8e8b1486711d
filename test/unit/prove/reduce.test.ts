import { describe, expect, test } from 'vitest';
import { containerPathsToAsk, imagePathsToAsk, type PathKind, reduceChanges } from '../../../shared/src/services/prove/reduce';

/** Changes as engines print them. */
const changesOf = (text: string): { readonly kind: 'A' | 'C' | 'D'; readonly path: string }[] =>
  text
    .trim()
    .split('\n')
    .map(line => ({ kind: line.trim()[0] as 'A', path: line.trim().slice(2) }));

describe('from the difference to folders', () => {
  const cases: readonly (readonly [
    title: string,
    changes: string,
    image: Readonly<Record<string, PathKind>>,
    container: Readonly<Record<string, PathKind>>,
    mounts: readonly string[],
    expected: readonly string[],
  ])[] = [
    ['nothing but what engines write', 'C /etc\nC /etc/hosts\nA /run/.containerenv\nC /dev\nA /run/secrets/x', {}, {}, [], []],
    [
      'an empty folder of the image that gets files',
      'C /var\nC /var/cache\nC /var/cache/nginx\nA /var/cache/nginx/client_temp\nA /var/cache/nginx/proxy_temp',
      { '/var/cache/nginx': 'empty', '/var/cache': 'filled', '/var': 'filled' },
      {},
      [],
      ['memory /var/cache/nginx'],
    ],
    [
      'a pid file, without its folder in the list',
      'A /run/nginx.pid',
      { '/run': 'empty' },
      { '/run/nginx.pid': 'file' },
      [],
      ['memory /run'],
    ],
    ['a file that came and went in /tmp', 'C /tmp', { '/tmp': 'empty' }, {}, [], ['memory /tmp']],
    ['a new folder at the top', 'A /data\nA /data/db\nA /data/db/x', {}, {}, [], ['memory /data']],
    [
      'a new empty folder beside the code',
      'C /app\nA /app/uploads',
      { '/app': 'filled' },
      { '/app/uploads': 'empty' },
      [],
      ['memory /app/uploads'],
    ],
    ['a new file beside the code', 'C /app\nA /app/app.db', { '/app': 'filled' }, { '/app/app.db': 'file' }, [], ['volume /app']],
    [
      'a cache in the home folder',
      'C /root\nA /root/.cache\nA /root/.cache/pip\nA /root/.cache/pip/x',
      { '/root': 'filled' },
      {},
      [],
      ['memory /root/.cache'],
    ],
    [
      'a file of the image that is edited',
      'C /etc\nC /etc/nginx\nC /etc/nginx/conf.d\nC /etc/nginx/conf.d/default.conf',
      { '/etc/nginx/conf.d': 'filled', '/etc/nginx': 'filled', '/etc/nginx/conf.d/default.conf': 'file' },
      {},
      [],
      ['volume /etc/nginx/conf.d (edited)'],
    ],
    [
      'a folder with content whose owner changes',
      'C /var\nC /var/www',
      { '/var': 'filled', '/var/www': 'filled' },
      {},
      [],
      ['volume /var/www (edited)'],
    ],
    [
      'an empty folder whose owner changes',
      'C /var\nC /var/spool',
      { '/var': 'filled', '/var/spool': 'empty' },
      {},
      [],
      ['memory /var/spool'],
    ],
    ['a mount and the way to it', 'C /srv\nA /srv/data', {}, {}, ['/srv/data'], []],
    ['unknown kinds', 'C /opt\nA /opt/x', {}, {}, [], ['volume /opt']],
    ['a folder within another', 'A /run/a/x\nA /run/a\nA /run/b', { '/run': 'empty' }, { '/run/b': 'file' }, [], ['memory /run']],
    ['a deleted file', 'C /app\nD /app/install.lock', { '/app': 'filled' }, {}, [], ['volume /app (edited)']],
    [
      'a folder of the image in one that has no files',
      'C /run\nA /run/app.pid\nC /run/mysqld\nA /run/mysqld/mysqld.sock\nA /run/x\nA /run/x/y',
      { '/run': 'folders', '/run/mysqld': 'empty' },
      { '/run/app.pid': 'file', '/run/mysqld/mysqld.sock': 'file' },
      [],
      ['memory /run', 'memory /run/mysqld'],
    ],
    ['a new folder beside folders of the image', 'C /run\nA /run/x\nA /run/x/y', { '/run': 'folders' }, {}, [], ['memory /run/x']],
    ['a name that only begins like noise', 'A /devices/x\nA /devices', {}, {}, [], ['memory /devices']],
  ];
  test.each(cases)('%s', (_, changes, image, container, mounts, expected) => {
    const kinds = { image: new Map(Object.entries(image)), container: new Map(Object.entries(container)) };
    const { folders, unmountable } = reduceChanges(
      changesOf(changes),
      kinds,
      mounts.map(path => ({ path })),
    );
    expect(folders.map(({ path, kind, edited }) => `${kind} ${path}${edited ? ' (edited)' : ''}`)).toEqual(expected);
    expect(unmountable).toEqual([]);
  });
});

test('a file at the root cannot be mounted', () => {
  expect(reduceChanges([{ kind: 'A', path: '/dump.rdb' }], { image: new Map(), container: new Map() }, [])).toEqual({
    folders: [],
    unmountable: ['/dump.rdb'],
  });
});

test('an engine is asked for what decides alone, and no more than it can answer', () => {
  const changes = changesOf('C /var\nC /var/lib\nC /var/lib/x\nA /var/lib/x/y\nA /var/lib/x/y/z\nC /tmp\nA /run/app.pid');
  expect(imagePathsToAsk(changes, [])).toEqual(['/var/lib/x', '/tmp', '/run']);
  expect(containerPathsToAsk(changes, [], new Map([['/run', 'folders']]))).toEqual(['/run/app.pid']);
  expect(containerPathsToAsk(changes, [], new Map([['/run', 'empty']]))).toEqual([]);
  const many = Array.from({ length: 20_000 }, (_, at) => ({ kind: 'A' as const, path: `/data/f${at}` }));
  expect(containerPathsToAsk(many, [], new Map())).toHaveLength(40);
});
