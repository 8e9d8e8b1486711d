import { compareQuantities, parseQuantity } from '../../../syntax/scalars/quantity';
import { parseDuration } from '../../../syntax/scalars/time';
import { certain, isArray, isObject, jsonText, type Json } from '../../../syntax/jmespath/values';
import { matchesGlob } from './types';

// What a value of a pattern of Kyverno asks of a value of an object: pkg/engine/pattern/pattern.go of kyverno/kyverno 1.19.

type Sign = '' | '!' | '>' | '>=' | '<' | '<=';

const ranges = /^([-|+]?\d{1,30}(?:\.\d{1,30})?[A-Za-z]{0,20})(!?)-([-|+]?\d{1,30}(?:\.\d{1,30})?[A-Za-z]{0,20})$/;

/** The two ends of `1-5` and `1!-5`; `null`: a pattern is not a range. */
export function rangeOf(pattern: string): { readonly low: string; readonly high: string; readonly outside: boolean } | null {
  const match = pattern.length < 120 && !/^[<>!]/.test(pattern) ? ranges.exec(pattern) : null;
  return match && { low: match[1]!, high: match[3]!, outside: match[2] === '!' };
}

function signOf(pattern: string): Sign {
  if (pattern.length < 2) return '';
  return (['>=', '<=', '>', '<', '!'] as const).find(sign => pattern.startsWith(sign)) ?? '';
}

function decide(sign: Sign, order: number): boolean {
  switch (sign) {
    case '':
      return order === 0;
    case '!':
      return order !== 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
  }
}

/** A number or a text as a text; `null`: it is neither. */
function asText(value: Json): string | null {
  if (value === null) return '0';
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}

function matchesOne(value: Json, pattern: string): boolean {
  const range = rangeOf(pattern);
  if (range)
    return range.outside
      ? matchesOne(value, `< ${range.low}`) || matchesOne(value, `> ${range.high}`)
      : matchesOne(value, `>= ${range.low}`) && matchesOne(value, `<= ${range.high}`);
  const sign = signOf(pattern);
  const wanted = pattern.slice(sign.length).trim();
  const text = asText(value);
  const [ours, theirs] = [parseDuration(wanted), text === null ? null : parseDuration(text)];
  if (ours !== null && theirs !== null) return decide(sign, theirs < ours ? -1 : theirs > ours ? 1 : 0);
  const [q, r] = [parseQuantity(wanted), text === null ? null : parseQuantity(text)];
  if (q && r) return decide(sign, compareQuantities(r, q));
  if (sign !== '' && sign !== '!') return false;
  if (value === null || isArray(value) || isObject(value)) return false;
  return matchesGlob(wanted, typeof value === 'string' ? value : jsonText(value)) !== (sign === '!');
}

function matchesText(value: Json, pattern: string): boolean {
  if (value === pattern) return true;
  return pattern.split('|').some(way => way.split('&').every(each => matchesOne(value, each.trim())));
}

/** Whether a value is what a pattern's value asks for. */
export function matchesLeaf(value: Json, pattern: Json): boolean {
  certain(value);
  if (typeof pattern === 'string') return matchesText(value, pattern);
  if (typeof pattern === 'boolean') return value === pattern;
  if (typeof pattern === 'number')
    return typeof value === 'string' ? /^[+-]?[\d.]+$/.test(value) && Number(value) === pattern : value === pattern;
  if (pattern === null) return value === null || value === 0 || value === '' || value === false;
  return isObject(pattern) && isObject(value);
}
