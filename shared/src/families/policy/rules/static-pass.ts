import { defineRule } from '../../../rule/define-rule';
import { matchesOne } from '../model/coverage';
import { areTooMany, matchesText } from '../model/globs';
import { has, textAt } from '../model/spots';

export const rule = defineRule({
  id: 'policy/static-pass',
  title: 'Images let through without verification',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.1.5', '4.1.5'], cwe: ['CWE-347'] },
  messages: {
    all: { text: '{object} lets every image through', severity: 'error' },
    beside: {
      text: "The other authorities' signatures are not required: one authority that passes is enough to admit an image",
      severity: 'error',
    },
    some: { text: '{object} lets through the images that it matches' },
    exact: { text: '{object} lets "{pattern}" through', severity: 'info' },
    skips: { text: 'No image is verified: "{pattern}" excludes everything that "{reference}" matches', severity: 'error' },
    here: { text: 'Image {image} in the manifests here is let through: "{pattern}" excludes it', severity: 'info' },
  },
  on: {
    authority({ kind, at, verification }, report) {
      const action = kind === 'static' ? textAt(at, 'action') : null;
      // a policy in CUE or Rego still looks at what passes
      if (action?.text !== 'pass' || has(verification.at, 'policy')) return;
      const { patterns, authorities } = verification;
      const texts = patterns.map(({ spot }) => spot.text);
      if (authorities.length > 1) report(action.range, 'beside');
      else if (texts.some(text => /^[*/]+$/.test(text))) report(action.range, 'all');
      else if (texts.length === 1 && !texts[0]!.replace(/[:@]\*+$/, '').includes('*'))
        report(action.range, 'exact', { pattern: texts[0]! });
      else report(action.range, 'some');
    },
    verification({ patterns, skips, engine }, report, { workspace }) {
      if (areTooMany(skips.length, patterns.length)) return;
      const images = skips.length > 0 ? workspace.images() : [];
      const isLong = areTooMany(skips.length * patterns.length, images.length);
      for (const skip of skips) {
        const { spot } = skip;
        const covered = patterns.filter(pattern => matchesText(engine, spot.text, pattern.spot.text));
        if (covered.length > 0 && covered.length === patterns.length)
          report(spot.range, 'skips', { pattern: spot.text, reference: covered[0]!.spot.text });
        else {
          const image = isLong ? undefined : images.find(each => matchesOne([skip], each) && matchesOne(patterns, each));
          if (image !== undefined) report(spot.range, 'here', { image, pattern: spot.text });
        }
      }
    },
  },
});
