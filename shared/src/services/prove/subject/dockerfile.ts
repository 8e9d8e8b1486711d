import { exposedPorts } from '../../../families/dockerfile/model/ports';
import { parseDockerfile } from '../../../families/dockerfile/model/parse';
import type { DockerfileModel, Instruction, ProblemCode, Stage } from '../../../families/dockerfile/model/types';
import { applyEdits } from '../../../base/text/edits';
import type { Range } from '../../../base/text/range';
import type { CannotReason, TrialBuild } from '../contract';
import { cannot } from './draft';
import type { SubjectReader } from './types';

/** A Dockerfile that is to be built. */
export interface BuildRequest {
  readonly path: string;
  readonly text: string;
  /** `null`: the last stage. */
  readonly target: string | null;
  readonly context: string;
  readonly args: TrialBuild['args'];
}

/** A build without anything that reaches out, or what speaks against it. */
export interface CheckedBuild {
  readonly build: TrialBuild | null;
  readonly ports: readonly number[];
  readonly refusals: readonly { readonly reason: CannotReason; readonly what: string; readonly range: Range | null }[];
}

/** What BuildKit takes all the same. */
const taken: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['invalid-json-form', 'empty-continuation']);
/** Another program reads the file then, which is fetched first; BuildKit looks for these in the first lines, whatever comments the file has. */
const otherSyntax = /^(?:\ufeff?\s{0,100}\{|[^\n]{0,200}\/\/[^\n]{0,20}syntax)/;
/** The front end that is built in, in any of its releases. */
const officialFrontend = /^(?:docker\.io\/)?docker\/dockerfile(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;
const remoteSource = /^[a-z][a-z0-9+.-]{0,20}:\/\/|^git@|^github\.com\//i;
/** What begins with a folder is not an address, whatever a variable after it holds. */
const localSource = /^\.{0,2}\/|^[\w-]{1,100}\//;

/** Looks at everything that a build of a stage would do. */
export function buildOf({ path, text, target, context, args }: BuildRequest): CheckedBuild {
  const file = withArguments(parseDockerfile(text), args);
  const refusals: CheckedBuild['refusals'][number][] = [];
  const refuse = (reason: CannotReason, what: string, range: Range | null): void => {
    if (refusals.length < 100) refusals.push({ reason, what, range });
  };
  const wrong = file.problems.find(({ code }) => !taken.has(code));
  if (wrong) refuse('unclear', wrong.code, wrong.range);
  if (otherSyntax.test(text)) refuse('refused-build', 'syntax', null);
  const syntax = file.directives.find(({ name }) => name === 'syntax');
  if (syntax && !officialFrontend.test(syntax.value)) refuse('refused-build', `syntax=${syntax.value}`, syntax.range);
  const stage = stageOf(file, target);
  if (stage === null) refuse('not-here', `stage ${target ?? ''}`, null);
  if (stage?.windows) refuse('engine', 'windows', stage.image.range);
  for (const outer of file.instructions)
    for (const instruction of outer.trigger === null ? [outer] : [outer, outer.trigger]) checkInstruction(instruction, refuse);
  for (const { kind, raw, range, stage: user } of file.images)
    if (kind === 'unknown' && isNeeded(stage, user)) refuse('unclear', raw, range);
  if (refusals.length > 0 || stage === null) return { build: null, ports: [], refusals };
  const images = new Set(
    file.images.flatMap(({ kind, text: image, stage: user }) =>
      kind === 'image' && image !== null && isNeeded(stage, user) ? [image] : [],
    ),
  );
  const build: TrialBuild = { dockerfile: path, context, target, args, ...(syntax && { frontend: syntax.value }), images: [...images] };
  return { build, ports: portsOf(stage), refusals };
}

/** The file as a build with these arguments reads it: their values are the defaults. */
function withArguments(file: DockerfileModel, args: TrialBuild['args']): DockerfileModel {
  const values = new Map(args.map(({ name, value }) => [name, value]));
  const edits = file.instructions.flatMap(({ keyword, pairs }) =>
    keyword !== 'ARG'
      ? []
      : pairs.flatMap(({ name, range }) => {
          const value = values.get(name);
          return value === undefined ? [] : [{ range, newText: `${name}="${value.replace(/["\\$`\n\r]/g, ' ')}"` }];
        }),
  );
  return edits.length === 0 ? file : parseDockerfile(applyEdits(file.text, edits));
}

/** Whether a stage may be built for another: the engines differ in whether they build those before it that nothing asks for. */
function isNeeded(target: Stage | null, user: Stage | null): boolean {
  return target === null || user === null || user.index <= target.index;
}

/** A stage by its name or number; `null` where there is none. */
function stageOf(file: DockerfileModel, target: string | null): Stage | null {
  if (target === null) return file.finalStage;
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(target)) return null;
  return file.stages.find(({ name }) => name === target.toLowerCase()) ?? null;
}

type Refuse = (reason: CannotReason, what: string, range: Range | null) => void;

function checkInstruction(instruction: Instruction, refuse: Refuse): void {
  const { keyword, words, file } = instruction;
  if (keyword === 'ADD') {
    for (const word of words.slice(0, -1)) {
      const source = word.variables.length > 0 ? file.expand(word, instruction) : word.text;
      if (source === null && localSource.test(word.text)) continue;
      if (source === null) refuse('refused-build', `ADD ${word.text}`, word.range);
      else if (remoteSource.test(source)) refuse('refused-build', `ADD ${source}`, word.range);
    }
  }
  for (const flag of instruction.flags) {
    const value = flag.value ?? '';
    if (flag.name === 'security' && value !== 'sandbox') refuse('refused-build', `--security=${value}`, flag.range);
    if (flag.name === 'network' && value !== 'none' && value !== 'default') refuse('refused-build', `--network=${value}`, flag.range);
    if (flag.name === 'device') refuse('refused-build', '--device', flag.range);
  }
  for (const { type, flag } of instruction.mounts)
    if (type !== 'bind' && type !== 'cache' && type !== 'tmpfs') refuse('refused-build', `--mount=type=${type}`, flag.range);
}

/** The ports that a stage and those that it grows on declare. */
function portsOf(stage: Stage): readonly number[] {
  const ports = new Set<number>();
  for (let at: Stage | null = stage; at !== null && ports.size < 100; at = at.base)
    for (const instruction of at.instructions)
      for (const { first, last, word } of exposedPorts(instruction)) if (first === last && !word.text.endsWith('/udp')) ports.add(first);
  return [...ports].sort((a, b) => a - b);
}

/** What the stage itself says runs as its image has it: nothing is written over it. */
export const dockerfileSubjects: SubjectReader = {
  names: (_, text) => parseDockerfile(text).stages.flatMap(({ name }) => name ?? []),
  read: ({ path, text, name, context }) => {
    const { build, ports, refusals } = buildOf({ path, text, target: name, context, args: [] });
    if (build === null) return refusals.map(({ reason, what, range }) => cannot(reason, what, range));
    return {
      family: 'dockerfile',
      path,
      platform: 'engine',
      container: {
        name: name ?? 'image',
        image: build,
        entrypoint: null,
        command: null,
        environment: [],
        workdir: null,
        user: null,
        groups: [],
        readOnly: false,
        capabilities: null,
        noNewPrivileges: false,
        mounts: [],
        init: null,
        stopSignal: null,
        stopGrace: null,
        health: null,
        ports,
      },
      volumeGroup: null,
      peers: [],
      leftOut: [],
    };
  },
};
