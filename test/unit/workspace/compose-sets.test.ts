import { describe, expect, test } from 'vitest';
import { composeSetFacts } from '../../../shared/src/workspace/compose-sets';

const sets = (text: string, path = 'up.sh'): readonly string[] => composeSetFacts(text, path).map(({ files }) => files.join(' '));

describe('Compose files that a command loads together', () => {
  test.each<[string, string, string[]]>([
    ['docker compose -f a.yaml -f b.yaml up -d', 'up.sh', ['a.yaml b.yaml']],
    ['docker-compose --file a.yaml --file=b.yaml config', 'up.sh', ['a.yaml b.yaml']],
    ['podman-compose -f "a.yaml" -f \'b.yaml\' up', 'up.sh', ['a.yaml b.yaml']],
    ['docker compose \\\n  -f a.yaml \\\n  -f b.yaml \\\n  up', 'up.sh', ['a.yaml b.yaml']],
    ['export COMPOSE_FILE=a.yaml:b.yaml', 'up.sh', ['a.yaml b.yaml']],
    ['COMPOSE_FILE: a.yaml:b.yaml', 'ci.yml', ['a.yaml b.yaml']],
    ['docker compose -f ../a.yaml -f b.yaml up', 'ci/up.sh', ['a.yaml ci/b.yaml']],
    ['docker compose -f a.yaml -f b.yaml up', 'ci/up.sh', ['ci/a.yaml ci/b.yaml', 'a.yaml b.yaml']],
    ['docker compose -f a.yaml up && docker compose -f b.yaml up', 'up.sh', []],
    ['docker compose -f a.yaml logs -f web', 'up.sh', []],
    ['docker compose -f $FILE -f b.yaml up', 'up.sh', []],
    ['docker compose -f /etc/a.yaml -f b.yaml up', 'up.sh', []],
    ['docker compose -f ../../a.yaml -f b.yaml up', 'ci/up.sh', []],
    ['docker build -f a -f b . # compose', 'up.sh', []],
    ['docker compose -p shop --profile a -f a.yaml --env-file x -f b.yaml up -f c', 'up.sh', ['a.yaml b.yaml']],
    ['# docker compose', 'up.sh', []],
    ['run(["docker", "compose", "-f", "a.yaml", "-f", "b.yaml"])', 'up.py', ['a.yaml b.yaml']],
    ['# compose\nfiles = ["-f", "a.yaml"]\nif CI:\n    files += ("-f", "b.yaml")\n', 'ci/up.py', ['ci/a.yaml ci/b.yaml', 'a.yaml b.yaml']],
    ['# compose\nup(["-f", "a.yaml"])\nup(["-f", "b.yaml"])\n', 'up.py', []],
    ['# compose\nfiles = ["-f", f"{name}.yaml", "-f", "b.yaml"]\n', 'up.py', []],
  ])('%s', (text, path, expected) => {
    expect(sets(text, path)).toEqual(expected);
  });

  test('says where it stands in its file', () => {
    const text = 'echo\ndocker compose -f a -f b up\n';
    const [fact] = composeSetFacts(text, 'up.sh', { base: 10, folders: [''] });
    expect(fact?.range).toEqual({ start: 15, end: 15 + 'docker compose -f a -f b'.length });
  });
});
