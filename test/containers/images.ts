import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build, cache, hasImage, podman, run } from './engine';

/** A stage of images/Dockerfile, and the packages of Debian that it needs besides the common ones. */
interface Stage {
  readonly stage: string;
  readonly packages: string;
}

const common = 'ca-certificates curl busybox tini gosu cron passwd';
const node: Stage = { stage: 'node', packages: 'nodejs' };
const nginx = 'nginx-light';
const java = 'openjdk-17-jre-headless ecj python3-minimal';
const php = 'php-cli';

/** The stage behind each official name; a tag of the name decides where one is given. */
const stages: Readonly<Record<string, Stage>> = {
  debian: { stage: 'debian', packages: 'python3-minimal' },
  ubuntu: { stage: 'debian', packages: 'python3-minimal' },
  node,
  // The nc of BusyBox in Alpine knows -z, the one in Debian's does not.
  'node:*-alpine': { stage: 'node-alpine', packages: `${node.packages} netcat-openbsd` },
  python: { stage: 'python', packages: 'python3-minimal python3-flask python3-fastapi python3-uvicorn python3-django gunicorn' },
  'python:*-alpine': { stage: 'python-alpine', packages: 'python3-minimal' },
  alpine: { stage: 'alpine', packages: 'python3-minimal netcat-openbsd' },
  ruby: { stage: 'ruby', packages: 'ruby ruby-rack puma' },
  golang: { stage: 'golang', packages: '' },
  'eclipse-temurin': { stage: 'temurin', packages: java },
  php: { stage: 'php', packages: php },
  'php:*-apache': { stage: 'php-apache', packages: `${php} libapache2-mod-php apache2` },
  'php:*-fpm': { stage: 'php-fpm', packages: `${php} php-fpm libfcgi-bin` },
  nginx: { stage: 'nginx', packages: nginx },
  'nginxinc/nginx-unprivileged': { stage: 'nginx-unprivileged', packages: nginx },
  httpd: { stage: 'httpd', packages: 'apache2' },
  postgres: { stage: 'postgres', packages: 'postgresql' },
  redis: { stage: 'redis', packages: 'redis-server' },
  mariadb: { stage: 'mariadb', packages: 'mariadb-server' },
  'gcr.io/distroless/static-debian12': { stage: 'distroless-static', packages: '' },
  'gcr.io/distroless/base-debian13': { stage: 'distroless-static', packages: '' },
  'gcr.io/distroless/static-debian13': { stage: 'distroless-static', packages: '' },
  'mcr.microsoft.com/dotnet/aspnet': { stage: 'aspnet', packages: '' },
};

/** The packages of stages and the common ones, each once. */
function packagesOf(wanted: readonly Stage[]): readonly string[] {
  return [...new Set([common, ...wanted.map(({ packages }) => packages)].join(' ').split(' '))].filter(name => name !== '').sort();
}

const folder = join(__dirname, 'images');

/** The stage that stands for an image; `null` where the name is none of the official ones. */
function stageOf(image: string): Stage | null {
  const [name = '', tag = 'latest'] = image
    .replace(/@sha256:.*$/, '')
    .replace(/^(?:docker\.io\/)?(?:library\/)?/, '')
    .split(':');
  const variant = Object.entries(stages).find(([key]) => key.startsWith(`${name}:*`) && tag.endsWith(key.slice(name.length + 2)));
  return variant?.[1] ?? stages[name] ?? null;
}

/** Whether an image is one that is made here under its official name. */
export const isOfficial = (image: string): boolean => stageOf(image) !== null;

/** The name by which a build or podman finds an image without asking a registry. */
export const nameOfImage = (image: string): string => {
  const tagged = /:[^/]*$/.test(image) ? image : `${image}:latest`;
  const host = image.includes('/') ? image.split('/')[0]! : '';
  return host.includes('.') ? tagged : image.includes('/') ? `docker.io/${tagged}` : `docker.io/library/${tagged}`;
};

/** Sources of this machine that are Debian's own, in either format. */
function debianSources(): readonly string[] {
  const lists = '/etc/apt/sources.list.d';
  const files = [...(existsSync(lists) ? readdirSync(lists).map(name => join(lists, name)) : []), '/etc/apt/sources.list'];
  return files.filter(
    file => /\.(?:sources|list)$/.test(file) && existsSync(file) && /\bdebian(?:-security)?\b/.test(readFileSync(file, 'utf8')),
  );
}

function hashOf(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 12);
}

const filesBelow = (path: string): readonly string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .flatMap(name => filesBelow(join(path, name)))
    : [path];

/** The image that these stages are built on: the one with every package where it is there, else one with what they need. */
function baseImage(wanted: readonly Stage[]): string {
  const suite = /^VERSION_CODENAME=(\S+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable';
  const nameFor = (packages: readonly string[]): string => `localhost/bulkhead-base:${hashOf(packages.join(' '), suite)}`;
  const complete = nameFor(packagesOf(Object.values(stages)));
  if (hasImage(complete)) return complete;
  const packages = packagesOf(wanted);
  const name = nameFor(packages);
  if (!hasImage(name)) makeBase(name, suite, packages);
  return name;
}

/** Makes an image of Debian's packages. */
function makeBase(name: string, suite: string, packages: readonly string[]): void {
  const tar = join(cache, 'base.tar');
  console.log(`Making a base image of ${packages.length} packages of Debian (${suite})`);
  const without = ['doc', 'man', 'locale', 'info'].map(part => `--dpkgopt=path-exclude=/usr/share/${part}/*`);
  const { code, err } = run(
    'nice',
    [
      ...['mmdebstrap', '--variant=minbase', '--mode=root', `--include=${packages.join(',')}`, ...without],
      ...['--dpkgopt=force-unsafe-io', '--aptopt=APT::Install-Recommends "false"'],
      // Java's packages want the folder, and PostgreSQL's would make a cluster.
      '--essential-hook=mkdir -p "$1/usr/share/man/man1" "$1/etc/postgresql-common"',
      '--essential-hook=echo "create_main_cluster = false" > "$1/etc/postgresql-common/createcluster.conf"',
      ...[suite, tar, ...debianSources()],
    ],
    { seconds: 560 },
  );
  if (code !== 0) rmSync(tar, { force: true });
  if (code !== 0) throw new Error(`mmdebstrap fails: ${err.trim().split('\n').slice(-5).join(' | ')}`);
  const imported = podman(['import', tar, name], 300);
  rmSync(tar);
  if (imported.code !== 0) throw new Error(`podman import fails: ${imported.err}`);
}

/** Makes the images of these names, where they are not there; names that are not official are left alone. */
export function makeImages(images: readonly string[]): void {
  const wanted = [...new Set(images.flatMap(image => stageOf(image) ?? []))];
  const base = baseImage(wanted);
  const state = hashOf(base, ...filesBelow(folder).map(file => readFileSync(file)));
  for (const stage of wanted) {
    const own = `localhost/bulkhead-${stage.stage}:${state}`;
    if (!hasImage(own)) build(folder, own, ['--build-arg', `BASE=${base}`, '--target', stage.stage]);
    for (const image of images) if (stageOf(image) === stage) podman(['tag', own, nameOfImage(image)]);
  }
}
