import type { Evaluator } from './evaluator';
import { baseName, constants, usualName } from './library';
import { folderAround, mostValues, nothing, textValue, unknown, type Module, type Value } from './values';

const environments: ReadonlySet<string> = new Set(['os.environ', 'process.env', 'Bun.env']);

/** Methods of dictionaries: no entry is meant by them. */
const dictionaryMethod = /^(?:get|pop|setdefault|items|keys|values|copy|update|has|hasOwnProperty)$/;

/** What a name of a class stands for in its objects and in itself. */
function ofClass(e: Evaluator, value: Value & { k: 'made' | 'unit' }, name: string): readonly Value[] {
  const { scope, kind } = value.unit;
  return kind === 'class' && scope.names.has(name) ? e.bound(scope, name, null) : [{ k: 'method', of: value, name }];
}

export function member(e: Evaluator, value: Value, name: string): readonly Value[] {
  switch (value.k) {
    case 'made': {
      const fields = value.unit.fields.get(name)?.filter(({ when }) => !e.isDead(when));
      if (!fields?.length) return ofClass(e, value, name);
      const values = fields.flatMap(each => e.of(each.value));
      return values.every(({ k }) => k === 'nothing') ? [unknown] : values;
    }
    case 'unit':
      return ofClass(e, value, name);
    case 'module': {
      const own = e.exported(value.module, name);
      const below = own.length === 0 && value.module.code.language === 'python' ? e.around.imported(`.${name}`, value.module) : null;
      return own.length > 0 ? own : [below ? { k: 'module', module: below } : unknown];
    }
    case 'library': {
      const whole = usualName(`${value.name}.${name}`);
      if (environments.has(value.name)) return [dictionaryMethod.test(name) ? { k: 'library', name: whole } : e.variable(name)];
      // flask.palletsprojects.com: instance folders
      if (whole.endsWith('Flask().instance_path')) return [textValue(`${e.around.workdir}/instance`)];
      if (Object.hasOwn(constants, whole)) return [textValue(constants[whole]!)];
      return set(e, name) ?? [{ k: 'library', name: whole }];
    }
    case 'entries': {
      const own = value.entries.findLast(({ key }) => key === name);
      if (own) return e.of(own.value);
      // of an object that is written down whole, what is not in it is nothing
      const isWhole = value.entries.every(({ key }) => key !== null) && !dictionaryMethod.test(name);
      return [isWhole ? nothing : { k: 'method', of: value, name }];
    }
    case 'meta':
      return [metaOf(value.module, name)];
    case 'text':
      if (name === 'parent') return [folderAround(value)];
      if (name === 'name') return [baseName(value)];
      return [/^(?:href|pathname|value|path)$/.test(name) ? value : { k: 'method', of: value, name }];
    case 'nothing':
      return [nothing];
    case 'unknown':
    case 'method':
      return set(e, name) ?? [{ k: 'method', of: value, name }];
    default:
      return [{ k: 'method', of: value, name }];
  }
}

/** What a name is by the settings of a framework; `undefined`: they do not have it. */
function set(e: Evaluator, name: string): readonly Value[] | undefined {
  const values = /^[A-Z][A-Z\d_]+$/.test(name) ? e.around.setting(name) : [];
  return values.length === 0 ? undefined : values.flatMap(value => e.of(value));
}

export function indexed(e: Evaluator, value: Value, key: Value): readonly Value[] {
  if (key.k === 'text' && !key.isOpen) {
    if (value.k !== 'library' || environments.has(value.name)) return member(e, value, key.text);
    return set(e, key.text) ?? [unknown];
  }
  if (key.k === 'const' && typeof key.value === 'number') {
    if (value.k === 'method' && value.name === 'parents' && value.of.k === 'text')
      return [Array.from({ length: Math.min(key.value, 12) + 1 }).reduce<Value>(folderAround, value.of)];
    return element(e, value, key.value);
  }
  return value.k === 'entries' ? value.entries.flatMap(each => (each.key === null ? unknown : e.of(each.value))) : [unknown];
}

export function element(e: Evaluator, value: Value, place: number | null): readonly Value[] {
  if (value.k === 'list') {
    const items = place === null ? value.items : value.items.slice(place, place < 0 ? place + 1 || undefined : place + 1);
    return items.length === 0 ? [place === null ? nothing : unknown] : items.slice(0, mostValues).flatMap(item => e.of(item));
  }
  if (value.k === 'entries' && place === null) return value.entries.map(({ key }) => (key === null ? unknown : textValue(key)));
  return [unknown];
}

/** What a module of JavaScript knows of itself. */
function metaOf({ image, isMain }: Module, name: string): Value {
  if (name === 'main') return { k: 'const', value: isMain };
  return name === 'url'
    ? textValue(`file://${image}`)
    : name === 'filename'
      ? textValue(image)
      : name === 'dirname'
        ? folderAround(textValue(image))
        : unknown;
}
