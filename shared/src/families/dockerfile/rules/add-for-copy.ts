import { replaceText } from '../../../rule/fix/operations';
import { defineRule } from '../../../rule/define-rule';
import { unpackedByAdd } from '../model/copied-files';
import type { Instruction, Word } from '../model/types';

/** What only ADD can do with a source, as far as the name tells; a digest is a line of an image's history. */
const remote = /^(?:https?|ftp|git|ssh):\/\/|^[\w-]+@[\w.-]+:|^(?:file|multi|dir):[0-9a-f]{64}$/i;
/** Names whose end says that they are not archives: a directory, a dot file, or an extension that does not stand for raw bytes. */
const plain = /(?:^|\/)(?:\.{0,2}|\.[\w-]+|[^/]+\.(?!bin$|img$|layer$|rootfs$|oci$)[a-z][a-z0-9]*)$/i;
/** A destination that is a file: what is unpacked goes to a folder. */
const file =
  /[^/\\.]\.(?:jar|war|ear|py|js|mjs|json|ya?ml|toml|xml|conf|cfg|ini|properties|sh|txt|sql|phar|rb|php|html?|env|pem|crt|so|dll|exe|deb|rpm)$/i;
const addOnly = ['checksum', 'keep-git-dir', 'unpack'];

/** Names of variables that may hold an address. */
const address = /UR[IL]|LINK|HREF|ADDR|HOST|MIRROR|REMOTE|REPO|DOWNLOAD|RELEASE|SOURCE|SRC|ARCHIVE|TAR|ROOTFS/i;

/** Whether a source is a file of the context by its place: a variable that is named for no address, alone, onto the name of a file. */
function isOntoFile(word: Word, { words }: Instruction): boolean {
  const [use] = word.variables;
  const target = words.at(-1)!;
  return words.length === 2 && use !== undefined && !address.test(use.name) && target.variables.length === 0 && file.test(target.text);
}

type Kind = 'add' | 'unsure' | 'local' | 'copy';

function kindOf(word: Word, instruction: Instruction): Kind {
  const known = instruction.file.expand(word, instruction);
  const name = known ?? word.text;
  if (remote.test(name) || unpackedByAdd.test(name)) return 'add';
  if (known === null && /^\$|\$\{?\w+\}?$/.test(name)) return isOntoFile(word, instruction) ? 'local' : 'add';
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
  messages: { add: { text: 'ADD can download and unpack; COPY does everything needed here' } },
  fixes: { copy: { title: 'Use COPY instead of ADD', class: 'safe' } },
  assumptions: {
    'no-archive': 'None of the files is a tar archive that ADD unpacks',
    local: 'The variable names a file in the build context, not a URL',
  },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'ADD' || instruction.flags.some(f => addOnly.includes(f.name))) return;
      const documents = instruction.heredocs.map(h => h.range.start);
      const sources = instruction.words.slice(0, -1).filter(w => !documents.includes(w.range.start));
      const kinds = sources.map(word => kindOf(word, instruction));
      if (instruction.words.length < 2 || kinds.includes('add')) return;
      const [assumed] = kinds.flatMap(kind => (kind === 'unsure' ? ['no-archive'] : kind === 'local' ? ['local'] : []));
      const { keywordRange } = instruction;
      const asWritten = instruction.file.text.slice(keywordRange.start, keywordRange.end);
      const text = asWritten === 'add' ? 'copy' : 'COPY';
      report(
        keywordRange,
        'add',
        {},
        report.fix('copy', () => [replaceText(keywordRange, text)], assumed ? { class: 'review', assumes: [{ id: assumed }] } : {}),
      );
    },
  },
});
