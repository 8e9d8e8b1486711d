import { MessageType, type CancellationToken, type CodeActionParams } from 'vscode-languageserver';
import { joined, masked, type MaskedText, printable } from '../../../shared/src/early';
import { createFactLookup, type Entry, type FactLookup, type FactQuestion, maskAlone } from '../../../shared/src/index';
import { commands } from '../../../shared/src/output/protocol/messages';
import type { LookUpImagesResult, ReadPartParams } from '../../../shared/src/output/protocol/registry';
import type { ScanImagesParams } from '../../../shared/src/output/protocol/scan';
import type { Cancellation } from '../../../shared/src/base/ports/cancellation';
import { fail, type Outcome } from '../../../shared/src/services/registry/failure';
import type { Endpoint } from '../../../shared/src/services/registry/names';
import type { Checked, ServerContext } from '../session/context';
import { cancellationOf, type Digests } from '../lookups/digests';
import { claimed, createLocalImages, localFirst } from '../lookups/local-images';
import { ask, tell } from '../lsp/ask';
import { baseName } from '../lsp/uri';
import { gateOfCheck, type MaskedAction, type MaskedDiagnostic } from '../lsp/gate';
import { shortName } from './lookup-notes';
import { imageAt, imagesOf } from './scan';

/** Why nothing can be looked up here; `null`: it can. */
function refusalOf({ digests, trusted, say }: ServerContext, settings: Checked['scope']['settings'] | null): MaskedText | null {
  if (digests === null) return say('noRegistry');
  if (!trusted) return say('factsUntrusted');
  return settings?.registryLookup === 'off' ? say('lookupOff') : null;
}

/** "Look up what node:22 is", where the cursor is on an image. */
export function lookUpActions(context: ServerContext, checked: Checked, { range }: CodeActionParams, kind: string): MaskedAction[] {
  const { say, support } = context;
  const { document, scope, check } = checked;
  if (scope.settings.registryLookup === 'off') return [];
  const place = imageAt(checked, range);
  if (!place || place.reference === 'scratch') return [];
  const title = say('lookUpImage', { image: gateOfCheck(check).mask(shortName(place.reference)) });
  const why = refusalOf(context, scope.settings);
  if (why !== null) return support.disabledActions ? [{ title, kind, disabled: { reason: why } }] : [];
  const argument: ScanImagesParams = { uri: document.uri, position: document.positionAt(place.range.start) };
  return [{ title, kind, command: { title, command: commands.lookUpImages, arguments: [argument] } }];
}

/** The argument of `lookUpImages` for the image under the pointer; `null`: there is none, or it cannot be looked up. */
export function lookUpTarget(context: ServerContext, { document, scope }: Checked, start: number): ScanImagesParams | null {
  return refusalOf(context, scope.settings) === null ? { uri: document.uri, position: document.positionAt(start) } : null;
}

const question: FactQuestion = { platform: null, chain: false };

/** A look-up by the server or the client, as this session has it. `allowed`: hosts of private networks that the user's settings name. */
function lookupBy({ factCache, lookedUp }: ServerContext, digests: Digests, allowed: readonly string[], minutes: number): FactLookup {
  const limits = new Map<string, ReturnType<FactLookupClient['limit']>>();
  const read = async (part: ReadPartParams['part'], registry: string, reference: string, cancellation: Cancellation) => {
    const { outcome, limit } = await digests.read({ reference, part, allowed }, cancellation);
    if (limit) limits.set(registry, limit);
    return outcome;
  };
  const named = ({ registry, repository }: Endpoint, digest: string): string => `${registry}/${repository}@${digest}`;
  const client: FactLookupClient = {
    read: async (endpoint, digest, cancellation) => {
      const got = await read('manifest', endpoint.registry, named(endpoint, digest), cancellation);
      return got.ok ? { ok: true, value: { digest, mediaType: '', text: got.value } } : got;
    },
    blob: async (endpoint, digest, cancellation) => {
      const got = await read('blob', endpoint.registry, named(endpoint, digest), cancellation);
      return got.ok ? { ok: true, value: new TextEncoder().encode(got.value) } : got;
    },
    limit: ({ registry }) => limits.get(registry) ?? null,
  };
  const recent: FactLookupResolver['recent'] = reference => {
    const last = lookedUp.of(reference);
    const isRecent = last?.at != null && Date.now() - last.at < minutes * 60_000;
    return isRecent ? { digest: last.facts.digest, mediaType: '', at: last.at } : null;
  };
  const resolve: FactLookupResolver['resolve'] = async (reference, cancellation) => {
    const last = recent(reference);
    if (last) return { ok: true, value: last };
    const got: Outcome<string> =
      cancellation?.cancelled === true ? fail('cancelled', 'cancelled') : await read('tag', '', reference, cancellation!);
    return got.ok ? { ok: true, value: { digest: got.value, mediaType: '', at: Date.now() } } : got;
  };
  return createFactLookup({ client, resolver: { resolve, recent }, cache: factCache });
}

type FactLookupClient = Parameters<typeof createFactLookup>[0]['client'];
type FactLookupResolver = Parameters<typeof createFactLookup>[0]['resolver'];

/** Asks registries what images are: those of files once the user has agreed, with one progress that can be cancelled. */
export async function lookUpImages(
  context: ServerContext,
  params: ScanImagesParams,
  token: CancellationToken,
): Promise<LookUpImagesResult> {
  const { digests, connection, support, say, lookedUp, log } = context;
  const nothing: LookUpImagesResult = { found: 0, failed: [], cancelled: false, refused: null };
  const { wanted, settings } = await imagesOf(context, params, token);
  const why = refusalOf(context, settings);
  if (digests === null || why !== null) {
    if (why !== null) tell(context, MessageType.Warning, why);
    return { ...nothing, refused: why };
  }
  const references = wanted.flatMap(({ reference }) => (reference === 'scratch' ? [] : [reference]));
  if (references.length === 0 || !settings) {
    tell(context, MessageType.Info, say('factsNoImage'));
    return nothing;
  }
  const local = createLocalImages();
  const wish = { folders: context.folders.all(), cancellation: cancellationOf(token), note: (line: string) => log.warn(line) };
  if (context.askEngines) await local.prepare(references, question, names => context.askEngines!(names, wish));
  const lookup = localFirst(lookupBy(context, digests, settings.scanRegistries, settings.registryCacheMinutes), local);
  if (params.uris !== undefined && !(await isAgreed(context, lookup.plan(references, question)))) return { ...nothing, cancelled: true };

  const progress = support.workDoneProgress ? await connection.window.createWorkDoneProgress() : null;
  const cancellation = cancellationOf(token, progress?.token);
  const failed: LookUpImagesResult['failed'][number][] = [];
  let found = 0;
  progress?.begin(say('factsProgress'), 0, references.length === 1 ? maskAlone(shortName(references[0]!)) : undefined, true);
  try {
    await Promise.all(
      references.map(async reference => {
        const outcome = await lookup.lookUp(reference, question, cancellation);
        if (outcome.ok) {
          found++;
          lookedUp.add(reference, outcome.value);
        } else if (!cancellation.cancelled) {
          const { kind, message } = outcome.failure;
          failed.push({ image: printable(maskAlone(shortName(reference))), reasonId: kind, reason: printable(maskAlone(message)) });
          log.warn(`${reference}: not looked up: ${message}`);
        }
        progress?.report(Math.floor((100 * (found + failed.length)) / references.length), `${found + failed.length}/${references.length}`);
      }),
    );
  } finally {
    progress?.done();
  }
  const result = { ...nothing, found, failed, cancelled: cancellation.cancelled };
  if (!result.cancelled) sayWhat(context, references, result);
  return result;
}

/** Takes what archives say of their images, which somebody has named: no registry is asked. */
export function lookUpArchives(context: ServerContext, uris: readonly string[]): LookUpImagesResult {
  const { openArchive, trusted, say, lookedUp, folders } = context;
  const why = openArchive === null ? say('noRegistry') : trusted ? null : say('factsUntrusted');
  const failed: LookUpImagesResult['failed'][number][] = [];
  const names: string[] = [];
  for (const uri of why === null ? uris : []) {
    const read = openArchive!(uri, folders.all());
    if (!read.ok)
      failed.push({ image: printable(maskAlone(baseName(uri))), reasonId: 'unsupported', reason: printable(maskAlone(read.message)) });
    for (const { names: own, found } of read.ok ? read.images : []) {
      if (found.facts.level === 'verified') lookedUp.add(`archive@${found.facts.digest}`, found);
      for (const name of own) lookedUp.add(name, claimed(found));
      names.push(...own);
    }
  }
  const result = { found: names.length, failed, cancelled: false, refused: why };
  if (why !== null) tell(context, MessageType.Warning, why);
  else if (names.length === 0 && failed.length === 0) tell(context, MessageType.Info, say('factsNoImage'));
  else sayWhat(context, names, result);
  return result;
}

/** Says first how many requests go where. */
async function isAgreed({ connection, say }: ServerContext, plans: ReturnType<FactLookup['plan']>): Promise<boolean> {
  if (plans.length === 0) return true;
  const parts = plans.map(({ registry, images, requests }) => say('factsPlan', { registry: maskAlone(registry), images, requests }));
  const [yes, no] = [say('factsAgree'), say('cancel')];
  return (await ask(connection, say('factsConfirm', { list: joined(parts, ', ') }), [yes, no], title => title)) === yes;
}

function sayWhat(context: ServerContext, references: readonly string[], { found, failed }: LookUpImagesResult): void {
  const { say, lookedUp } = context;
  const [first] = failed;
  if (first) {
    const data = { count: failed.length, image: maskAlone(first.image), reason: maskAlone(first.reason) };
    tell(context, MessageType.Warning, say(failed.length === 1 ? 'factsFailed' : 'factsFailedMany', data));
    return;
  }
  const one = references.length === 1 ? lookedUp.of(references[0]!) : null;
  const image = maskAlone(shortName(references[0]!));
  const text = one ? say('factsOne', { image, user: maskAlone(one.facts.user || 'root') }) : say('factsMany', { count: found });
  tell(context, MessageType.Info, text);
}

/** Marks what follows from a look-up, since CI may say something else. */
export function markLookedUp(
  { say }: Pick<ServerContext, 'say'>,
  { check }: Pick<Checked, 'check'>,
  entries: readonly Entry[],
  items: readonly MaskedDiagnostic[],
): MaskedDiagnostic[] {
  if (check.lookedUp.size === 0) return [...items];
  return items.map((item, i) =>
    entries[i]?.members.some(finding => check.lookedUp.has(finding)) === true
      ? { ...item, message: masked`${item.message} (${say('byLookup')})` }
      : item,
  );
}
