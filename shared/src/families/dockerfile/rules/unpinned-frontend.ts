import { replaceText } from '../../../rule/fix/operations';
import { normalizeName, parseImageReference } from '../../../syntax/image/reference';
import { range } from '../../../base/text/range';
import { defineRule, noFix } from '../../../rule/define-rule';

const official = new Set(['docker.io/docker/dockerfile', 'docker.io/docker/dockerfile-upstream']);
/** Tags that follow the development of BuildKit. */
const unstable = /^(?:latest|master|labs|nightly|experimental)$|-(?:labs|experimental)$|^master-/;

export const rule = defineRule({
  id: 'dockerfile/unpinned-frontend',
  title: 'BuildKit frontend not pinned',
  severity: 'info',
  category: 'supply-chain',
  profile: 'strict',
  supersedes: ['dockerfile/insecure-run-flag'],
  references: { nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195'], cwe: ['CWE-829'] },
  messages: {
    moving: { text: 'Frontend "{image}" can change with every push, and it runs the whole build' },
    foreign: { text: 'Frontend "{image}" is not from Docker, runs the whole build, and has no digest' },
    digest: { text: 'Frontend "{image}" can change under its tag: it has no digest', severity: 'hint' },
  },
  fixes: {
    stable: { title: 'Use {instead}', class: 'review' },
    pin: { title: "Pin to the tag's current digest", class: 'review' },
  },
  on: {
    file(file, report, { digest }) {
      const directive = file.directives.find(d => d.name === 'syntax');
      if (!directive) return;
      const { value, valueRange } = directive;
      // What follows the image are arguments to it.
      const image = value.split(/\s/)[0]!;
      const reference = parseImageReference(image);
      if (reference.invalid !== null || reference.digest !== null) return;
      const place = range(valueRange.start, valueRange.start + image.length);
      const known = digest(image);
      const pin = report.fix('pin', () => (known === null ? [] : [replaceText(range(place.end), `@${known}`)]), known === null ? { needsDigest: image } : {}); // prettier-ignore
      if (!official.has(normalizeName(reference))) return report(place, 'foreign', { image }, pin);
      if (reference.tag !== null && !unstable.test(reference.tag)) return report(place, 'digest', { image }, pin);
      const instead = 'docker/dockerfile:1';
      // The labs channel has instructions and flags that the stable one lacks.
      const stable = reference.tag === null || reference.tag === 'latest';
      const fix = stable && report.fix('stable', () => [replaceText(place, instead)], { data: { instead } });
      report(place, 'moving', { image }, fix || noFix('no-fix'));
    },
  },
});
