import { isVerified } from '../model/downloads';
import { namesVersion, plainName } from '../../../syntax/shell/downloads';
import { insertWords, replaceText } from '../../../rule/fix/operations';
import { markOf } from '../../../rule/fix/places';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { refusalAt } from '../fix/refusal';
import type { Instruction, Word } from '../model/types';
import { type Attachment, defineRule, type Report } from '../../../rule/define-rule';

/** What BuildKit takes for a Git repository rather than a file. */
const git = /^git:\/\/|^ssh:\/\/|^[\w-]+@[\w.-]+:|^https?:\/\/[^?#]*\.git(?:[?#]|$)|^https?:\/\/github\.com\/[^/]+\/[^/?#]+(?:[?#]|$)/i;
const commit = /#[0-9a-f]{40}(?:[0-9a-f]{24})?(?:$|:)|[?&](?:checksum|commit)=[0-9a-f]{7,}/i;

/** What asks an API for the commit of a branch: it is there to start a cache anew when that moves, and a checksum would end it. */
const branchHead =
  /^https?:\/\/[^/?#]{1,200}\/(?:api\/v\d\/)?(?:repos|projects)\/[^?#]{1,400}\/(?:git\/(?:refs?|matching-refs)|commits|branches|repository\/(?:branches|commits|tags))(?:[/?#]|$)/i;

/** Frontends that do not know the flag: it came with 1.6, and for repositories with 1.16. */
const oldSyntax = { file: /:1\.[0-5](?:[.-]|$)/, repository: /:1\.(?:\d|1[0-5])(?:[.-]|$)/ };

/** A flag with the checksum of what ADD takes; none where it names several sources, which BuildKit refuses, or for a frontend that does not know it. */
function flagFor({ words, file, keywordRange }: Instruction, kind: 'file' | 'repository'): (() => DockerfileOperation[]) | null {
  const isOld = file.directives.some(({ name, value }) => name === 'syntax' && oldSyntax[kind].test(value));
  if (words.length !== 2 || isOld) return null;
  return () => [insertWords(keywordRange.end, `--checksum=${kind === 'file' ? 'sha256:' : ''}${markOf(1)}`)];
}

function checksumFix(instruction: Instruction, address: string, report: Pick<Report<never, 'checksum'>, 'fix'>): Attachment {
  const operations = flagFor(instruction, 'file');
  if (!operations) return report.fix('checksum', () => [], { class: 'manual' });
  const assumes = namesVersion(address) ? [] : [{ id: 'same-file' }];
  return report.fix('checksum', operations, { places: [{ text: '', sample: '0'.repeat(64) }], assumes });
}

/**
 * The commit in place of the branch or tag behind `#`, or behind an address that names neither. Where variables say which, they stay, and a flag
 * holds them to the commit.
 */
function commitFix(instruction: Instruction, word: Word, report: Pick<Report<never, 'commit'>, 'fix'>): Attachment {
  const { raw, text, range, variables } = word;
  const isPlain = raw === text && range.end - range.start === raw.length && variables.length === 0 && !text.includes('?');
  const places = [{ text: '', sample: '0'.repeat(40) }];
  if (refusalAt(instruction, 'any')) return report.fix('commit', () => [], { class: 'manual' });
  if (!isPlain) {
    const operations = flagFor(instruction, 'repository');
    return operations ? report.fix('commit', operations, { places }) : report.fix('commit', () => [], { class: 'manual' });
  }
  const [, address = '', reference] = /^([^#]*)(?:#([^:]*))?/.exec(text)!;
  const start = range.start + address.length;
  const place = { start, end: reference === undefined ? start : start + 1 + reference.length };
  return report.fix('commit', () => [replaceText(place, `#${markOf(1)}`)], { places });
}

export const rule = defineRule({
  id: 'dockerfile/remote-add-without-checksum',
  title: 'ADD of a URL without --checksum',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cisDocker: ['4.9', '4.11'], nist800190: ['3.1.3', '3.1.5', '4.1.3', '4.1.5'], mitre: ['T1195'], cwe: ['CWE-494'] },
  peers: { kics: ['Curl or Wget Instead of Add'] },
  messages: {
    file: { text: 'ADD accepts anything that {host} sends: no --checksum verifies it' },
    repository: { text: 'ADD fetches the current state of the branch or tag: the URL names no commit' },
  },
  fixes: {
    checksum: { title: 'Add --checksum and enter the SHA-256 checksum', class: 'attended' },
    commit: { title: 'Pin the URL to a commit that you enter', class: 'attended' },
  },
  assumptions: {
    'same-file':
      'The file at the URL does not change with the next release, although the URL names no version: if the file changes, the build fails',
  },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'ADD' || instruction.flag('checksum')) return;
      const { words, stage, file } = instruction;
      for (const word of words.slice(0, -1)) {
        if (!/[:$]/.test(word.text)) continue;
        const text = file.expand(word, instruction) ?? word.text;
        if (git.test(text)) {
          if (!commit.test(text) && !/#[^#]*\$/.test(text)) report(word.range, 'repository', {}, commitFix(instruction, word, report));
          continue;
        }
        const host = /^(?:https?|ftp):\/\/([^/?#]+)/i.exec(text)?.[1];
        if (host === undefined || branchHead.test(text) || (stage && isVerified(stage, instruction, plainName(text)))) continue;
        report(word.range, 'file', { host: host.slice(host.lastIndexOf('@') + 1) }, checksumFix(instruction, text, report));
      }
    },
  },
});
