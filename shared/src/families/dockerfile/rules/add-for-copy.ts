import { replaceText } from '../../../fix/operations';
import { defineRule } from '../../../rule/define-rule';
import { unpackedByAdd } from '../model/copied-files';
import type { Instruction, Word } from '../model/types';

/** What only ADD can do with a source, as far as the name tells; a digest is a line of an image's history. */
const remote = /^(?:https?|ftp|git|ssh):\/\/|^[\w-]+@[\w.-]+:|^(?:file|multi|dir):[0-9a-f]{64}$/i;
/** Names whose end says that they are not archives: a directory, a dot file, or an extension that does not stand for raw bytes. */
const plain = /(?:^|\/)(?:\.{0,2}|\.[\w-]+|[^/]+\.(?!bin$|img$|layer$|rootfs$|oci$)[a-z][a-z0-9]*)$/i;
const addOnly = ['checksum', 'keep-git-dir', 'unpack'];

type Kind = 'add' | 'unsure' | 'copy';

function kindOf(word: Word, instruction: Instruction): Kind {
  const known = instruction.file.expand(word, instruction);
  const name = known ?? word.text;
  if (remote.test(name) || unpackedByAdd.test(name) || (known === null && /^\$|\$\{?\w+\}?$/.test(name))) return 'add';
  return word.variables.length === 0 && !/[*?[]/.test(name) && plain.test(name) ? 'copy' : 'unsure';
}

export const rule = defineRule({
  id: 'dockerfile/add-for-copy',
  title: 'ADD where COPY is enough',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  references: { cisDocker: ['4.9'] },
  peers: {
    hadolint: ['DL3020'],
    trivy: ['DS-0005'],
    checkov: ['CKV_DOCKER_4'],
    kics: ['Add Instead of Copy'],
    dockle: ['CIS-DI-0009'],
    semgrep: ['prefer-copy-over-add'],
    tally: ['hadolint/DL3020'],
  },
  messages: { add: { text: 'ADD may download and unpack; COPY does all that is needed here' } },
  fixes: { copy: { title: 'Use COPY', class: 'safe' } },
  assumptions: { 'no-archive': 'None of the files is a tar archive that ADD unpacks' },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'ADD' || instruction.flags.some(f => addOnly.includes(f.name))) return;
      const documents = instruction.heredocs.map(h => h.range.start);
      const sources = instruction.words.slice(0, -1).filter(w => !documents.includes(w.range.start));
      const kinds = sources.map(word => kindOf(word, instruction));
      if (instruction.words.length < 2 || kinds.includes('add')) return;
      const unsure = kinds.includes('unsure');
      const { keywordRange, file } = instruction;
      const asWritten = file.text.slice(keywordRange.start, keywordRange.end);
      const text = asWritten === 'add' ? 'copy' : 'COPY';
      report(
        keywordRange,
        'add',
        {},
        report.fix('copy', () => [replaceText(keywordRange, text)], unsure ? { class: 'review', assumes: [{ id: 'no-archive' }] } : {}),
      );
    },
  },
});
