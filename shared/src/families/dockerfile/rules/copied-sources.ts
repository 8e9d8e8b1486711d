import { buildOf } from '../../../knowledge/build-tools';
import { containsPath, absolutePath, contextSources, workdirAt } from '../model/files';
import { chainInstructions, isShipped } from '../model/chain';
import { copiedStage } from '../model/images';
import { runCommands } from '../model/scripts';
import type { Stage } from '../model/types';
import { defineRule, noFix } from '../../../rule/define-rule';

/** Compilers whose output runs without what it was made of. */
const compiles = /^(?:go|cargo|mvnw?|gradlew?|dotnet|make|cmake|gcc|g\+\+|cc|c\+\+|clang|clang\+\+|rustc|swift|stack|cabal|sbt)\b/;

/** The command that compiles in a stage, as words for a message; `null`: none does. */
function compiler(stage: Stage): string | null {
  for (const instruction of chainInstructions(stage)) {
    if (instruction.keyword !== 'RUN') continue;
    for (const { command } of runCommands(instruction)) {
      const build = buildOf(command);
      if (build !== null && compiles.test(build)) return build;
    }
  }
  return null;
}

/** The folders of a stage that the whole build context was copied to. */
function contextFolders(stage: Stage): readonly string[] {
  return chainInstructions(stage).flatMap(instruction => {
    const target = instruction.words.at(-1);
    if (!target || !contextSources(instruction).some(({ name }) => /^\.?\/?\*?$/.test(name))) return [];
    return absolutePath(instruction.file.expand(target, instruction) ?? '$', workdirAt(instruction)) ?? [];
  });
}

export const rule = defineRule({
  id: 'dockerfile/copied-sources',
  title: 'Build sources copied into the final image',
  severity: 'info',
  category: 'surface',
  profile: 'recommended',
  references: { cisDocker: ['4.3'], nist800190: ['3.1.1', '4.1.1'] },
  messages: { sources: { text: '"{path}" contains the whole build context: sources are copied along with the output of {build}' } },
  on: {
    instruction(instruction, report) {
      const { stage, words, file } = instruction;
      const source = copiedStage(instruction);
      if (!stage || !source || !isShipped(stage) || instruction.flag('exclude')) return;
      const folders = contextFolders(source);
      const build = folders.length > 0 ? compiler(source) : null;
      for (const word of build === null ? [] : words.slice(0, -1)) {
        const path = absolutePath(file.expand(word, instruction) ?? '$', '/');
        // of the root, `whole-filesystem-copy` speaks
        if (path === null || path === '/' || !folders.some(folder => containsPath(path, folder))) continue;
        report(word.range, 'sources', { path, build: build! }, noFix('manual'));
      }
    },
  },
});
