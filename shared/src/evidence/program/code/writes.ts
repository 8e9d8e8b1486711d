import type { SyntaxNode } from '@lezer/common';
import { fileOfUrl } from '../file-url';
import { argumentsOf, calledName, type Evaluator } from './evaluator';
import { givenBy, streams } from './library';
import { commaParts, found, literal, partsOf } from './nodes';
import type { Program } from './program';
import { propertyOf } from './scan-script';
import type { Part, Unit } from './tree';
import { textValue, unknown, type Argument, type Module, type Value } from './values';
import { libraryWrites, mayWrite, methodWrites, writeSettings, type WriteCall } from './write-calls';

/** Something that a program writes while it runs. */
export interface CodeWrite {
  readonly module: Module;
  /** As it is put together, relative to where the program starts unless it is absolute; `null`: that is not known. */
  readonly path: string | null;
  /** Whether more follows that is not known. */
  readonly isOpen: boolean;
  readonly does: 'folder' | 'file';
  readonly makes: boolean;
  /** What stands in the program where the path is not known. */
  readonly written: string;
}

/** More writes of one program are not told apart. */
const most = 60;

/** What the files of a program write. */
export function writesOf({ evaluator, live, moduleOf }: Program): readonly CodeWrite[] {
  const writes: CodeWrite[] = [];
  for (const unit of live) {
    const module = moduleOf(unit);
    for (const call of unit.calls)
      if (!evaluator.isDead(call.when))
        writes.push(...(mayBeWrite(call) ? callWrites(call, module, evaluator) : []), ...handedWrites(call, module, evaluator));
    for (const set of unit.sets)
      if (writeSettings.some(({ name }) => name === set.name) && !evaluator.isDead(set.value.when))
        writes.push(...setWrites(set, module, evaluator));
    if (writes.length > most) return writes.slice(0, most);
  }
  return writes;
}

/** How something is written. */
type How = Pick<CodeWrite, 'does' | 'makes' | 'written'> & Pick<WriteCall, 'isCertain' | 'isUrl'>;

/** What is written where a path may be any of these. */
function placesOf(values: readonly Value[], module: Module, { does, makes, written, isCertain, isUrl }: How): readonly CodeWrite[] {
  const unplaced: CodeWrite = { module, path: null, isOpen: false, does, makes, written };
  // what is nothing at first is given a value before it is used
  const known = values.filter(value => value.k !== 'nothing' && value.k !== 'const' && !(value.k === 'library' && streams.has(value.name)));
  if (known.length === 0) return isCertain && values.some(({ k }) => k === 'nothing') ? [unplaced] : [];
  return known.flatMap(value => {
    if (value.k !== 'text') return isCertain ? [unplaced] : [];
    const path = fileOfUrl(value.text, isUrl);
    return path === null || (path === '' && !value.isOpen) ? [] : [{ ...unplaced, path, isOpen: value.isOpen }];
  });
}

/** What a call may write by what it calls. */
function rowsOf(callee: Value): readonly WriteCall[] {
  if (callee.k === 'library') {
    const own = libraryWrites(callee.name);
    const last = callee.name.slice(callee.name.lastIndexOf('.') + 1);
    if (own.length > 0 || !callee.name.includes('.')) return own;
    return methodWrites(last).filter(({ path, isCertain }) => (path === 'receiver' ? callee.name.includes('()') : !isCertain));
  }
  return callee.k === 'method' && !/^(?:made|unit|entries)$/.test(callee.of.k) ? methodWrites(callee.name) : [];
}

function callWrites(call: Part, module: Module, evaluator: Evaluator): readonly CodeWrite[] {
  const { text } = module.code;
  const args = argumentsOf(call);
  return evaluator.callees(call).flatMap(callee =>
    rowsOf(callee).flatMap((row): readonly CodeWrite[] => {
      const isOpened = row.mode === null || opens(args, row.mode, evaluator);
      if (isOpened === false || (row.count !== null && row.count !== args.length)) return [];
      const makes = row.makes || isRecursive(args, evaluator);
      if (row.path === 'receiver') {
        // a name that is not known may be anything with a method of that name
        const isNamed =
          row.mode === null && (row.telling.length === 0 || args.some(({ name }) => name !== null && row.telling.includes(name)));
        const member = partsOf(call.node)[0];
        const [receiver] = member?.name === 'MemberExpression' ? partsOf(member) : [];
        const written = textOf(receiver, text);
        const value = isOpened === null ? unknown : callee.k === 'method' ? callee.of : callee;
        return placesOf([value], module, { ...row, makes, isCertain: row.isCertain && isNamed, written });
      }
      const given = givenTo(args, row.path, row.keywords, evaluator);
      if (!given) return row.standard === null ? [] : placesOf([textValue(row.standard)], module, { ...row, makes, written: row.standard });
      const written = textOf(given.argument.node, text);
      return placesOf(isOpened === null ? [unknown] : given.values, module, {
        ...row,
        makes,
        written,
        isCertain: row.isCertain || given.isNamed,
      });
    }),
  );
}

/** What a call may write that is given a function which does: `to_thread(path.write_text, text)`. */
function handedWrites(call: Part, module: Module, evaluator: Evaluator): readonly CodeWrite[] {
  const { text } = module.code;
  return argumentsOf(call).flatMap(argument => {
    const parts = partsOf(argument.node);
    if (argument.node.name !== 'MemberExpression' || !mayWrite(textOf(parts.at(-1), text))) return [];
    if (evaluator.callees(call).some(({ k, ...callee }) => k === 'library' && givenBy((callee as { name: string }).name) === 'same'))
      return [];
    return evaluator.of(argument).flatMap(value =>
      rowsOf(value).flatMap(row => {
        const isReceiver = row.path === 'receiver' && value.k === 'method';
        const written = textOf(isReceiver ? parts[0] : argument.node, text);
        return row.mode === null ? placesOf([isReceiver ? value.of : unknown], module, { ...row, written }) : [];
      }),
    );
  });
}

const textOf = (node: SyntaxNode | undefined, text: string): string => (node ? text.slice(node.from, node.to) : '');

/** What a call is given at a place, by a keyword, or in an object by one of its names: `multer({ dest: path })`; `null`: nothing. */
function givenTo(
  args: readonly Argument[],
  place: number | null,
  keywords: readonly string[],
  evaluator: Evaluator,
): { readonly argument: Argument; readonly values: readonly Value[]; readonly isNamed: boolean } | null {
  const keyed = args.find(({ name }) => name !== null && keywords.includes(name));
  if (keyed) return { argument: keyed, values: evaluator.of(keyed), isNamed: false };
  const before = args.slice(0, (place ?? 0) + 1);
  const argument = before.some(({ name, isSpread }) => name !== null || isSpread) ? undefined : before[place ?? 0];
  if (!argument) return null;
  const values = evaluator.of(argument);
  const named = values.flatMap(value =>
    value.k === 'entries'
      ? value.entries.flatMap(({ key, value: own }) => (key !== null && keywords.includes(key) ? evaluator.of(own) : []))
      : [],
  );
  if (named.length > 0) return { argument, values: named, isNamed: true };
  return place === null ? null : { argument, values, isNamed: false };
}

/** Whether a call opens for writing, by the mode at a place; `null`: that is not known. */
function opens(args: readonly Argument[], place: number, evaluator: Evaluator): boolean | null {
  const known = (givenTo(args, place, ['mode', 'flags'], evaluator)?.values ?? []).map(value => {
    if (value.k === 'text' && !value.isOpen) return value.text.length < 6 && /[wax+]/.test(value.text);
    return value.k === 'const' || value.k === 'nothing' ? false : null;
  });
  return known.includes(true) ? true : known.includes(null) ? null : false;
}

/** Whether a call makes what is around its folder as well: `{ recursive: true }`, `parents=True`. */
const isRecursive = (args: readonly Argument[], evaluator: Evaluator): boolean =>
  args.some(
    each =>
      each.name === 'parents' ||
      (each.node.name === 'ObjectExpression' &&
        evaluator
          .of(each)
          .some(
            value =>
              value.k === 'entries' &&
              value.entries.some(({ key, value: is }) => key === 'recursive' && 'node' in is && evaluator.truth(is) === true),
          )),
  );

/** What a setting has written. */
function setWrites({ name, value, object }: Unit['sets'][number], module: Module, evaluator: Evaluator): readonly CodeWrite[] {
  const { text } = module.code;
  return writeSettings.flatMap(row => {
    if (row.name !== name) return [];
    const [key, ends] = row.beside ?? [];
    if (key !== undefined && !ends!.test(textBeside(object, key, text) ?? '')) return [];
    const values = evaluator.of(value).map(each => (row.urlBelow !== undefined && each.k === 'text' ? under(each, row.urlBelow) : each));
    return placesOf(values, module, {
      does: row.does,
      makes: false,
      isCertain: row.beside !== undefined,
      isUrl: row.urlBelow !== undefined,
      written: name,
    });
  });
}

/** The text that an object has under a key; `null`: none. */
function textBeside(object: SyntaxNode | null, name: string, text: string): string | null {
  for (const group of object ? commaParts(partsOf(object)) : []) {
    const { key, value } =
      group[0]!.name === 'Property' ? propertyOf(group[0]!, text) : { key: found(group, ':') ? group[0]! : null, value: group.at(-1)! };
    if (key && (literal(key, text) ?? text.slice(key.from, key.to)) === name) return literal(value, text);
  }
  return null;
}

/** A URL of SQLite whose file counts from a folder. */
function under(value: Value & { k: 'text' }, folder: string): Value {
  const [, scheme, rest] = /^(sqlite[\w+]*:\/\/\/)([^/].*)$/.exec(value.text) ?? [];
  return scheme === undefined || rest!.startsWith(':') ? value : { ...value, text: `${scheme}${folder}/${rest}` };
}

/** Whether what is called may be what writes: a function of a library, a method, or a name that stands for one. */
function mayBeWrite(call: Part): boolean {
  const callee = partsOf(call.node).find(({ name }) => name !== 'new');
  const name = calledName(call);
  return callee?.name === 'MemberExpression' ? mayWrite(name) || name === 'default' : name !== '' || callee?.name === 'CallExpression';
}
