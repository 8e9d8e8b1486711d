import { defineRule } from '../../../rule/define-rule';
import { replacePattern } from '../fix/patterns';
import { strangersIn } from '../model/strangers';
import { isLiteral } from '../model/spots';

export const rule = defineRule({
  id: 'policy/image-pattern-too-wide',
  title: 'Image pattern that also matches strangers',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  references: { nist800190: ['3.1.5', '4.1.5'], cwe: ['CWE-345'] },
  messages: {
    grants: { text: '"{pattern}" also lets {example} through' },
    verifies: { text: '"{pattern}" also matches {example}', severity: 'warning', profile: 'recommended' },
  },
  fixes: { slash: { title: 'End the name: {instead}', class: 'review' } },
  assumptions: { 'one-owner': 'No image with a longer name of the same beginning is meant' },
  on: {
    pattern(pattern, report) {
      const { spot, engine, grants } = pattern;
      const found = isLiteral(spot) ? strangersIn(engine, spot.text) : null;
      if (!found) return;
      const { example, instead } = found;
      const fix =
        instead !== null &&
        report.fix('slash', () => replacePattern(pattern, [instead]), { data: { instead }, assumes: [{ id: 'one-owner' }] });
      report(spot.range, grants ? 'grants' : 'verifies', { pattern: spot.text, example }, fix);
    },
  },
});
