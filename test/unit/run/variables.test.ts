import { expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';
import { expectLinear } from '../../support/growth';

const engine = createEngine(rules);
const found = (lines: string): readonly string[] =>
  engine
    .open({ path: 'run.sh', text: `#!/bin/bash\n${lines}` })
    .lint(plainContext())
    .findings.flatMap(({ rule, range }) => (rule === 'run/latest-tag' ? [`#!/bin/bash\n${lines}`.slice(range.start, range.end)] : []));

/** Where the image of a command comes from, and what is said to have a moving tag. */
it.each<[lines: string, found: readonly string[]]>([
  ['X=debian:latest\ndocker run --rm $X make\n', ['$X']],
  ['X=debian:13\ndocker run --rm $X make\n', []],
  ['X=--privileged\ndocker run --rm $X debian:latest\n', ['latest']],
  ['X="-it --rm"\ndocker run $X debian:latest\n', ['latest']],
  ['X=debian:latest\nfunction a() {\n  case $1 in\n  b) docker run --rm -v $(pwd):/a ${X} tar ;;&\n  esac\n}\n', ['${X}']],
  ['main() {\n  docker run --rm $X make\n}\nX=debian:latest\nmain\n', ['$X']],
  ['X=debian\nY=$X:latest\nZ="$Y"\ndocker run --rm "$Z"\n', ['"$Z"']],
  ['X=$Y\nY=$X\ndocker run --rm "$X"\n', []],
  ['X=debian:latest\nX+=-slim\ndocker run --rm "$X"\n', []],
  ['X=(debian:latest)\ndocker run --rm "$X"\n', []],
  ['X=$(cat image)\ndocker run --rm "$X"\n', []],
])('%j: %j', (lines, expected) => expect(found(lines)).toEqual(expected));

it.each<[name: string, line: (i: number) => string]>([
  ['each set by the one before', i => `A${i}=$A${i - 1}`],
  ['each twice the one before', i => `A${i}=$A${i - 1}$A${i - 1}`],
  ['each set by itself', i => `A${i}=\${A${i}:-debian}`],
  ['each asked for', i => `A${i}=debian:latest\ndocker run -d $A${i}`],
])('variables, %s, cost what the script does', (name, line) => {
  const script = (n: number): string => `${Array.from({ length: n }, (_, i) => line(i)).join('\n')}\ndocker run -d $A${n - 1}\n`;
  expectLinear(name, script, found, 1000);
});
