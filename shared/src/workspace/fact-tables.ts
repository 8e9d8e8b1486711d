import { emptyFacts } from './fact-kind';
import { createTable, type Table } from './tables';
import type { Fact, FileFacts } from './types';

type FactOf<T extends Fact['type']> = Extract<Fact, { readonly type: T }>;

/** API objects, of whatever type their facts are. */
type ObjectFacts = Extract<Fact, { readonly kind: string }>;

const anyObject = 'object of any type';

/** Facts of one type, and the keys that each is found by. It is declared beside the questions that are answered from it. */
export interface FactTable<F extends Fact> {
  readonly type: Fact['type'] | typeof anyObject;
  readonly keys: (fact: F) => readonly string[];
}

/** Declares a table of the facts of a type. */
export function tableOf<T extends Fact['type']>(type: T, keys: (fact: FactOf<T>) => readonly string[]): FactTable<FactOf<T>> {
  return { type, keys };
}

/** Declares a table of API objects of all types. */
export function tableOfObjects(keys: (fact: ObjectFacts) => readonly string[]): FactTable<ObjectFacts> {
  return { type: anyObject, keys };
}

/** The facts of files, as questions are answered from them. */
export interface Facts {
  /** Whether the files are all those of a folder, and were read whole: then what no fact says is absent. */
  readonly complete: boolean;
  /** Those of a file. */
  at(path: string): FileFacts;
  /** Those of a table, by its keys; and those under one of them, in order of paths and places. */
  in<F extends Fact>(table: FactTable<F>): Table<F>;
  by<F extends Fact>(table: FactTable<F>, key: string): readonly F[];
}

/** Facts that come and go, file by file. */
export interface FactStore {
  readonly facts: Facts;
  /** Sets the facts of a file; tells whether they differ from those before. */
  readonly set: (path: string, facts: FileFacts) => boolean;
  /** Runs something while a file has other facts. */
  readonly assuming: <T>(path: string, facts: FileFacts, run: () => T) => T;
  /** Says whether the files are by now all those of the folder. */
  readonly settle: (complete: boolean) => void;
}

/** The facts of a type, and the tables that somebody has asked for. */
interface Group {
  readonly facts: Set<Fact>;
  readonly tables: Map<FactTable<never>, Table<Fact>>;
}

/** Whether two facts say the same. */
function isSame(a: Fact, b: Fact): boolean {
  return a.range.start === b.range.start && a.range.end === b.range.end && JSON.stringify(a) === JSON.stringify(b);
}

function file(fact: Fact, table: FactTable<never>, into: Table<Fact>, step: 'add' | 'remove'): void {
  for (const key of table.keys(fact as never)) into[step](key, fact);
}

/** Creates a store of facts that has none. A table is filled when it is first asked for, and follows from then on. */
export function createFactStore(isSettled: boolean): FactStore {
  const files = new Map<string, FileFacts>();
  const groups = new Map<string, Group>();
  let settled = isSettled;
  const groupOf = (type: string): Group => {
    let group = groups.get(type);
    if (!group) groups.set(type, (group = { facts: new Set(), tables: new Map() }));
    return group;
  };
  const gaps = groupOf('gap').facts;
  const move = (fact: Fact, step: 'add' | 'remove'): void => {
    for (const type of 'kind' in fact ? [fact.type, anyObject] : [fact.type]) {
      const group = groupOf(type);
      group.facts[step === 'add' ? 'add' : 'delete'](fact);
      for (const [table, into] of group.tables) file(fact, table, into, step);
    }
  };
  const tableIn = <F extends Fact>(table: FactTable<F>): Table<F> => {
    const group = groupOf(table.type);
    let into = group.tables.get(table);
    if (!into) {
      group.tables.set(table, (into = createTable<Fact>()));
      for (const fact of group.facts) file(fact, table, into, 'add');
    }
    return into as unknown as Table<F>;
  };
  const set: FactStore['set'] = (path, facts) => {
    const before = files.get(path) ?? emptyFacts;
    // documents that did not change have the very facts that they had
    const [old, fresh] = [new Set(before), new Set(facts)];
    const gone = before.filter(fact => !fresh.has(fact));
    const come = facts.filter(fact => !old.has(fact));
    if (gone.length === come.length && gone.every((fact, i) => isSame(fact, come[i]!))) return false;
    if (facts.length === 0) files.delete(path);
    else files.set(path, facts);
    for (const fact of gone) move(fact, 'remove');
    for (const fact of come) move(fact, 'add');
    return true;
  };
  return {
    facts: {
      get complete() {
        return settled && gaps.size === 0;
      },
      at: path => files.get(path) ?? emptyFacts,
      in: tableIn,
      by: (table, key) => tableIn(table).get(key),
    },
    set,
    assuming: (path, facts, run) => {
      const before = files.get(path) ?? emptyFacts;
      set(path, facts);
      try {
        return run();
      } finally {
        set(path, before);
      }
    },
    settle: complete => {
      settled = complete;
    },
  };
}
