import { CST, Schema, type ScalarTag } from 'yaml';

/** The value of a plain scalar by the core schema of YAML 1.2, as the library has it. */
type Resolve = (source: string) => string | number | boolean | null;

/** The scalars that the library knows by their text. */
const known = new Schema({ schema: 'core' }).tags.flatMap(tag =>
  tag.collection === undefined && tag.default === true && tag.test ? [tag as ScalarTag & { readonly test: RegExp }] : [],
);

/** What else than text may begin with: digits, signs, `.5`, `~`, and the words for nothing, true and false. */
const special = /^[-+.\d~nNtTfF]/;

/** The value of a plain scalar. */
export const resolvePlain: Resolve = source => {
  if (!special.test(source)) return source;
  const tag = known.find(({ test }) => test.test(source));
  if (!tag) return source;
  const value = tag.resolve(source, () => {}, {}) as { readonly value?: unknown } | string | number | boolean | null;
  const bare = typeof value === 'object' && value !== null ? value.value : value;
  return typeof bare === 'number' || typeof bare === 'boolean' || bare === null ? bare : source;
};

/** A scalar as the tokens of the library have it. */
export type ScalarToken = CST.FlowScalar | CST.BlockScalar;

/** The text of a scalar whose lines are folded or which has escapes, and where it ends; `null` where anything is wrong with it. */
export function resolveText(token: ScalarToken): { readonly value: string; readonly end: number } | null {
  let isWrong = false;
  const { value, range } = CST.resolveAsScalar(token, true, () => (isWrong = true));
  return isWrong ? null : { value, end: range[1] };
}
