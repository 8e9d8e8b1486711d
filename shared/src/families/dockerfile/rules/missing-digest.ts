import { missingDigest } from '../../../rule/checks/image/missing-digest';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...missingDigest(({ text }) => ({ image: text })),
  id: 'dockerfile/missing-digest',
  references: { cisDocker: ['4.2', '4.12'], nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195', 'T1204.003', 'T1525'], cwe: ['CWE-1357'] },
  peers: { semgrep: ['dockerfile-source-not-pinned'], 'docker-language-server': ['not_pinned_digest'] },
  messages: { missing: { text: 'Image "{image}" can change under its tag: it has no digest' } },
  fixes: { pin: { title: "Pin to the tag's current digest", class: 'review' } },
});
