import type { MaskedText } from '../../../shared/src/early';
import type { Output } from './output';
import type { Run } from './run';
import { UsageError, type Arguments } from './usage';

/** Looks the images up that the files of a run name, where `--lookup` asks for it; gives what could not be. What talks to registries and engines is loaded for that alone. */
export async function lookUpFacts(run: Run, args: Arguments, output: Output): Promise<readonly MaskedText[]> {
  const isAsked = args.has('lookup');
  if (args.has('layers') && !isAsked) throw new UsageError('--layers needs --lookup');
  if (args.has('alternatives') && !isAsked) throw new UsageError('--alternatives needs --lookup');
  if (args.all('archive').length > 0 && !isAsked) throw new UsageError('--archive needs --lookup');
  return isAsked ? (await import('./look-up-facts')).lookUpImages(run, args, output) : [];
}
