import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfigured } from '../../shared/src/services/facts/chain';
import { isDescribed } from '../../shared/src/knowledge/configured-image';
import type { ImageFacts } from '../../shared/src/knowledge/image-facts';
import type { FileFact, ImageFiles, StartedFile } from '../../shared/src/knowledge/image-files';
import { userNumbers } from '../../shared/src/families/dockerfile/fix/user';
import { chainInstructions, wholeText } from '../../shared/src/families/dockerfile/model/chain';
import { parseDockerfile } from '../../shared/src/families/dockerfile/model/parse';
import { exposedPorts } from '../../shared/src/families/dockerfile/model/ports';
import { stageProfile } from '../../shared/src/families/dockerfile/model/stage-image';
import type { Instruction, Stage } from '../../shared/src/families/dockerfile/model/types';
import { imageKey } from '../../shared/src/syntax/image/name';
import type { CorpusFile } from '../corpus-folder';
import { root as checkout } from '../rules/files';

// The corpus has no image, but of some public images that its manifests name it has the Dockerfile that they are built from: what a registry would say of
// them follows from that.

/** How far an image is looked up: its configuration by the tag that a manifest has, the same by a digest, or its layers too. */
export type Depth = 'tag' | 'digest' | 'layers';

/** What is known of public images of the corpus. */
export interface RebuiltImages {
  /** The images whose configuration follows from their Dockerfiles, by their names without tags. */
  readonly rebuilt: readonly string[];
  /** Those whose Dockerfile is there, but grows on an image that is not known and says too little itself. */
  readonly open: readonly string[];
  /** The facts of an image, as if that were what its Dockerfile builds. */
  factsOf(image: string, depth: Depth): ImageFacts | null;
}

/** Where the corpus has the Dockerfile of an image, and which of its stages is published; absent: the last. */
interface Published {
  readonly file: string;
  readonly target?: string;
}

/** The words of an instruction that starts something, as an image's configuration has them. */
function wordsOf(instruction: Instruction | null): readonly string[] | null {
  if (instruction === null) return null;
  return instruction.execForm?.map(({ text }) => text) ?? ['/bin/sh', '-c', instruction.script?.text ?? ''];
}

/** What the chain of a stage writes into the configuration; `null`: it grows on an image that is not known, and does not say by itself as whom it starts what. */
function configurationOf(stage: Stage): Record<string, unknown> | null {
  const { user, workdir, cmd } = stage.state;
  const profile = stageProfile(stage);
  const base = isDescribed(profile) ? profile : null;
  const start = wordsOf(stage.state.entrypoint) ?? (base && (base.entrypoint ?? []));
  const name = user ? user.value : base && (base.defaultUser?.uid === 0 ? '' : String(base.defaultUser?.uid ?? ''));
  if (start === null || name === null) return null;
  const all = chainInstructions(stage);
  const ports = all.flatMap(exposedPorts).map(({ first }) => `${first}/tcp`);
  const volumes = all
    .filter(({ keyword }) => keyword === 'VOLUME')
    .flatMap(instruction => instruction.words.map(word => stage.file.expand(word, instruction)));
  const keys = (names: readonly (string | number | null)[]): Record<string, unknown> =>
    Object.fromEntries(names.flatMap(each => (each === null ? [] : [[each, {}]])));
  return {
    User: name,
    Entrypoint: start,
    Cmd: wordsOf(cmd) ?? [],
    WorkingDir: workdir?.value ?? '/',
    ExposedPorts: keys([...(base?.exposedPorts ?? []).map(port => (typeof port === 'number' ? `${port}/tcp` : port)), ...ports]),
    Volumes: keys([...(base?.volumes ?? []), ...volumes]),
    Env: all.flatMap(({ keyword, pairs }) => (keyword === 'ENV' ? pairs.map(pair => `${pair.name}=`) : [])),
  };
}

/**
 * The files of an image, as far as a Dockerfile tells: the number of its user, and that a program which it starts carries no capabilities where no line of the file
 * gives any. Of a script, and of all else, nothing is known.
 */
function filesOf(stage: Stage, { entrypoint, user }: ImageFacts): ImageFiles {
  const unseen = { value: null, whole: false, doubt: 'no layer was read' } as const;
  const [program = ''] = entrypoint;
  const setsAny = stage.file.instructions.some(instruction => /\bsetcap\b/.test(wholeText(instruction)));
  const isProgram = program !== '' && !setsAny && !/\.sh$|entry-?point|^\/bin\/sh$|^(?:tini|dumb-init|sh|bash)$/.test(program);
  const owner = { uid: 0, gid: 0, mode: 0o755, isFolder: false };
  const started: FileFact<StartedFile | null> = isProgram
    ? { value: { path: program, owner, capabilities: [], script: null }, whole: true, doubt: null }
    : unseen;
  const { uid } = userNumbers(stage, stageProfile(stage), user);
  const account: ImageFiles['account'] =
    uid === null ? unseen : { value: { uid, gid: uid, home: null, shell: null }, whole: true, doubt: null };
  const read = { bytes: 0, layers: 0, problem: null };
  return { account, users: unseen, system: unseen, paths: {}, programs: {}, starts: [{ ...started, word: program }], read };
}

/** The stage that is published: of a name, or the last. */
function publishedStage(text: string, target: string | undefined): Stage | null {
  const file = parseDockerfile(text);
  return target === undefined ? file.finalStage : (file.stages.find(({ name }) => name === target) ?? null);
}

/** Rebuilds what the configurations of public images say, from the Dockerfiles of the corpus that publish them. */
export function rebuildImages(dockerfiles: readonly CorpusFile[]): RebuiltImages {
  const texts = new Map(dockerfiles.map(({ path, text }) => [path.slice(path.indexOf('/') + 1), text]));
  const known = new Map<string, Readonly<Record<Depth, ImageFacts>>>();
  const open: string[] = [];
  const published = JSON.parse(readFileSync(join(checkout, 'tools/accuracy/published.json'), 'utf8')) as Readonly<
    Record<string, Published>
  >;
  for (const [image, { file, target }] of Object.entries(published)) {
    const stage = publishedStage(texts.get(file) ?? '', target);
    const config = stage && configurationOf(stage);
    if (!config) {
      open.push(image);
      continue;
    }
    const history = chainInstructions(stage).map(instruction => ({ created_by: `${instruction.logical.text} # buildkit` }));
    const root = { os: 'linux', architecture: 'amd64', config, history };
    const { facts } = readConfigured(root, 'verified', `sha256:${'0'.repeat(64)}`);
    known.set(image, { tag: { ...facts, level: 'as-served' }, digest: facts, layers: { ...facts, files: filesOf(stage, facts) } });
  }
  return {
    rebuilt: [...known.keys()],
    open,
    factsOf: (image, depth) => known.get(imageKey(image) ?? '')?.[depth] ?? null,
  };
}
