import { isVerified } from '../model/downloads';
import { plainName } from '../../../shell/downloads';
import { defineRule } from '../../../rule/define-rule';

/** What BuildKit takes for a Git repository rather than a file. */
const git = /^git:\/\/|^ssh:\/\/|^[\w-]+@[\w.-]+:|^https?:\/\/[^?#]*\.git(?:[?#]|$)|^https?:\/\/github\.com\/[^/]+\/[^/?#]+(?:[?#]|$)/i;
const commit = /#[0-9a-f]{40}(?:[0-9a-f]{24})?(?:$|:)|[?&](?:checksum|commit)=[0-9a-f]{7,}/i;

export const rule = defineRule({
  id: 'dockerfile/remote-add-without-checksum',
  title: 'ADD of a URL without --checksum',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cisDocker: ['4.9', '4.11'], nist800190: ['3.1.3', '3.1.5', '4.1.3', '4.1.5'], mitre: ['T1195'], cwe: ['CWE-494'] },
  peers: { kics: ['Curl or Wget Instead of Add'] },
  messages: {
    file: { text: 'ADD takes whatever {host} sends: no --checksum verifies it' },
    repository: { text: 'ADD takes whatever the branch or tag holds: the URL names no commit' },
  },
  fixes: {
    checksum: { title: 'Add --checksum=sha256:<digest of the file>', class: 'manual' },
    commit: { title: 'Name a commit: #<40 hex digits>', class: 'manual' },
  },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'ADD' || instruction.flag('checksum')) return;
      const { words, stage, file } = instruction;
      for (const word of words.slice(0, -1)) {
        if (!/[:$]/.test(word.text)) continue;
        const text = file.expand(word, instruction) ?? word.text;
        if (git.test(text)) {
          const fix = report.fix('commit', () => []);
          if (!commit.test(text) && !/#[^#]*\$/.test(text)) report(word.range, 'repository', {}, fix);
          continue;
        }
        const host = /^(?:https?|ftp):\/\/([^/?#]+)/i.exec(text)?.[1];
        if (host === undefined || (stage && isVerified(stage, instruction, plainName(text)))) continue;
        const fix = report.fix('checksum', () => []);
        report(word.range, 'file', { host: host.slice(host.lastIndexOf('@') + 1) }, fix);
      }
    },
  },
});
