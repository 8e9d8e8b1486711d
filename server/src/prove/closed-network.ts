import { readlinkSync } from 'node:fs';

/**
 * Whether a process is in a network of its own, so that a container may join it by the number: that of a container which has just ended may be another's by now, and
 * every process of the host is in the host's. To be asked before the start, and once more after it, with the same owner running still.
 */
export function isInClosedNetwork(pid: number): boolean {
  const [host, other] = [networkOf('self'), networkOf(String(pid))];
  return host !== null && other !== null && host !== other;
}

function networkOf(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return null;
  }
}
