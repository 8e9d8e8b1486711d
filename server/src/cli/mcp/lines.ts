/** Cuts a stream of bytes into lines. For one with more than `maxBytes` there is `onTooLong` instead: it is skipped, and nothing of it is kept. */
export function createLineReader(maxBytes: number, onLine: (line: string) => void, onTooLong: () => void): (bytes: Buffer) => void {
  let held: Buffer[] = [];
  let length = 0;
  let tooLong = false;
  const hold = (bytes: Buffer): void => {
    if (tooLong) return;
    length += bytes.length;
    held.push(bytes);
    if (length <= maxBytes) return;
    tooLong = true;
    held = [];
  };
  const end = (): void => {
    if (tooLong) onTooLong();
    else {
      const line = Buffer.concat(held).toString('utf8').trim();
      if (line !== '') onLine(line);
    }
    held = [];
    length = 0;
    tooLong = false;
  };
  return bytes => {
    for (let start = 0; ;) {
      const at = bytes.indexOf(10, start);
      hold(bytes.subarray(start, at < 0 ? bytes.length : at));
      if (at < 0) return;
      end();
      start = at + 1;
    }
  };
}
