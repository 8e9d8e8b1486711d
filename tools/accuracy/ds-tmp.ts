import { createJudge } from './judge';
import { readMapping } from './mapping';
import { readReasons, reasonFor } from './reasons';
import { readRows } from './rows';
import { rules } from '../../shared/src/families/generated/index';
const judge = createJudge(rules, readMapping());
const reasons = readReasons();
const by = new Map<string, any>();
for (const row of readRows().filter(r => ['zizmor', 'poutine', 'glsec'].includes(r.peer))) {
  const v = judge(row);
  const k = `${row.peer} ${row.rule}`;
  const c = by.get(k) ?? { rows: 0, unmapped: 0, hit: 0, hitRight: 0, clean: 0, cleanRight: 0, uncounted: 0, miss: [] };
  by.set(k, c);
  c.rows++;
  if (!v) { c.unmapped++; continue; }
  if (v.uncounted) { c.uncounted++; continue; }
  c[row.expect]++;
  if (v.right) c[row.expect + 'Right']++;
  else c.miss.push([row.id, row.expect, reasonFor(reasons, row)?.kind, reasonFor(reasons, row)?.words ?? (reasonFor(reasons, row) as any)?.reason, JSON.stringify({p: row.marks['persona'], f: row.marks['findings']}).slice(0,300)]);
}
for (const [k, c] of [...by].sort()) console.log(k, JSON.stringify({ ...c, miss: undefined }), process.argv[2] ? '\n   ' + c.miss.map((m: any) => m.join(' | ')).join('\n   ') : '');
