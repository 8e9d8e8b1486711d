import {
  adviceWords,
  compareScans,
  newestPatch,
  parseImageReference,
  printImageReference,
  type ScanReport,
} from '../../../shared/src/index';
import { neverCancelled } from '../../../shared/src/base/ports/cancellation';
import type { RegistryClient } from '../../../shared/src/services/registry/client';
import { endpointOf } from '../../../shared/src/services/registry/names';
import type { Scanner, ScanRequest } from '../lookups/scanner';

/** What the newest patch release of an image would leave of its vulnerabilities, by scanning that too, in a sentence; `null`: nothing can be said, or need be. */
export async function adviceOn(request: ScanRequest, report: ScanReport, scanner: Scanner, client: RegistryClient): Promise<string | null> {
  const reference = parseImageReference(request.reference);
  const endpoint = endpointOf(request.reference);
  if (report.vulnerabilities.length === 0 || reference.invalid !== null || reference.tag === null || !endpoint.ok) return null;
  const tags = await client.tags(endpoint.value, neverCancelled);
  if (!tags.ok) return `its newer tags are not known: ${tags.failure.message}`;
  const tag = newestPatch(reference.tag, tags.value);
  if (tag === null) return null;
  const other = await scanner.scan({ ...request, reference: printImageReference({ ...reference, tag, digest: null }) });
  return other.ok ? adviceWords(tag, compareScans(report, other.report)) : `${tag} was not scanned: ${other.failure.message}`;
}
