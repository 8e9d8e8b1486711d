import type { ImageFacts } from '../../knowledge/image-facts';
import { maskAlone } from '../../output/report/gate';
import { joined, masked, maskedJson, plain, restyled, trusted, type MaskedText } from '../../output/report/masked-text';
import { columns, padEnd, printable } from '../../output/report/printable';
import { plural } from '../../output/report/summary';
import { createLineTable } from '../../base/text/line-table';
import type { Range } from '../../base/text/range';
import type { PullLimit } from '../registry/client';
import type { RegistryFailure } from '../registry/failure';
import { attestedJson, attestedRows, fileRows, filesJson } from './file-report';
import type { FoundImage, RequestPlan } from './lookup';

/** Where an image is named. */
export interface FactPlace {
  readonly path: string;
  readonly text: string;
  readonly range: Range;
}

/** An image, where it is named, and what was found. */
export interface ReportedImage {
  readonly reference: string;
  /** Empty: the command line names it. */
  readonly places: readonly FactPlace[];
  readonly found: FoundImage | null;
  readonly failure: RegistryFailure | null;
}

/** Everything that a report of `facts` is made of. */
export interface FactReport {
  readonly version: string;
  readonly durationMs: number;
  /** Milliseconds since 1970: facts of a tag have an age. */
  readonly now: number;
  readonly images: readonly ReportedImage[];
}

/** What each level says to people. */
const levelTexts: Readonly<Record<ImageFacts['level'], MaskedText>> = {
  verified: plain('verified'),
  'as-served': plain('as served'),
  claimed: plain('claimed'),
};

/** The report for people: a block for each image; ends with a line break where there is any. */
export function factsText({ images, now }: FactReport): MaskedText {
  const blocks = images.flatMap(image => (image.found ? [blockOf(image.reference, image.found, now)] : []));
  return blocks.length === 0 ? plain('') : masked`${joined(blocks, '\n\n')}\n`;
}

const words = (list: readonly string[]): MaskedText =>
  maskAlone(list.map(word => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word))).join(' '));

function userText({ user, claimedUid }: ImageFacts): MaskedText {
  if (user === '') return plain('root: no user is set');
  const claim = claimedUid === null ? plain('') : masked` (${claimedUid}, according to the image history)`;
  return masked`${maskAlone(user)}${claim}`;
}

function blockOf(reference: string, { facts, claims, at, by, unread, attested }: FoundImage, now: number): MaskedText {
  const age = by !== undefined ? masked`, by ${maskAlone(by)}` : at === null ? plain('') : masked`, ${ageOf(now - at)}`;
  const heading = masked`${maskAlone(reference)}: ${maskAlone(facts.platform)}, ${levelTexts[facts.level]}${age}`;
  const rows: (readonly [MaskedText, MaskedText])[] = [
    [plain('digest'), trusted(facts.digest)],
    [plain('user'), userText(facts)],
    [plain('entry point'), words(facts.entrypoint)],
    [plain('command'), words(facts.command)],
    [plain('directory'), maskAlone(facts.workdir)],
    [plain('ports'), maskAlone(facts.ports.join(', '))],
    [plain('volumes'), maskAlone(facts.volumes.join(', '))],
    [plain('variables'), maskAlone(facts.variables.join(', '))],
    [plain('health check'), facts.health === null ? plain('none') : words(facts.health)],
    [plain('created'), maskAlone(claims.created ?? '')],
    [plain('base (claimed)'), maskAlone(claims.base ? [claims.base.name, claims.base.digest ?? ''].join(' ').trim() : '')],
    [plain('source (claimed)'), maskAlone(claims.source ?? '')],
    [plain('history (claimed)'), claims.history.length === 0 ? plain('') : plural(claims.history.length, 'line')],
  ];
  if (facts.files) rows.push(...fileRows(facts, facts.files));
  else if (unread !== undefined) rows.push([plain('layers'), masked`not read: ${maskAlone(unread)}`]);
  if (attested) rows.push(...attestedRows(attested));
  const width = Math.max(...rows.map(([name]) => columns(name))) + 2;
  const lines = rows.flatMap(([name, value]) =>
    value === '' ? [] : masked`  ${restyled(name, shown => padEnd(shown, width))}${printable(value)}`,
  );
  return joined([printable(heading), ...lines], '\n');
}

/** The age of what a tag had. */
function ageOf(ms: number): MaskedText {
  const hours = Math.floor(ms / 3_600_000);
  if (hours < 1) return plain('looked up just now');
  return hours < 48 ? masked`looked up ${plural(hours, 'hour')} ago` : masked`looked up ${plural(Math.floor(hours / 24), 'day')} ago`;
}

/** What will be asked of whom, a line; `null`: nothing. */
export function planNote(plans: readonly RequestPlan[]): MaskedText | null {
  if (plans.length === 0) return null;
  const parts = plans.map(
    ({ registry, images, requests, read = 0 }) =>
      masked`${maskAlone(registry)} for ${plural(images, 'image')} (at most ${plural(requests, 'request')}${read > 0 ? masked`, and at most 32 MiB of layers for ${read === 1 ? plain('one') : masked`each of ${read} images`}` : plain('')})`,
  );
  return masked`bulkhead: querying ${joined(parts, ', ')}`;
}

/** What a registry says of its limit, a line. */
export function limitNote(registry: string, { remaining, all, seconds }: PullLimit): MaskedText {
  const of = all === null ? plain('') : masked` of ${all}`;
  const time = seconds === null ? plain('') : masked` in ${plural(Math.round(seconds / 3600), 'hour')}`;
  return masked`bulkhead: ${maskAlone(registry)} allows ${remaining} more manifest requests${of}${time}`;
}

/** A line for each image about which nothing was found. */
export function factFailures({ images }: FactReport): readonly MaskedText[] {
  return images.flatMap(({ reference, failure }) =>
    failure ? [printable(masked`${maskAlone(reference)}: ${maskAlone(failure.message)}`)] : [],
  );
}

/** The report for programs. */
export function factsJson({ version, durationMs, images }: FactReport): MaskedText {
  return maskedJson({
    schemaVersion: 1 as const,
    version: trusted(version),
    images: images.map(({ reference, places, found, failure }) => ({
      image: maskAlone(reference),
      places: places.map(({ path, text, range }) => {
        const lines = createLineTable(text);
        return { path: trusted(path), range: { start: lines.position(range.start), end: lines.position(range.end) } };
      }),
      ...(found ? foundJson(found) : { level: null }),
      failure: failure && { kind: failure.kind, message: maskAlone(failure.message) },
    })),
    summary: { images: images.length, failed: images.filter(({ failure }) => failure !== null).length, durationMs },
  });
}

const maskAll = (texts: readonly string[]): readonly MaskedText[] => texts.map(maskAlone);

function foundJson({ facts, claims, at, by, unread, attested }: FoundImage) {
  return {
    level: facts.level,
    ...(by !== undefined && { by: maskAlone(by) }),
    digest: trusted(facts.digest),
    platform: maskAlone(facts.platform),
    askedAt: at === null ? null : trusted(new Date(at).toISOString()),
    user: maskAlone(facts.user),
    entrypoint: maskAll(facts.entrypoint),
    command: maskAll(facts.command),
    workingDirectory: maskAlone(facts.workdir),
    ports: maskAll(facts.ports),
    volumes: maskAll(facts.volumes),
    variables: maskAll(facts.variables),
    healthcheck: facts.health && maskAll(facts.health),
    stopSignal: facts.stopSignal === null ? null : maskAlone(facts.stopSignal),
    ...(facts.files ? { files: filesJson(facts, facts.files) } : unread !== undefined && { files: null, unread: maskAlone(unread) }),
    claimed: {
      uid: facts.claimedUid,
      created: claims.created === null ? null : maskAlone(claims.created),
      base: claims.base && {
        name: maskAlone(claims.base.name),
        digest: claims.base.digest === null ? null : maskAlone(claims.base.digest),
      },
      source: claims.source === null ? null : maskAlone(claims.source),
      history: maskAll(claims.history),
      ...(attested && { attestations: attestedJson(attested) }),
    },
  };
}
