import { decodeText, readBytes } from '../host/node/files';
import { maxSideBytes } from '../limits';

/** The text of a file that others ask about; `null` where it cannot be read, is no text or is larger than such files are. */
export function readSideFile(path: string): string | null {
  const bytes = readBytes(path);
  if (!bytes.ok || bytes.value.length > maxSideBytes) return null;
  const text = decodeText(bytes.value);
  return text.ok ? text.value : null;
}
