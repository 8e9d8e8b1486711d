import { defineRule } from '../../../rule/define-rule';
import { replacePattern } from '../fix/patterns';
import { isCovered } from '../model/coverage';
import { areTooMany } from '../model/globs';
import { problemAmong } from '../model/pattern-problems';
import { isLiteral } from '../model/spots';
import { verificationsOf } from '../model/verifications';

export const rule = defineRule({
  id: 'policy/image-pattern-never-matches',
  title: 'Image pattern that matches no image',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: {
    nist800190: ['3.1.5', '4.1.5'],
    cwe: ['CWE-347'],
    links: ['https://kyverno.io/docs/policy-types/cluster-policy/verify-images/', 'https://docs.sigstore.dev/policy-controller/overview/'],
  },
  messages: {
    characters: { text: 'No image matches "{pattern}": image references cannot contain some of its characters' },
    scheme: { text: 'No image matches "{pattern}": image references have no scheme' },
    uppercase: { text: 'No image matches "{pattern}": repository names are lowercase' },
    registry: { text: 'No image matches "{pattern}": Kyverno compares names that include the registry, as in docker.io/...' },
    version: { text: 'No image matches "{pattern}": a tag or digest always follows the name' },
    both: { text: 'No image matches "{pattern}": if an image has a digest, its tag is dropped' },
    untagged: { text: '"{pattern}" matches only images written without a tag or digest', severity: 'warning' },
    fallback: {
      text: '"{pattern}" is not a full name: Docker Hub images are compared as index.docker.io/...',
      severity: 'warning',
      profile: 'recommended',
    },
    here: {
      text: '{object} covers none of the images in the manifests here, such as {example}',
      severity: 'hint',
      profile: 'recommended',
    },
  },
  fixes: { pattern: { title: 'Replace with {instead}', class: 'review' } },
  assumptions: {
    'docker-hub': 'The images are on Docker Hub, and Kyverno adds the registry to their names (enableDefaultRegistryMutation)',
    'same-images': 'The images that the new pattern matches are signed',
  },
  on: {
    verification(verification, report, { workspace }) {
      const { patterns, complete } = verification;
      const [first] = patterns;
      if (!first || first.grants || !complete || !workspace.complete) return;
      // what is wrong with a pattern, or not known of it, comes first
      if (patterns.some(pattern => !isLiteral(pattern.spot) || problemAmong(pattern))) return;
      const images = workspace.images();
      const [example] = images;
      if (example === undefined) return;
      // said once for all rules of a policy
      const all = verificationsOf(verification.policy);
      if (all[0] !== verification) return;
      const count = all.reduce((sum, each) => sum + each.patterns.length + each.skips.length, 0);
      if (areTooMany(count, images.length)) return;
      if (images.some(image => all.some(each => isCovered(each, image)))) return;
      report(first.spot.range, 'here', { example });
    },
    pattern(pattern, report) {
      const { spot } = pattern;
      const problem = isLiteral(spot) ? problemAmong(pattern) : null;
      if (!problem) return;
      const { id, instead } = problem;
      const fix =
        instead.length > 0 &&
        report.fix('pattern', () => replacePattern(pattern, instead), {
          data: { instead: instead.join(' and ') },
          assumes: [{ id: id === 'registry' ? 'docker-hub' : 'same-images' }],
        });
      report(spot.range, id, { pattern: spot.text }, fix);
    },
  },
});
