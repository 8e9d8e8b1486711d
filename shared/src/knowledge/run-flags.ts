import data from './data/run-flags.json';

/** A program that runs containers by Docker's grammar. */
export type EngineProgram = 'docker' | 'podman' | 'nerdctl';

/** How the client reads the value of a flag. `switch`: it takes none but by `=`. `list`: repeats add up. */
export type FlagKind = 'switch' | 'text' | 'integer' | 'natural' | 'bytes' | 'decimal' | 'duration' | 'address' | 'list';

/** A flag of `run` and `create`. */
export interface RunFlag {
  /** Its long name without dashes, aliases resolved. */
  readonly name: string;
  readonly kind: FlagKind;
  /** Whether commas part the values of a list. */
  readonly splits: boolean;
}

/** What a program takes in front of the verb. */
export interface GlobalFlags {
  readonly switches: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
  readonly short: Readonly<Record<string, string>>;
}

/** The flags of a program. */
export interface FlagTable {
  readonly global: GlobalFlags;
  /** Every long name, aliases too. */
  readonly names: readonly string[];
  long(name: string): RunFlag | null;
  short(letter: string): RunFlag | null;
}

const words = (text: string): readonly string[] => (text === '' ? [] : text.split(' '));

function tableOf(program: EngineProgram): FlagTable {
  const raw = data[program];
  const split = new Set(words(raw.split));
  const flags = new Map<string, RunFlag>();
  const add = (name: string, kind: FlagKind): void => void flags.set(name, { name, kind, splits: split.has(name) });
  for (const name of words(raw.switches)) add(name, 'switch');
  for (const [kind, names] of Object.entries(raw.values)) for (const name of words(names)) add(name, kind as FlagKind);
  for (const [alias, name] of Object.entries(raw.aliases)) flags.set(alias, flags.get(name)!);
  const short: Readonly<Record<string, string>> = raw.short;
  const { switches, values, short: globalShort } = raw.global;
  return {
    global: { switches: new Set(words(switches)), values: new Set(words(values)), short: globalShort },
    names: [...flags.keys()],
    long: name => flags.get(name) ?? null,
    short: letter => (Object.hasOwn(short, letter) ? (flags.get(short[letter]!) ?? null) : null),
  };
}

const tables = new Map<EngineProgram, FlagTable>();

/** The flags that a program knows. */
export function flagsOf(program: EngineProgram): FlagTable {
  let table = tables.get(program);
  if (!table) tables.set(program, (table = tableOf(program)));
  return table;
}
