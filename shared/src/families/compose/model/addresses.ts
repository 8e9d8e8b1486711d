const v4 = /^(?:[0-9]{1,3}\.){3}[0-9]{1,3}$/;

/** Whether a text is an IP address, as Go's `net.ParseIP` reads one: four decimal numbers without leading zeros, or IPv6 without a zone. */
export function isAddress(text: string): boolean {
  if (!text.includes(':'))
    return v4.test(text) && text.split('.').every(part => Number(part) <= 255 && (part === '0' || !part.startsWith('0')));
  return isV6(text);
}

function isV6(text: string): boolean {
  if (text.length > 45) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap(half => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const isMapped = last.includes('.');
  if (isMapped && !isAddress(last)) return false;
  const hex = isMapped ? groups.slice(0, -1) : groups;
  if (!hex.every(group => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  const count = hex.length + (isMapped ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}
