import { describe, expect, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { plainContext } from '../../tools/lint-context';
import { expectProportional } from './growth';
import { patience, unseenPath } from '../support/growth';
import { directiveShapes } from './hostile/shapes/directives';

const engine = createEngine(rules);
const context = { ...plainContext('strict'), sizeLimit: 1 << 24 };

describe('directives that grow cost in proportion', () => {
  test.each(directiveShapes.map(shape => [shape.name, shape] as const))(
    '%s',
    (name, { path, make }) => {
      expectProportional(
        name,
        n => make(n * 10),
        text => engine.open({ path: unseenPath(path), text }).lint(context).findings,
      );
    },
    patience,
  );

  test('there are some', () => expect(directiveShapes.length).toBeGreaterThan(40));
});
