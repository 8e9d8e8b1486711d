import { parseImageReference, signersOf, type TrustedSigner } from '../../../shared/src/index';
import type { SignatureVerdict } from '../../../shared/src/base/ports/signature';
import type { ConfigFile } from '../session/config-files';

/** Who has to sign an image, and where that is said. */
export interface Demand {
  readonly signers: readonly TrustedSigner[];
  readonly config: ConfigFile;
}

/** Who has to sign an image, by a configuration; `null`: nobody. */
export function demandOf(reference: string, config: ConfigFile | null): Demand | null {
  const parsed = parseImageReference(reference);
  if (config === null || parsed.invalid !== null) return null;
  const signers = signersOf(parsed, config.config.trustedSigners ?? []);
  return signers.length === 0 ? null : { signers, config };
}

/** What a check in this session gave. */
export interface KnownSignature {
  readonly verdict: SignatureVerdict;
  readonly signer: TrustedSigner | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Keeps what checks gave, each for an image and who has to sign it: where either changes, nothing is known. */
export interface Signatures {
  get(reference: string, demand: Demand): KnownSignature | null;
  set(reference: string, demand: Demand, known: KnownSignature): void;
  clear(): void;
  /** Calls `listener` whenever there may be something else to say. */
  onChange(listener: () => void): void;
  readonly empty: boolean;
}

/** More images than this are of no more use. */
const remembered = 2000;

/** Creates the store of a session. */
export function createSignatures(): Signatures {
  const known = new Map<string, KnownSignature>();
  const listeners: (() => void)[] = [];
  const changed = (): void => listeners.forEach(listener => listener());
  const keyOf = (reference: string, { signers, config }: Demand): string => JSON.stringify([reference, config.uri, signers]);
  return {
    get: (reference, demand) => known.get(keyOf(reference, demand)) ?? null,
    set: (reference, demand, signature) => {
      known.delete(keyOf(reference, demand));
      if (known.size >= remembered) known.delete(known.keys().next().value!);
      known.set(keyOf(reference, demand), signature);
      changed();
    },
    clear: () => {
      known.clear();
      changed();
    },
    onChange: listener => void listeners.push(listener),
    get empty() {
      return known.size === 0;
    },
  };
}
