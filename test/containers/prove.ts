import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { cleanUp, scratch, takeCache } from './engine';
import { composeOf, imagesOf, loadServices, manifestOf, type Service } from './service';
import { makeImages, nameOfImage } from './images';
import { tryHardened, type Ways } from './hardened';
import { podmanHere, type Proof, proveFile } from './proof';

// Proves the services of this folder with the command line as it is built, and podman on the images of the tests: how many are proved, how far, in how many starts.
// `npm run containers:prove [-- --harden] [--exercise] [NAME...]`, after `npm run build`. `--harden`: each is hardened without a person, proved, hardened again, and tried each
// time. `--exercise`: its own checks are the command that exercises it.

/** What the manifest gives an official image by its environment; a value from a Secret is any. */
function environmentOf(service: Service): Readonly<Record<string, string>> {
  if (service.built) return {};
  const found: Record<string, string> = {};
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { env } = value as { readonly env?: unknown };
    if (Array.isArray(env))
      for (const { name, value: text } of env as readonly { readonly name: string; readonly value?: string }[])
        found[name] = text ?? 'only-for-tests';
    Object.values(value).forEach(visit);
  };
  visit(manifestOf(service.folder, service));
  return found;
}

/** A Compose file of one service, with what its own files say of it as Docker starts it. */
function writeCompose(file: string, service: Service): void {
  const { environment: said, volumes, init } = composeOf(service.folder);
  const environment = { ...environmentOf(service), ...said };
  const volumeNames = volumes.map(volume => volume.split(':')[0]!);
  const written = {
    ...(service.built ? { build: { context: '.', dockerfile: service.dockerfile } } : { image: nameOfImage(imagesOf(service)[0]!) }),
    ...(Object.keys(environment).length > 0 && { environment }),
    ...(volumes.length > 0 && { volumes }),
    ...(init && { init }),
    ...(service.port !== undefined && { expose: [String(service.port)] }),
  };
  const named = Object.fromEntries(volumeNames.map(name => [name, {}]));
  writeFileSync(file, stringify({ services: { [service.name]: written }, ...(volumeNames.length > 0 && { volumes: named }) }));
}

/** A folder of its own for a service, with its sources, its Dockerfile and a Compose file. Gives that file. */
function fileOf(service: Service): string {
  const folder = join(scratch, 'prove', service.name);
  mkdirSync(folder, { recursive: true });
  if (service.built) cpSync(service.folder, folder, { recursive: true });
  for (const other of ['service.json', 'compose.yaml', service.manifest]) rmSync(join(folder, other), { force: true });
  const file = join(folder, 'compose.yaml');
  writeCompose(file, service);
  return file;
}

/** The checks of a service as one command that exercises it; of an image that may have no shell from a container beside it, where all go over the network. */
function exerciseOf(service: Service): readonly string[] {
  const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const lines = service.checks.flatMap(check => {
    if ('log' in check || 'file' in check) return [];
    if ('exec' in check) return [check.exec.map(quote).join(' ')];
    const body = check.post === undefined ? [] : ['--data-binary', quote(check.body ?? '')];
    const url = `http://127.0.0.1:${check.port ?? service.port}${check.get ?? check.post ?? '/'}`;
    return [['curl', '-sS', '--max-time', '10', ...body, quote(url), '|', 'grep', '-qF', quote(check.expect)].join(' ')];
  });
  if (lines.length === 0) return [];
  const isBeside = !service.checks.some(check => 'exec' in check);
  return ['--exercise', lines.join(' && '), ...(isBeside ? ['--exercise-image', 'debian:12'] : [])];
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

async function main(): Promise<void> {
  await takeCache();
  const words = process.argv.slice(2);
  const wanted = words.filter(word => !word.startsWith('--'));
  const hardens = words.includes('--harden');
  const services = loadServices().filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const tried: Ways[] = [];
  const proofs: { readonly service: Service; readonly proof: Proof | string }[] = [];
  try {
    // all of them, so that they are on one base whichever are asked for
    makeImages(loadServices().flatMap(imagesOf));
    const path = podmanHere();
    for (const service of services) {
      let proof: Proof | string;
      let ways: Ways | null = null;
      try {
        const file = fileOf(service);
        if (!hardens) proof = proveFile(file, path, words.includes('--exercise') ? exerciseOf(service) : []);
        else
          ({ proof, ways } = await tryHardened(file, service, join(scratch, 'state'), (proved, exercises) =>
            proveFile(proved, path, exercises ? exerciseOf(service) : []),
          ));
      } catch (error) {
        proof = String(error);
      }
      proofs.push({ service, proof });
      console.log(`${service.name}: ${typeof proof === 'string' ? `not asked: ${proof}` : inWords(proof)}`);
      if (!ways) continue;
      tried.push(ways);
      for (const [way, { outcome, isFull, left }] of Object.entries(ways))
        console.log(
          `  ${way}: ${outcome.problem ?? 'works'}${isFull ? ', fully hardened' : ''}${left.map(one => `; asks ${one}`).join('')}`,
        );
    }
  } finally {
    cleanUp();
  }
  const made = proofs.flatMap(({ proof }) => (typeof proof === 'string' ? [] : [proof]));
  const count = (holds: (proof: Proof) => boolean): number => made.filter(holds).length;
  console.log(
    `${made.length} of ${proofs.length} asked: ${count(({ verdict }) => verdict === 'proved')} proved (${count(({ verdict, level }) => verdict === 'proved' && level === 'answered')} answered), ${count(({ verdict }) => verdict === 'partly')} partly, ${count(({ verdict }) => verdict === 'cannot')} cannot; median of starts ${median(made.map(({ starts }) => starts.length))}, of seconds ${median(made.map(({ durationMs }) => durationMs)) / 1000}`,
  );
  if (hardens) console.log(sumOf(tried));
}

/** How many of the services that work as written do so hardened, and with nothing left to take away. */
function sumOf(tried: readonly Ways[]): string {
  const working = tried.filter(({ written }) => written.outcome.problem === null);
  const sum = (way: 'before' | 'after' | 'exercised'): string => {
    const works = working.filter(ways => ways[way].outcome.problem === null);
    const asks = working.filter(ways => ways[way].left.length > 0).length;
    return `${works.length} work, ${works.filter(ways => ways[way].isFull).length} of them fully hardened, ${asks} ask`;
  };
  return `${working.length} work as written; hardened without a proof ${sum('before')}; after one ${sum('after')}; after one that used those that ask ${sum('exercised')}`;
}

function inWords({ verdict, level, needs = [], reason, what, durationMs, starts }: Proof): string {
  const how = verdict === 'cannot' ? `${reason} ${what}` : `${level}${needs.length > 0 ? `, without ${needs.join(', ')}` : ''}`;
  const failures = verdict === 'proved' ? '' : `; ${starts.map(({ purpose, result }) => `${purpose}: ${result}`).join(' | ')}`;
  return `${verdict}: ${how}; ${starts.length} starts in ${(durationMs / 1000).toFixed(1)} s${failures}`;
}

void main();
