import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { build, podman, prefix, scratch } from './engine';
import type { Proof } from './proof';
import type { Service } from './service';
import { failed, tryOut, type Outcome } from './trial';

// A service of one Compose file, as it is written, hardened without a proof, and hardened after one: whether it works, and whether nothing is left to take away.

const cli = process.env['BULKHEAD_CLI'] ?? join(__dirname, '..', '..', 'dist', 'cli.js');

/** The fields of a Compose service that these files have, as harden writes them. */
interface Written {
  readonly image?: string;
  readonly build?: { readonly dockerfile: string };
  readonly user?: string;
  readonly read_only?: boolean;
  readonly tmpfs?: string | readonly string[];
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly pids_limit?: number;
  readonly init?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
}

/** How one way of starting a service went. */
export interface Hardened {
  readonly outcome: Outcome;
  /** Another user than root, a read-only root filesystem, all capabilities dropped, and no new privileges. */
  readonly isFull: boolean;
  /** Why a person is asked about its user, its capabilities, its root filesystem or new privileges. */
  readonly left: readonly string[];
}

/** The ways that a service was started in. */
export type Ways = Readonly<Record<'written' | 'before' | 'after' | 'exercised', Hardened>>;

const asked = /\/(root-user|writable-root-filesystem|capabilities-not-dropped|privilege-escalation)$/;

/** Hardens files of a folder in place without asking anybody, and gives what is left of the Compose file; the folder of the state is where proofs are kept. */
function hardenIn(folder: string, what: string, state: string): readonly string[] {
  const env = { ...process.env, XDG_STATE_HOME: state };
  const run = (words: readonly string[]): string => {
    const options = { env, encoding: 'utf8', timeout: 120_000, cwd: folder } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'harden', ...words], options);
    if (status !== 0) throw new Error(`harden fails with ${status}: ${stderr.trim().split('\n').at(-1)}`);
    return stdout;
  };
  run(['--write', what]);
  const { files } = JSON.parse(run(['--format', 'json', 'compose.yaml'])) as Report;
  return files.flatMap(({ left }) =>
    left.flatMap(({ rule, evidence = [] }) => (asked.test(rule) ? `${asked.exec(rule)![1]}: ${evidence.join(', ')}` : [])),
  );
}

interface Report {
  readonly files: readonly { readonly left: readonly { readonly rule: string; readonly evidence?: readonly string[] }[] }[];
}

/** Podman knows no owners of a tmpfs, but gives it to the user; and would copy into it what the image has. */
function tmpfsOption(entry: string): string {
  const [path = '', flags = ''] = entry.split(':');
  const kept = flags.split(',').filter(flag => flag !== '' && !/^[ug]id=/.test(flag));
  return `--tmpfs=${path}:${[...kept, 'notmpcopyup', ...(flags.includes('uid=') ? ['U'] : [])].join(',')}`;
}

function optionsOf(written: Written, title: string): readonly string[] {
  const tmpfs = typeof written.tmpfs === 'string' ? [written.tmpfs] : (written.tmpfs ?? []);
  return [
    ...(written.user === undefined ? [] : [`--user=${written.user}`]),
    ...(written.read_only ? ['--read-only', '--read-only-tmpfs=false'] : []),
    ...tmpfs.map(tmpfsOption),
    ...(written.cap_drop ?? []).map(name => `--cap-drop=${name}`),
    ...(written.cap_add ?? []).map(name => `--cap-add=${name}`),
    ...(written.security_opt ?? []).map(option => `--security-opt=${option.replace(/:true$/, '')}`),
    ...(written.pids_limit === undefined ? [] : [`--pids-limit=${written.pids_limit}`]),
    ...(written.init ? ['--init'] : []),
    ...Object.entries(written.environment ?? {}).map(([name, value]) => `--env=${name}=${value}`),
    ...(written.volumes ?? []).map(volume => `--volume=${volume.startsWith('/') ? volume : `${prefix}-${title}-${volume}`}`),
  ];
}

/** Starts what a Compose file says of its only service, and tries it as the kit does. */
async function tryFile(file: string, service: Service, way: string, left: readonly string[] = []): Promise<Hardened> {
  const { services } = parse(readFileSync(file, 'utf8')) as { readonly services: Readonly<Record<string, Written>> };
  const written = Object.values(services)[0]!;
  const title = `${service.name}-${way}`;
  const name = `${prefix}-${title}`;
  const image = written.image ?? `localhost/${prefix}/${title}:prove`;
  if (written.build) build(dirname(file), image, ['-f', join(dirname(file), written.build.dockerfile)]);
  const network = ['--network=none', '--sysctl=net.ipv4.ip_unprivileged_port_start=0'];
  const init = service.needsInit !== undefined && !written.init ? ['--init'] : [];
  const args = ['run', '--detach', '--pull=never', `--name=${name}`, ...network, ...optionsOf(written, title), ...init, image];
  const { code, err } = podman(args);
  const outcome =
    code === 0
      ? await tryOut(service, [{ name, spec: { name: 'compose' }, mounts: [] }], false)
      : failed(err.trim().split('\n').at(-1) ?? 'it does not start');
  const isDropped = written.cap_drop?.includes('ALL') === true && (written.cap_add ?? []).length === 0;
  const isGuarded = (written.security_opt ?? []).some(option => option.startsWith('no-new-privileges'));
  const isUser = outcome.shapes.length > 0 && outcome.shapes.every(({ user }) => user !== 0);
  return { outcome, isFull: isUser && written.read_only === true && isDropped && isGuarded, left };
}

/**
 * Tries the only service of a file: as it is written; hardened with the Dockerfile beside it; and with that Dockerfile hardened, the service proved, and hardened then.
 * Where that still asks, it is proved again while its own checks use it. `state`: where the proof is.
 */
export async function tryHardened(
  file: string,
  service: Service,
  state: string,
  prove: (file: string, exercises: boolean) => Proof | string,
): Promise<{ readonly proof: Proof | string; readonly ways: Ways | null }> {
  const folder = dirname(file);
  const written = await tryFile(file, service, 'written');
  if (written.outcome.problem !== null) {
    console.log(`${service.name} does not work as written: ${written.outcome.problem}`);
    return { proof: prove(file, false), ways: null };
  }
  const copy = join(scratch, 'unproved', basename(folder));
  cpSync(folder, copy, { recursive: true });
  const before = await tryFile(join(copy, 'compose.yaml'), service, 'before', hardenIn(copy, '.', state));
  if (service.built) hardenIn(folder, service.dockerfile, state);
  const proof = prove(file, false);
  const answered = join(scratch, 'answered', basename(folder));
  cpSync(folder, answered, { recursive: true });
  const left = hardenIn(folder, '.', state);
  const after = await tryFile(file, service, 'after', left);
  if (left.length === 0) return { proof, ways: { written, before, after, exercised: after } };
  cpSync(join(answered, 'compose.yaml'), file);
  const used = prove(file, true);
  if (typeof used === 'string' || used.level !== 'exercised') return { proof, ways: { written, before, after, exercised: after } };
  return { proof, ways: { written, before, after, exercised: await tryFile(file, service, 'exercised', hardenIn(folder, '.', state)) } };
}
