import { replaceText } from '../../../rule/fix/operations';
import { defineRule, noFix, weighs } from '../../../rule/define-rule';
import { containsPath } from '../model/files';
import type { Instruction } from '../model/types';

/** Whether a destination is a folder already, as WORKDIR makes one: BuildKit copies into it then, and only the builder before it asks for the slash. */
function isFolder(path: string, { stateBefore }: Instruction): boolean {
  const workdir = stateBefore?.workdir?.value;
  return workdir != null && containsPath(path, workdir);
}

export const rule = defineRule({
  id: 'dockerfile/copy-needs-slash',
  title: 'COPY of several sources to a path without a trailing slash',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  peers: {
    hadolint: ['DL3021'],
    trivy: ['DS-0011'],
    kics: ['Copy With More Than Two Arguments Not Ending With Slash'],
    'dockerfile-utils': ['INVALID_DESTINATION'],
  },
  messages: { slash: { text: 'Several sources require a destination directory: "{path}" does not end with a slash' } },
  fixes: { slash: { title: 'Change the destination to {path}/', class: 'safe' } },
  on: {
    instruction(instruction, report) {
      const { keyword } = instruction;
      if (keyword !== 'COPY' && keyword !== 'ADD') return;
      const { words } = instruction;
      if (words.length < 3) return;
      const word = words.at(-1)!;
      const { text: path, raw, range } = word;
      if (path === '' || /(?:[/\\]|^\.)$/.test(path) || word.variables.some(use => use.range.end === range.end || instruction.execForm))
        return;
      // Blanks part words even within quotes: `"C:\\a b"` is two of them, of which BuildKit takes neither.
      if (/["']$/.test(raw) && raw.split(raw.at(-1)!).length % 2 === 0) return;
      const offset = range.end - (/["']$/.test(raw) ? 1 : 0);
      // A variable in quotes may end with a slash of its own.
      if (word.variables.some(use => use.range.end === offset)) return;
      // A comment behind it becomes more words; `file:... in /path` is a line of an image's history.
      if (words.some(other => other.raw.startsWith('#')) || (words[1]!.raw === 'in' && /^(?:file|multi|dir):/.test(words[0]!.raw))) return;
      // a flag among the sources is read as one, and the destination is not what was meant
      const isMisplaced = words.some(other => other.raw.startsWith('--'));
      const fix = isMisplaced
        ? noFix('manual')
        : report.fix('slash', () => [replaceText({ start: offset, end: offset }, '/')], { data: { path } });
      report(range, 'slash', { path }, fix, isFolder(path, instruction) && weighs('info'));
    },
  },
});
