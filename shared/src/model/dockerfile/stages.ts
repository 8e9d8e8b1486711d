import { range, type Range } from '../../text/range';
import { parseImageReference } from '../image/reference';
import type { MappedText } from '../shell/mapped-text';
import { lazy } from './characters';
import { sourceOfExpanded, type Expanded } from './expand';
import { expandWord, findVariable, lookupGlobal, type Declarations, type StageScope } from './scopes';
import type { DockerfileModel, ImageUse, Instruction, Stage, StageState, Word } from './types';

/** The stages of a file, the image uses, and which stage an instruction belongs to. */
export interface Stages {
  readonly stages: readonly Stage[];
  readonly images: readonly ImageUse[];
  readonly stageOf: (instruction: Instruction) => Stage | null;
  readonly before: (instruction: Instruction) => StageState | null;
}

/** Builds the stages. `scopes` is asked only by what a stage computes later, since scopes are made from stages. */
export function buildStages(
  file: () => DockerfileModel,
  instructions: readonly Instruction[],
  globals: () => Declarations,
  scopes: () => readonly StageScope[],
): Stages {
  const stages: Stage[] = [];
  const images: ImageUse[] = [];
  /** Number of the stage of each instruction; -1 before the first FROM. */
  const stageNumber: number[] = [];
  /** Latest stage of each name so far: BuildKit looks FROM up among the earlier stages, letter case and all. */
  const named = new Map<string, Stage>();
  const starts: number[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') starts.push(instruction.index);
    stageNumber.push(starts.length - 1);
  }

  starts.forEach((start, index) => {
    const from = instructions[start]!;
    const [first, as, alias] = from.words;
    const nameWord = from.words.length === 3 && as!.text.toLowerCase() === 'as' ? alias! : null;
    const expanded = first ? expandWord(first, from, name => lookupGlobal(globals(), name)) : null;
    const image = makeUse({
      file,
      origin: 'from',
      instruction: from,
      stage: () => stage,
      raw: first?.raw ?? '',
      range: first?.range ?? range(from.keywordRange.end),
      literal: first?.variables.length === 0,
      expanded,
      candidates: expanded === null ? matchingStages(first, named) : pick(named.get(expanded.text)),
    });
    const base = image.stages.length === 1 ? image.stages[0]! : null;
    const own = lazy(() => instructions.slice(start + 1, starts[index + 1] ?? instructions.length));
    const windows = lazy(() => (base ? base.windows || usesWindowsShell(own()) : looksWindows(from, image, own())));
    const stage: Stage = {
      index,
      name: nameWord === null ? null : nameWord.text.toLowerCase(),
      nameRange: nameWord?.range ?? null,
      from,
      image,
      base,
      root: undefined as unknown as Stage,
      isFinal: index === starts.length - 1,
      get file() {
        return file();
      },
      get instructions() {
        return own();
      },
      get reachable() {
        return reachable().has(stage);
      },
      get state() {
        return scopes()[index]!.states.at(-1)!;
      },
      get windows() {
        return windows();
      },
      variable: (name, before) => findVariable(scopes(), stage, name, before?.index ?? Number.MAX_SAFE_INTEGER)?.variable,
    };
    (stage as { root: Stage }).root = base?.root ?? stage;
    stages.push(stage);
    if (stage.name !== null) named.set(stage.name, stage);
    images.push(image);
  });

  const stageAt = (instruction: Instruction): Stage | null => stages[stageNumber[instruction.index] ?? -1] ?? null;
  for (const outer of instructions) {
    for (const instruction of outer.onbuild === null ? [outer] : [outer, outer.onbuild]) {
      for (const from of fromFlags(instruction)) images.push(makeFlagUse(file, instruction, from, stages, named, stageAt));
    }
  }
  images.sort((a, b) => a.range.start - b.range.start);

  const reachable = lazy(() => {
    const needs = new Map<Stage, Stage[]>();
    for (const use of images) {
      if (use.stage === null) continue;
      const list = needs.get(use.stage);
      if (list) list.push(...use.stages);
      else needs.set(use.stage, [...use.stages]);
    }
    const seen = new Set<Stage>();
    const queue = stages.slice(-1);
    for (let stage = queue.pop(); stage !== undefined; stage = queue.pop()) {
      if (seen.has(stage)) continue;
      seen.add(stage);
      queue.push(...(needs.get(stage) ?? []));
    }
    return seen;
  });

  return {
    stages,
    images,
    stageOf: stageAt,
    before: instruction => {
      const stage = stageAt(instruction);
      if (stage === null) return null;
      return scopes()[stage.index]!.states[Math.max(instruction.index - stage.from.index - 1, 0)] ?? null;
    },
  };
}

function pick(stage: Stage | undefined): readonly Stage[] {
  return stage === undefined ? [] : [stage];
}

/** The earlier stages that a name with unknown variables may mean: `base-${TARGETARCH}` means each `base-...`. */
function matchingStages(word: Word | undefined, named: ReadonlyMap<string, Stage>): readonly Stage[] {
  if (word === undefined || word.variables.length === 0) return [];
  const [first, last] = [word.variables[0]!, word.variables[word.variables.length - 1]!];
  const head = word.raw.slice(0, first.range.start - word.range.start);
  const tail = word.raw.slice(word.raw.length - (word.range.end - last.range.end));
  // A bare variable could be any image; a fixed part that stage names share is no accident.
  if (head === '' && tail === '') return [];
  return [...named]
    .filter(([name]) => name.length >= head.length + tail.length && name.startsWith(head) && name.endsWith(tail))
    .map(([, stage]) => stage);
}

interface FromFlag {
  readonly origin: 'copy-from' | 'mount-from';
  readonly value: MappedText;
  readonly place: Range;
}

function fromFlags(instruction: Instruction): FromFlag[] {
  if (instruction.keyword === 'COPY') {
    const flag = instruction.flag('from');
    return flag?.value && flag.valueRange ? [{ origin: 'copy-from', value: flag.mapped, place: flag.valueRange }] : [];
  }
  return instruction.mounts.flatMap(mount => {
    const field = mount.fields.findLast(candidate => candidate.key === 'from');
    return field?.value && field.mapped && field.valueRange
      ? [{ origin: 'mount-from' as const, value: field.mapped, place: field.valueRange }]
      : [];
  });
}

/** The use of a `--from`. BuildKit does not expand variables here, and takes a number for the index of a stage. */
function makeFlagUse(
  file: () => DockerfileModel,
  instruction: Instruction,
  { origin, value, place }: FromFlag,
  stages: readonly Stage[],
  named: ReadonlyMap<string, Stage>,
  stageOf: (instruction: Instruction) => Stage | null,
): ImageUse {
  const { text, starts, sources } = value;
  const stage = origin === 'copy-from' && /^[+-]?\d+$/.test(text) ? stages[Number(text)] : named.get(text.toLowerCase());
  const literal = !/\$./.test(text);
  const pieces = starts.map((start, i) => ({ start, source: sources[i]!, length: (starts[i + 1] ?? text.length) - start }));
  return makeUse({
    file,
    origin,
    instruction,
    stage: () => stageOf(instruction),
    raw: text,
    range: place,
    literal,
    expanded: literal ? { text, pieces } : null,
    candidates: pick(stage),
  });
}

interface UseParts {
  readonly file: () => DockerfileModel;
  readonly origin: ImageUse['origin'];
  readonly instruction: Instruction;
  readonly stage: () => Stage | null;
  readonly raw: string;
  readonly range: Range;
  readonly literal: boolean;
  readonly expanded: Expanded | null;
  readonly candidates: readonly Stage[];
}

function makeUse(parts: UseParts): ImageUse {
  const { file, stage, expanded, candidates, ...rest } = parts;
  const text = expanded?.text ?? null;
  const kind = candidates.length > 0 ? 'stage' : text === null || text === '' ? 'unknown' : text === 'scratch' ? 'scratch' : 'image';
  const reference = lazy(() => (kind === 'image' ? parseImageReference(text!) : null));
  return {
    ...rest,
    text,
    kind,
    stages: candidates,
    get file() {
      return file();
    },
    get stage() {
      return stage();
    },
    get reference() {
      return reference();
    },
    sourceOf: part => (expanded && sourceOfExpanded(expanded, part ?? range(0, expanded.text.length))) ?? parts.range,
  };
}

const windowsShells = /^(?:.*[\\/])?(?:cmd|powershell)(?:\.exe)?$/i;

function usesWindowsShell(instructions: readonly Instruction[]): boolean {
  return instructions.some(i => i.keyword === 'SHELL' && windowsShells.test(i.json?.[0]?.text ?? ''));
}

/** A Windows image: by platform, by the name of the image, by its shell; where the image is not known, by the escape directive. */
function looksWindows(from: Instruction, image: ImageUse, instructions: readonly Instruction[]): boolean {
  if (/^windows(?:\/|$)/i.test(from.flag('platform')?.value ?? '')) return true;
  const name = (image.text ?? image.raw).toLowerCase();
  if (/(?:^|[/:-])(?:windows|nanoserver|windowsservercore|servercore)(?:$|[/:@-])/.test(name)) return true;
  return usesWindowsShell(instructions) || (image.kind === 'unknown' && from.file.escape === '`');
}
