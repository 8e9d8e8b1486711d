import { endOfLife, endOfLifeDataDay } from '../../../knowledge/end-of-life';
import { findDeprecatedImage } from '../../../knowledge/image-profiles';
import { upgradesOf } from '../../../knowledge/upgrades';
import { parseImageReference } from '../../../syntax/image/reference';
import { noFix, type Attachment, type Report, type RuleContext } from '../../define-rule';
import { isResolvable, type NamedImage, type ResolvableImage } from './named-image';

type Messages = 'ended' | 'over' | 'superseded' | 'unmaintained' | 'grown';

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
    grown: { text: '"{image}" claims to be built on {product} {cycle}, which gets no more fixes', severity: 'info' },
  },
  fixes: {
    move: { title: 'Use {to}, which gets fixes{until}', class: 'attended' },
    upgrade: { title: 'Move to a supported release: {supported}', class: 'manual' },
    replace: { title: 'Use {instead} instead', class: 'manual' },
  },
  assumptions: {
    works: '{to} is published, and works for everything built on {from}',
    migrated: 'Data stored by {from} is migrated as the upgrade guide for {to} describes, or does not need to be kept',
  },
  on: {
    image(image: NamedImage, report: Report<Messages, 'move' | 'upgrade' | 'replace'>, context: RuleContext): void {
      const { today, workspace } = context;
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
      if (!deprecated) {
        const grown = endedBase(workspace.imageFacts(image.text)?.bases ?? [], today);
        if (grown) report(image.at(image.reference.ranges.name), 'grown', { image: image.label, ...grown }, noFix('no-fix'));
        return;
      }
      const moves = movesOf(image, report, context);
      const instead =
        moves.length === 0 && deprecated.use !== null && report.fix('replace', () => [], { data: { instead: deprecated.use } });
      report(image.at(image.reference.ranges.name), 'unmaintained', { image: image.label }, ...moves, instead);
    },
  },
} as const;

/** What an image claims to be built on, where that has ended: its own name says nothing of it. */
function endedBase(bases: readonly string[], today: string): { readonly product: string; readonly cycle: string } | null {
  for (const base of bases) {
    const reference = parseImageReference(base);
    const ended = reference.invalid === null ? endOfLife(reference, today) : null;
    if (ended?.kind === 'ended') return { product: ended.product, cycle: ended.cycle };
  }
  return null;
}

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
