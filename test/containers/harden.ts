import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TextDocument, type TextEdit } from 'vscode-languageserver-textdocument';
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

/** The rule whose quick fix splits a Dockerfile. */
const split = 'dockerfile/single-stage-build';

/** The part of the report of `lint --format json` that is read here. */
interface Findings {
  readonly files: readonly {
    readonly findings: readonly {
      readonly rule: string;
      readonly fixes: readonly {
        readonly id: string;
        readonly changes: readonly { readonly path: string; readonly edits: readonly TextEdit[] }[];
      }[];
    }[];
  }[];
}

/** Takes a quick fix in a folder, named as `Service.clicks` does. Throws where none is offered. */
function click(folder: string, wanted: string): void {
  const [family, name, id] = wanted.split('/');
  const { out } = run(process.execPath, [cli, 'lint', '--format', 'json', '--fail-on', 'never', '.'], { cwd: folder });
  const found = (JSON.parse(out) as Findings).files.flatMap(file => file.findings).find(({ rule }) => rule === `${family}/${name}`);
  const fix = id === undefined ? found?.fixes[0] : found?.fixes.find(offered => offered.id === id);
  if (!fix || fix.changes.length === 0) throw new Error(`${wanted} is not offered`);
  for (const change of fix.changes) {
    const path = join(folder, change.path);
    const text = TextDocument.create(path, 'text', 0, readFileSync(path, 'utf8'));
    writeFileSync(path, TextDocument.applyEdits(text, [...change.edits]));
  }
}

/** Hardens the files of a folder. Throws where that fails. */
function hardenFolder(folder: string, { probed }: Service): Report {
  const accept = probed ? ['--accept', probes.join(',')] : [];
  const { code, out, err } = run(process.execPath, [cli, 'harden', '--write', ...accept, '--format', 'json', '.'], { cwd: folder });
  if (code !== 0) throw new Error(`harden fails with ${code}: ${err.trim().split('\n').slice(-3).join(' | ')}`);
  return JSON.parse(out) as Report;
}

/** Copies a service and hardens the copy, as `bulkhead harden --write` does; `split`: with its Dockerfile in two stages; `clicked`: after its quick fixes. Throws where that fails, or where a second run changes anything. */
export function harden(service: Service, way: string): Hardened {
  const folder = join(scratch, 'hardened', `${service.name}-${way}`);
  mkdirSync(folder, { recursive: true });
  cpSync(service.folder, folder, { recursive: true });
  rmSync(join(folder, 'service.json'));
  for (const wanted of way === 'split' ? [split] : way === 'clicked' ? (service.clicks ?? []) : []) click(folder, wanted);
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
