import data from './data/compose-schema.json';

/** The type of a value in a Compose file, from the JSON schema of the specification (see the data's `source`). */
export interface ComposeShape {
  /** The name of another type that this one is; see `shapeOf`. */
  readonly ref?: string;
  /** Types whose fields this one has, too. */
  readonly of?: readonly string[];
  /** `string`, `integer`, `number`, `boolean`, `null`, `object`, `array`; any where absent. */
  readonly types?: readonly string[];
  /** Alternatives, of which exactly one fits. */
  readonly one?: readonly ComposeShape[];
  readonly fields?: Readonly<Record<string, ComposeShape>>;
  /** The type of keys of the user's choice. */
  readonly any?: ComposeShape;
  /** The same where keys are names: letters, digits, `.`, `_`, `-`. */
  readonly names?: ComposeShape;
  /** Whether keys that begin with `x-` may hold anything. */
  readonly x?: boolean;
  /** Whether a key that is none of these is refused. */
  readonly closed?: boolean;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** Whether items of a list may not be equal. */
  readonly unique?: boolean;
  readonly pattern?: string;
  readonly items?: ComposeShape;
}

interface RawFile {
  readonly root: ComposeShape;
  readonly types: Readonly<Record<string, ComposeShape>>;
}

const file = data as unknown as RawFile;

/** The type of a whole Compose file. */
export function composeRoot(): ComposeShape {
  return file.root;
}

const whole = new Map<ComposeShape, ComposeShape>();

/** The type itself, where one names another or is made of others. */
export function shapeOf(shape: ComposeShape): ComposeShape {
  const named = shape.ref === undefined ? shape : (file.types[shape.ref] ?? {});
  if (!named.of) return named;
  let known = whole.get(named);
  if (!known) {
    const fields = Object.assign({}, ...named.of.map(name => file.types[name]?.fields), named.fields) as Record<string, ComposeShape>;
    whole.set(named, (known = { ...named, fields }));
  }
  return known;
}
