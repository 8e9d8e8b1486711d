import type { NamedValue } from '../../../knowledge/folders';
import { createEvaluator, type Evaluator } from './evaluate';
import { namedModules } from './named-modules';
import type { Call, Expr, Unit } from './tree';
import type { Module } from './values';

/** A program, with all that is reached of it. */
export interface Program {
  readonly evaluator: Evaluator;
  /** The units that may run. */
  readonly live: readonly Unit[];
  readonly moduleOf: (unit: Unit) => Module;
}

/** What a program runs in. */
export interface ProgramSurroundings {
  readonly modules: readonly Module[];
  readonly variable: (name: string) => string | null | undefined;
  readonly workdir: string;
  readonly imported: (from: string, importer: Module) => Module | null;
  /** Options that the command gives, by their names without dashes. */
  readonly options: readonly NamedValue[];
}

/** Functions that servers look for in the file that they start. */
const factory = /^(?:create_app|make_app|handler|main)$/;

const plainOption = (name: string): string => name.replace(/^-+/, '').replace(/[-_.]/g, '').toLowerCase();

/** Puts the files of a program together: what runs of them, and what calls what. */
export function createProgram(around: ProgramSurroundings): Program {
  const byUnit = new Map<Unit, Module>(around.modules.flatMap(module => module.code.units.map(unit => [unit, module] as const)));
  const moduleOf = (unit: Unit): Module => byUnit.get(unit)!;
  const links: Links = { calls: new Map(), handed: new Set() };
  const given = new Map(around.options.map(({ name, value }) => [plainOption(name), value]));
  const declared = new Map<string, Expr>();
  const settings = new Map<string, Expr[]>();
  const evaluator = createEvaluator({
    ...around,
    moduleOf,
    // of what is handed on as well, not all calls are seen
    callsOf: unit => (unit.isGiven || links.handed.has(unit) ? [] : (links.calls.get(unit) ?? [])),
    option: name => given.get(plainOption(name)) ?? declared.get(plainOption(name)),
    setting: name => settings.get(name) ?? [],
  });
  const live = liveUnits(around.modules, around.imported, evaluator);
  for (const unit of live) {
    declareOptions(unit, moduleOf(unit), declared);
    for (const { name, value } of unit.sets) if (/^[A-Z]/.test(name)) settings.set(name, [...(settings.get(name) ?? []), value]);
  }
  for (const unit of live) linkCalls(unit, evaluator, links);
  return { evaluator, live, moduleOf };
}

/** Takes what a unit declares of options: `add_argument('--store', default='/srv/store')`, `.option('-s, --store <path>', 'where', '/srv/store')`. */
function declareOptions(unit: Unit, { code }: Module, declared: Map<string, Expr>): void {
  for (const { callee, args } of unit.calls) {
    const name = callee.k === 'member' || callee.k === 'name' ? callee.name : '';
    if (name !== 'add_argument' && name !== 'option') continue;
    const standard = args.find(each => each.name === 'default')?.value ?? (code.language === 'script' ? args[2]?.value : undefined);
    if (!standard) continue;
    for (const { value } of args)
      if (value.k === 'text') for (const [, option] of value.text.matchAll(/--([\w-]+)/g)) declared.set(plainOption(option!), standard);
  }
}

/** What calls what in a program. */
interface Links {
  readonly calls: Map<Unit, Call[]>;
  /** The functions that are handed to something that may call them. */
  readonly handed: Set<Unit>;
}

/** Finds what a unit calls, and which functions it hands on. */
function linkCalls(unit: Unit, evaluator: Evaluator, { calls, handed }: Links): void {
  const callees = new Set(unit.calls.map(({ callee }) => callee));
  for (const call of unit.calls) {
    if (evaluator.isDead(call.when, null)) continue;
    for (const { unit: target } of evaluator.called(call, null)) {
      const known = calls.get(target);
      if (!known) calls.set(target, [call]);
      else if (known.at(-1) !== call) known.push(call);
    }
    for (const { value } of call.args)
      if ((value.k === 'name' || value.k === 'member') && !callees.has(value))
        for (const one of evaluator.of(value, null)) if (one.k === 'unit') handed.add(one.unit);
  }
}

/** The units that may run: what starts, what that mentions, and so on. */
function liveUnits(modules: readonly Module[], imported: ProgramSurroundings['imported'], evaluator: Evaluator): readonly Unit[] {
  const byUnit = new Map(modules.flatMap(module => module.code.units.map(unit => [unit, module] as const)));
  const live = new Set<Unit>(modules.flatMap(({ code, isMain }) => (isMain ? code.module : [])));
  const mentioned = new Set<string>();
  const waiting = new Set<Unit>();
  const isForeign = new Map<Unit, boolean>();
  const growsOnLibrary = (unit: Unit): boolean => {
    const before = isForeign.get(unit);
    if (before !== undefined) return before;
    isForeign.set(unit, false);
    const own = unit.bases.some(base => evaluator.of(base, null).some(value => value.k !== 'unit' || growsOnLibrary(value.unit)));
    isForeign.set(unit, own);
    return own;
  };
  const isReached = (unit: Unit): boolean => {
    const { name, isGiven, owner, outer } = unit;
    if (name === null || isGiven || mentioned.has(name)) return true;
    if (owner) return /^__\w+__$|^constructor$/.test(name) || growsOnLibrary(owner);
    return outer?.kind === 'module' && byUnit.get(unit)!.isMain && factory.test(name);
  };
  for (const unit of live) {
    const module = byUnit.get(unit)!;
    const before = mentioned.size;
    for (const name of unit.mentions) mentioned.add(name);
    for (const { from, when } of unit.imports) {
      if (evaluator.isDead(when, null)) continue;
      const other = imported(from, module);
      if (other) live.add(other.code.module);
    }
    for (const name of namedModules(unit)) {
      mentioned.add(name.slice(name.lastIndexOf('.') + 1));
      const other = imported(name, module);
      if (other) live.add(other.code.module);
    }
    // `from package import module`
    for (const [name, bindings] of unit.scope.names)
      for (const { value } of bindings)
        if (value.k === 'import' && value.name !== null) {
          mentioned.add(value.name);
          const other =
            module.code.language === 'python' ? imported(`${value.from}${value.from.endsWith('.') ? '' : '.'}${value.name}`, module) : null;
          if (other) live.add(other.code.module);
        } else if (name === '*') for (const one of evaluator.of(value, null)) if (one.k === 'module') live.add(one.module.code.module);
    for (const inner of unit.inner) if (!evaluator.isDead(inner.when, null)) (isReached(inner) ? live : waiting).add(inner);
    if (mentioned.size > before) for (const inner of waiting) if (isReached(inner) && waiting.delete(inner)) live.add(inner);
  }
  return [...live];
}
