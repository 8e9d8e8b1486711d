import type { Range } from '../../../base/text/range';
import { declareReach } from '../../../base/text/reach';
import { memoizeAlongChain } from './chain';
import { lazy } from './characters';
import { flagUses, fromUse, isWindowsImage, usesWindowsShell } from './images';
import { expandWord, findVariable, lookupGlobal, type Declarations, type StageScope } from './scopes';
import type { DockerfileModel, ImageUse, Instruction, Stage, StageState, Variable, Word } from './types';

/** The stages of a file, the image uses, and which stage an instruction belongs to. */
export interface Stages {
  readonly stages: readonly Stage[];
  readonly images: readonly ImageUse[];
  /** The stage of the instruction of a number; of one within an ONBUILD, too. */
  readonly stageOf: (instruction: number) => Stage | null;
  /** What is in force before it. */
  readonly before: (instruction: number) => StageState | null;
}

/** What a stage asks of the file when it is asked itself: scopes and reachability are made from the stages. */
interface Whole {
  readonly instructions: readonly Instruction[];
  readonly scopes: () => readonly StageScope[];
  readonly reachable: () => ReadonlySet<Stage>;
}

const onWindows = memoizeAlongChain(
  (stage, base: boolean | undefined) => (base ?? isWindowsImage(stage.from, stage.image)) || usesWindowsShell(stage.instructions),
);

/** A build stage. */
class StageView implements Stage {
  private readonly kept = new Map<unknown, unknown>();
  private readonly alias: Word | null;
  private readonly grown: Stage | null;
  private readonly bottom: Stage;
  private own: readonly Instruction[] | undefined;

  constructor(
    private readonly place: number,
    private readonly first: Instruction,
    private readonly use: ImageUse,
    /** Number of the next FROM, or of instructions. */
    private readonly end: number,
    private readonly whole: Whole,
  ) {
    const [, as, alias] = first.words;
    this.alias = first.words.length === 3 && as!.text.toLowerCase() === 'as' ? alias! : null;
    this.grown = use.stages.length === 1 ? use.stages[0]! : null;
    this.bottom = this.grown?.root ?? this;
  }

  get memo(): Map<unknown, unknown> {
    return this.kept;
  }

  get index(): number {
    return this.place;
  }

  get from(): Instruction {
    return this.first;
  }

  get image(): ImageUse {
    return this.use;
  }

  get name(): string | null {
    return this.alias === null ? null : this.alias.text.toLowerCase();
  }

  get nameRange(): Range | null {
    return this.alias?.range ?? null;
  }

  get base(): Stage | null {
    return this.grown;
  }

  get root(): Stage {
    return this.bottom;
  }

  get isFinal(): boolean {
    return this.end === this.whole.instructions.length;
  }

  get file(): DockerfileModel {
    return this.first.file;
  }

  get instructions(): readonly Instruction[] {
    return (this.own ??= this.whole.instructions.slice(this.first.index + 1, this.end));
  }

  get reachable(): boolean {
    return this.whole.reachable().has(this);
  }

  get state(): StageState {
    return this.whole.scopes()[this.place]!.states.at(-1)!;
  }

  get windows(): boolean {
    return onWindows(this);
  }

  variable(name: string, before?: Instruction): Variable | undefined {
    return findVariable(this.whole.scopes(), this, name, before?.index ?? Number.MAX_SAFE_INTEGER)?.variable;
  }
}

// all that a stage tells is told of more than one instruction
declareReach(StageView, {
  memo: 'beyond',
  index: 'beyond',
  from: 'beyond',
  image: 'beyond',
  name: 'beyond',
  nameRange: 'beyond',
  base: 'beyond',
  root: 'beyond',
  isFinal: 'beyond',
  file: 'within',
  instructions: 'beyond',
  reachable: 'beyond',
  state: 'beyond',
  windows: 'beyond',
  variable: 'beyond',
});

/** Builds the stages. `scopes` is asked only by what a stage computes later. */
export function buildStages(
  instructions: readonly Instruction[],
  globals: () => Declarations,
  scopes: () => readonly StageScope[],
): Stages {
  const stages: Stage[] = [];
  const images: ImageUse[] = [];
  /** Number of the stage of each instruction; -1 before the first FROM. */
  const stageNumber: number[] = [];
  const starts: number[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') starts.push(instruction.index);
    stageNumber.push(starts.length - 1);
  }
  const whole: Whole = { instructions, scopes, reachable: lazy(() => reachableStages(stages, images)) };
  const named = new Map<string, Stage>();
  starts.forEach((start, index) => {
    const from = instructions[start]!;
    const word = from.words[0];
    const image = fromUse(from, word ? expandWord(word, from, name => lookupGlobal(globals(), name)) : null, named);
    const stage = new StageView(index, from, image, starts[index + 1] ?? instructions.length, whole);
    stages.push(stage);
    images.push(image);
    if (stage.name !== null) named.set(stage.name, stage);
  });
  for (const outer of instructions) {
    for (const instruction of outer.trigger === null ? [outer] : [outer, outer.trigger])
      images.push(...flagUses(instruction, stages, named));
  }
  images.sort((a, b) => a.range.start - b.range.start);

  const stageOf = (instruction: number): Stage | null => stages[stageNumber[instruction] ?? -1] ?? null;
  return {
    stages,
    images,
    stageOf,
    before: instruction => {
      const stage = stageOf(instruction);
      if (stage === null) return null;
      return scopes()[stage.index]!.states[Math.max(instruction - stage.from.index - 1, 0)] ?? null;
    },
  };
}

/** The final stage and all that it needs, through FROM, COPY --from and mounts. */
function reachableStages(stages: readonly Stage[], images: readonly ImageUse[]): ReadonlySet<Stage> {
  const needs = new Map<Stage, Stage[]>();
  for (const use of images) {
    if (use.stage === null || use.stages.length === 0) continue;
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
}
