/**
 * `npm run accuracy`: compares our rules with the test suites of other linters. Without options it writes `docs/accuracy.md` and the lists in `docs/accuracy`;
 * `--rule family/name`, `--peer name` and `--row id` print what differs instead, the texts included; `--peers` runs peers that are on
 * the path over the real workflows, `--ways` measures alone how many findings have an edit (`--family` says where).
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Rule } from '../../shared/src/rule/define-rule';
import { root, ruleFile } from '../rules/files';
import { format, resolveConfig } from 'prettier';
import { corpusFiles, hasCorpus, noCorpus, type CorpusFile } from '../corpus-folder';
import { families } from '../rules/families';
import { measureFolder } from './corpus';
import { createJudge, type Verdict } from './judge';
import { readMapping } from './mapping';
import { renderPages, shareOf } from './page';
import { measurePairs } from './pairs';
import { runPeers } from './peers';
import { measurePss } from './pss';
import { readKept } from '../precision/judged';
import { readFrequent, readReasons, reasonFor } from './reasons';
import { compareRealRows } from './real-rows';
import { lookedUpSummary, restrictedSummary } from './restricted';
import { readRows } from './rows';
import { measureWaysOut, type WaysOutBySeverity } from './ways-out';
import { waysOutPart, waysOutSummary } from './ways-page';
import { rules as generated } from '../../shared/src/families/generated/index';

const { values: options } = parseArgs({
  options: {
    rule: { type: 'string' },
    peer: { type: 'string' },
    row: { type: 'string' },
    family: { type: 'string' },
    brief: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    ways: { type: 'boolean', default: false },
  },
});

/** The rules of the generated index, and the one asked for if it is too new to stand there. */
async function loadRules(): Promise<readonly Rule[]> {
  const { rule: id } = options;
  if (id === undefined || generated.some(rule => rule.id === id)) return generated;
  const path = ruleFile(id, '.ts');
  if (!existsSync(path)) return generated;
  const module = (await import(path)) as { readonly rule: Rule };
  return [...generated, module.rule];
}

function describe({ row, found, near, answers }: Verdict): string {
  const marks = Object.entries(row.marks).filter(
    ([key]) => !['src', 'fix', 'name', 'rebuilt', 'messages', 'count', 'exact', 'example'].includes(key),
  );
  const what = row.expect === 'hit' ? (found.length === 0 ? 'MISSED' : 'ELSEWHERE') : 'FLAGGED';
  const ours = found.map(({ finding, line }) => `${finding.rule.split('/')[1]}/${finding.messageId}@${line}`).join(' ');
  return [
    `${near ? 'near' : what} ${row.id}${row.line === null ? '' : ` line ${row.line}`}  ours: ${ours || '-'}  asked: ${answers.map(a => `${a.rule.split('/')[1]}${a.messages ? `[${[...a.messages].join()}]` : ''}`).join(' ')}`,
    ...(marks.length > 0 ? [`  ${JSON.stringify(Object.fromEntries(marks)).slice(0, 300)}`] : []),
    ...(options.brief
      ? []
      : row.text
          .replace(/\n$/, '')
          .split('\n')
          .slice(0, 60)
          .map(line => `    | ${line}`)),
  ].join('\n');
}

async function print(): Promise<void> {
  const judge = createJudge(await loadRules(), readMapping());
  const reasons = readReasons();
  const verdicts = readRows()
    .filter(
      row => (options.row === undefined || row.id.startsWith(options.row)) && (options.peer === undefined || row.peer === options.peer),
    )
    .filter(row => options.family === undefined || row.family === options.family)
    .flatMap(row => judge(row) ?? [])
    .filter(({ answers }) => options.rule === undefined || answers.some(a => a.rule === options.rule));
  const counted = verdicts.filter(v => v.uncounted === null);
  for (const verdict of verdicts) {
    const reason = reasonFor(reasons, verdict.row);
    if (options.row !== undefined || options.all)
      console.log(`${verdict.right ? 'right ' : ''}${verdict.uncounted ?? ''} ${describe(verdict)}\n`);
    else if (!verdict.right && verdict.uncounted === null)
      console.log(`${reason ? `(listed: ${reason.kind}) ` : ''}${describe(verdict)}\n`);
  }
  for (const expect of ['hit', 'clean'] as const) {
    const asked = counted.filter(v => v.row.expect === expect);
    const right = asked.filter(v => v.right).length;
    const listed = asked.filter(v => !v.right && reasonFor(reasons, v.row)).length;
    console.log(`${expect}: ${right} of ${asked.length} right, ${listed} listed with a reason, ${asked.length - right - listed} open`);
  }
  const aside = verdicts.filter(v => v.uncounted !== null);
  if (aside.length > 0)
    console.log(
      `not counted (conflict, quirk, disputed, our check is broader): ${aside.length}, of which we say the same in ${aside.filter(v => v.right).length}`,
    );
}

// the folders of the corpus are called as families are; command lines are in the steps of workflows
const realFiles = (family: string): readonly CorpusFile[] => corpusFiles(family === 'run' ? 'workflows' : family);
const realFamilies = (): readonly string[] => [...families.keys()].filter(family => realFiles(family).length > 0);

const waysOutOf = (names: readonly string[]): Readonly<Record<string, WaysOutBySeverity>> =>
  Object.fromEntries(names.map(family => [family, measureWaysOut(generated, realFiles(family))]));

/** Prints the part of the page that says which findings have an edit. */
function printWaysOut(): void {
  const names = realFamilies();
  const waysOut = waysOutOf(options.family === undefined ? names : names.filter(family => family === options.family));
  console.log(
    [...waysOutSummary(waysOut), ...Object.entries(waysOut).flatMap(([family, of]) => [`### ${family}`, ...waysOutPart(of)])].join('\n\n'),
  );
}

/** Measures everything and writes the page. */
async function write(): Promise<void> {
  const mapping = readMapping();
  const judge = createJudge(generated, mapping);
  const verdicts = readRows().flatMap(row => judge(row) ?? []);
  const reasons = readReasons();
  const present = realFamilies();
  const pages = renderPages({
    verdicts,
    reasons,
    pss: measurePss(generated),
    pairs: measurePairs(generated, mapping),
    corpus: Object.fromEntries(present.map(family => [family, measureFolder(generated, realFiles(family))])),
    waysOut: waysOutOf(present),
    restricted: restrictedSummary(),
    lookedUp: lookedUpSummary(),
    frequent: readFrequent(),
    judged: readKept(),
    real: compareRealRows(generated, mapping, corpusFiles('workflows')),
  });
  mkdirSync(join(root, 'docs/accuracy'), { recursive: true });
  for (const [name, page] of pages) {
    const path = join(root, name);
    writeFileSync(path, await format(page, { ...(await resolveConfig(path)), parser: 'markdown' }));
  }
  for (const family of present)
    for (const expect of ['hit', 'clean'] as const) {
      const share = shareOf(
        verdicts.filter(v => v.row.family === family),
        expect,
        reasons,
      );
      if (share.rows > 0)
        console.log(
          `${family}, ${expect}: ${share.right} of ${share.rows} right (${((100 * share.right) / share.rows).toFixed(1)} %), ${share.listed} listed, ${share.rows - share.right - share.listed} open`,
        );
    }
}

if (!hasCorpus) console.log(noCorpus);
else if (options.ways) printWaysOut();
else if (options.peers) runPeers(generated, corpusFiles('workflows'));
else void (Object.entries(options).every(([, value]) => value === undefined || value === false) ? write() : print());
