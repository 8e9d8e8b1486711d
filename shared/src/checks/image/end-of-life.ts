import { endOfLife, endOfLifeDataDay } from '../../knowledge/end-of-life';
import { findDeprecatedImage } from '../../knowledge/image-profiles';
import type { Report, RuleContext } from '../../rule/define-rule';
import { isResolvable, type NamedImage } from './named-image';

type Messages = 'ended' | 'over' | 'superseded' | 'unmaintained';

/** `end-of-life-image` but for what is a family's own. */
export const endOfLifeImage = {
  title: 'Image release past its end of life',
  severity: 'warning',
  category: 'supply-chain',
  messages: {
    ended: { text: '{product} {cycle} reached its end of life on {date} and gets no more fixes' },
    over: { text: '{product} {cycle} has reached its end of life and gets no more fixes' },
    superseded: { text: '{product} {cycle} gets no more fixes: newer minor releases have replaced it', severity: 'hint' },
    unmaintained: { text: 'Image "{image}" is no longer maintained' },
  },
  fixes: {
    upgrade: { title: 'Move to a supported release: {supported}', class: 'manual' },
    replace: { title: 'Use {instead} instead', class: 'manual' },
  },
  on: {
    image(image: NamedImage, report: Report<Messages, 'upgrade' | 'replace'>, { today }: RuleContext): void {
      if (!isResolvable(image)) return;
      const ended = endOfLife(image.reference, today);
      if (ended) {
        const { product, cycle, date, kind, supported } = ended;
        const messageId = kind === 'superseded' ? 'superseded' : date === null ? 'over' : 'ended';
        const data = { supported: supported.join(', '), day: endOfLifeDataDay };
        const newer = supported.length > 0 && report.fix('upgrade', () => [], { data });
        return report(image.at(ended.range), messageId, { product, cycle, ...(date !== null && { date }) }, newer);
      }
      const deprecated = findDeprecatedImage(image.reference);
      if (!deprecated) return;
      const instead = deprecated.use !== null && report.fix('replace', () => [], { data: { instead: deprecated.use } });
      report(image.at(image.reference.ranges.name), 'unmaintained', { image: image.label }, instead);
    },
  },
} as const;
