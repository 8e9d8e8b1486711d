import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { isGlob, parseImageReference } from '../../../shared/src/index';
import { isCandidate } from '../decisions/candidates';
import { UsageError } from './usage';

/** Tells images from paths: what exists, is a glob, or is named as files are, is a path. Throws `UsageError` for standard input. */
export function readOperands(
  operands: readonly string[],
  command: string,
): { readonly images: readonly string[]; readonly paths: readonly string[] } {
  const images = operands.filter(operand => !existsSync(operand) && !isGlob(operand) && isImage(operand));
  if (operands.includes('-')) throw new UsageError(`${command} reads files, not standard input`);
  return { images: [...new Set(images)], paths: operands.filter(operand => !images.includes(operand)) };
}

function isImage(operand: string): boolean {
  return parseImageReference(operand).invalid === null && !isCandidate(basename(operand)) && !/\.(?:json|tar|txt|md|sarif)$/.test(operand);
}
