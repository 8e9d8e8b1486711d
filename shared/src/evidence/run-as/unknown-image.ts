import type { ImageParts } from '../../syntax/image/reference';
import { tellingKind } from '../../knowledge/telling-images';

/** What is seen of something that runs an image that nothing here builds and no profile describes. */
export interface Unknown {
  /** The reference; `null` where it is no valid one, or part of it is filled in later. */
  readonly reference: ImageParts | null;
  /** The reference as text. */
  readonly image: string;
  /** What it is told to start and with what, word for word. */
  readonly words: readonly string[];
  /** A volume whose files may belong to somebody already; `null`: none. */
  readonly volume: string | null;
  /** A port below 1024; `null`: none. */
  readonly lowPort: number | null;
}

/**
 * Why a person should say what such an image does with fewer rights: a sentence without a full stop, what tells most first. `null` for what ko
 * builds from the sources here, on an image that is not root. Where an image comes from says nothing of it: neither a registry of one's own, nor
 * one that the configuration trusts, nor a name without an owner.
 */
export function unknownImageDoubt({ reference, image, volume, lowPort, words }: Unknown): string | null {
  if (image.startsWith('ko://')) return null;
  const kind = tellingKind(reference === null ? image : reference.repository);
  if (kind !== null) return `its image is called ${kind.word}: it may be ${kind.kind}`;
  if (lowPort !== null) return `it listens on port ${lowPort}, as programs do that start as root`;
  if (volume !== null) return `its volume "${volume}" may hold files that another user cannot write`;
  const [first] = words;
  const program = first === undefined || first.startsWith('-') ? null : tellingKind(first);
  if (program !== null) return `it starts ${program.word}: it may be ${program.kind}`;
  return reference === null
    ? 'which image it runs is only known later'
    : `nothing is known about its image, which comes from ${reference.registry ?? 'docker.io'}`;
}
