import { maskedJson, trusted, type MaskedText } from '../report/masked-text';
import type { Posture } from './types';

/** A posture for programs: `schemaVersion` 1 of docs/cli.md. Ends with a line break. */
export function postureJson(posture: Posture): MaskedText {
  const { version, kubernetesVersion, today, ...rest } = posture;
  return maskedJson({
    schemaVersion: 1,
    version: trusted(version),
    kubernetesVersion: trusted(kubernetesVersion),
    today: trusted(today),
    ...rest,
  });
}
