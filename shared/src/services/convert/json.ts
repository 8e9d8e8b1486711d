import { appliedJson, type HardenReport, leftJson } from '../../output/report/harden';
import { fileBytes, maskedJson, type MaskedText, trusted } from '../../output/report/masked-text';
import type { Gate } from '../../output/report/gate';
import type { ConversionTarget, Converted } from './convert';

/** A conversion and the report of the harden that it ended with: of one file. */
export interface ConversionReport {
  readonly target: ConversionTarget;
  readonly made: Converted;
  readonly report: HardenReport;
  /** The gate of what was converted. */
  readonly gate: Gate;
}

/** The report of `convert` for programs; ends with a line break. The text is whole: masked it would be of no use. See docs/cli.md. */
export function conversionJson({ target, made, report, gate }: ConversionReport): MaskedText {
  const { version, profile, kubernetesVersion, today, words } = report;
  const file = report.files[0]!;
  return maskedJson({
    schemaVersion: 1,
    version: trusted(version),
    profile: trusted(profile),
    kubernetesVersion: trusted(kubernetesVersion),
    today: trusted(today),
    target: trusted(target),
    fileName: trusted(made.fileName),
    text: fileBytes(made.text),
    notes: made.notes.map(note => ({ id: trusted(note.id), kind: note.kind, message: gate.words(words.note(note)) })),
    applied: appliedJson(file, words),
    left: leftJson(file, words),
  });
}
