import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

/** What the regular expressions of the Dockerfile family take for what: spellings at their edges. */

/** What a rule underlines in a stage of one line. */
function reported(rule: string, line: string): readonly string[] {
  const engine = createEngine(rules.filter(({ id }) => id === rule));
  const text = `FROM debian:12\n${line}\n`;
  return engine
    .open({ path: 'Dockerfile', text })
    .lint(plainContext('strict'))
    .findings.map(({ range }) => text.slice(range.start, range.end));
}

describe('durations, as Go reads them', () => {
  const check = (value: string): boolean =>
    reported('dockerfile/invalid-instruction', `HEALTHCHECK --interval=${value} CMD true`).length === 0;

  it.each(['0', '1s', '1.s', '.5s', '1.5m', '1h2m3s', '1ms2us3ns4µs5μs', '+1s', '00s', '1.50m.5s'])('%s is one', value =>
    expect(check(value)).toBe(true),
  );

  it.each(['1', '00', '.s', '1..5s', '1s2', '1d', '1 s', '1.5.5s', 's', '+', '1S', '1.s000'])('%s is none', value =>
    expect(check(value)).toBe(false),
  );
});

describe('what sed looks for, and what it writes', () => {
  it.each([
    ['s/gpgcheck=1/gpgcheck=0/', ['gpgcheck=0']],
    ['s/gpgcheck=0/gpgcheck=1/', []],
    ['s#a#gpgcheck=0#', ['gpgcheck=0']],
    ['s#gpgcheck=0#a#', []],
    ['s#a\\#gpgcheck=0#b#', []],
    ['s#a\\\\#gpgcheck=0#b', ['gpgcheck=0']],
    ['s#a/gpgcheck=0#b#', []],
    ['s,gpgcheck=0,a,', []],
    ['s@gpgcheck=0@a@', []],
    ['s|gpgcheck=0|a|', []],
    ['s;gpgcheck=0;a;', ['gpgcheck=0']],
    ['$a gpgcheck=0', ['gpgcheck=0']],
  ])('%s', (script, found) =>
    expect(reported('dockerfile/signature-check-disabled', `RUN sed -i '${script}' /etc/yum.conf`)).toEqual(found),
  );
});
