import type { Finding } from '../../shared/src/rule/finding/types';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { parseDockerfile } from '../../shared/src/families/dockerfile/model/parse';
import { rules } from '../../shared/src/families/generated/index';
import { applyEdits, haveConflict } from '../../shared/src/base/text/edits';
import { corpusFiles, hasCorpus, noCorpus } from '../../tools/corpus-folder';
import { plainContext } from '../../tools/lint-context';
import { expectProportional, expectProportionalAt, type Lint } from './growth';
import { patience, unseenPath } from '../support/growth';
import { sweep } from '../support/sweep';

/**
 * Dockerfiles as they are while somebody types: each file of the corpus, cut at every line end and at every 97th character. `npm test` takes
 * every 31st cut of all files together; BULKHEAD_FULL_SWEEP=1 takes them all, with `=i/n` for part i of n.
 */
const { part, of } = sweep;
const every = sweep.full ? 1 : 31;

const engine = createEngine(rules.filter(rule => rule.family === 'dockerfile'));
const context = plainContext('strict');

/** Where a text is cut. */
function cutsOf(text: string): readonly number[] {
  const cuts = new Set<number>();
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) cuts.add(at).add(at + 1);
  for (let at = 97; at < text.length; at += 97) cuts.add(at);
  return [...cuts].sort((a, b) => a - b);
}

/** What is wrong with the findings of a text, in a few words each. `seen` holds fixes that were tried on a longer or shorter cut already. */
function flaws(text: string, seen: Set<string>): readonly string[] {
  const found: string[] = [];
  const input = { path: 'Dockerfile', text };
  const { findings } = engine.open(input).lint(context);
  const model = parseDockerfile(text);
  const lastLine = model.instructions.at(-1)?.range.start ?? 0;
  const name = ({ rule, messageId, data }: Finding): string => `${rule}/${messageId} ${JSON.stringify(data)}`;
  for (const finding of findings) {
    const { rule, range, related } = finding;
    if (rule === 'bulkhead/internal-error') found.push(name(finding));
    for (const place of [range, ...related.filter(r => r.path === undefined).map(r => r.range)])
      if (!(place.start >= 0 && place.start <= place.end && place.end <= text.length)) found.push(`${name(finding)} is outside`);
    for (const fix of finding.fixes) {
      const key = `${rule} ${finding.messageId} ${fix.id} ${range.start}`;
      if (range.end < lastLine && seen.has(key)) continue;
      seen.add(key);
      const rendered = engine.open(input).render(finding, fix);
      if (!rendered.ok) continue;
      if (haveConflict(rendered.edits)) found.push(`${name(finding)}: edits of ${fix.id} overlap`);
      const after = parseDockerfile(applyEdits(text, rendered.edits));
      if (after.problems.length > model.problems.length)
        found.push(`${name(finding)}: ${fix.id} breaks ${after.problems.map(p => p.code).join()}`);
    }
  }
  return found;
}

describe('half-typed Dockerfiles', () => {
  if (!hasCorpus) {
    test.skip(noCorpus, () => {});
    return;
  }
  test(
    'no exception, no finding outside, no fix that breaks',
    () => {
      const broken = new Map<string, string>();
      let number = 0;
      let tried = 0;
      corpusFiles('dockerfile').forEach(({ path, text }, index) => {
        if (index % of !== part % of) return;
        const seen = new Set<string>();
        for (const cut of cutsOf(text)) {
          if (number++ % every !== 0) continue;
          tried++;
          for (const flaw of flaws(text.slice(0, cut), seen)) if (!broken.has(flaw)) broken.set(flaw, `${path} up to ${cut}`);
        }
      });
      console.log(`${tried} of ${number} cuts tried`);
      expect([...broken]).toEqual([]);
    },
    patience,
  );
});

/** Texts that grow with `n`, each a way to cost more than its length. */
const growing: Readonly<Record<string, (n: number) => string>> = {
  'stages by the thousand': n => Array.from({ length: n }, (_, i) => `FROM alpine:3.22 AS s${i}\nRUN echo ${i}\n`).join(''),
  'a deep chain': n =>
    `FROM alpine:3.22 AS s0\n${Array.from({ length: n }, (_, i) => `FROM s${i} AS s${i + 1}\nENV A=$B\nRUN echo $A\n`).join('')}`,
  'a deep chain on scratch': n =>
    `FROM scratch AS s0\n${Array.from({ length: n }, (_, i) => `FROM s${i} AS s${i + 1}\nRUN true\nCOPY --from=s0 $X /\n`).join('')}`,
  'a circle of stages': n => Array.from({ length: n }, (_, i) => `FROM alpine:3.22 AS s${i}\nCOPY --from=s${(i + 1) % n} /a /a\n`).join(''),
  'stages that all copy from themselves': n =>
    Array.from({ length: n }, (_, i) => `FROM scratch AS s${i}\nCOPY --from=s${i} /a /a\n`).join(''),
  'stages of one name': n => 'FROM alpine:3.22 AS A\nCOPY --from=a / /\n'.repeat(n),
  'triggers in a chain': n =>
    `FROM alpine:3.22 AS s0\n${Array.from({ length: n }, (_, i) => `FROM s${i} AS s${i + 1}\nONBUILD RUN x\n`).join('')}`,
  'an ARG of itself': n => `ARG A=$A\nFROM alpine:$A\n${'ARG A=$A\n'.repeat(n)}`,
  'values that double': n => `FROM alpine:3.22\nENV A=xx\n${'ENV A=$A$A\nWORKDIR $A\n'.repeat(n)}`,
  'arguments by the thousand': n => `${Array.from({ length: n }, (_, i) => `ARG A${i}=$A${i - 1}\n`).join('')}FROM alpine:$A${n - 1}\n`,
  'one long RUN': n => `FROM alpine:3.22\nRUN ${'apk add curl && cd /tmp && '.repeat(n)}true\n`,
  'one long word': n => `FROM alpine:3.22\nRUN echo ${'abcdefghij'.repeat(n)}\nENV A=${'abcdefghij'.repeat(n)}\n`,
  'continued lines': n => `FROM alpine:3.22\nRUN true \\\n${'  && apk add --no-cache git \\\n# why\n'.repeat(n)}  && true\n`,
  'open braces': n => `FROM alpine:3.22\nENV A=${'${a:-'.repeat(n)}\nCOPY <<E /x\n${'${a:-'.repeat(n)}\nE\n`,
  'open quotes': n => `FROM alpine:3.22\nRUN echo ${`"'`.repeat(n)}\nENV A=${`"'`.repeat(n)}\nLABEL b ${`"'`.repeat(n)}\n`,
  'many pairs': n => `FROM alpine:3.22\nENV ${Array.from({ length: n }, (_, i) => `A${i}=$A${i + 1}`).join(' ')}\n`,
  'many ports': n => `FROM alpine:3.22\nEXPOSE ${'80/TCP 1:2 99999 '.repeat(n)}\n`,
  'many mounts': n => `FROM alpine:3.22\nRUN ${'--mount=type=cache,id=$A,target=/x '.repeat(n)}true\n`,
  'heredocs by the thousand': n => `FROM alpine:3.22\n${'COPY <<E /x\n$a\nE\nRUN <<E\napt-get install x\nE\n'.repeat(n)}`,
  'unknown instructions': n => `FROM alpine:3.22\n${'RUNN x\nONBUILD RUNN y\nFROMM z\n'.repeat(n)}`,
  'instructions that repeat': n => `FROM alpine:3.22\n${'USER root\nCMD x\nENTRYPOINT y\nHEALTHCHECK CMD z\nMAINTAINER m\n'.repeat(n)}`,
  'packages by the thousand': n => `FROM debian:13\nRUN apt-get update && apt-get install -y ${'curl '.repeat(n)}\n`,
  'files copied and deleted': n =>
    `FROM debian:13\n${Array.from({ length: n }, (_, i) => `COPY f${i}.tar.gz /f${i}\nRUN tar xf /f${i} && rm /f${i}\n`).join('')}`,
};

const lint: Lint = text => engine.open({ path: unseenPath('Dockerfile'), text }).lint({ ...context, sizeLimit: 1 << 23 }).findings;

describe('texts that grow cost in proportion', () => {
  test.each(Object.keys(growing))('%s', name => expectProportional(name, growing[name]!, lint), patience);

  test.each([
    ['a deep chain', 5000],
    ['a circle of stages', 5000],
    // a million characters
    ['one long RUN', 37_000],
  ])('%s, of %i', (name, n) => expectProportionalAt(n, name, growing[name]!, lint), patience);
});
