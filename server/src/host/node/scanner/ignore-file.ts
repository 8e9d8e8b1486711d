import { dirname, join } from 'node:path';
import type { Read } from '../reader';
import type { ScanRequest } from '../../../lookups/scanner';

/** A file that says what Trivy is to leave out. */
export interface IgnoreFile {
  readonly path: string;
  readonly ignore: NonNullable<ScanRequest['ignore']>;
}

/** What Trivy is to leave out for a file: the nearest `.trivyignore.yaml` or `.trivyignore` that can be read, from the file's folder up to `root`. */
export function findIgnoreFile(folder: string, root: string, read: (path: string) => Read<string>): IgnoreFile | null {
  for (let at = folder; ; at = dirname(at)) {
    for (const name of ['.trivyignore.yaml', '.trivyignore'] as const) {
      const path = join(at, name);
      const text = read(path);
      if (text.ok) return { path, ignore: { name, text: text.value } };
    }
    if (at === root || dirname(at) === at) return null;
  }
}
