import type { Cancellation } from '../../base/ports/cancellation';
import { decodeUtf8, encodeUtf8 } from '../registry/bytes';
import type { RegistryClient } from '../registry/client';
import type { Endpoint } from '../registry/names';
import { sha256 } from '../registry/sha256';
import { reading } from './chain';
import { digestOf, parseObject } from './manifests';
import { isObject, listOf, memberOf, objectOf, textOf, type JsonObject } from './members';

// What BuildKit writes about an image beside it in its index: how it was built, and of which packages. Claims, whatever their bytes hash to: a builder can write anything.

/** What attestations claim of an image. */
export interface AttestedImage {
  /** The images that it was built from. */
  readonly bases: readonly { readonly name: string; readonly digest: string | null }[];
  /** The repository that it was built of; `null`: nothing says so. */
  readonly source: string | null;
  /** The platform that it was built on. */
  readonly platform: string | null;
  /** How many packages are in it; `null`: no list of them could be read. */
  readonly packages: number | null;
  /** The system in it: `debian 12`. */
  readonly system: string | null;
  /** What was not read, a sentence each. */
  readonly problems: readonly string[];
}

/** Nothing is claimed. */
const nothing: AttestedImage = { bases: [], source: null, platform: null, packages: null, system: null, problems: [] };

/** A larger statement is not read. */
const longestStatement = 4 << 20;
/** More statements of an image are not read. */
export const mostStatements = 4;
/** More images and packages are not looked at. */
const mostItems = 50_000;

/** Asks a registry for the attestations of an image. Never rejects. */
export async function readAttestations(
  client: Pick<RegistryClient, 'read' | 'blob'>,
  endpoint: Endpoint,
  { index, manifest }: { readonly index: string | null; readonly manifest: string },
  cancellation: Cancellation,
): Promise<AttestedImage> {
  const digest = index === null ? null : attestationIn(index, manifest);
  if (digest === null) return nothing;
  const got = await client.read(endpoint, digest, cancellation);
  if (!got.ok || !got.value) return { ...nothing, problems: [got.ok ? 'its attestations are not there' : got.failure.message] };
  const { text } = got.value;
  const list = reading(() => statementsIn(text));
  if (!list.ok) return { ...nothing, problems: [list.problem] };
  let all = nothing;
  for (const { digest: blob, type, size } of list.value.slice(0, mostStatements)) {
    const problem = (why: string): AttestedImage => ({ ...all, problems: [...all.problems, why] });
    if (size > longestStatement) {
      all = problem(`its ${nameOf(type)} has more than 4 MiB`);
      continue;
    }
    const bytes = await client.blob(endpoint, blob, cancellation);
    const statement = bytes.ok ? decodeUtf8(bytes.value) : null;
    const read = statement === null ? null : reading(() => readStatement(statement, all));
    if (read?.ok) all = read.value;
    else
      all = problem(read ? `its ${nameOf(type)}: ${read.problem}` : bytes.ok ? `its ${nameOf(type)} is not UTF-8` : bytes.failure.message);
  }
  return all;
}

const nameOf = (type: string): string => (type === spdx ? 'SBOM' : 'provenance');
const spdx = 'https://spdx.dev/Document';

/** The digest of the manifest of attestations that an index has of an image of it; `null`: it has none. */
function attestationIn(index: string, manifest: string): string | null {
  const found = reading(() => {
    const described = `sha256:${sha256(encodeUtf8(manifest))}`;
    const entries = listOf(parseObject(index, 'index'), 'manifests').filter(isObject);
    const attested = entries.find(entry => {
      const marks = objectOf(entry, 'annotations');
      return marks['vnd.docker.reference.type'] === 'attestation-manifest' && marks['vnd.docker.reference.digest'] === described;
    });
    return attested ? digestOf(attested) : null;
  });
  return found.ok ? found.value : null;
}

interface Statement {
  readonly digest: string;
  readonly type: string;
  readonly size: number;
}

/** The statements of a manifest that are read: of how an image was built, and its packages. */
function statementsIn(manifest: string): readonly Statement[] {
  return listOf(parseObject(manifest, 'manifest'), 'layers').flatMap(layer => {
    if (!isObject(layer) || textOf(layer, 'mediaType') !== 'application/vnd.in-toto+json') return [];
    const type = objectOf(layer, 'annotations')['in-toto.io/predicate-type'];
    const size = memberOf(layer, 'size');
    const isRead = type === spdx || (typeof type === 'string' && /^https:\/\/slsa\.dev\/provenance\/v(?:0\.2|1)$/.test(type));
    return isRead && typeof size === 'number' ? [{ digest: digestOf(layer), type, size }] : [];
  });
}

/** Takes in what a statement says; what others said already stays. Throws `Malformed`. */
function readStatement(text: string, before: AttestedImage): AttestedImage {
  const root = parseObject(text, 'statement');
  const predicate = objectOf(root, 'predicate');
  if (textOf(root, 'predicateType') === spdx) return { ...before, ...packagesIn(predicate) };
  // version 1 has in its definition what version 0.2 had in the invocation and the materials
  const definition = objectOf(predicate, 'buildDefinition');
  const invocation = objectOf(predicate, 'invocation');
  const source =
    textOf(objectOf(objectOf(definition, 'externalParameters'), 'configSource'), 'uri') ||
    textOf(objectOf(invocation, 'configSource'), 'uri');
  const platform =
    textOf(objectOf(definition, 'internalParameters'), 'builderPlatform') || textOf(objectOf(invocation, 'environment'), 'platform');
  const materials = [...manyOf(definition, 'resolvedDependencies'), ...manyOf(predicate, 'materials')];
  return { ...before, bases: materials.flatMap(baseIn), source: source || before.source, platform: platform || before.platform };
}

/** A list that may be long; empty where there is none. */
function manyOf(object: JsonObject, name: string): readonly JsonObject[] {
  const value = memberOf(object, name);
  return Array.isArray(value) ? value.slice(0, mostItems).filter(isObject) : [];
}

/** What builds, and is part of no image: frontends of BuildKit, and what lists packages. */
const tools = /^docker\/(?:dockerfile|buildkit-syft-scanner)(?:[:@]|$)|-scanner(?:[:@]|$)/;

/** An image among what a build was made from: `pkg:docker/debian@13?digest=sha256:...&platform=linux%2Famd64` (purl). */
function baseIn(material: JsonObject): AttestedImage['bases'] {
  const [, encoded = '', version = ''] = /^pkg:docker\/([^@?]{1,300})(?:@([^?]{1,200}))?/.exec(textOf(material, 'uri')) ?? [];
  if (encoded === '') return [];
  const hash = objectOf(material, 'digest')['sha256'];
  const name = decoded(encoded) + (version === '' || version.startsWith('sha256') ? '' : `:${decoded(version)}`);
  return tools.test(name) ? [] : [{ name, digest: typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash) ? `sha256:${hash}` : null }];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Items of SPDX that are not packages. */
const others: ReadonlySet<unknown> = new Set(['CONTAINER', 'OPERATING-SYSTEM', 'OPERATING_SYSTEM', 'FILE']);

/** How many packages an SPDX document lists, and the system: that of the packages themselves, or the one that it names. */
function packagesIn(document: JsonObject): Pick<AttestedImage, 'packages' | 'system'> {
  const all = manyOf(document, 'packages');
  const packages = all.filter(item => !others.has(item['primaryPackagePurpose']));
  const [named] = all.filter(item => /^OPERATING.SYSTEM$/.test(String(item['primaryPackagePurpose'])));
  if (named) return { packages: packages.length, system: `${textOf(named, 'name')} ${textOf(named, 'versionInfo')}`.trim() };
  for (const item of packages)
    for (const reference of manyOf(item, 'externalRefs')) {
      const distribution = /^pkg:(?:deb|apk|rpm)\/.{0,400}[?&]distro=([\w.-]{1,60})/.exec(textOf(reference, 'referenceLocator'))?.[1];
      if (distribution !== undefined) return { packages: packages.length, system: distribution.replace('-', ' ') };
    }
  return { packages: packages.length, system: null };
}

/** Whether a value is what `readAttestations` gives, as far as its shape tells. */
export function isAttestedImage(value: unknown): value is AttestedImage {
  const isText = (text: unknown): boolean => text === null || typeof text === 'string';
  return (
    isObject(value) &&
    Array.isArray(value['bases']) &&
    value['bases'].every(base => isObject(base) && typeof base['name'] === 'string' && isText(base['digest'])) &&
    [value['source'], value['platform'], value['system']].every(isText) &&
    (value['packages'] === null || typeof value['packages'] === 'number') &&
    Array.isArray(value['problems']) &&
    value['problems'].every(problem => typeof problem === 'string')
  );
}
