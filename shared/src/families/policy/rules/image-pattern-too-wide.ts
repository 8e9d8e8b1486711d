import { defineRule, type Report } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import { editText } from '../../../syntax/yaml/operations';
import type { YamlDocument } from '../../../syntax/yaml/types';
import { replacePattern } from '../fix/patterns';
import { allowedImages, imagePatterns } from '../model/allowed-images';
import { placeInScalar } from '../../../syntax/cel/place';
import { parsed } from '../model/expressions';
import { isLiteral, type TextSpot } from '../model/spots';
import { strangersBehind, strangersIn, strangersMatched, type Strangers } from '../model/strangers';

type OwnReport = Report<'grants' | 'verifies', 'slash'>;

/** Reports a part of a text that lets strangers through. */
function reportPart(
  document: YamlDocument,
  spot: TextSpot,
  { text, range }: { readonly text: string; readonly range: Range },
  { example, instead }: Strangers,
  report: OwnReport,
): void {
  const place = placeInScalar(document, spot.node, range);
  const isExact = document.text.slice(place.start, place.end) === text;
  const fix =
    instead !== null &&
    isExact &&
    report.fix('slash', () => [editText(spot.path, [{ range: place, text: instead }])], {
      data: { instead },
      assumes: [{ id: 'one-owner' }],
    });
  report(place, 'grants', { pattern: text, example }, fix);
}

export const rule = defineRule({
  id: 'policy/image-pattern-too-wide',
  title: "Image pattern that also matches other owners' images",
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  references: { nist800190: ['3.1.5', '4.1.5'], cwe: ['CWE-345'] },
  messages: {
    grants: { text: '"{pattern}" also lets {example} through' },
    verifies: { text: '"{pattern}" also matches {example}', severity: 'warning', profile: 'recommended' },
  },
  fixes: { slash: { title: 'Exclude longer names from the pattern: {instead}', class: 'review' } },
  assumptions: { 'one-owner': 'No image whose longer name starts with the pattern needs to match' },
  on: {
    rule(rule, report) {
      for (const { spot, ways } of imagePatterns(rule))
        for (const { text, range } of ways) {
          const found = strangersIn('kyverno', text);
          if (found) reportPart(rule.policy.document, spot, { text, range }, found, report);
        }
    },
    expression(expression, report) {
      const { policy, spot } = expression;
      const isCheck = spot.path.at(-3) === 'validations' || spot.path.at(-3) === 'expressions';
      const { tree } = isCheck ? parsed(expression) : { tree: null };
      for (const { is, text, range } of tree ? allowedImages(tree) : []) {
        const found = is === 'prefix' ? strangersBehind(text) : strangersMatched(text);
        // the text between its quotes, where nothing in it is escaped
        const start = spot.text.indexOf(text, range.start);
        const part = start >= 0 && start + text.length < range.end ? { start, end: start + text.length } : range;
        if (found) reportPart(policy.document, spot, { text, range: part }, found, report);
      }
    },
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
