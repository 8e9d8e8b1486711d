import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { build, cleanUp, prefix, scratch, takeCache } from './engine';
import { composeOf, imagesOf, loadServices, manifestOf, type Service } from './service';
import { makeImages, nameOfImage } from './images';
import { podmanHere, type Proof, proveFile } from './proof';

// Proves the services of this folder with the command line as it is built, and podman on the images of the tests: how many are proved, how far, in how many starts.
// `npx tsx test/containers/prove.ts [NAME...]`, after `npm run build`.

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
function composeFile(folder: string, service: Service, image: string): string {
  const { environment: said, volumes, init } = composeOf(service.folder);
  const environment = { ...environmentOf(service), ...said };
  const volumeNames = volumes.map(volume => volume.split(':')[0]!);
  const file = join(folder, 'compose.yaml');
  mkdirSync(folder, { recursive: true });
  const written = {
    image,
    ...(Object.keys(environment).length > 0 && { environment }),
    ...(volumes.length > 0 && { volumes }),
    ...(init && { init }),
    ...(service.port !== undefined && { expose: [String(service.port)] }),
  };
  const named = Object.fromEntries(volumeNames.map(name => [name, {}]));
  writeFileSync(file, stringify({ services: { [service.name]: written }, ...(volumeNames.length > 0 && { volumes: named }) }));
  return file;
}

/** Proves one service; `null`: it cannot be asked. */
function proveService(service: Service, path: string): Proof | string {
  const folder = join(scratch, 'prove', service.name);
  let file: string;
  if (service.built) {
    const image = `localhost/${prefix}-${service.name}:prove`;
    build(service.folder, image, ['-f', join(service.folder, service.dockerfile)]);
    file = composeFile(folder, service, image);
  } else {
    file = composeFile(folder, service, nameOfImage(imagesOf(service)[0]!));
  }
  return proveFile(file, path);
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

async function main(): Promise<void> {
  await takeCache();
  const wanted = process.argv.slice(2);
  const services = loadServices().filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const proofs: { readonly service: Service; readonly proof: Proof | string }[] = [];
  try {
    makeImages(services.flatMap(imagesOf));
    const path = podmanHere();
    for (const service of services) {
      let proof: Proof | string;
      try {
        proof = proveService(service, path);
      } catch (error) {
        proof = String(error);
      }
      proofs.push({ service, proof });
      console.log(`${service.name}: ${typeof proof === 'string' ? `not asked: ${proof}` : inWords(proof)}`);
    }
  } finally {
    cleanUp();
  }
  const made = proofs.flatMap(({ proof }) => (typeof proof === 'string' ? [] : [proof]));
  const count = (holds: (proof: Proof) => boolean): number => made.filter(holds).length;
  console.log(
    `${made.length} of ${proofs.length} asked: ${count(({ verdict }) => verdict === 'proved')} proved (${count(({ verdict, level }) => verdict === 'proved' && level === 'answered')} answered), ${count(({ verdict }) => verdict === 'partly')} partly, ${count(({ verdict }) => verdict === 'cannot')} cannot; median of starts ${median(made.map(({ starts }) => starts.length))}, of seconds ${median(made.map(({ durationMs }) => durationMs)) / 1000}`,
  );
}

function inWords({ verdict, level, needs = [], reason, what, durationMs, starts }: Proof): string {
  const how = verdict === 'cannot' ? `${reason} ${what}` : `${level}${needs.length > 0 ? `, without ${needs.join(', ')}` : ''}`;
  const failures = verdict === 'proved' ? '' : `; ${starts.map(({ purpose, result }) => `${purpose}: ${result}`).join(' | ')}`;
  return `${verdict}: ${how}; ${starts.length} starts in ${(durationMs / 1000).toFixed(1)} s${failures}`;
}

void main();
