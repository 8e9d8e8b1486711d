/** A message of JSON-RPC, as far as anybody here looks into it. */
export interface Message {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** A header that is longer is none. */
const maxHeader = 8192;

/** Takes messages out of a stream of bytes, each behind a header that says how long it is. What is no message is passed over. */
export function createFrameReader(onMessage: (message: Message) => void, onBroken: (problem: string) => void): (bytes: Buffer) => void {
  let chunks: Buffer[] = [];
  let held = 0;
  /** The length of the body that is expected; -1 within a header. */
  let expected = -1;

  /** What is held, in one piece. */
  const whole = (): Buffer => {
    const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    chunks = [all];
    return all;
  };
  const keep = (rest: Buffer): void => {
    chunks = [rest];
    held = rest.length;
  };
  const header = (): boolean => {
    const all = whole();
    const end = all.indexOf('\r\n\r\n');
    if (end < 0) {
      if (held > maxHeader) keep(Buffer.alloc(0));
      return false;
    }
    const length = /^content-length:[ \t]*(\d{1,10})[ \t]*$/im.exec(all.toString('latin1', 0, end));
    if (length) expected = Number(length[1]);
    else onBroken('a header without a length');
    keep(all.subarray(end + 4));
    return true;
  };
  const body = (): void => {
    const all = whole();
    const text = all.toString('utf8', 0, expected);
    keep(all.subarray(expected));
    expected = -1;
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      onBroken('a body that is not JSON');
      return;
    }
    if (typeof message === 'object' && message !== null && !Array.isArray(message)) onMessage(message);
    else onBroken('a body that is no message');
  };

  return bytes => {
    chunks.push(bytes);
    held += bytes.length;
    for (;;) {
      if (expected >= 0 && held >= expected) body();
      else if (expected >= 0 || held === 0 || !header()) return;
    }
  };
}

/** The bytes of a message. */
export function frame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = `Content-Length: ${length}\r\n\r\n`;
  const bytes = Buffer.allocUnsafe(header.length + length);
  bytes.write(header, 'latin1');
  bytes.write(text, header.length, 'utf8');
  return bytes;
}
