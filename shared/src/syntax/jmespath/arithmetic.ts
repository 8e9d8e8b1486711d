import { NotKnown } from '../yaml/data';
import { addQuantities, parseQuantity, type Quantity } from '../scalars/quantity';
import { parseDuration } from '../scalars/time';
import { certain, JmesError, type Json } from './values';

const nanoseconds = 1e9;

function plain(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
    case '−':
      return a - b;
    case '*':
    case '×':
      return a * b;
    case '%':
      if (b === 0 || !Number.isInteger(a) || !Number.isInteger(b)) throw new JmesError('modulo of no whole numbers');
      return a % b;
    default:
      if (b === 0) throw new JmesError('division by zero');
      return operator === '//' ? Math.floor(a / b) : a / b;
  }
}

/** A duration as Go writes it. */
function durationText(value: number): string {
  const sign = value < 0 ? '-' : '';
  const seconds = Math.abs(value) / nanoseconds;
  if (seconds === 0) return '0s';
  if (seconds < 1) return `${sign}${seconds * 1000}ms`;
  const [h, m] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${sign}${h > 0 ? `${h}h` : ''}${h > 0 || m > 0 ? `${m}m` : ''}${+(seconds % 60).toFixed(9)}s`;
}

const asNumber = ({ digits, exponent }: Quantity): number => Number(`${digits}e${exponent}`);

/** Arithmetic of Kyverno: of numbers, quantities (`1Gi`) and durations (`10s`). How a sum of quantities is written depends on both, and is given for some alone. */
export function calculate(operator: string, left: Json, right: Json): Json {
  const [a, b] = [certain(left), certain(right)];
  if (typeof a === 'number' && typeof b === 'number') return plain(operator, a, b);
  const [q, r] = [a, b].map(each => (typeof each === 'string' ? parseQuantity(each) : null)) as [Quantity | null, Quantity | null];
  const [d, e] = [a, b].map(each => (typeof each === 'string' ? parseDuration(each) : null)) as [bigint | null, bigint | null];
  if (q && r) {
    if (operator === '/') return plain('/', asNumber(q), asNumber(r));
    if (operator !== '+' && operator !== '-') throw new JmesError('types mismatch');
    const sum = addQuantities(q, r, operator === '+' ? 1n : -1n);
    if (sum.exponent < 0) throw new NotKnown('a sum of quantities');
    return String(sum.digits * 10n ** BigInt(sum.exponent));
  }
  if (d !== null && e !== null) {
    if (operator === '/') return plain('/', Number(d), Number(e));
    if (operator !== '+' && operator !== '-') throw new JmesError('types mismatch');
    return durationText(Number(operator === '+' ? d + e : d - e));
  }
  if (d !== null && typeof b === 'number' && (operator === '*' || operator === '/')) return durationText(plain(operator, Number(d), b));
  if ((q && typeof b === 'number') || (r && typeof a === 'number')) throw new NotKnown('arithmetic of quantities');
  throw new JmesError('types mismatch');
}
