import { describe, expect, test } from 'vitest';
import { createGate } from '../../../shared/src/output/report/gate';
import { createLog } from '../../../server/src/lsp/log';

/** A log and what it wrote. */
function logOf(...texts: string[]): { readonly log: ReturnType<typeof createLog>; readonly lines: string[] } {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const console = { error: write, warn: write, info: write, debug: write, log: write };
  const gates = texts.map(text => createGate({ text, findings: [] }));
  return { log: createLog({ console } as unknown as Parameters<typeof createLog>[0], () => gates), lines };
}

describe('the log', () => {
  const text = 'FROM a\nENV DB_PASSWORD="hunter2-hunter2\n';

  test.each(['error', 'warn', 'info', 'debug'] as const)(
    '%s holds no credential of an open document, nor one that it tells of itself',
    level => {
      const { log, lines } = logOf('FROM b\n', text);
      log[level]('unexpected word hunter2-hunter2, then --token=swordfish99');
      expect(lines).toEqual(['unexpected word ********, then --token=********']);
    },
  );

  test('an error that quotes a document goes out masked, its trace too', () => {
    const { log, lines } = logOf(text);
    log.failure('hover', new Error('cannot read "hunter2-hunter2"\nat the second line'));
    expect(lines[0]).toBe('hover: cannot read "********" at the second line');
    expect(lines).toHaveLength(2);
    expect(lines.join('\n')).not.toContain('hunter2');
  });
});
