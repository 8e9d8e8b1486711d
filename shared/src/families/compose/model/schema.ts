import { composeRoot, shapeOf, type ComposeShape } from '../../../knowledge/compose-schema';
import { isEqualValue, type Complain, type MapValue, type ScalarValue, type Steps, type Value } from './value';

const patterns: Readonly<Record<string, RegExp>> = {
  'pull-policy': /^(?:always|never|build|if_not_present|missing|refresh|daily|weekly|every_(?:[0-9]+[wdhms])+)$/,
  'container-name': /[a-zA-Z0-9][a-zA-Z0-9_.-]/,
};

/** Holds a project against the schema of the specification, as the loader does: each value that it refuses is a problem of its own. */
export function checkSchema(root: MapValue, complain: Complain): void {
  check(root, composeRoot(), [], complain);
}

function check(value: Value, written: ComposeShape, steps: Steps, complain: Complain): void {
  const shape = shapeOf(written);
  if (shape.one) return checkOne(value, shape.one, steps, complain);
  if (shape.types && !shape.types.some(type => hasType(value, type)))
    return complain('type', `must be ${shape.types.join(' or ')}`, steps, value, { wanted: shape.types });
  if (value.kind === 'map') checkMap(value, shape, steps, complain);
  else if (value.kind === 'list') {
    const { items } = shape;
    if (items) value.items.forEach((item, index) => check(item, items, [...steps, index], complain));
    if (shape.unique) checkUnique(value.items, steps, complain);
  } else checkScalar(value, shape, steps, complain);
}

/** Of alternatives the one counts whose type the value has: the others would only say that it has not. */
function checkOne(value: Value, alternatives: readonly ComposeShape[], steps: Steps, complain: Complain): void {
  const open = alternatives.map(shapeOf).filter(shape => !shape.types || shape.types.some(type => hasType(value, type)));
  if (open.length === 0) {
    const wanted = [...new Set(alternatives.flatMap(shape => typesOf(shape)))];
    return complain('type', `must be ${wanted.join(' or ')}`, steps, value, { wanted });
  }
  if (open.length === 1) return check(value, open[0]!, steps, complain);
  const fits = open.some(shape => {
    let isGood = true;
    check(value, shape, steps, () => void (isGood = false));
    return isGood;
  });
  if (!fits) check(value, open[0]!, steps, complain);
}

function typesOf(written: ComposeShape): readonly string[] {
  const shape = shapeOf(written);
  return shape.types ?? shape.one?.flatMap(typesOf) ?? [];
}

function hasType(value: Value, type: string): boolean {
  if (value.kind === 'map') return type === 'object';
  if (value.kind === 'list') return type === 'array';
  if (value.unknown) return type !== 'object' && type !== 'array' && type !== 'null';
  switch (type) {
    case 'string':
      return typeof value.value === 'string';
    case 'boolean':
      return typeof value.value === 'boolean';
    case 'number':
      return typeof value.value === 'number';
    case 'integer':
      return typeof value.value === 'number' && Number.isInteger(value.value);
    default:
      return type === 'null' && value.value === null;
  }
}

/** The keys of a map that the user chooses: names of services, volumes, networks. */
const nameKey = /^[a-zA-Z0-9._-]+$/;

function checkMap(map: MapValue, shape: ComposeShape, steps: Steps, complain: Complain): void {
  for (const [name, { key, value }] of map.entries) {
    const field = shape.fields && Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    const below = [...steps, name];
    if (field) check(value, field, below, complain);
    else if (shape.x && name.startsWith('x-')) continue;
    else if (shape.names && nameKey.test(name)) check(value, shape.names, below, complain);
    else if (shape.any && name !== '') check(value, shape.any, below, complain);
    else if (shape.closed)
      complain('unknown-field', `additional property ${name} not allowed`, below, value, { range: key?.range ?? null });
  }
  for (const name of shape.required ?? [])
    if (!map.entries.has(name)) complain('value', `missing property ${name}`, steps, map, { kind: 'missing', name });
}

function checkScalar(scalar: ScalarValue, shape: ComposeShape, steps: Steps, complain: Complain): void {
  const { value, unknown } = scalar;
  if (unknown) return;
  if (shape.enum && !shape.enum.includes(String(value)))
    complain('value', `must be one of ${shape.enum.join(', ')}`, steps, scalar, { wanted: shape.enum });
  if (shape.pattern !== undefined && typeof value === 'string' && patterns[shape.pattern]?.test(value) === false)
    complain('value', `does not match ${shape.pattern}`, steps, scalar);
  if (typeof value !== 'number') return;
  if (shape.minimum !== undefined && value < shape.minimum) complain('value', `must be at least ${shape.minimum}`, steps, scalar);
  if (shape.maximum !== undefined && value > shape.maximum) complain('value', `must be at most ${shape.maximum}`, steps, scalar);
}

function checkUnique(items: readonly Value[], steps: Steps, complain: Complain): void {
  const seen = new Map<string, Value[]>();
  items.forEach((item, index) => {
    if (item.kind === 'scalar' && item.unknown) return;
    const key = item.kind === 'scalar' ? `${typeof item.value} ${String(item.value)}` : item.kind;
    const before = seen.get(key) ?? [];
    const other = before.find(one => isEqualValue(one, item));
    if (other) complain('equal-items', `items are equal`, [...steps, index], item, { other });
    // maps that differ are compared with each other: only with so many that nothing slows down
    else if (before.length < 50) seen.set(key, [...before, item]);
  });
}

/** The fields that the schema knows at a place of a project; `null` where keys are the user's own, or nothing is known. */
export function fieldsAt(steps: Steps): readonly string[] | null {
  let shape: ComposeShape | undefined = composeRoot();
  for (const step of steps) {
    shape = shape && stepInto(shape, step);
    if (!shape) return null;
  }
  const whole = alternatives(shape).find(one => one.fields);
  return whole?.fields ? Object.keys(whole.fields) : null;
}

function alternatives(written: ComposeShape): readonly ComposeShape[] {
  const shape = shapeOf(written);
  return shape.one ? shape.one.flatMap(alternatives) : [shape];
}

function stepInto(written: ComposeShape, step: string | number): ComposeShape | undefined {
  for (const shape of alternatives(written)) {
    const next =
      typeof step === 'number'
        ? shape.items
        : shape.fields && Object.hasOwn(shape.fields, step)
          ? shape.fields[step]
          : (shape.names ?? shape.any);
    if (next) return next;
  }
  return undefined;
}
