import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run, scratch } from './engine';
import type { Service } from './service';

const cli = join(__dirname, '../../dist/cli.js');

/** A finding that harden left to a person, and that may decide over whether the service starts. */
export interface Left {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
  readonly reason: string;
}

/** A copy of a service's folder, hardened. */
export interface Hardened {
  readonly folder: string;
  readonly left: readonly Left[];
}

/** What a person decides that has nothing to do with how a container starts. */
const besides =
  /digest|healthcheck|-probe|-limit|-requests|end-of-life|broad-copy|base-image-alternative|build-order|latest-tag|hardcoded-secret|secret|network-policy|unpinned|unlocked|replica|disruption|spread/;

/** The part of the report of `harden --format json` that is read here. */
interface Report {
  readonly files: readonly {
    readonly path: string;
    readonly changed: boolean;
    readonly left: readonly (Omit<Left, 'path'> & { readonly reasonId: string; readonly evidence?: readonly string[] })[];
  }[];
}

/** What is confirmed for a service that is probed. */
const probes = ['dockerfile/missing-healthcheck', 'kubernetes/missing-readiness-probe', 'kubernetes/missing-liveness-probe'];

/** Hardens the files of a folder. Throws where that fails. */
function hardenFolder(folder: string, { probed }: Service): Report {
  const accept = probed ? ['--accept', probes.join(',')] : [];
  const { code, out, err } = run(process.execPath, [cli, 'harden', '--write', ...accept, '--format', 'json', '.'], { cwd: folder });
  if (code !== 0) throw new Error(`harden fails with ${code}: ${err.trim().split('\n').slice(-3).join(' | ')}`);
  return JSON.parse(out) as Report;
}

/** Copies a service and hardens the copy, as `bulkhead harden --write` does. Throws where that fails, or where a second run changes anything. */
export function harden(service: Service, way: string): Hardened {
  const folder = join(scratch, 'hardened', `${service.name}-${way}`);
  mkdirSync(folder, { recursive: true });
  cpSync(service.folder, folder, { recursive: true });
  rmSync(join(folder, 'service.json'));
  const { files } = hardenFolder(folder, service);
  const again = hardenFolder(folder, service).files.filter(({ changed }) => changed);
  if (again.length > 0) throw new Error(`a second harden changes ${again.map(({ path }) => path).join(', ')}`);
  const left = files.flatMap(file =>
    file.left
      .filter(({ rule, reasonId }) => !besides.test(rule) && reasonId !== 'network')
      .map(({ rule, message, reason, evidence = [] }) => ({ path: file.path, rule, message, reason: [reason, ...evidence].join(': ') })),
  );
  return { folder, left };
}
