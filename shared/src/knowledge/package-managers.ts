import data from './data/package-managers.json';

/** A flag or variable that switches a check off. */
export interface InsecureFlag {
  /** `--nogpgcheck`, `GOSUMDB=off`, or a variable's name alone. */
  readonly flag: string;
  /** What it switches off, in a few words. */
  readonly disables: string;
  readonly severity: 'low' | 'medium' | 'high';
}

/** What is known of a package manager's command line. Lists of flags name alternatives. */
export interface PackageManager {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Whether it manages the operating system's packages. */
  readonly system: boolean;
  /** Sub-commands that install; some have two words (`mod download`). */
  readonly install: readonly string[];
  /** The sub-command that fetches package lists. */
  readonly refresh: string | null;
  /** Flags that answer every question with yes; empty where it asks none. */
  readonly assumeYes: readonly string[];
  /** Flags that leave out what was not asked for. */
  readonly avoidExtras: readonly string[];
  /** Flags and variables that keep no cache. */
  readonly avoidCache: readonly string[];
  readonly avoidCacheEnv: readonly string[];
  /** What is left behind; may hold `*`, `~` and `$NAME`. */
  readonly cleanDirs: readonly string[];
  readonly cleanCommand: string;
  /** Targets of cache mounts that make cleaning needless, for a build as root. */
  readonly cacheMounts: readonly { readonly target: string; readonly sharing?: string }[];
  readonly insecure: readonly InsecureFlag[];
}

const managers = data.managers as unknown as Readonly<Record<string, Omit<PackageManager, 'name'>>>;
const byName = new Map<string, PackageManager>();
for (const [name, facts] of Object.entries(managers)) {
  const manager = { name, ...facts };
  byName.set(name, manager);
  for (const alias of facts.aliases) byName.set(alias, manager);
}

/** All package managers. */
export const packageManagers: readonly PackageManager[] = [...new Set(byName.values())];

/** The package manager that a command's name (or one of its other names: `apt`, `pip3`) calls; `null` for other commands. */
export function findPackageManager(command: string): PackageManager | null {
  return byName.get(command) ?? null;
}
