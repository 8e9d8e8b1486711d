import type { Comment } from '../../base/text/comment';
import type { DockerfileOperation, Operation } from '../../rule/fix/types';
import { trialPlaceOf } from '../../evidence/trial-place';
import { namedImage } from '../../syntax/image/name';
import { nextLine } from '../../base/text/lines';
import { firstIndex } from '../../base/text/search';
import { renderDockerfile } from './fix/render';
import { askSecondOpinion } from './fix/second-opinion';
import type { TrialPlace } from '../../knowledge/trials';
import type { WorkspaceIndex } from '../../workspace/types';
import { serviceOf } from './fix/service';
import { verifyDockerfile } from './fix/verify';
import { verifyDockerfileEach } from './fix/verify-each';
import { dockerfileFacts, stagesIn } from './facts';
import { effectiveStage } from './model/effective';
import { stageUsers } from './model/effective-user';
import { parseDockerfile } from './model/parse';
import { shellAt } from './model/scripts';
import { knownProfile } from './model/stage-image';
import { visitDockerfile } from './model/visit';
import type { DockerfileModel, Instruction, Stage } from './model/types';
import { renderComment } from '../family/comment-edits';
import type { Part, Piece } from '../family/part';
import type { ObjectRef } from '../../rule/finding/types';

/** What trials of the images that it builds are about: of the last stage, and of those that say what they start. */
function trialsOf({ stages }: DockerfileModel, workspace: WorkspaceIndex): readonly TrialPlace[] {
  return stages
    .filter(({ isFinal, state }) => isFinal || state.cmd !== null || state.entrypoint !== null)
    .flatMap(stage => trialPlaceOf(serviceOf(stage, knownProfile(stage, workspace), '', workspace), stage.image.range, workspace) ?? []);
}

/** What is asked of the images that it builds. */
const startsOf = (model: DockerfileModel): Pick<Part, 'users' | 'trials' | 'effective'> => ({
  users: () => stageUsers(model),
  trials: workspace => trialsOf(model, workspace),
  effective: workspace =>
    model.stages
      .filter(({ isFinal, windows }) => isFinal && !windows)
      .map(stage => {
        const [fact = null] = stagesIn(dockerfileFacts(model, '')).filter(({ isFinal }) => isFinal);
        return effectiveStage(stage, serviceOf(stage, knownProfile(stage, workspace), '', workspace), fact);
      }),
});

/** A Dockerfile as the one part of its file. */
export function dockerfilePart(model: DockerfileModel): Part {
  const { instructions } = model;
  /** The first instruction that ends behind an offset. */
  const endingBehind = (offset: number): Instruction | undefined =>
    instructions[firstIndex(instructions.length, i => instructions[i]!.range.end > offset)];
  const following = (comment: Comment): Instruction | null => {
    const next = endingBehind(comment.range.start);
    return next && next.range.start > comment.range.start ? next : null;
  };
  const pieces = new Map<Instruction, Piece>();
  const pieceOf = (instruction: Instruction | null): Piece | null => {
    if (instruction === null) return null;
    let piece = pieces.get(instruction);
    if (!piece) {
      const { name, dialect, args } = shellAt(instruction);
      const { range } = instruction;
      const key = [model.escape, instruction.stage === null, dialect, name, ...args, model.text.slice(range.start, range.end)].join('\0');
      pieces.set(instruction, (piece = { key, range }));
    }
    return piece;
  };
  return {
    text: model.text,
    base: 0,
    index: 0,
    language: 'dockerfile',
    family: 'dockerfile',
    memory: model,
    top: topOf(model),
    locked: null,
    fragment: false,
    comments: model.comments,
    checks: model.directives.filter(directive => directive.name === 'check').map(directive => directive.range),
    annotations: [],
    shortfalls: [],
    visit: visitor => visitDockerfile(model, visitor),
    ...startsOf(model),
    objectOf: view => refOf(view),
    namesOf: () => ({}),
    scopeOf: view => {
      const stage = stageOf(view);
      return stage ? nameOf(stage) : '';
    },
    pieceOf: view => pieceOf(instructionOf(view)),
    covered: comment => following(comment)?.range ?? null,
    beside: offset => {
      const place = endingBehind(offset)?.range;
      return place && place.start <= offset ? place : null;
    },
    block: comment => {
      const next = following(comment);
      if (next?.keyword !== 'FROM') return next?.range ?? null;
      const after = next.stage && model.stages[next.stage.index + 1];
      return { start: next.range.start, end: after?.from.range.start ?? model.text.length + 1 };
    },
    render: operations => {
      const edits = operations.filter(o => o.type === 'comment.replace').map(o => renderComment(model.text, o));
      const rest = operations.filter(isDockerfile);
      if (rest.length === 0) return { ok: true, edits };
      const rendered = renderDockerfile(model, rest);
      return rendered.ok ? { ok: true, edits: [...edits, ...rendered.edits] } : rendered;
    },
    verify: (text, operations, edits, inBulk) => {
      const after = parseDockerfile(text);
      if (operations.every(o => o.type === 'comment.replace')) {
        const same = after.instructions.length === model.instructions.length && after.problems.length <= model.problems.length;
        if (!same) return { reason: 'unverified', detail: 'adding the comment changed the instructions' };
        return inBulk ? askSecondOpinion(model, after, [...instructions.keys()]) : null;
      }
      return verifyDockerfile(
        model,
        after,
        operations.filter(isDockerfile),
        edits.map(e => e.range),
        inBulk,
      );
    },
    verifyEach: changes => verifyDockerfileEach(model, changes),
  };
}

/** Below the parser directives: a comment above `# syntax=` would make a comment of it. */
function topOf({ text, directives }: DockerfileModel): number {
  const last = directives.at(-1);
  return last ? nextLine(text, last.range.end) : text.charCodeAt(0) === 0xfeff ? 1 : 0;
}

function isDockerfile(operation: Operation): operation is DockerfileOperation {
  return operation.type.startsWith('dockerfile.');
}

/** The stage that a view belongs to; `null` for the file and what stands above the first FROM. */
function stageOf(view: unknown): Stage | null {
  if (typeof view !== 'object' || view === null) return null;
  const { from, stage, instruction } = view as Partial<Stage> & { stage?: Stage | null; instruction?: { stage?: Stage | null } };
  return from === undefined ? (stage ?? instruction?.stage ?? null) : (view as Stage);
}

/** The instruction that a view shows or is part of; `null` for what is more than one, or within an ONBUILD. */
function instructionOf(view: unknown): Instruction | null {
  const { keyword, command, instruction } = view as { keyword?: string; command?: unknown; instruction?: Instruction };
  const own = keyword !== undefined ? (view as Instruction) : command !== undefined ? (instruction ?? null) : null;
  return own?.onbuildParent === null ? own : null;
}

/** A stage put in front of one with a name does not change that name. */
function nameOf({ name, index }: Stage): string {
  return name ?? `${index}`;
}

function refOf(view: unknown): ObjectRef | null {
  const stage = stageOf(view);
  const use = view as { readonly kind?: string; readonly text?: string | null };
  return stage && { document: 0, kind: 'stage', name: nameOf(stage), path: '', ...(use.kind === 'image' && namedImage(use.text)) };
}
