import { masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import { maskAlone } from '../../../shared/src/index';
import { InputError, UsageError } from './usage';

// Loaded when a command has failed: masking takes much of the engine.

/** What stands for an error of a command (`null`: there is none of this name) on standard error. It is masked: an argument or an error may quote a credential. */
export function explainError(error: unknown, command: string | null): MaskedText {
  const help = command === null ? plain('bulkhead --help') : masked`bulkhead ${trusted(command)} --help`;
  if (error instanceof UsageError) return masked`bulkhead: ${maskAlone(error.message)}; see ${help}`;
  if (error instanceof InputError) return masked`bulkhead: ${maskAlone(error.message)}`;
  const message = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
  return masked`bulkhead: internal error: ${maskAlone(message)}`;
}

/** Where an error was thrown, for whoever asks for it. */
export function explainStack({ stack = '' }: Error): MaskedText {
  return maskAlone(stack);
}
