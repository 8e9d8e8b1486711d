import { speak } from '../../../shared/src/early';
import { isMainThread, workerData } from 'node:worker_threads';
import { languageTags } from '../../../shared/src/output/protocol/language';
import { readTranslation } from '../host/node/translations';

/** What the command line is translated into, beside English. */
export const languages = ['en', 'ja'];

/** Programs read what these commands, and these formats, print: they speak English. */
const forPrograms: ReadonlySet<string> = new Set(['mcp', 'hook', 'lsp', 'completion']);
const programFormats: ReadonlySet<string> = new Set(['json', 'sarif', 'github', 'gitlab', 'junit', 'rdjson']);

/** What decides on the language. */
export interface Surroundings {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal. */
  readonly terminal: boolean;
}

/** The values of an option, in both spellings. */
function valuesOf(option: string, argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).flatMap((word, i, words) =>
    word === `--${option}` ? (words[i + 1] ?? []) : word.startsWith(`--${option}=`) ? word.slice(option.length + 3) : [],
  );
}

/** The language of a run: that of `--locale`, else on a terminal that of the system. What programs read is English. */
export function languageOf({ argv, env, terminal }: Surroundings): string {
  const formats = valuesOf('format', argv).map(value => value.split('=', 1)[0]!);
  if (forPrograms.has(argv[0] ?? '') || formats.some(format => programFormats.has(format))) return 'en';
  const system = terminal ? env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] : undefined;
  return valuesOf('locale', argv).at(-1) ?? system ?? 'en';
}

/** What a worker of the command line was started with; it has no arguments and no terminal of its own. */
function surroundings(): Surroundings {
  const { env } = process;
  if (isMainThread) return { argv: process.argv.slice(2), env, terminal: process.stdout.isTTY === true };
  const { argv = ['mcp'], terminal = false } = workerData as Partial<Surroundings>;
  return { argv, env, terminal };
}

/** The tags of the language of this run. */
export const spokenTags: readonly string[] = languageTags(languageOf(surroundings()));

// before anything else is loaded: texts are made while it is
if (spokenTags.length > 0) {
  const texts = readTranslation(spokenTags);
  if (texts) speak({ ...texts, ...readTranslation(spokenTags, 'cli.') });
}
