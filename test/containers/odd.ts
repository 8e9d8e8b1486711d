import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { build, cleanUp, prefix, scratch, takeCache } from './engine';
import { makeImages } from './images';
import { type Proof, podmanHere, proveFile } from './proof';

// Services with one odd need each, and services that only seem to work: what `bulkhead prove` finds of the first, and that it claims nothing of the second.
// `npx tsx test/containers/odd.ts [KIND...]`, after `npm run build`.

interface Odd {
  readonly kind: string;
  /** What a true report says. */
  readonly holds: (proof: Proof) => boolean;
}

const isProved = ({ verdict }: Proof): boolean => verdict === 'proved';
const folders = ({ settings }: Proof): readonly { readonly path: string; readonly kind: string }[] => settings?.folders ?? [];
/** Whether it was given the folder that it writes to, as whatever user. */
const writes =
  (path: string) =>
  (proof: Proof): boolean =>
    folders(proof).some(folder => `${path}/`.startsWith(`${folder.path}/`));
const keeps = (proof: Proof, ...names: readonly string[]): boolean =>
  proof.settings?.capabilities !== null && names.every(name => proof.settings?.capabilities?.includes(name) === true);
/** Whether a restriction that breaks it is off, or what it needs was given. */
const isOff = (right: string) => (proof: Proof) => proof.needs?.includes(right) === true;

const needs: readonly Odd[] = [
  { kind: 'chown-at-start', holds: proof => isOff('user')(proof) && keeps(proof, 'CHOWN', 'SETGID', 'SETUID') },
  { kind: 'second-minute', holds: proof => proof.notTried?.includes('later') === true },
  {
    kind: 'low-port',
    holds: proof => isProved(proof) && (proof.notTried?.includes('low-ports') === true || keeps(proof, 'NET_BIND_SERVICE')),
  },
  { kind: 'setuid-helper', holds: isOff('escalation') },
  { kind: 'pid-file', holds: writes('/run') },
  { kind: 'socket', holds: writes('/run/odd') },
  { kind: 'two-users', holds: proof => isOff('user')(proof) && keeps(proof, 'SETGID', 'SETUID') },
  { kind: 'home-cache', holds: writes('/home/odd/.cache') },
  { kind: 'content', holds: proof => folders(proof).some(({ path, kind }) => path === '/srv/content' && kind === 'volume') },
  { kind: 'empty-answer', holds: writes('/opt/odd') },
];

const mutants: readonly Odd[] = [
  { kind: 'empty-answer', holds: writes('/opt/odd') },
  { kind: 'other-type', holds: writes('/opt/odd') },
  { kind: 'late-write', holds: writes('/opt/odd') },
  { kind: 'crash-loop', holds: writes('/opt/odd') },
  { kind: 'fails-on-stop', holds: writes('/opt/odd') },
  { kind: 'state-on-stop', holds: proof => writes('/opt/odd')(proof) && folders(proof).some(({ kind }) => kind === 'volume') },
  { kind: 'dead-worker', holds: isOff('user') },
  { kind: 'error-answer', holds: isOff('user') },
  { kind: 'short-answer', holds: isOff('user') },
  { kind: 'loopback', holds: isOff('user') },
];

async function main(): Promise<void> {
  await takeCache();
  const wanted = process.argv.slice(2);
  try {
    makeImages(['python:3.13']);
    const image = `localhost/${prefix}-odd:prove`;
    build(join(__dirname, 'odd'), image);
    const path = podmanHere();
    for (const [title, table] of [
      ['odd needs', needs],
      ['mutants', mutants],
    ] as const) {
      let right = 0;
      const asked = table.filter(({ kind }) => wanted.length === 0 || wanted.includes(kind));
      for (const { kind, holds } of asked) {
        const folder = join(scratch, 'odd', kind);
        mkdirSync(folder, { recursive: true });
        const file = join(folder, 'compose.yaml');
        writeFileSync(file, stringify({ services: { [kind]: { image, command: [kind] } } }));
        const proof = proveFile(file, path);
        const isRight = typeof proof !== 'string' && holds(proof);
        if (isRight) right++;
        const said =
          typeof proof === 'string' ? proof : JSON.stringify({ ...proof, version: undefined, engine: undefined, image: undefined });
        console.log(`${isRight ? 'ok    ' : 'FAILED'}  ${kind}: ${said}`);
      }
      console.log(`${title}: ${right} of ${asked.length}`);
    }
  } finally {
    cleanUp();
  }
}

void main();
