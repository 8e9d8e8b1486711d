import { signersOf } from '../../engine/config/trusted-signers';
import type { TrustedSigner } from '../../engine/config/types';
import { normalizeName, parseImageReference, type ImageReference } from '../../syntax/image/reference';
import type { WorkspaceIndex } from '../../workspace/types';
import type { PolicySigner, SignedImages } from './image-policy';

/** What an image policy is asked for. */
export interface ImagePolicyRequest {
  /** Who has to have signed; empty: whoever the configuration says. */
  readonly signers: readonly PolicySigner[];
  /** The signers of the configuration. */
  readonly trusted: readonly TrustedSigner[];
  /** One of these, with its key read; `null`: it cannot be. */
  readonly read: (signer: TrustedSigner) => PolicySigner | null;
  /** Registries with the first part of names, or whole names; empty: the images of the workspace. */
  readonly repositories: readonly string[];
}

/** What an image policy is to say. */
export interface SignedSelection {
  /** Images by who has to have signed them. */
  readonly signed: readonly SignedImages[];
  /** Images of the workloads here about which nothing is said: full names. */
  readonly others: readonly string[];
}

/** The images that the workloads of a workspace run, by their full names; `isBuilt`: the workspace builds it, so that whoever works on it signs it. */
function workloadImages(index: WorkspaceIndex): ReadonlyMap<string, { readonly image: ImageReference; readonly isBuilt: boolean }> {
  const found = new Map<string, { image: ImageReference; isBuilt: boolean }>();
  for (const text of index.images()) {
    const image = parseImageReference(text);
    if (image.invalid !== null) continue;
    const name = normalizeName(image);
    // nobody builds the official image of the name of a folder
    const isBuilt = index.buildsOf(text).length > 0 || (!name.startsWith('docker.io/library/') && index.namesakeOf(text) !== null);
    found.set(name, { image, isBuilt: isBuilt || found.get(name)?.isBuilt === true });
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Which images a policy is to be about, and who signs them. With signers given: the repositories, or what the workspace builds. Else whoever
 * `trustedSigners` names, image by image.
 */
export function signedImages(index: WorkspaceIndex, { signers, trusted, read, repositories }: ImagePolicyRequest): SignedSelection {
  const here = workloadImages(index);
  const wanted =
    repositories.length > 0
      ? repositories.map(name => (here.has(name) ? name : `${name}/*`))
      : [...here].flatMap(([name, { isBuilt }]) => (signers.length === 0 || isBuilt ? [name] : []));
  const groups = new Map<string, { images: string[]; signers: readonly PolicySigner[] }>();
  for (const name of wanted) {
    const who = signers.length > 0 ? signers : signersOf(partsOf(name), trusted).flatMap(signer => read(signer) ?? []);
    if (who.length === 0) continue;
    const key = JSON.stringify(who);
    const group = groups.get(key);
    if (group) group.images.push(name);
    else groups.set(key, { images: [name], signers: who });
  }
  const signed = [...groups.values()];
  const covered = signed.flatMap(({ images }) => images);
  const isCovered = (name: string): boolean =>
    covered.some(one => one === name || (one.endsWith('/*') && name.startsWith(one.slice(0, -1))));
  return { signed, others: [...here.keys()].filter(name => !isCovered(name)) };
}

function partsOf(name: string): Pick<ImageReference, 'registry' | 'repository'> {
  const slash = name.indexOf('/');
  return { registry: name.slice(0, slash), repository: name.slice(slash + 1).replace(/\/\*$/, '') };
}
