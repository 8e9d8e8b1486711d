import { describe, expect, it } from 'vitest';
import { parseOptions, type ParsedOptions } from '../../../shared/src/families/run/model/parse-options';
import { clientProblems } from '../../../shared/src/families/run/model/problems';
import { corpusRows, hasCorpus, noCorpus } from '../../../tools/corpus-folder';

/** Our reading of a command against Docker's own parser: the rows say what it made of each. */

interface Row {
  readonly id: string;
  readonly argv: readonly string[];
  readonly expect: 'ok' | 'error';
  readonly error?: string;
  readonly flags?: readonly string[];
  readonly image?: string;
  readonly args?: readonly string[];
}

type Kind = 'unknown-flag' | 'missing-value' | 'no-image' | 'conflict' | 'invalid-value' | 'file';

/** What kind of error a message of the client tells of. */
function kindOf(error: string): Kind {
  if (/^unknown (?:shorthand )?flag/.test(error)) return 'unknown-flag';
  if (error.startsWith('flag needs an argument')) return 'missing-value';
  if (error.startsWith('requires at least 1 argument')) return 'no-image';
  if (error.includes('no such file or directory')) return 'file';
  return /conflict|invalid logging opts for driver none/.test(error) ? 'conflict' : 'invalid-value';
}

const rows = hasCorpus ? corpusRows<Row>('corpus/docker-run/docker-cli.jsonl') : [];

const parse = (argv: readonly string[]): ParsedOptions =>
  parseOptions(
    'docker',
    argv.map(text => ({ text, shown: text, splits: false })),
  );

/** What we say of a command, and of which flag. */
function verdict(parsed: ParsedOptions): { readonly kind: Kind | null; readonly flag: string } {
  const values = clientProblems(parsed).filter(({ kind }) => kind === 'invalid-value');
  const [conflict] = clientProblems(parsed).filter(({ kind }) => kind === 'conflict');
  const [value] = values;
  // what the flags themselves say comes first, in order; then the count of words; then what the client asks of all together
  const lists = ['publish', 'expose', 'security-opt', 'mac-address', 'restart', 'pid', 'uts', 'userns', 'cgroupns'];
  const early = values.find(({ option }) => !lists.includes(option.flag.name));
  const { problem } = parsed;
  if (early) return { kind: 'invalid-value', flag: early.option.flag.name };
  if (problem) return { kind: problem.kind, flag: problem.flag };
  if (value) return { kind: 'invalid-value', flag: value.option.flag.name };
  return conflict ? { kind: 'conflict', flag: conflict.option.flag.name } : { kind: null, flag: '' };
}

describe.skipIf(!hasCorpus)("commands as Docker's client reads them", () => {
  it.each(rows.map(row => [row.id, row] as const))('%s', (_, row) => {
    const parsed = parse(row.argv);
    const { kind, flag } = verdict(parsed);
    if (row.expect === 'ok') {
      expect({ kind, flag }).toEqual({ kind: null, flag: '' });
      const names = new Set(parsed.options.map(option => option.flag.name));
      const alias: Record<string, string> = { net: 'network', 'net-alias': 'network-alias', 'dns-opt': 'dns-option' };
      expect([...names].sort()).toEqual([...new Set(row.flags!.map(name => alias[name] ?? name))].sort());
      expect(row.argv[parsed.image!]).toBe(row.image);
      expect(row.argv.slice(parsed.image! + 1)).toEqual(row.args);
    } else {
      const expected = kindOf(row.error!);
      // what is in a file nobody knows without reading it
      if (expected === 'file') {
        const files = parsed.options.filter(({ flag: { name } }) => ['env-file', 'label-file', 'security-opt'].includes(name));
        expect([kind, files.length > 0]).toEqual([null, true]);
      } else expect(kind).toBe(expected);
      const named = /"-{1,2}(?:\w, --)?([\w-]+)" flag|for "(?:-\w, )?--([\w-]+)" flag/.exec(row.error!);
      if (expected === 'invalid-value' && named) expect(flag).toBe(named[2] ?? named[1]);
      if (expected === 'unknown-flag')
        expect(flag).toBe(
          /(?:flag: '(.)'|flag: (--[\w-]+))/
            .exec(row.error!)
            ?.slice(1)
            .map((part, i) => part && (i === 0 ? `-${part}` : part))
            .find(Boolean),
        );
    }
  });
});

it.skipIf(hasCorpus)(noCorpus, () => {});
