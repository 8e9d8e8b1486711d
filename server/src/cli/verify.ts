import { dirname, resolve } from 'node:path';
import { masked, type MaskedText, trusted } from '../../../shared/src/early';
import { type ReportedSigner, stateOf, verifyJson, verifyNotes, type VerifiedImage, verifyText } from '../../../shared/src/formats';
import {
  createEngine,
  type ImagePlace,
  namesImage,
  parseImageReference,
  rules,
  signersOf,
  type TrustedSigner,
} from '../../../shared/src/index';
import { readPublicKey } from '../../../shared/host/node/signature/public-key';
import { version } from '../../../shared/host/version';
import { systemClock } from '../../../shared/src/base/ports/clock';
import { neverCancelled } from '../../../shared/src/base/ports/cancellation';
import type { RegistryClient } from '../../../shared/src/services/registry/client';
import { endpointOf } from '../../../shared/src/services/registry/names';
import type { PublicKey, SignatureVerdict } from '../../../shared/src/base/ports/signature';
import { verifySignature } from '../../../shared/src/services/signature/verify';
import { createCosign, type Cosign } from '../host/node/cosign';
import { watchEngine } from '../watch/watched-engine';
import type { Attempt } from './attempt';
import { configReports } from './config-report';
import { findInputs, guardedFolders, noInputs, readInputs, shownPath, type Input } from './inputs';
import { guard } from './each-input';
import type { Output } from './output';
import { readOperands } from './operands';
import { createCliClient } from './resolver';
import { createReading, type Reading } from './reading';
import { sayProblems } from './run';
import { createScopes, type ConfigFile } from './scopes';
import { InputError, UsageError, type Arguments } from './usage';

/** Somebody who may sign, ready to be held against a signature. */
type Signer =
  | { readonly reported: ReportedSigner & { readonly kind: 'key' }; readonly key: PublicKey }
  | { readonly reported: ReportedSigner & { readonly kind: 'identity' }; readonly key: null };

/** Who may sign an image, and who says so. */
interface Demand {
  readonly signers: readonly Signer[];
  /** The configuration, as reports show it; `null`: the command line. */
  readonly from: string | null;
}

/** An image that is to be checked. */
interface Question {
  readonly reference: string;
  readonly place: VerifiedImage['place'];
  readonly demand: Demand;
}

/** `bulkhead verify`. Gives the exit code. */
export async function verify(args: Arguments, output: Output, { watch, expect, running }: Attempt): Promise<number> {
  const started = systemClock.now();
  const config = args.get('config');
  const reading = createReading(args.has('follow-links'), shownPath);
  const findScope = createScopes(rules, config === undefined ? null : resolve(config), reading, watch);
  const given = givenSigners(args, reading);
  const { images: direct, paths } = readOperands(args.operands, 'verify');
  const inputs = readInputs(
    paths.length === 0 && direct.length > 0 ? noInputs : findInputs(paths, findScope, {}, reading, expect),
    reading,
  );
  const here = findScope(process.cwd());
  const trouble: MaskedText[] = [...configReports([here, ...inputs.inputs.map(input => input.scope)]).problems];
  const demandOf = createDemands(given, reading);

  const engine = watchEngine(createEngine(rules), watch);
  const questions = [
    ...direct.map((reference): Question => ({ reference, place: null, demand: demandOf(reference, here.config) })),
    ...inputs.inputs.flatMap((input): Question[] => {
      if (watch.refusal(input.file)) trouble.push(masked`${trusted(input.shown)}: not checked: the check took too long`);
      const places = guard(input, trouble, () => engine.open(input.file).images()) ?? [];
      return places.filter(namesImage).map(place => questionOf(input, place, demandOf));
    }),
  ];
  if (trouble.length === 0 && questions.length > 0 && given.length === 0 && questions.every(({ demand }) => demand.from === null))
    throw new UsageError('no signer is named: give --key FILE, or --identity and --issuer, or "trustedSigners" in .bulkhead.yaml');

  const guarded = guardedFolders(paths, reading);
  const cosign = createCosign({
    path: args.get('cosign') ?? null,
    env: process.env,
    outside: guarded,
    // a signal ends the whole run
    cancellation: neverCancelled,
    running,
  });
  const answers = await askAll(questions, cosign, createCliClient(args, guarded, output, registriesOf(questions)), output);
  const images = questions.map(({ reference, place, demand }): VerifiedImage => {
    const answer = answers.get(keyOf(reference, demand));
    const signers = demand.signers.map(({ reported }) => reported);
    return { reference, place, signers, from: demand.from, verdict: answer?.verdict ?? null, signer: answer?.signer ?? null };
  });
  const report = { version, durationMs: Math.round(systemClock.now() - started), images };
  output.print(args.get('format') === 'json' ? verifyJson(report) : verifyText(report));
  for (const line of verifyNotes(report)) output.say(line);
  const unreadable = sayProblems(inputs, reading, output);
  for (const line of trouble) output.say(masked`bulkhead: ${line}`);
  const states = images.map(stateOf);
  if (unreadable || trouble.length > 0 || states.includes('unknown')) return 2;
  return states.includes('unsigned') || states.includes('other-signer') ? 1 : 0;
}

function questionOf(input: Input, { reference, range }: ImagePlace, demandOf: FindDemand): Question {
  const place = { path: input.shown, text: input.file.text, range };
  return { reference, place, demand: demandOf(reference, input.scope.config) };
}

const keyOf = (reference: string, { signers }: Demand): string => JSON.stringify([reference, signers.map(({ reported }) => reported)]);

/** What came of a question, and who signed. */
interface Answer {
  readonly verdict: SignatureVerdict;
  readonly signer: ReportedSigner | null;
}

/** The registries that the command line itself names. */
function registriesOf(questions: readonly Question[]): readonly string[] {
  return questions.flatMap(({ place, reference }) => {
    const endpoint = endpointOf(reference);
    return place === null && endpoint.ok ? [endpoint.value.registry] : [];
  });
}

/** Asks about every image once, however often it is named. */
async function askAll(
  questions: readonly Question[],
  cosign: Cosign,
  client: RegistryClient,
  output: Output,
): Promise<ReadonlyMap<string, Answer>> {
  const asked = new Map(questions.filter(({ demand }) => demand.signers.length > 0).map(q => [keyOf(q.reference, q.demand), q] as const));
  const answers = new Map<string, Answer>();
  // one at a time: each asks its registry for several things at once
  for (const [key, { reference, demand }] of asked) {
    answers.set(key, await ask(reference, demand.signers, client, cosign));
    output.progress(answers.size, asked.size, 'images');
  }
  return answers;
}

/** Holds an image against everybody who may sign it: keys first, which nobody else need be asked about. */
async function ask(reference: string, signers: readonly Signer[], client: RegistryClient, cosign: Cosign): Promise<Answer> {
  const keys = signers.flatMap(({ key }) => key ?? []);
  const verdict = await verifySignature(client, reference, keys, neverCancelled);
  const signer = signers.find(({ key }) => key !== null && key.fingerprint === verdict.key)?.reported ?? null;
  const { digest, attestations } = verdict;
  const endpoint = endpointOf(reference);
  if (signer !== null || digest === null || verdict.state === 'unsigned' || !endpoint.ok) return { verdict, signer };
  const image = `${endpoint.value.registry}/${endpoint.value.repository}@${digest}`;
  const verdicts: SignatureVerdict[] = keys.length > 0 ? [verdict] : [];
  for (const { reported } of signers) {
    if (reported.kind !== 'identity') continue;
    const own = await cosign.verify(image, digest, reported);
    if (own.state === 'signed') return { verdict: { ...own, attestations }, signer: reported };
    verdicts.push(own);
  }
  const worst =
    (['unknown', 'other-signer', 'unsigned'] as const).find(state => verdicts.some(one => one.state === state)) ?? verdict.state;
  const reasons = [...new Set(verdicts.flatMap(one => one.reasons))];
  return { verdict: { ...verdict, state: worst, reasons }, signer: null };
}

/** Who may sign by the word of the command line. Throws `UsageError` and `InputError`. */
function givenSigners(args: Arguments, reading: Reading): readonly Signer[] {
  const [identity, issuer] = [args.get('identity'), args.get('issuer')];
  if ((identity === undefined) !== (issuer === undefined))
    throw new UsageError('--identity and --issuer must be used together: an issuer vouches for many identities');
  return [
    ...args.all('key').map(path => signerOfFile(path, keyText(path, reading))),
    ...(identity !== undefined && issuer !== undefined ? [signerOf(identity, issuer)] : []),
  ];
}

function signerOf(identity: string, issuer: string): Signer {
  return { reported: { kind: 'identity', identity, issuer }, key: null };
}

/** Who may sign an image, by the configuration that holds where it is named. Throws `InputError` where a key cannot be read. */
type FindDemand = (reference: string, config: ConfigFile | null) => Demand;

function createDemands(given: readonly Signer[], reading: Reading): FindDemand {
  const signers = new Map<TrustedSigner, Signer>();
  const ready = (signer: TrustedSigner, config: ConfigFile): Signer => {
    if (signer.key === null) return signerOf(signer.identity!, signer.issuer!);
    let known = signers.get(signer);
    if (!known) {
      const path = resolve(dirname(config.path), signer.key);
      const text = reading.sideText(path);
      if (!text.ok) throw new InputError(`${shownPath(path)}: ${text.message}`);
      signers.set(signer, (known = signerOfFile(shownPath(path), text.value)));
    }
    return known;
  };
  return (reference, config) => {
    if (given.length > 0) return { signers: given, from: null };
    const parsed = parseImageReference(reference);
    if (config === null || parsed.invalid !== null) return { signers: [], from: null };
    const trustedSigners = config.config.trustedSigners ?? [];
    const from = trustedSigners.length === 0 ? null : shownPath(config.path);
    return { signers: signersOf(parsed, trustedSigners).map(signer => ready(signer, config)), from };
  };
}

function keyText(path: string, reading: Reading): string {
  const read = reading.bytes(resolve(path));
  if (!read.ok) throw new InputError(`${path}: ${read.message}`);
  return Buffer.from(read.value).toString('utf8');
}

function signerOfFile(path: string, text: string): Signer {
  const key = readPublicKey(text);
  if (!key.ok) throw new InputError(`${path}: ${key.reason}`);
  return { reported: { kind: 'key', path, fingerprint: key.value.fingerprint }, key: key.value };
}
