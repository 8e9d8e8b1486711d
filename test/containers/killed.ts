import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, podman, scratch, takeCache } from './engine';
import { makeImages } from './images';
import { commandOf, podmanHere } from './proof';

// Kills `bulkhead prove` with SIGKILL in each phase of a trial, and looks whether the next trial leaves anything of it; interrupts it there, and looks at once.
// `npx tsx test/containers/killed.ts [NAME...]`, after `npm run build`.

const compose = `services:
  web:
    image: nginx:1.29
    depends_on: [db]
    volumes: [pages:/usr/share/nginx/html]
  db:
    image: redis:8
volumes:
  pages: {}
`;

/** What is proved, and each phase by what its progress says. `after`: milliseconds from there to the kill. */
const trials: readonly { readonly file: string; readonly text: string; readonly operand: string; readonly phases: readonly string[] }[] = [
  {
    file: 'single/compose.yaml',
    text: 'services:\n  web:\n    image: nginx:1.29\n',
    operand: '',
    phases: ['1. as written', '2. all hardening at once'],
  },
  { file: 'peer/compose.yaml', text: compose, operand: ':web', phases: ['1. as written', '2. all hardening at once'] },
  {
    file: 'build/Dockerfile',
    text: 'FROM docker.io/library/nginx:1.29\nRUN sleep 4 && touch /made\nRUN sleep 1 && touch /more\n',
    operand: '',
    phases: ['building', '1. as written'],
  },
];
const delays: readonly number[] = [50, 700, 2500];
const signals: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGINT'];

/** Everything that podman has: containers, those of builds as well, volumes and images. */
function everything(): readonly string[] {
  const lists = [
    ['ps', '--all', '--external', '--format', 'container {{.Names}}'],
    ['volume', 'ls', '--format', 'volume {{.Name}}'],
    ['images', '--all', '--format', 'image {{.Repository}}:{{.Tag}} {{.ID}}'],
  ];
  return lists.flatMap(args => podman(args).out.split('\n')).filter(line => line !== '');
}

/** Whether the trial was still there to be ended by the signal. */
async function killed(operand: string, path: string, phase: string, delay: number, signal: NodeJS.Signals): Promise<boolean> {
  const [program, args, options] = commandOf(operand, path);
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  return await new Promise(resolve => {
    let said = '';
    let isDue = false;
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      if (isDue || !said.includes(phase)) return;
      isDue = true;
      setTimeout(() => child.kill(signal), delay);
    });
    child.on('exit', (code, by) => resolve(by === 'SIGKILL' || code === 130));
  });
}

const journals = (): readonly string[] => {
  try {
    return readdirSync(join(scratch, 'state', 'bulkhead', 'prove')).filter(name => name.endsWith('.json'));
  } catch {
    return [];
  }
};

function proveAgain(operand: string, path: string): string {
  const [program, args, options] = commandOf(operand, path);
  const { status, stdout } = spawnSync(program, args, { ...options, encoding: 'utf8', timeout: 300_000 });
  return /"verdict": *"(\w+)"/.exec(stdout)?.[1] ?? `exit code ${status}`;
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  await takeCache();
  let failures = 0;
  try {
    makeImages(['nginx:1.29', 'redis:8']);
    const path = podmanHere();
    const before = new Set(everything());
    for (const { file, text, operand, phases } of trials) {
      if (wanted.length > 0 && !wanted.some(name => file.startsWith(name))) continue;
      const written = join(scratch, 'killed', file);
      mkdirSync(join(written, '..'), { recursive: true });
      writeFileSync(written, text);
      for (const [phase, delay, signal] of phases.flatMap(one => delays.flatMap(ms => signals.map(name => [one, ms, name] as const)))) {
        const wasKilled = await killed(`${written}${operand}`, path, phase, delay, signal);
        const remains = everything().filter(line => !before.has(line)).length;
        const verdict = signal === 'SIGINT' ? 'nothing' : proveAgain(`${written}${operand}`, path);
        const left = [...everything(), ...journals()].filter(line => !before.has(line));
        left.forEach(line => before.add(line));
        const isGood = wasKilled && left.length === 0;
        if (!isGood) failures++;
        console.log(
          `${isGood ? 'ok    ' : 'FAILED'}  ${file}, ${phase} + ${delay} ms, ${signal}: ${wasKilled ? `${remains} left at once` : 'not ended'}, then ${verdict}, ${left.length} left${left.map(line => `\n        ${line}`).join('')}`,
        );
      }
    }
  } finally {
    cleanUp();
  }
  process.exitCode = failures === 0 ? 0 : 1;
}

void main();
