import { range } from '../../text/range';
import { lazy } from './characters';
import { makeInstruction } from './instruction';
import { readLines } from './lines';
import { findProblems } from './problems';
import { buildScopes, expandWord, globalDeclarations, globalVariable, lookupGlobal, stageLookup, type StageScope } from './scopes';
import { buildStages, type Stages } from './stages';
import type { DockerfileModel, DockerfileProblem, Instruction } from './types';

/** Parses a Dockerfile. Never throws; what BuildKit would refuse is in `problems`, and the rest is still there. Views are computed when asked for. */
export function parseDockerfile(text: string): DockerfileModel {
  const { escape, directives, comments, lines, problems: lineProblems } = readLines(text);
  const instructions: Instruction[] = [];
  const firstFrom = lazy(() => {
    const found = instructions.findIndex(instruction => instruction.keyword === 'FROM');
    return found < 0 ? instructions.length : found;
  });
  const globals = lazy(() => globalDeclarations(instructions.slice(0, firstFrom())));
  const scopes = lazy((): readonly StageScope[] => buildScopes(built().stages, globals()));
  const built = lazy((): Stages => buildStages(instructions, globals, scopes));
  const surroundings = {
    file: () => model,
    stage: (instruction: Instruction) => built().stageOf(instruction),
    before: (instruction: Instruction) => built().before(instruction),
  };
  for (const line of lines) instructions.push(makeInstruction(line, instructions.length, escape, surroundings));

  const problems = lazy(() => {
    const found: DockerfileProblem[] = lineProblems.map(({ code, range: place, data, line }) => ({
      code,
      range: place,
      data,
      instruction: line === null ? null : instructions[line]!,
    }));
    if (instructions.length === 0) found.push({ code: 'no-instructions', range: range(0, text.length), data: {}, instruction: null });
    return found.concat(findProblems(model)).sort((a, b) => a.range.start - b.range.start);
  });

  const model: DockerfileModel = {
    text,
    escape,
    directives,
    comments,
    instructions,
    get stages() {
      return built().stages;
    },
    get finalStage() {
      return built().stages.at(-1) ?? null;
    },
    get images() {
      return built().images;
    },
    get problems() {
      return problems();
    },
    globalVariable: name => globalVariable(globals(), name),
    expand: (word, instruction) => {
      const { stage } = instruction;
      const lookup =
        stage === null || instruction.keyword === 'FROM'
          ? (name: string) => lookupGlobal(globals(), name)
          : stageLookup(scopes(), stage, instruction.index);
      return expandWord(word, instruction, lookup)?.text ?? null;
    },
  };
  return model;
}
