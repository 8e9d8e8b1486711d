import type { NamedImage } from '../../../rule/checks/image/named-image';
import { changedText } from '../../../syntax/image/changes';
import type { Operation } from '../../../rule/fix/types';
import { parseImageReference, type ImageReference, type InvalidImageReference } from '../../../syntax/image/reference';
import { range, type Range } from '../../../base/text/range';
import { isVariable } from '../../../syntax/yaml/certainty';
import { setValue } from '../../../syntax/yaml/operations';
import { textRange } from '../../../syntax/yaml/text-range';
import { partRange, rawText } from './items';
import { placeOf } from './places';
import { rangeIn, type ComposeView, type ServiceView } from './types';
import { isNull, itemsOfValue, member, textOf, type Value } from './value';

/** The image of a service, or of what runs before it: the view of the target `image`. */
export interface ComposeImage extends NamedImage {
  readonly target: 'image';
  readonly service: ServiceView;
}

/** The images that a service pulls, or one of those that share an anchor; one that is built here goes by a name of its own. */
export function imagesOf(service: ServiceView): readonly ComposeImage[] {
  const image = service.at('image');
  const own = image && !isNull(image) && isPulled(service, image) && !isBuiltHere(service, image) ? [image] : [];
  const hooks = itemsOfValue(service.at('pre_start')).flatMap(hook => member(hook, 'image') ?? []);
  return [...own, ...hooks].flatMap(value => {
    const there = rangeIn(service.compose.document, value);
    return there && value.kind === 'scalar' && value.node?.kind === 'scalar' && !service.isInherited(value) ? [viewOf(service, value)] : [];
  });
}

/** Whether a service, or one of those that share an anchor, runs an image as it is, and does not only call by its name what it builds. */
function isPulled(service: ServiceView, image: Value): boolean {
  const runs = (one: ServiceView): boolean => one.at('image')?.node?.range.start === image.node?.range.start && isNull(one.at('build'));
  return service.users === null ? isNull(service.at('build')) : service.users.some(runs);
}

/** The names that services of a file give to what they build: each service asks. */
const built = new WeakMap<ComposeView, ReadonlySet<string | null>>();

/** Whether another service of the file builds the image. */
function isBuiltHere({ compose }: ServiceView, image: Value): boolean {
  let names = built.get(compose);
  if (!names) {
    const building = compose.services.filter(other => !isNull(other.at('build')));
    built.set(compose, (names = new Set(building.map(other => textOf(other.at('image'))))));
  }
  const name = textOf(image);
  return name !== null && names.has(name);
}

function viewOf(service: ServiceView, value: Value): ComposeImage {
  const { document } = service.compose;
  const raw = rawText(value);
  const known = textOf(value);
  const text = known === null || isVariable(known) ? null : known;
  const reference: ImageReference | InvalidImageReference | null = text === null ? null : parseImageReference(text);
  const literal = !raw.includes('$') && text !== null;
  const inner = value.node?.kind === 'scalar' ? textRange(document, value.node).range : range(0, 0);
  // of an empty one, the quotes
  const whole = inner.end > inner.start ? inner : (rangeIn(document, value) ?? inner);
  const path = value.node && placeOf(document, value.node);
  return {
    target: 'image',
    service,
    text: text ?? raw,
    reference,
    range: whole,
    label: labelOf(text, reference, raw),
    literal,
    maybeOther: false,
    pinnable: literal && path !== null,
    settled: () => text !== null,
    at: (part?: Range) =>
      part && part.end > part.start && literal && text === raw ? partRange(service, value, part.start, part.end) : whole,
    rewrite: changes => (literal && path && text !== null ? [setValue(path, changedText(text, changes))] : null),
    pin: (digest): readonly Operation[] => (path && text !== null ? [setValue(path, `${text}@${digest}`)] : []),
  };
}

function labelOf(text: string | null, reference: ImageReference | InvalidImageReference | null, raw: string): string {
  if (text === null) return raw;
  return reference?.invalid === null ? text.slice(reference.ranges.name.start, reference.ranges.name.end) : text;
}
