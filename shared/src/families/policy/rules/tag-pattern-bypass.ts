import { defineRule } from '../../../rule/define-rule';
import { addPatterns } from '../fix/patterns';
import { areTooMany } from '../model/globs';
import { byTagAndDigest, patternProblem } from '../model/pattern-problems';
import { coversDigest, otherSpelling, taggedRepository } from '../model/images';
import { isLiteral } from '../model/spots';
import type { PolicyView } from '../model/types';
import { verificationsOf } from '../model/verifications';
import { memoize } from '../../../base/text/memoize';

/** Patterns of other rules are not compared where there are more. */
const mostTexts = 100;

/** The patterns whose images a policy verifies in one of its rules or another, as far as there are not too many. */
const verifiedTexts = memoize((policy: PolicyView): readonly string[] => {
  const verified = verificationsOf(policy).filter(({ action, skips }) => action.enforced !== false && skips.length === 0);
  const texts = verified.flatMap(({ patterns }) => patterns.flatMap(({ grants, spot }) => (grants ? [] : spot.text)));
  return texts.length > mostTexts ? [] : texts;
});

export const rule = defineRule({
  id: 'policy/tag-pattern-bypass',
  title: 'Image pattern that a digest bypasses',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.1.5', '4.1.5'], cwe: ['CWE-347'] },
  messages: {
    digest: { text: 'An image from {repository} referenced by digest is not verified: "{pattern}" requires a tag' },
    spelling: { text: 'The same image written as {other} is not verified' },
  },
  fixes: { add: { title: 'Verify {added} too', class: 'review' } },
  assumptions: { signed: 'The additional images that are then matched are signed, too' },
  on: {
    verification(verification, report) {
      const { patterns, engine, action } = verification;
      // what nobody refuses, nobody has to walk around; and a pattern that lets through is the better the less it matches
      if (action.enforced === false || areTooMany(patterns.length, patterns.length)) return;
      const texts = [...patterns.map(({ spot }) => spot.text), ...verifiedTexts(verification.policy)];
      for (const pattern of patterns) {
        const { spot, grants } = pattern;
        if (grants || !isLiteral(spot) || patternProblem(engine, spot.text)) continue;
        const repository = taggedRepository(spot.text);
        if (repository !== null && !coversDigest(engine, texts, repository)) {
          const added = byTagAndDigest(engine, repository)[1]!;
          const fix = report.fix('add', () => addPatterns(pattern, [added]), { data: { added }, assumes: [{ id: 'signed' }] });
          report(spot.range, 'digest', { repository, pattern: spot.text }, fix);
        }
        const other = engine === 'kyverno' ? otherSpelling(spot.text) : null;
        if (other !== null && !texts.includes(other) && !coversDigest(engine, texts, other.split(/[:@*]/, 1)[0]!)) {
          const fix = report.fix('add', () => addPatterns(pattern, [other]), { data: { added: other }, assumes: [{ id: 'signed' }] });
          report(spot.range, 'spelling', { other: other.split(/[:@*]/, 1)[0]! }, fix);
        }
      }
    },
  },
});
