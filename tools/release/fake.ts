import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { verifyAsGh } from './attestations';

/** Programs that would publish: in a dry run they note how they are called, and refuse what the real ones would refuse of it. */

const [program = '', ...args] = process.argv.slice(2);
const folder = process.env['BULKHEAD_DRY_RUN']!;
appendFileSync(join(folder, 'calls.jsonl'), JSON.stringify([program, ...args]) + '\n');

/** Runs the real program. */
function runReal(...given: readonly string[]): never {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter(entry => entry !== join(folder, 'bin'));
  const { status } = spawnSync(program, given, { stdio: 'inherit', env: { ...process.env, PATH: path.join(delimiter) } });
  process.exit(status ?? 1);
}

/** Why the call is refused; `null`: it is not. */
function refusal(): string | null {
  const missing = args.filter(word => /^(?:\.\/)?bulkhead-[^ ]*\.\w+$/.test(word) && !existsSync(word));
  if (missing.length > 0) return `no file ${missing.join(', ')}`;
  const call = [program, ...args.slice(0, 2)].join(' ');
  if (call === 'gh attestation verify') return verifyAsGh(join(folder, 'attestations'), args.slice(2));
  if (program === 'cosign') return /@sha256:[0-9a-f]{64}$/.test(args.at(-1) ?? '') ? null : 'sign by digest';
  if (program === 'ovsx' && args[0] === 'get') console.log(JSON.stringify({ version: args[args.indexOf('--versionRange') + 1] }));
  return null;
}

if (program === 'npm' && args[0] !== 'stage') runReal(...args);
if (program === 'skopeo' && args[0] === 'inspect') runReal(...args);
if (program === 'skopeo' && args[0] === 'copy') runReal('copy', '--dest-tls-verify=false', ...args.slice(1));
const problem = refusal();
if (problem !== null) {
  console.error(`${program}: ${problem}`);
  process.exitCode = 1;
}
