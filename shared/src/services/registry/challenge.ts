/** One way that a server offers to prove who asks. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;

/** Reads a `WWW-Authenticate` header (RFC 9110, 11.6.1): several challenges may stand in one, parted by the same commas as their parameters. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let at = 0;
  const skip = (pattern: string): void => {
    while (at < header.length && pattern.includes(header[at]!)) at++;
  };
  const word = (): string => {
    token.lastIndex = at;
    const found = token.exec(header)?.[0] ?? '';
    at += found.length;
    return found;
  };
  while (at < header.length) {
    skip(' \t,');
    const name = word();
    if (name === '') {
      at++;
      continue;
    }
    const behind = at;
    skip(' \t');
    if (header[at] === '=' && challenges.length > 0) {
      at++;
      skip(' \t');
      challenges.at(-1)!.parameters[name.toLowerCase()] = header[at] === '"' ? quoted() : word();
    } else {
      at = behind;
      challenges.push({ scheme: name.toLowerCase(), parameters: Object.create(null) as Record<string, string> });
    }
  }
  return challenges;

  function quoted(): string {
    let value = '';
    for (at++; at < header.length && header[at] !== '"'; at++) {
      if (header[at] === '\\' && at + 1 < header.length) at++;
      value += header[at]!;
    }
    at++;
    return value;
  }
}
