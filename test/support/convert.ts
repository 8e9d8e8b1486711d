import {
  type Conversion,
  convertCommands,
  convertService,
  type Converted,
  type ConversionTarget,
} from '../../shared/src/services/convert/convert';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { createWords } from '../../shared/src/output/report/words';
import { plainContext } from '../../tools/lint-context';

/** What conversions work with in tests. */
export const conversion: Conversion = { engine: createEngine(rules), context: plainContext(), words: createWords(rules) };

/** Turns commands into something; throws where they are refused. */
export function converted(command: string, target: ConversionTarget): Converted {
  const made = convertCommands(command, target, conversion);
  if (!made.ok) throw new Error(made.message);
  return made;
}

/** Turns a service of a Compose file into manifests; throws where it is refused. */
export function convertedService(text: string, service: string | null = null): Converted {
  const made = convertService({ path: 'compose.yaml', text }, service, conversion);
  if (!made.ok) throw new Error(made.message);
  return made;
}
