import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tryCommands } from './commands';
import { imagesOfProject, loadProjects, tryBoth } from './compose';
import { buildDockerfiles, isOfDockerfiles, wantedDockerfiles } from './dockerfiles';
import { build, cleanUp, imageSize, prefix, takeCache } from './engine';
import { harden, type Left } from './harden';
import { isOfficial, makeImages } from './images';
import { podOf } from './manifest';
import { startPod } from './pod';
import { composeOf, imagesOf, loadServices, manifestOf, type Service } from './service';
import { markdown, line, sizesOf, type Row, type Sizes } from './table';
import { failed, remove, startDocker, tryOut, type Outcome } from './trial';

/**
 * Builds and starts the services of `services/` and, with podman-compose, the projects of `compose/`, before and after hardening, and looks whether each answers, writes what it must write, and
 * stops.
 *
 * Arguments: names of services, `commands`, `dockerfiles` or `dockerfiles/NAME`; none: all. `--ci`: those of the check in .ci/run. Exit code 1 when a
 * service fails.
 */

/** Ways of starting a service. */
type Way = 'before' | 'dockerfile' | 'split' | 'clicked' | 'linked' | 'alone';

const titles: Readonly<Record<Way, string>> = {
  before: 'as written',
  dockerfile: 'hardened Dockerfile',
  split: 'hardened Dockerfile, split into two stages',
  clicked: 'hardened Dockerfile, after quick fixes',
  linked: 'hardened manifest, its Dockerfile beside it',
  alone: 'hardened manifest alone',
};

const tag = (service: Service, way: string): string => `localhost/${prefix}/${service.name}:${way}`;

/** An outcome, with the sizes of images that are compared. */
type Trial = Outcome & { readonly sizes?: Sizes };

/** Starts the image of a Dockerfile as Docker does. */
async function tryDockerfile(service: Service, folder: string, way: string): Promise<Outcome> {
  const image = tag(service, way);
  build(folder, image, ['--file', join(folder, service.dockerfile)]);
  const compose = composeOf(folder);
  const init = compose.init || (way !== 'before' && service.needsInit !== undefined);
  return tryOut(service, [startDocker(image, `${service.name}-${way}-docker`, { ...compose, init })], way !== 'before');
}

/** Starts the image of a Dockerfile that was split into two stages, which must be smaller than the one that was written. */
async function trySplit(service: Service): Promise<Trial> {
  const { folder } = harden(service, 'split');
  const outcome = await tryDockerfile(service, folder, 'split');
  const sizes = { before: imageSize(tag(service, 'before')), after: imageSize(tag(service, 'split')) };
  const stages = readFileSync(join(folder, service.dockerfile), 'utf8').match(/^FROM /gm)?.length ?? 0;
  const problem = stages < 2 ? 'its Dockerfile is not split' : sizes.after < sizes.before ? null : `it is not smaller: ${sizesOf(sizes)}`;
  return { ...outcome, problem: outcome.problem ?? problem, sizes };
}

/** Starts the image of a Dockerfile after the quick fixes that a person takes. */
async function tryClicked(service: Service): Promise<Outcome> {
  const outcome = await tryDockerfile(service, harden(service, 'clicked').folder, 'clicked');
  const dropsRoot = service.clicks!.some(wanted => wanted.startsWith('dockerfile/root-user'));
  const isRoot = dropsRoot && outcome.shapes.some(({ user }) => user === 0);
  return { ...outcome, problem: outcome.problem ?? (isRoot ? 'its process is still one of root' : null) };
}

/** Starts the pod of a folder; images that are not official are the one that was built. `volumes` names the claims that it shares. */
async function tryManifest(service: Service, folder: string, way: string, volumes: string): Promise<Outcome> {
  const imageFor = (image: string): string => (isOfficial(image) ? image : tag(service, way));
  const init = way !== 'before' && service.needsInit !== undefined;
  const { containers, problem } = startPod(podOf(manifestOf(folder, service)), {
    imageFor,
    volumes,
    title: `${service.name}-${way}-pod`,
    init,
  });
  if (problem === null) return tryOut(service, containers, way !== 'before');
  remove(containers);
  return failed(problem);
}

/** Runs a trial; what it throws is its outcome. */
async function attempt(work: () => Promise<Trial>): Promise<Trial> {
  try {
    return await work();
  } catch (error) {
    return failed((error as Error).message);
  }
}

/** Tries one service in every way that it can be started. */
async function tryService(service: Service): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const add = async (way: Way, work: () => Promise<Trial>, left: readonly Left[] = []): Promise<void> => {
    const { sizes, ...outcome } = await attempt(work);
    const row = { service: service.name, way: titles[way], outcome, left, ...(sizes && { sizes }) };
    rows.push(row);
    console.log(line(row));
  };
  const { folder, name } = service;
  const hasManifest = manifestOf(folder, service).length > 0;
  if (service.built) {
    await add('before', () => tryDockerfile(service, folder, 'before'));
    if (hasManifest) await add('before', () => tryManifest(service, folder, 'before', `${name}-before`));
    const hardened = harden(service, 'linked');
    await add(
      'dockerfile',
      () => tryDockerfile(service, hardened.folder, 'hardened'),
      hardened.left.filter(({ path }) => path === service.dockerfile),
    );
    if (service.split) await add('split', () => trySplit(service));
    if (service.clicks) await add('clicked', () => tryClicked(service));
    if (hasManifest)
      await add(
        'linked',
        () => tryManifest(service, hardened.folder, 'hardened', `${name}-hardened`),
        hardened.left.filter(({ path }) => path !== service.dockerfile),
      );
  } else {
    await add('before', () => tryManifest(service, folder, 'before', `${name}-old`));
    const hardened = harden(service, 'alone');
    await add('alone', () => tryManifest(service, hardened.folder, 'alone', `${name}-fresh`), hardened.left);
    if (service.oldVolume) await add('alone', () => tryManifest(service, hardened.folder, 'old', `${name}-old`), []);
  }
  return rows;
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const wanted = words.filter(word => !word.startsWith('--'));
  const isWanted = ({ name, ci }: Service): boolean => (wanted.length > 0 ? wanted.includes(name) : !words.includes('--ci') || ci === true);
  const services = loadServices().filter(isWanted);
  const projects = loadProjects().filter(isWanted);
  const unknown = wanted.filter(
    name => name !== 'commands' && !isOfDockerfiles(name) && ![...services, ...projects].some(service => service.name === name),
  );
  if (unknown.length > 0) throw new Error(`no service is called ${unknown.join(', ')}`);
  const counts = { passed: 0, failed: 0 };
  const start = Date.now();
  await takeCache();
  makeImages([...services.flatMap(imagesOf), ...projects.flatMap(imagesOfProject)]);
  console.log(`The images of ${services.length + projects.length} services are there after ${Math.round((Date.now() - start) / 1000)} s`);
  const rows: Row[] = [];
  for (const project of projects) {
    const own: Row[] = [];
    await tryBoth(project, row => {
      own.push(row);
      console.log(line(row));
    });
    rows.push(...own);
    counts[own.every(({ outcome }) => outcome.problem === null) ? 'passed' : 'failed'] += 1;
  }
  for (const service of services) {
    const own = await tryService(service);
    rows.push(...own);
    counts[own.every(({ outcome }) => outcome.problem === null) ? 'passed' : 'failed'] += 1;
  }
  if (wanted.length === 0 || wanted.includes('commands')) counts[(await tryCommands()).length === 0 ? 'passed' : 'failed'] += 1;
  const { built, failures } = buildDockerfiles(wantedDockerfiles(wanted, words.includes('--ci')));
  counts.passed += built;
  counts.failed += failures.length;
  const results = join(__dirname, '../../test-results');
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, 'containers.md'), markdown(rows));
  console.log(`\n${markdown(rows)}`);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    cleanUp();
    process.exit(1);
  });
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(cleanUp);
