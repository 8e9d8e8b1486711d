import { stageRun } from './fix/run-facts';
import { userNumbers } from './fix/user';
import { stageContent } from './model/stage-content';
import { stageProfile } from './model/stage-image';
import { stageArguments } from './model/arguments';
import { healthCheckOf } from './model/health';
import type { DockerfileModel, Stage } from './model/types';
import { writtenFolders } from './model/written-folders';
import type { Range } from '../../base/text/range';
import type { StageRun } from '../../workspace/stage-start';
import type { DockerfileFact, FileFacts, StageFact } from '../../workspace/types';
import type { FactPlace } from '../../workspace/fact-place';

/** More ports and folders of one stage are not told: what a chain of stages inherits would grow with its square. */
const most = 100;

/** How many of the last stages say what they start. */
const nearest = 20;

/** What a stage declares, its bases included. */
type Declared = Pick<StageFact, 'ports' | 'morePorts' | 'volumes'>;

const nothing: Declared = { ports: [], morePorts: false, volumes: [] };

/** The facts of a Dockerfile: what each stage that could become an image leaves in its configuration. */
export function dockerfileFacts(file: DockerfileModel, path: string): readonly DockerfileFact[] {
  const stages = file.stages.filter(stage => stage.isFinal || stage.name !== null);
  if (stages.length === 0) return [];
  const place = (range: Range): FactPlace => ({ path, range: { start: range.start, end: range.end } });
  const declared = new Map<Stage, Declared>();
  for (const stage of file.stages) declared.set(stage, declaredBy(stage, stage.base ? declared.get(stage.base)! : nothing, place));
  return [
    {
      type: 'dockerfile',
      ...place(stages[0]!.from.keywordRange),
      stages: stages.map(stage => stageFact(stage, declared.get(stage)!, place, path)),
      ...argumentsOf(file),
    },
  ];
}

/** Which arguments stay in the history of the last stage, and which are only for what is built before it. */
function argumentsOf({ stages }: DockerfileModel): Pick<DockerfileFact, 'keptArguments' | 'spentArguments'> {
  const kept = new Set<string>();
  const spent = new Set<string>();
  const line = new Set<Stage>();
  for (let stage = stages.find(({ isFinal }) => isFinal) ?? null; stage && !line.has(stage); stage = stage.base) line.add(stage);
  for (const stage of stages)
    for (const { keyword, pairs } of stage.instructions)
      if (keyword === 'ARG') for (const { name } of pairs) (line.has(stage) ? kept : spent).add(name);
  return { keptArguments: [...kept].slice(0, most), spentArguments: [...spent].filter(name => !kept.has(name)).slice(0, most) };
}

function stageFact(stage: Stage, declared: Declared, place: (range: Range) => FactPlace, path: string): StageFact {
  return {
    ...place(stage.image.range),
    name: stage.name,
    isFinal: stage.isFinal,
    base: stage.root.image.kind === 'image' ? stage.root.image.text : stage.root.image.kind === 'scratch' ? 'scratch' : null,
    user: userFact(stage, place),
    health: healthFact(stage),
    check: isRun(stage) ? healthCheckOf(stage) : null,
    run: isRun(stage) ? runFact(stage, path) : null,
    folders: isRun(stage) ? writtenFolders(stage) : [],
    arguments: isRun(stage) ? stageArguments(stage) : [],
    content: stageContent(stage),
    ...declared,
  };
}

/** Whether a stage is likely to be run: the last, or one of those before it that says what it starts. What each of a long chain of stages starts would cost its square. */
function isRun({ index, file, isFinal, state }: Stage): boolean {
  return isFinal || (index >= file.stages.length - nearest && (state.cmd !== null || state.entrypoint !== null));
}

/** What decides as which user an image runs; `null` for Windows. */
function runFact(stage: Stage, path: string): StageRun | null {
  const profile = stageProfile(stage);
  return stage.windows || profile?.os === 'windows' ? null : stageRun(stage, profile, path);
}

/** What a stage declares behind what its base does. */
function declaredBy(stage: Stage, base: Declared, place: (range: Range) => FactPlace): Declared {
  const ports = [...base.ports];
  const volumes = [...base.volumes];
  let { morePorts } = base;
  for (const instruction of stage.instructions) {
    const { keyword } = instruction;
    if (keyword !== 'EXPOSE' && keyword !== 'VOLUME') continue;
    for (const word of instruction.words) {
      const text = stage.file.expand(word, instruction);
      if (keyword === 'VOLUME') {
        if (text?.startsWith('/') && volumes.length < most) volumes.push({ ...place(word.range), target: text });
        continue;
      }
      const read = text === null ? null : /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i.exec(text);
      if (!read || ports.length >= most) morePorts = true;
      else
        ports.push({
          ...place(word.range),
          port: Number(read[1]),
          to: Number(read[2] ?? read[1]),
          protocol: (read[3] ?? 'tcp').toUpperCase(),
        });
    }
  }
  return { ports, morePorts, volumes };
}

function healthFact({ state: { healthcheck } }: Stage): StageFact['health'] {
  if (!healthcheck) return 'base';
  return /^NONE$/i.test(healthcheck.words[0]?.text ?? '') ? 'none' : 'own';
}

function userFact(stage: Stage, place: (range: Range) => FactPlace): StageFact['user'] {
  const { user } = stage.state;
  if (!user) return null;
  const uid = user.value === null ? null : userNumbers(stage, stageProfile(stage), user.value).uid;
  return { ...place(user.instruction.words[0]?.range ?? user.instruction.keywordRange), value: user.value, uid };
}

/** The stages of the Dockerfiles among facts. */
export function stagesIn(facts: FileFacts): readonly StageFact[] {
  return facts.flatMap(fact => (fact.type === 'dockerfile' ? fact.stages : []));
}
