import { joined, masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import { type ImageFacts, maskAlone, namesImage } from '../../../shared/src/index';
import type { Checked, ServerContext } from '../session/context';
import { markdownText } from '../lsp/markdown';
import type { EditorText } from '../lsp/say';
import { placeAt, shortName, timeOf, type HoverNote } from './lookup-notes';

const levels: Readonly<Record<ImageFacts['level'], EditorText>> = {
  verified: 'factsVerified',
  'as-served': 'factsServed',
  claimed: 'factsClaimed',
};

/** What the image under the pointer is by its configuration, as far as that is known here. Asks no registry. */
export function factsAt({ facts, lookedUp, say, trusted: isTrusted }: ServerContext, checked: Checked, offset: number): HoverNote | null {
  const place = placeAt(checked, offset);
  const known = place && namesImage(place) ? facts.of(checked.scope).imageFacts(place.reference) : null;
  if (!place || !known) return null;
  const shown = (value: string): MaskedText => markdownText(maskAlone(value));
  const found = isTrusted ? lookedUp.of(place.reference) : null;
  const claims = found?.facts.digest === known.digest ? found.claims : null;
  const claimed = known.claimedUid === null ? '' : ` (${known.claimedUid})`;
  const rows: readonly (readonly [EditorText, string])[] = [
    ['factsUser', `${known.user || 'root'}${claimed}`],
    ['factsEntryPoint', [...known.entrypoint, ...known.command].join(' ')],
    ['factsPorts', known.ports.join(', ')],
    ['factsVolumes', known.volumes.join(', ')],
    ['factsDirectory', known.workdir],
    ['factsHealth', known.health?.join(' ') ?? ''],
    ['factsBase', known.bases.join(', ')],
    ['factsMade', claims?.created ?? ''],
  ];
  const image = shown(shortName(place.reference));
  // an engine's word is a claim, or served by it
  const by = known.level !== 'verified' && found?.facts.level === known.level ? (found.by ?? null) : null;
  const level = by === null ? say(levels[known.level]) : say('factsLocal', { value: shown(by) });
  const heading = say('factsHeading', { image, platform: shown(known.platform), level });
  const lines = rows.flatMap(([text, value]) => (value === '' ? [] : [masked`- ${say(text, { value: shown(value) })}`]));
  const digest = masked`- ${plain('`')}${trusted(known.digest)}${plain('`')}`;
  const asked = found?.at == null ? [] : [masked`- ${say('factsAsked', { value: timeOf(found.at) })}`];
  const note = found && facts.committed(checked.scope).imageFacts(place.reference) === null ? [plain(''), say('factsByLookup')] : [];
  return { range: place.range, text: joined([heading, plain(''), ...lines, digest, ...asked, ...note], '\n') };
}
