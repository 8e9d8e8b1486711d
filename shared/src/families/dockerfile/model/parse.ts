import { range } from '../../../base/text/range';
import { beyond, declareReach } from '../../../base/text/reach';
import type { Lookup } from './expand';
import { plainText } from './words';
import { makeInstruction, type InstructionContext } from './instruction';
import { readLines, type LineProblem, type Lines } from './lines';
import { findProblems } from './problems';
import {
  buildScopes,
  expandText,
  globalDeclarations,
  globalVariable,
  lookupGlobal,
  stageLookup,
  type Declarations,
  type StageScope,
} from './scopes';
import { buildStages, type Stages } from './stages';
import type { DockerfileModel, DockerfileProblem, Instruction, Stage, StageState, Variable, Word } from './types';

/** Parses a Dockerfile. Never throws; what BuildKit would refuse is in `problems`, and the rest is still there. Views are computed when asked for. */
export function parseDockerfile(text: string): DockerfileModel {
  return new DockerfileView(text, readLines(text));
}

/**
 * A file. A class, since each object literal with accessors gets a hidden class of its own, and that outlives the young generation of
 * the garbage collector together with the whole model.
 */
class DockerfileView implements DockerfileModel, InstructionContext {
  private readonly kept = new Map<unknown, unknown>();
  readonly escape: DockerfileModel['escape'];
  private readonly allDirectives: DockerfileModel['directives'];
  private readonly allComments: DockerfileModel['comments'];
  private readonly allInstructions: readonly Instruction[];
  private readonly lineProblems: readonly LineProblem[];
  private globalArgs: Declarations | undefined;
  private allStages: Stages | undefined;
  private allScopes: readonly StageScope[] | undefined;
  private allProblems: readonly DockerfileProblem[] | undefined;

  constructor(
    private readonly whole: string,
    { escape, directives, comments, lines, problems }: Lines,
  ) {
    this.escape = escape;
    this.allDirectives = directives;
    this.allComments = comments;
    this.allInstructions = lines.map((line, index) => makeInstruction(line, index, escape, this));
    this.lineProblems = problems;
  }

  get file(): DockerfileModel {
    return this;
  }

  get memo(): Map<unknown, unknown> {
    return this.kept;
  }

  get text(): string {
    return this.whole;
  }

  get directives(): DockerfileModel['directives'] {
    return this.allDirectives;
  }

  get comments(): DockerfileModel['comments'] {
    return this.allComments;
  }

  get instructions(): readonly Instruction[] {
    return this.allInstructions;
  }

  private get globals(): Declarations {
    if (this.globalArgs === undefined) {
      const firstFrom = this.instructions.findIndex(instruction => instruction.keyword === 'FROM');
      this.globalArgs = globalDeclarations(firstFrom < 0 ? this.instructions : this.instructions.slice(0, firstFrom));
    }
    return this.globalArgs;
  }

  private get built(): Stages {
    return (this.allStages ??= buildStages(
      this.instructions,
      () => this.globals,
      () => this.scopes,
    ));
  }

  private get scopes(): readonly StageScope[] {
    return (this.allScopes ??= buildScopes(this.stages, this.globals));
  }

  get stages(): DockerfileModel['stages'] {
    return this.built.stages;
  }

  get finalStage(): Stage | null {
    return this.stages.at(-1) ?? null;
  }

  get images(): DockerfileModel['images'] {
    return this.built.images;
  }

  get problems(): readonly DockerfileProblem[] {
    return (this.allProblems ??= this.readProblems());
  }

  private readProblems(): readonly DockerfileProblem[] {
    const { text, instructions } = this;
    const found: DockerfileProblem[] = this.lineProblems.map(({ code, range: place, data, line }) => ({
      code,
      range: place,
      data,
      instruction: line === null ? null : instructions[line]!,
    }));
    if (instructions.length === 0) found.push({ code: 'no-instructions', range: range(0, text.length), data: {}, instruction: null });
    return found.concat(findProblems(this)).sort((a, b) => a.range.start - b.range.start);
  }

  stageOf(instruction: number): Stage | null {
    return this.built.stageOf(instruction);
  }

  before(instruction: number): StageState | null {
    return this.built.before(instruction);
  }

  globalVariable(name: string): Variable | undefined {
    return globalVariable(this.globals, name);
  }

  expand(word: Word, instruction: Instruction): string | null {
    const own = plainText(word);
    if (own !== null) return own;
    const { stage } = beyond(instruction);
    const lookup: Lookup =
      stage === null || instruction.keyword === 'FROM'
        ? name => lookupGlobal(this.globals, name)
        : stageLookup(this.scopes, stage, instruction.index);
    return expandText(word, instruction, lookup);
  }
}

// who asks the file looks beyond an instruction
declareReach(DockerfileView, {
  file: 'within',
  escape: 'within',
  memo: 'beyond',
  text: 'beyond',
  directives: 'beyond',
  comments: 'beyond',
  instructions: 'beyond',
  stages: 'beyond',
  finalStage: 'beyond',
  images: 'beyond',
  problems: 'beyond',
  globalVariable: 'beyond',
  // both tell of more where there is more: a stage by its members, a word by its variables
  stageOf: 'within',
  expand: 'within',
  before: 'beyond',
});
