import { readFacts, writeData } from './files';

interface RawManager {
  readonly aliases?: readonly string[];
  readonly install: readonly string[];
  readonly refresh?: string;
  readonly assumeYes: readonly string[];
  readonly avoidExtras: readonly string[];
  readonly avoidCache: readonly string[];
  readonly avoidCacheEnv?: Readonly<Record<string, string>>;
  readonly cleanDirs: readonly string[];
  readonly cleanCommand: string;
  readonly cacheMounts: readonly { readonly target: string; readonly sharing?: string }[];
  readonly insecure: readonly { readonly match: string; readonly disables: string; readonly severity: string }[];
}

interface RawFile {
  readonly retrieved: string;
  readonly managers: Readonly<Record<string, RawManager>>;
  readonly sources: readonly { readonly repo: string; readonly commit: string | null; readonly path: string }[];
}

const system = new Set(['apt-get', 'apk', 'dnf', 'yum', 'microdnf', 'tdnf', 'zypper']);

/** Takes the remark in brackets off. */
const bare = (text: string): string => text.replace(/ \(.*\)$/, '');
const flags = (list: readonly string[]): string[] => list.map(bare).filter(text => /^--?[\w.-]+(=\S+)?$/.test(text));

/** The flags and variables among what switches checks off; sentences stay with the collected facts. */
function insecure(list: RawManager['insecure']): { flag: string; disables: string; severity: string }[] {
  return list.flatMap(({ match, disables, severity }) =>
    match
      .split(/ \/ | or /)
      .filter(part => /^(--?[\w.*-]+(=\S+)?|[A-Za-z_]+=[\w*]+|[A-Z_]+)$/.test(part))
      .map(flag => ({ flag, disables: bare(disables), severity })),
  );
}

/** Makes `package-managers.json`. */
export function makePackageManagers(): void {
  const raw = readFacts('package-managers.json') as RawFile;
  writeData('package-managers.json', {
    retrieved: raw.retrieved,
    sources: raw.sources.map(({ repo, commit, path }) => [repo, commit, path]),
    managers: Object.fromEntries(
      Object.entries(raw.managers).map(([name, manager]) => [
        name,
        {
          aliases: (manager.aliases ?? []).filter(alias => !alias.includes(' ')),
          system: system.has(name),
          install: manager.install.filter(word => !word.startsWith('(')),
          refresh: manager.refresh ?? null,
          assumeYes: flags(manager.assumeYes),
          avoidExtras: flags(manager.avoidExtras),
          avoidCache: flags(manager.avoidCache),
          avoidCacheEnv: Object.keys(manager.avoidCacheEnv ?? {}),
          cleanDirs: manager.cleanDirs.map(bare),
          cleanCommand: bare(manager.cleanCommand),
          cacheMounts: manager.cacheMounts.map(({ target, sharing }) => ({
            target: bare(target),
            ...(sharing !== undefined && { sharing }),
          })),
          insecure: insecure(manager.insecure),
        },
      ]),
    ),
  });
}
