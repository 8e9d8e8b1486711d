import type { Engine } from '../../../shared/src/engine/engine';
import type { InputFile } from '../../../shared/src/engine/types';
import { exercise, inconsistencies } from '../exercise';

const take = <T>(_name: string, step: () => T): T => step();

/** What is wrong with what the engine makes of a file, an exception included. */
export function checkFile(engine: Engine, file: InputFile): readonly string[] {
  try {
    return [...exercise({ engine, thorough: true, most: 20, step: take }, file), ...inconsistencies(engine, file)];
  } catch (error) {
    return [describeError(error)];
  }
}

/** Says in a few words what was thrown, and where. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = error.stack
    ?.split('\n')
    .find(line => /^ +at /.test(line))
    ?.trim();
  return `${error.name}: ${error.message.slice(0, 200)} ${place ?? ''}`;
}

/** What tells one flaw from another, without the words of the file in it. */
export function flawKey(flaw: string): string {
  return flaw.replace(/[{"(].*/s, '').trim();
}
