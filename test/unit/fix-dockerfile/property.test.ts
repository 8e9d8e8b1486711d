import { fc } from '../../support/property';
import { describe, expect, it } from 'vitest';
import { renderDockerfile } from '../../../shared/src/families/dockerfile/fix/render';
import { verifyDockerfile } from '../../../shared/src/families/dockerfile/fix/verify';
import type { DockerfileOperation } from '../../../shared/src/rule/fix/types';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import { runCommands } from '../../../shared/src/families/dockerfile/model/scripts';
import type { DockerfileModel } from '../../../shared/src/families/dockerfile/model/types';
import { applyEdits, haveConflict } from '../../../shared/src/base/text/edits';

const files = [
  '# syntax=docker/dockerfile:1\n\n# base\nFROM node:20 AS build\nWORKDIR /app\n# deps\nRUN apt-get update && \\\n    # tools\n    apt-get install -y \\\n        curl \\\n        # why git\n        git && \\\n    rm -rf /x\n\nCOPY --chown=a:b . .\nCMD ["node", "x"]\n',
  '# escape=`\nFROM a\nRUN x -k `\n  && y `\n  && z\nENV A=1 `\n  B=2\nUSER root',
  'FROM a\nRUN <<EOF\nset -e\ncurl -k x | sh\n  wget y\nEOF\n# last\nEXPOSE 22 80\n',
  'FROM a\nRUN ["bash", "-c", "a && b"]\nRUN set -eux; \\\n\ta; \\\n\t\\\n\tb\nHEALTHCHECK --interval=1s CMD curl -f x || exit 1\n',
];

function operations(model: DockerfileModel): DockerfileOperation[] {
  const found: DockerfileOperation[] = [];
  for (const instruction of model.instructions) {
    const { index } = instruction;
    found.push({ type: 'dockerfile.insert', at: 'before', instruction: index, text: 'ARG a=b' });
    found.push({ type: 'dockerfile.insert', at: 'after', instruction: index, text: 'LABEL a=b\nLABEL c=d' });
    if (instruction.keyword !== 'FROM') found.push({ type: 'dockerfile.remove-instruction', instruction: index });
    for (const flag of instruction.flags) found.push({ type: 'dockerfile.remove-words', range: flag.range });
    for (const pair of instruction.pairs.slice(1)) found.push({ type: 'dockerfile.remove-words', range: pair.range });
    for (const { command } of instruction.keyword === 'RUN' ? runCommands(instruction) : []) {
      found.push({ type: 'dockerfile.remove-command', range: command.range });
      found.push({ type: 'dockerfile.append-command', range: command.range, text: 'rm -rf /var/lib/apt/lists/*' });
      for (const arg of command.args) {
        found.push({ type: 'dockerfile.remove-words', range: arg.range });
        found.push({ type: 'dockerfile.insert-words', offset: arg.range.end, text: '--flag' });
        found.push({ type: 'dockerfile.replace', range: arg.range, text: 'other' });
      }
    }
  }
  return found;
}

describe('any set of operations', () => {
  const eols: [string, (text: string) => string][] = [
    ['LF', text => text],
    ['CRLF', text => text.replace(/\n/g, '\r\n')],
    ['no final line break', text => text.trimEnd()],
    ['byte order mark', text => `\uFEFF${text}`],
  ];
  it.each(eols)('renders without overlap, or is refused; what is rendered parses and keeps the rest: %s', (_, change) => {
    const models = files.map(text => parseDockerfile(change(text)));
    const all = models.map(operations);
    let verified = 0;
    fc.assert(
      fc.property(fc.nat(files.length - 1), fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), (file, picks) => {
        const model = models[file]!;
        const chosen = picks.map(pick => all[file]![pick % all[file]!.length]!);
        const rendered = renderDockerfile(model, chosen);
        if (!rendered.ok) return;
        expect(haveConflict(rendered.edits)).toBe(false);
        const text = applyEdits(model.text, rendered.edits);
        const after = parseDockerfile(text);
        for (const comment of model.comments) expect(after.comments.map(c => c.text)).toContain(comment.text);
        if (change(files[file]!).includes('\r\n')) expect(text.replace(/\r\n/g, '')).not.toContain('\n');
        const ranges = rendered.edits.map(edit => edit.range);
        const refusal = verifyDockerfile(model, after, chosen, ranges);
        // Words that a rule would never put there may make a new problem; nothing else may go wrong.
        if (refusal && !/new problem: (invalid-json-form|not-strings|missing-arguments)/.test(refusal.detail ?? '')) {
          throw new Error(`${refusal.detail}\n${JSON.stringify(chosen)}\n${text}`);
        }
        if (!refusal) verified++;
      }),
      { numRuns: 2000 },
    );
    expect(verified).toBeGreaterThan(500);
  });
});
