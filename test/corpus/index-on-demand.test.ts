import { describe, expect, it } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { createIndexOnDemand } from '../../shared/src/workspace/index-on-demand';
import { createWorkspaceIndex } from '../../shared/src/workspace/workspace-index';
import { corpusFiles, hasCorpus } from '../../tools/corpus-folder';
import { everyQuestion } from '../support/ask-everything';

/** Every so many files are a workspace of their own; every so many questions are asked of it. */
const files = 40;
const each = 23;

describe.skipIf(!hasCorpus)('an index that reads what it is asked for, of real files', () => {
  it.each(['kubernetes', 'dockerfile'])('answers as one that has read all of %s', family => {
    const engine = createEngine(rules);
    const corpus = corpusFiles(family);
    const wrong: string[] = [];
    let asked = 0;
    for (let start = 0; start < corpus.length; start += files) {
      const some = corpus.slice(start, start + files);
      const texts = new Map(some.map(({ path, text }) => [path, text]));
      const whole = createWorkspaceIndex({ complete: false });
      const facts = some.flatMap(file => {
        const own = engine.open(file).facts();
        whole.update(file.path, own);
        return own;
      });
      whole.settle(true);
      for (const { name, ask } of everyQuestion([...texts.keys()], facts).filter((_, i) => i % each === 0)) {
        const { index } = createIndexOnDemand({
          files: () => ({ paths: [...texts.keys()], complete: true }),
          text: path => texts.get(path) ?? null,
          facts: (path, text, wanted) => engine.open({ path, text }).factsIn(wanted),
        });
        asked++;
        if (JSON.stringify(ask(index)) !== JSON.stringify(ask(whole.index))) wrong.push(name);
      }
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(50);
  });
});
