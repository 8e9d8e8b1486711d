import { createEvaluator } from './evaluate';
import { type Evaluator, type Surroundings } from './evaluator';
import { namedModules } from './named-modules';
import type { Part, Unit } from './tree';
import type { Module } from './values';

/** A program, with all that is reached of it. */
export interface Program {
  readonly evaluator: Evaluator;
  /** The units that may run. */
  readonly live: readonly Unit[];
  readonly moduleOf: (unit: Unit) => Module;
}

/** What a program runs in. */
interface ProgramSurroundings extends Pick<Surroundings, 'variable' | 'workdir' | 'imported'> {
  readonly modules: readonly Module[];
}

/** Functions that servers look for in the file that they start. */
const factory = /^(?:create_app|make_app|handler|main)$/;

/** Puts the files of a program together. */
export function createProgram(around: ProgramSurroundings): Program {
  const byCode = new Map(around.modules.map(module => [module.code, module]));
  const moduleOf = (unit: Unit): Module => byCode.get(unit.code)!;
  const settings = new Map<string, Part[]>();
  const evaluator = createEvaluator({
    ...around,
    moduleOf,
    setting: name => settings.get(name) ?? [],
  });
  const live = liveUnits(around.modules, around.imported, evaluator, moduleOf);
  for (const unit of live)
    for (const { name, value } of unit.sets) if (/^[A-Z]/.test(name)) settings.set(name, [...(settings.get(name) ?? []), value]);
  return { evaluator, live, moduleOf };
}

/** The units that may run: what starts, what that mentions, and so on. */
function liveUnits(
  modules: readonly Module[],
  imported: Surroundings['imported'],
  evaluator: Evaluator,
  moduleOf: Program['moduleOf'],
): readonly Unit[] {
  const live = new Set<Unit>(modules.flatMap(({ code, isMain }) => (isMain ? code.units[0]! : [])));
  const mentioned = new Set<string>();
  const waiting = new Set<Unit>();
  // of a class that grows on another one, that may call all its methods
  const isReached = ({ name, isGiven, owner, outer, code }: Unit): boolean =>
    name === null ||
    isGiven ||
    mentioned.has(name) ||
    (owner !== null && (owner.hasBases || /^__\w+__$|^constructor$/.test(name))) ||
    (outer?.kind === 'module' && byMain.has(code) && factory.test(name));
  const byMain = new Set(modules.flatMap(({ code, isMain }) => (isMain ? code : [])));
  const reach = (from: string, importer: Module): void => {
    const other = imported(from, importer);
    if (other) live.add(other.code.units[0]!);
  };
  for (const unit of live) {
    const module = moduleOf(unit);
    const before = mentioned.size;
    for (const name of unit.mentions) mentioned.add(name);
    for (const { from, name } of unit.imports) {
      reach(from, module);
      // `from package import module`
      if (name !== null && module.code.language === 'python') reach(`${from}${from.endsWith('.') ? '' : '.'}${name}`, module);
    }
    for (const name of namedModules(unit)) {
      mentioned.add(name.slice(name.lastIndexOf('.') + 1));
      reach(name, module);
    }
    for (const inner of unit.inner) if (!evaluator.isDead(inner.when)) (isReached(inner) ? live : waiting).add(inner);
    if (mentioned.size > before) for (const inner of waiting) if (isReached(inner) && waiting.delete(inner)) live.add(inner);
  }
  return [...live];
}
