import { fileOfUrl } from '../file-url';
import { givenTo, isRecursive, opens } from './arguments';
import type { Evaluator } from './evaluate';
import { streams } from './library';
import type { Program } from './program';
import type { Call, Entry, Expr, SetName } from './tree';
import { textValue, unknown, type Frame, type Module, type Value } from './values';
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
export function writesOf(program: Program): readonly CodeWrite[] {
  const found: CodeWrite[] = [];
  for (const unit of program.live) {
    const calls = unit.calls.filter(({ callee }) => mayBeWrite(callee));
    const sets = unit.sets.filter(({ name }) => writeSettings.some(setting => setting.name === name));
    if (calls.length === 0 && sets.length === 0) continue;
    const module = program.moduleOf(unit);
    // any of its calls
    const frame: Frame | null = unit.kind === 'function' ? { unit, call: undefined, caller: null, self: null, outer: null } : null;
    const isDead = ({ when }: Call | SetName): boolean => program.evaluator.isDead(when, frame);
    for (const call of calls) if (!isDead(call)) found.push(...callWrites(call, module, program.evaluator, frame));
    for (const set of sets) if (!isDead(set)) found.push(...setWrites(set, module, program.evaluator, frame));
    if (found.length > most) return found.slice(0, most);
  }
  return found;
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

function callWrites(call: Call, module: Module, evaluator: Evaluator, frame: Frame | null): readonly CodeWrite[] {
  const { text } = module.code;
  return evaluator.of(call.callee, frame).flatMap(callee =>
    rowsOf(callee).flatMap((row): readonly CodeWrite[] => {
      const isOpened = row.mode === null || opens(call, row.mode, evaluator, frame);
      if (isOpened === false || (row.count !== null && row.count !== call.args.length)) return [];
      const makes = row.makes || isRecursive(call, evaluator, frame);
      if (row.path === 'receiver') {
        // a name that is not known may be anything with a method of that name
        const isTold =
          row.mode === null && (row.telling.length === 0 || call.args.some(({ name }) => name !== null && row.telling.includes(name)));
        const receiver: Value = callee.k === 'method' ? callee.of : callee;
        const name = call.callee.k === 'member' ? `.${call.callee.name}` : '';
        const written = text.slice(call.from, Math.max(call.from, text.lastIndexOf(name, call.args[0]?.from ?? call.to)));
        return placesOf([isOpened === null ? unknown : receiver], module, { ...row, makes, isCertain: row.isCertain && isTold, written });
      }
      const given = givenTo(call, row.path, row.keywords, evaluator, frame);
      if (given) {
        const written = text.slice(given.argument.from, given.argument.to);
        return placesOf(isOpened === null ? [unknown] : given.values, module, { ...row, makes, written });
      }
      return row.standard === null ? [] : placesOf([textValue(row.standard)], module, { ...row, makes, written: row.standard });
    }),
  );
}

/** What a setting has written. */
function setWrites({ name, value, beside }: SetName, module: Module, evaluator: Evaluator, frame: Frame | null): readonly CodeWrite[] {
  return writeSettings.flatMap(row => {
    if (row.name !== name) return [];
    const [key, ends] = row.beside ?? [];
    const isMeant = (each: Entry): boolean =>
      each.key?.k === 'text' && each.key.text === key && each.value.k === 'text' && ends!.test(each.value.text);
    if (key !== undefined && !beside.some(isMeant)) return [];
    const values = evaluator.of(value, frame).map(each => (row.under !== null && each.k === 'text' ? under(each, row.under) : each));
    return placesOf(values, module, { does: row.does, makes: false, isCertain: row.beside !== null, isUrl: row.isUrl, written: name });
  });
}

/** A URL of SQLite whose file counts from a folder. */
function under(value: Value & { k: 'text' }, folder: string): Value {
  const [, scheme, rest] = /^(sqlite[\w+]*:\/\/\/)([^/].*)$/.exec(value.text) ?? [];
  return scheme === undefined || rest!.startsWith(':') ? value : { ...value, text: `${scheme}${folder}/${rest}` };
}

/** Whether what is called may be what writes: a function of a library, a method, or a name that stands for one. */
function mayBeWrite(callee: Expr): boolean {
  if (callee.k === 'member') return mayWrite(callee.name) || callee.name === 'default';
  return callee.k === 'name' || callee.k === 'call' || callee.k === 'import';
}
