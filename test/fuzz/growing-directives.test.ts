import { describe, expect, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/generated/index';
import { plainContext } from '../../tools/lint-context';
import { expectProportional } from './growth';
import { directiveShapes } from './hostile/shapes/directives';

const engine = createEngine(rules);
const context = { ...plainContext('strict'), sizeLimit: 1 << 24 };

let files = 0;

describe('directives that grow cost in proportion', () => {
  test.each(directiveShapes.map(shape => [shape.name, shape] as const))(
    '%s',
    (name, { path, make }) => {
      expectProportional(
        name,
        n => make(n * 10),
        // each as a file of its own: what the engine keeps from one edit to the next would be part of the measure
        text => engine.open({ path: `${files++}/${path}`, text }).lint(context).findings,
      );
    },
    120_000,
  );

  test('there are some', () => expect(directiveShapes.length).toBeGreaterThan(40));
});
