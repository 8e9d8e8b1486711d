import { chainInstructions } from '../model/dockerfile/chain';
import { createdUsers } from '../model/dockerfile/users';
import type { DockerfileModel, Instruction, Stage } from '../model/dockerfile/types';
import type { Range } from '../text/range';
import type { DockerfileFact, FactPlace, StageFact } from './types';

/** The facts of a Dockerfile: what each stage that could become an image leaves in its configuration. */
export function dockerfileFacts(file: DockerfileModel, path: string): readonly DockerfileFact[] {
  const stages = file.stages.filter(stage => stage.isFinal || stage.name !== null);
  if (stages.length === 0) return [];
  const place = (range: Range): FactPlace => ({ path, range: { start: range.start, end: range.end } });
  return [{ type: 'dockerfile', ...place(stages[0]!.from.keywordRange), stages: stages.map(stage => stageFact(stage, place)) }];
}

function stageFact(stage: Stage, place: (range: Range) => FactPlace): StageFact {
  const all = chainInstructions(stage);
  const ports: StageFact['ports'][number][] = [];
  let morePorts = false;
  for (const { word, instruction } of wordsOf(all, 'EXPOSE')) {
    const text = stage.file.expand(word, instruction);
    const read = text === null ? null : /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i.exec(text);
    if (!read) morePorts = true;
    else
      ports.push({
        ...place(word.range),
        port: Number(read[1]),
        to: Number(read[2] ?? read[1]),
        protocol: (read[3] ?? 'tcp').toUpperCase(),
      });
  }
  return {
    ...place(stage.image.range),
    name: stage.name,
    isFinal: stage.isFinal,
    base: stage.root.image.kind === 'image' ? stage.root.image.text : null,
    user: userFact(stage, place),
    ports,
    morePorts,
    volumes: wordsOf(all, 'VOLUME').flatMap(({ word, instruction }) => {
      const target = stage.file.expand(word, instruction);
      return target?.startsWith('/') ? [{ ...place(word.range), target }] : [];
    }),
  };
}

function userFact(stage: Stage, place: (range: Range) => FactPlace): StageFact['user'] {
  const { user } = stage.state;
  if (!user) return null;
  const name = user.value?.split(':', 1)[0] ?? null;
  const uid = name === null ? undefined : createdUsers(stage).findLast(created => created.name === name)?.uid;
  return { ...place(user.instruction.words[0]?.range ?? user.instruction.keywordRange), value: user.value, uid: uid ?? null };
}

function wordsOf(
  all: readonly Instruction[],
  keyword: string,
): { readonly word: Instruction['words'][number]; readonly instruction: Instruction }[] {
  return all.filter(i => i.keyword === keyword).flatMap(instruction => instruction.words.map(word => ({ word, instruction })));
}
