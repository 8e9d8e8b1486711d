import { sourceOffset } from '../../../syntax/shell/mapped-text';
import { expandParts, type Expanded, type Lookup } from './expand';
import type { Instruction, KeyValue, ShellSetting, Stage, StageState, Variable, Word } from './types';
import { isExecWord, plainText, wordParts } from './words';
import { resolvePath } from '../../../base/text/path';
import { firstIndex } from '../../../base/text/search';

/** Arguments that the builder sets by itself, in FROM and in stages that declare them; their values are not in the file. */
export const platformArgs: ReadonlySet<string> = new Set([
  'BUILDPLATFORM', 'BUILDOS', 'BUILDOSVERSION', 'BUILDARCH', 'BUILDVARIANT', 'TARGETPLATFORM', 'TARGETOS', 'TARGETOSVERSION', 'TARGETARCH',
  'TARGETVARIANT', 'TARGETSTAGE',
]); // prettier-ignore

/** A declaration and the place (number of the instruction) from which it holds. */
interface Declaration {
  readonly at: number;
  readonly variable: Variable;
  readonly expanded: Expanded | 'unset' | 'unknown';
}

/** Every declaration of a stage (or of the head of the file), by name, in order. */
export type Declarations = ReadonlyMap<string, readonly Declaration[]>;

/** What is known of a stage from its instructions alone. */
export interface StageScope {
  readonly declarations: Declarations;
  /** State before instruction i of `stage.instructions`; the last is the state at the end. */
  readonly states: readonly StageState[];
  /** What was asked of the stage's end so far, bases included; `null`: nothing declares it. */
  readonly atEnd: Map<string, Declaration | null>;
}

const nothing: StageState = { user: null, workdir: null, shell: null, cmd: null, entrypoint: null, healthcheck: null, cmdReset: false };

function find(declarations: Declarations, name: string, before: number): Declaration | undefined {
  const list = declarations.get(name);
  if (list === undefined) return undefined;
  return list[firstIndex(list.length, i => list[i]!.at >= before) - 1];
}

/** Finds a declaration in a stage before an instruction, then in the stages that it comes from. ARGs are inherited as ENV is, within the file. */
export function findVariable(scopes: readonly StageScope[], stage: Stage, name: string, before: number): Declaration | undefined {
  const own = scopes[stage.index];
  let found = own && find(own.declarations, name, before);
  // What a base gives at its end is remembered there, so that a long chain is walked once for a name.
  const walked: StageScope[] = [];
  for (let base = stage.base; found === undefined && base !== null; base = base.base) {
    const scope = scopes[base.index];
    if (scope === undefined) continue;
    const known = scope.atEnd.get(name);
    if (known !== undefined) {
      found = known ?? undefined;
      break;
    }
    walked.push(scope);
    found = find(scope.declarations, name, Number.MAX_SAFE_INTEGER);
  }
  for (const scope of walked) scope.atEnd.set(name, found ?? null);
  return found;
}

/** Expands a word; offsets of the result lead back to the file where the word is not an exec-form string. */
export function expandWord(word: Word, instruction: Instruction, lookup: Lookup): Expanded | null {
  const parts = wordParts(word);
  const mapped = !isExecWord(word);
  return parts && expandParts(parts, lookup, offset => (mapped ? sourceOffset(instruction.logical, word.offset + offset) : null));
}

/** The text of an expanded word; `null` where it is not known. */
export function expandText(word: Word, instruction: Instruction, lookup: Lookup): string | null {
  return plainText(word) ?? expandWord(word, instruction, lookup)?.text ?? null;
}

function declare(
  map: Map<string, Declaration[]>,
  instruction: Instruction,
  pair: KeyValue,
  kind: 'arg' | 'env',
  expanded: Declaration['expanded'],
): void {
  const value = typeof expanded === 'string' ? null : expanded.text;
  const declaration = { at: instruction.index, expanded, variable: { name: pair.name, instruction, pair, kind, value } };
  const list = map.get(pair.name);
  if (list) list.push(declaration);
  else map.set(pair.name, [declaration]);
}

/** The ARGs before the first FROM. Each sees those before it. */
export function globalDeclarations(instructions: readonly Instruction[]): Declarations {
  const map = new Map<string, Declaration[]>();
  for (const instruction of instructions) {
    if (instruction.keyword !== 'ARG') continue;
    for (const pair of instruction.pairs) {
      const lookup: Lookup = name => lookupGlobal(map, name);
      declare(map, instruction, pair, 'arg', pair.value === null ? 'unset' : (expandWord(pair.value, instruction, lookup) ?? 'unknown'));
    }
  }
  return map;
}

/** What FROM sees under a name. */
export function lookupGlobal(declarations: Declarations, name: string): Expanded | 'unset' | 'unknown' {
  const found = find(declarations, name, Number.MAX_SAFE_INTEGER);
  return found?.expanded ?? (platformArgs.has(name) ? 'unknown' : 'unset');
}

/** The global ARG of a name. */
export function globalVariable(declarations: Declarations, name: string): Variable | undefined {
  return find(declarations, name, Number.MAX_SAFE_INTEGER)?.variable;
}

/** What an instruction of a stage sees under a name. Where the base image is not `scratch`, it may set what the file does not. */
export function stageLookup(scopes: readonly StageScope[], stage: Stage, before: number): Lookup {
  return name =>
    findVariable(scopes, stage, name, before)?.expanded ??
    (stage.root.image.kind === 'scratch' && stage.root.base === null ? 'unset' : 'unknown');
}

/** Builds the scopes of all stages, in order: each starts with what its base ends with. */
export function buildScopes(stages: readonly Stage[], globals: Declarations): readonly StageScope[] {
  const scopes: StageScope[] = [];
  for (const stage of stages) {
    const declarations = new Map<string, Declaration[]>();
    const inherited = stage.base === null ? nothing : (scopes[stage.base.index]?.states.at(-1) ?? nothing);
    const states: StageState[] = [];
    scopes.push({ declarations, states, atEnd: new Map() });
    let state = inherited;
    let hasCmd = false;
    const run = (instruction: Instruction): void => {
      const lookup = stageLookup(scopes, stage, instruction.index);
      switch (instruction.keyword) {
        case 'ARG':
          for (const pair of instruction.pairs) {
            declare(
              declarations,
              instruction,
              pair,
              'arg',
              argValue(pair, instruction, globals, stageLookup(scopes, stage, instruction.index + 1)),
            );
          }
          break;
        case 'ENV': {
          // All pairs of one ENV see what stood before it.
          const values = instruction.pairs.map(pair => expandWord(pair.value!, instruction, lookup) ?? ('unknown' as const));
          instruction.pairs.forEach((pair, i) => declare(declarations, instruction, pair, 'env', values[i]!));
          break;
        }
        default: {
          const next = nextState(state, instruction, lookup, stage, hasCmd);
          hasCmd ||= instruction.keyword === 'CMD';
          state = next;
        }
      }
    };
    for (const trigger of triggersOf(stage)) run(trigger);
    for (const instruction of stage.instructions) {
      states.push(state);
      run(instruction);
    }
    states.push(state);
  }
  return scopes;
}

/** ONBUILD instructions of the base stage run at the start of this one. */
function triggersOf(stage: Stage): Instruction[] {
  const triggers: Instruction[] = [];
  for (const instruction of stage.base?.instructions ?? []) if (instruction.trigger !== null) triggers.push(instruction.trigger);
  return triggers;
}

function argValue(pair: KeyValue, instruction: Instruction, globals: Declarations, lookup: Lookup): Declaration['expanded'] {
  if (pair.value !== null) return expandWord(pair.value, instruction, lookup) ?? 'unknown';
  return lookupGlobal(globals, pair.name);
}

function nextState(state: StageState, instruction: Instruction, lookup: Lookup, stage: Stage, hasCmd: boolean): StageState {
  const value = (): string | null => {
    const word = instruction.words[0];
    return word === undefined ? null : expandText(word, instruction, lookup);
  };
  switch (instruction.keyword) {
    case 'USER':
      return { ...state, user: { instruction, value: value() } };
    case 'WORKDIR':
      return { ...state, workdir: { instruction, value: joinPath(state, value(), stage) } };
    case 'SHELL': {
      const words = instruction.execForm?.map(word => word.text) ?? [];
      const shell: ShellSetting | null = words.length === 0 ? state.shell : { instruction, words };
      return { ...state, shell };
    }
    case 'CMD':
      return { ...state, cmd: instruction, cmdReset: false };
    case 'ENTRYPOINT':
      return hasCmd ? { ...state, entrypoint: instruction } : { ...state, entrypoint: instruction, cmd: null, cmdReset: true };
    case 'HEALTHCHECK':
      return { ...state, healthcheck: instruction };
    default:
      return state;
  }
}

/** Whether a path is absolute, on Linux or with a drive on Windows. */
function isAbsolutePath(path: string, windows: boolean): boolean {
  return path.startsWith('/') || (windows && /^(?:[A-Za-z]:)?[\\/]/.test(path));
}

function joinPath(state: StageState, path: string | null, stage: Stage): string | null {
  if (path === null || isAbsolutePath(path, stage.windows)) return path;
  const scratch = stage.root.image.kind === 'scratch' && stage.root.base === null;
  const base = state.workdir === null ? (scratch ? '/' : null) : state.workdir.value;
  if (base === null) return null;
  const whole = resolvePath(`${base}/${path}`);
  return /^\/[A-Za-z]:(?:\/|$)/.test(whole) ? whole.slice(1) : whole;
}
