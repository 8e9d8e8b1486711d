import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { build, options, podman, prefix, scratch } from './engine';
import { harden } from './harden';
import { isOfficial, nameOfImage } from './images';
import { places, type Check, type Service } from './service';
import { failed, remove, shapeOf, stop, wait, type Outcome } from './trial';
import type { Row } from './table';

/** A check of one service of a project. */
type ServiceCheck = Check & { readonly service: string; readonly port?: number };

/** A project of `compose/`, as its service.json describes it. */
interface Project extends Service {
  readonly checks: readonly ServiceCheck[];
  /** What holds once all its containers have been made anew: that it has kept its data. */
  readonly again: readonly ServiceCheck[];
  /** Folders of the host that it mounts, which are made before it starts. */
  readonly folders?: readonly string[];
}

const projects = join(__dirname, 'compose');

/** All projects, by name. */
export function loadProjects(): readonly Project[] {
  return readdirSync(projects)
    .sort()
    .map(name => {
      const folder = join(projects, name);
      const said = JSON.parse(readFileSync(join(folder, 'service.json'), 'utf8')) as Omit<Project, 'name' | 'folder' | 'built'>;
      return { ...places, ...said, name: `compose-${name}`, folder, built: existsSync(join(folder, 'Dockerfile')) };
    });
}

/** How a service is built: the folder alone, or with its Dockerfile (from that folder), a stage and arguments. */
type Build =
  | string
  | { readonly context?: string; readonly dockerfile?: string; readonly target?: string; readonly args?: Readonly<Record<string, string>> };

type Services = Readonly<Record<string, { readonly image?: string; readonly build?: Build }>>;

const servicesOf = (folder: string): Services =>
  (parse(readFileSync(join(folder, 'compose.yaml'), 'utf8'), { merge: true }) as { readonly services: Services }).services;

/** The folder and the Dockerfile of a build, and the options that it needs besides. */
function planOf(folder: string, built: Build): { readonly context: string; readonly dockerfile: string; readonly args: readonly string[] } {
  const { context = '.', dockerfile = 'Dockerfile', target, args = {} } = typeof built === 'string' ? { context: built } : built;
  const place = join(folder, context);
  const options = [
    ...(target === undefined ? [] : ['--target', target]),
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
  ];
  return { context: place, dockerfile: join(place, dockerfile), args: options };
}

/** The names of the images that a project starts, or builds on. */
export function imagesOfProject({ folder }: Project): readonly string[] {
  return Object.values(servicesOf(folder)).flatMap(({ image, build: built }) => {
    if (built === undefined) return image ?? [];
    return [...readFileSync(planOf(folder, built).dockerfile, 'utf8').matchAll(/^FROM (\S+)/gm)].map(match => match[1]!);
  });
}

/** The network of a project: a container that does nothing, with the names of all services for loopback. */
function startNetwork(title: string, names: readonly string[], image: string): string {
  const name = `${prefix}-${title}-network`;
  const hosts = names.flatMap(host => ['--add-host', `${host}:127.0.0.1`]);
  const net = ['--network', 'none', '--sysctl', 'net.ipv4.ip_unprivileged_port_start=0', ...hosts];
  const { code, err } = podman(['run', '-d', '--init', '--pull=never', '--name', name, ...net, '--entrypoint', 'sleep', image, 'infinity']);
  if (code !== 0) throw new Error(`its network does not start: ${err.trim()}`);
  return name;
}

/** Starts the project of a folder with podman-compose, and looks whether it answers, keeps its data while its containers are made anew, and stops. */
async function tryProject(project: Project, folder: string, way: string): Promise<Outcome> {
  const title = `${project.name}-${way}`;
  const id = `${prefix}-${title}`;
  const services = servicesOf(folder);
  const names = Object.keys(services);
  for (const own of project.folders ?? []) mkdirSync(join(folder, own), { recursive: true });
  for (const [name, { build: built, image = `localhost/${id}_${name}` }] of Object.entries(services)) {
    if (built === undefined) continue;
    const { context, dockerfile, args } = planOf(folder, built);
    build(context, image, ['--file', dockerfile, ...args]);
  }
  const image = imagesOfProject(project).find(isOfficial)!;
  const network = startNetwork(title, names, nameOfImage(image));
  const hosts = join(scratch, `${title}-hosts`);
  writeFileSync(hosts, `127.0.0.1 localhost ${names.join(' ')}\n`);
  const compose = (...words: readonly string[]): void => {
    const args = ['--podman-path', join(__dirname, 'podman-for-compose.mjs'), '-p', id, '-f', 'compose.yaml', ...words];
    const env = { ...process.env, ...options.environment, BULKHEAD_COMPOSE: JSON.stringify({ options: options.podman, network, hosts }) };
    const { status, stdout, stderr } = spawnSync('podman-compose', args, { cwd: folder, encoding: 'utf8', timeout: 120_000, env });
    if (status !== 0) throw new Error(`podman-compose ${words[0]} fails: ${(stdout + stderr).trim().split('\n').slice(-3).join(' | ')}`);
  };
  const containers = names.map(name => ({ name: `${id}_${name}_1`, spec: { name }, mounts: [] }));
  const check = async (checks: readonly ServiceCheck[], seconds: number): Promise<string | null> => {
    for (const each of checks) {
      const own = containers.filter(({ spec }) => spec.name === each.service);
      const problem = await wait(each, { ...project, ...(each.port !== undefined && { port: each.port }) }, own, seconds);
      if (problem !== null) return `${each.service}: ${problem}`;
    }
    return null;
  };
  try {
    compose('up', '-d', '--no-build');
    const unanswered = await check(project.checks, 60);
    const shapes = containers.flatMap(container => shapeOf(container) ?? []);
    const outcome = { starts: true, answers: false, writes: false, stopped: null, shapes };
    if (unanswered !== null) return { ...outcome, problem: unanswered };
    const stops = containers.map(stop);
    const stopped = stops.includes(null) ? null : Math.max(...(stops as number[]));
    if (stopped === null) return { ...outcome, answers: true, problem: 'it does not stop on its stop signal' };
    remove(containers, false);
    compose('up', '-d', '--no-build');
    const lost = await check(project.again, 60);
    return { ...outcome, answers: true, writes: lost === null, stopped, problem: lost };
  } finally {
    remove(containers);
    remove([{ name: network, spec: { name: 'network' }, mounts: [] }]);
  }
}

/** Tries a project as it was written, and as harden leaves it. */
export async function tryBoth(project: Project, add: (row: Row) => void): Promise<void> {
  const attempt = async (
    way: string,
    title: string,
    work: () => { readonly folder: string; readonly left: Row['left'] },
  ): Promise<void> => {
    try {
      const { folder, left } = work();
      add({ service: project.name, way: title, outcome: await tryProject(project, folder, way), left });
    } catch (error) {
      add({ service: project.name, way: title, outcome: failed((error as Error).message), left: [] });
    }
  };
  await attempt('before', 'Compose file as written', () => {
    const folder = join(scratch, 'written', project.name);
    mkdirSync(folder, { recursive: true });
    cpSync(project.folder, folder, { recursive: true });
    rmSync(join(folder, 'service.json'));
    return { folder, left: [] };
  });
  await attempt('hardened', 'hardened Compose file', () => harden(project, 'compose'));
}
