/** An exact number: `digits` x 10^`exponent`. */
export interface Quantity {
  readonly digits: bigint;
  readonly exponent: number;
}

const pattern = /^([+-]?)(\d{1,200}(?:\.\d{0,200})?|\.\d{1,200})(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\d{1,3}))?$/;
const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

/** A quantity as Kubernetes reads it (`100m`, `1.5Gi`, `1e3`); `null`: it is none. */
export function parseQuantity(text: string): Quantity | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const [, sign, number = '', binary, suffix, power] = match;
  const [whole = '', fraction = ''] = number.split('.');
  let digits = BigInt(whole + fraction || '0');
  if (binary) digits *= 1024n ** BigInt('KMGTPE'.indexOf(binary[0]!) + 1);
  const exponent = (suffix ? decimal[suffix]! : Number(power ?? 0)) - fraction.length;
  return { digits: sign === '-' ? -digits : digits, exponent };
}

/** Both as whole numbers of the smaller unit. */
function aligned(a: Quantity, b: Quantity): readonly [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent);
  const of = (q: Quantity): bigint => q.digits * 10n ** BigInt(q.exponent - exponent);
  return [of(a), of(b), exponent];
}

/** Below, at or above 0 as the first is less than, equal to or more than the second. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The sum of two; with a `sign` of -1 the difference. */
export function addQuantities(a: Quantity, b: Quantity, sign: 1n | -1n = 1n): Quantity {
  const [x, y, exponent] = aligned(a, b);
  return { digits: x + sign * y, exponent };
}

/** A quantity as a whole number; `null`: it is none, or does not fit into 64 bits. */
export function wholeOf({ digits, exponent }: Quantity): bigint | null {
  const unit = 10n ** BigInt(Math.abs(exponent));
  if (exponent < 0 && digits % unit !== 0n) return null;
  const whole = exponent < 0 ? digits / unit : digits * unit;
  return BigInt.asIntN(64, whole) === whole ? whole : null;
}
