import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

/** One thing that a service must do once it runs. */
export type Check =
  /** Asks the service over HTTP, with a body: by POST. */
  | { readonly get?: string; readonly post?: string; readonly body?: string; readonly port?: number; readonly expect: string }
  /** Runs a program in its container. */
  | { readonly exec: readonly string[]; readonly expect: string }
  /** Looks into a file that it must have written. */
  | { readonly file: string; readonly expect?: string }
  /** Looks for a line of its output. */
  | { readonly log: string };

/** A service of `services/`, as its service.json describes it. */
export interface Service {
  readonly name: string;
  readonly folder: string;
  /** What it is, and what a container of it must do, in a sentence. */
  readonly about: string;
  /** The port that it answers on; a job has none. */
  readonly port?: number;
  /** Whether it ends by itself. */
  readonly finishes?: boolean;
  /** What shows that it runs, the first of these; and that it writes what it must write, the others. */
  readonly checks: readonly Check[];
  /** Whether the check in .ci/run starts it. */
  readonly ci?: boolean;
  /** Whether it is started a second time on the volumes that it left. */
  readonly oldVolume?: boolean;
  /**
   * Why a person has to give it an init so that it stops, which harden can only tell: it is started with one. Without it the service does
   * not stop as written either.
   */
  readonly needsInit?: string;
  /** A person confirms that its Dockerfile is split into build and run stages: the image that the second one is on. It must do the same, and be smaller. */
  readonly split?: string;
  /**
   * The quick fixes that a person takes in its folder before it is hardened: the first of the rule, or the one of that id (`rule/id`). One that drops
   * root must leave a process of somebody else.
   */
  readonly clicks?: readonly string[];
  /** Images that its files start from after that. */
  readonly images?: readonly string[];
  /** Whether a person confirms the health check and the probes that are written from its port: they must succeed. */
  readonly probed?: boolean;
  /** Whether it is of a Dockerfile of its own. */
  readonly built: boolean;
  /** Where its Dockerfile and its manifest are, if not at the top: the build context is the folder itself. */
  readonly dockerfile: string;
  readonly manifest: string;
}

/** Where files are unless a service says otherwise. */
export const places = { dockerfile: 'Dockerfile', manifest: 'manifest.yaml' } as const;

/** What a service.json says. */
type Said = Omit<Service, 'name' | 'folder' | 'built' | keyof typeof places> & Partial<Pick<Service, keyof typeof places>>;

const services = join(__dirname, 'services');

/** All services, by name. */
export function loadServices(): readonly Service[] {
  return readdirSync(services)
    .sort()
    .map(name => {
      const folder = join(services, name);
      const said = { ...places, ...(JSON.parse(readFileSync(join(folder, 'service.json'), 'utf8')) as Said) };
      return { ...said, name, folder, built: existsSync(join(folder, said.dockerfile)) };
    });
}

/** The manifest that a copy of a service has, as objects. */
export function manifestOf(folder: string, { manifest }: Service): readonly Record<string, unknown>[] {
  const file = join(folder, manifest);
  if (!existsSync(file)) return [];
  const objects = parseAllDocuments(readFileSync(file, 'utf8')).map(document => document.toJS() as Record<string, unknown> | null);
  return objects.filter(object => object !== null);
}

/** What the Compose file of a folder says of the container that is built there. */
export interface ComposeService {
  readonly environment: Readonly<Record<string, string>>;
  /** As Compose writes them: `name:/path`. */
  readonly volumes: readonly string[];
  readonly init: boolean;
}

/** What a Compose file says of the container that is built in its folder; nothing where there is none. */
export function composeOf(folder: string): ComposeService {
  const file = join(folder, 'compose.yaml');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '{}';
  const all = (parse(text) as { services?: Record<string, Partial<ComposeService> & { build?: unknown }> }).services ?? {};
  const own = Object.values(all).find(({ build }) => build !== undefined);
  return { environment: own?.environment ?? {}, volumes: own?.volumes ?? [], init: own?.init === true };
}

/** The names of the images that the files of a service start from. */
export function imagesOf(service: Service): readonly string[] {
  const files = [service.dockerfile, service.manifest].map(name => join(service.folder, name)).filter(existsSync);
  const named = files.flatMap(file =>
    [...readFileSync(file, 'utf8').matchAll(/^\s*(?:FROM|-?\s*image:)\s+(?:--\S+\s+)?([\w./:@-]+)/gim)].map(match => match[1]!),
  );
  return [...named, ...(service.split === undefined ? [] : [service.split]), ...(service.images ?? [])];
}
