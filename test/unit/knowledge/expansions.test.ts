import { describe, expect, test } from 'vitest';
import { literalsOf } from '../../../shared/src/knowledge/secrets/expansions';

/** What a value may become when nobody sets anything else. */
describe('literals in what shells, make, Compose, Spring and templates fill in', () => {
  test.each<[value: string, literals: readonly string[]]>([
    ['hunter2', ['hunter2']],
    ['$X', ['$X']],
    ['${X}', []],
    ['${X:-hunter2}', ['hunter2']],
    ['${X-hunter2}', ['hunter2']],
    ['${X:=hunter2}', ['hunter2']],
    ['${X:+hunter2}', ['hunter2']],
    ['${X:?not set}', []],
    ['${X?not set}', []],
    ['${#X}', []],
    ['${X%.*}', []],
    ['${X:-${Y:-${Z:-hunter2}}}', ['hunter2']],
    ['${X:-a b}', ['a b']],
    ['$${X:-hunter2}', ['hunter2']],
    ['${db.password:hunter2}', ['hunter2']],
    ['${db-password:hunter2}', ['password:hunter2', 'hunter2']],
    ['$(echo hunter2)', ['hunter2']],
    ["$(printf '%s' 'hunter2')", ['hunter2']],
    ['$(echo -n hunter2 | base64)', ['hunter2']],
    ['$(echo "${X:-hunter2}")', ['hunter2']],
    ['$(cat <<< hunter2)', ['hunter2']],
    ['$(cat /run/secrets/x)', []],
    ['`echo hunter2`', ['hunter2']],
    ['$(shell echo hunter2)', ['hunter2']],
    ['$(or $(X),hunter2)', ['hunter2']],
    ['$(if $(X),one,two)', ['one', 'two']],
    ['$(X)', []],
    ['${{ secrets.X }}', []],
    ["${{ secrets.X || 'hunter2' }}", ['hunter2']],
    ["${{ github.ref == 'refs/heads/main' && 'one' || 'two' }}", ['one', 'two']],
    ["${{ hashFiles('**/x') }}", []],
    ['{{ .Values.x }}', []],
    ['{{ .Values.x | default "hunter2" | quote }}', ['hunter2']],
    ['{{ default "hunter2" .Values.x }}', ['hunter2']],
    ['{{ coalesce .Values.x $y "hunter2" }}', ['hunter2']],
    ["{{ x | default('hunter2') }}", ['hunter2']],
    ['{{ "hunter2" | b64enc }}', ['hunter2']],
    ['{{ include "chart.name" . }}', []],
    ['{{ index .Values "db-password" }}', []],
    ['{{ required "set it" .Values.x }}', []],
    ['pre1fix2-${X}', ['pre1fix2']],
    ['postgres://app:${X}@db', []],
    ['${X:-hunter2', ['hunter2']],
    ['$(echo hunter2', ['hunter2']],
  ])('%j', (value, literals) => {
    expect([...literalsOf(value)]).toEqual(literals);
  });

  test('nesting has an end', () => {
    const deep = `${'${A:-'.repeat(50)}hunter2${'}'.repeat(50)}`;
    expect([...literalsOf(deep)]).toEqual([]);
  });
});
