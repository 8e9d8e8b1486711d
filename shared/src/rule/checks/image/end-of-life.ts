import { endOfLife, endOfLifeDataDay } from '../../../knowledge/end-of-life';
import { findDeprecatedImage } from '../../../knowledge/image-profiles';
import { upgradesOf } from '../../../knowledge/upgrades';
import type { Attachment, Report, RuleContext } from '../../define-rule';
import { isResolvable, type NamedImage, type ResolvableImage } from './named-image';

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
    move: { title: 'Use {to}, which gets fixes{until}', class: 'attended' },
    upgrade: { title: 'Move to a supported release: {supported}', class: 'manual' },
    replace: { title: 'Use {instead} instead', class: 'manual' },
  },
  assumptions: {
    works: '{to} is published, and what is built on {from} works on it',
    migrated: 'What {from} has stored is moved as the guide to {to} says, or nothing of it is kept',
  },
  on: {
    image(image: NamedImage, report: Report<Messages, 'move' | 'upgrade' | 'replace'>, context: RuleContext): void {
      const { today } = context;
      if (!isResolvable(image)) return;
      const ended = endOfLife(image.reference, today);
      if (ended) {
        const { product, cycle, date, kind, supported } = ended;
        const messageId = kind === 'superseded' ? 'superseded' : date === null ? 'over' : 'ended';
        const data = { supported: supported.join(', '), day: endOfLifeDataDay };
        const moves = movesOf(image, report, context);
        const newer = moves.length === 0 && supported.length > 0 && report.fix('upgrade', () => [], { data });
        return report(image.at(ended.range), messageId, { product, cycle, ...(date !== null && { date }) }, ...moves, newer);
      }
      const deprecated = findDeprecatedImage(image.reference);
      if (!deprecated) return;
      const moves = movesOf(image, report, context);
      const instead =
        moves.length === 0 && deprecated.use !== null && report.fix('replace', () => [], { data: { instead: deprecated.use } });
      report(image.at(image.reference.ranges.name), 'unmaintained', { image: image.label }, ...moves, instead);
    },
  },
} as const;

/** The fixes that move an image to a supported release: a pinned one with the digest of its new tag, which a registry is asked for. */
function movesOf(image: ResolvableImage, report: Pick<Report<Messages, 'move'>, 'fix'>, { today, digest }: RuleContext): Attachment[] {
  const { text, reference } = image;
  return upgradesOf(reference, text, today).flatMap(upgrade => {
    const to = upgrade.text;
    const known = reference.digest === null ? null : digest(to);
    const pinned = known !== null && reference.ranges.digest ? [{ range: reference.ranges.digest, text: known }] : [];
    const operations = image.rewrite([...upgrade.changes, ...pinned]);
    if (!operations) return [];
    const isAsked = reference.digest !== null && known === null;
    return report.fix('move', () => (isAsked ? [] : operations), {
      data: { to, until: upgrade.until === null ? '' : ` until ${upgrade.until}` },
      assumes: ['works', ...(upgrade.migrates ? ['migrated'] : [])].map(id => ({ id, data: { from: image.label, to } })),
      // each store has a guide of its own
      alone: upgrade.migrates ? true : undefined,
      needsDigest: isAsked ? to : undefined,
    });
  });
}
