import { endOfLife, endOfLifeDataDay } from '../../../knowledge/end-of-life';
import { findDeprecatedImage } from '../../../knowledge/image-profiles';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'dockerfile/end-of-life-image',
  title: 'Base image release past its end of life',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'baseline',
  references: { cisDocker: ['4.4'], nist800190: ['3.1.1', '3.2.2', '4.1.1', '4.2.2'], cwe: ['CWE-1104'] },
  peers: { tally: ['tally/ruby/eol-ruby-version'] },
  messages: {
    ended: { text: '{product} {cycle} reached its end of life on {date} and gets no more fixes' },
    over: { text: '{product} {cycle} has reached its end of life and gets no more fixes' },
    superseded: { text: '{product} {cycle} gets no more fixes: newer minor releases have replaced it', severity: 'hint' },
    unmaintained: { text: 'Image "{image}" is no longer maintained' },
  },
  fixes: {
    upgrade: { title: 'Move to a supported release: {supported} (as of {day})', class: 'manual' },
    replace: { title: 'Use {instead} instead', class: 'manual' },
  },
  on: {
    image(image, report, { today }) {
      const { reference } = image;
      if (!reference || reference.invalid !== null) return;
      const ended = endOfLife(reference, today);
      if (ended) {
        const { product, cycle, date, kind, supported } = ended;
        const messageId = kind === 'superseded' ? 'superseded' : date === null ? 'over' : 'ended';
        const newer =
          supported.length > 0 && report.fix('upgrade', () => [], { data: { supported: supported.join(', '), day: endOfLifeDataDay } });
        return report(image.sourceOf(ended.range), messageId, { product, cycle, ...(date !== null && { date }) }, newer);
      }
      const deprecated = findDeprecatedImage(reference);
      if (!deprecated) return;
      const instead = deprecated.use !== null && report.fix('replace', () => [], { data: { instead: deprecated.use } });
      report(image.sourceOf(reference.ranges.name), 'unmaintained', { image: image.text! }, instead);
    },
  },
});
