import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

// JSON is YAML: programs that write Compose files write it.

const engine = createEngine(rules);
const project = (web: object): object => ({ services: { web: { image: 'redis:8', ...web } }, volumes: { data: {} } });
const open = (text: string, path = 'compose.yaml') => engine.open({ path, text });

describe('a Compose file in JSON', () => {
  const bad = project({ privileged: true, ports: ['5432:5432'] });

  test.each([
    ['in one line', JSON.stringify(bad)],
    ['in lines', JSON.stringify(bad, null, 2)],
    ['with tabs', JSON.stringify(bad, null, '\t')],
    ['behind a mark and a comment', `# made by a program\n---\n${JSON.stringify(bad, null, 2)}\n`],
  ])('is checked: %s', (_, text) => {
    const { family, findings } = open(text).lint(plainContext());
    expect(family).toBe('compose');
    const said = findings.map(({ rule, range }) => [rule, text.slice(range.start, range.end)]);
    expect(said).toContainEqual(['compose/privileged', 'true']);
    expect(said).toContainEqual(['compose/published-on-all-interfaces', '5432']);
  });

  test('under the name of JSON, too', () => expect(open(JSON.stringify(bad), 'docker-compose.json').source.family).toBe('compose'));

  test.each([['  '], ['\t'], [undefined]])('stays JSON when it is hardened', indent => {
    const text = JSON.stringify(project({ ports: ['5432:5432'] }), null, indent);
    const after = open(text).harden(plainContext()).text;
    expect(JSON.parse(after)).toMatchObject({
      services: { web: { read_only: true, ports: ['127.0.0.1:5432:5432'], pids_limit: 256 } },
      volumes: { data: {} },
    });
  });
});
