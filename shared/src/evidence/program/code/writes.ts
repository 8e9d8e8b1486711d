import { fileOfUrl } from '../file-url';
import { streams } from './library';
import type { Program } from './program';
import type { Argument, Call, Expr, Unit } from './tree';
import type { Frame, Module, Value } from './values';
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
  const { evaluator, live, moduleOf, framesOf } = program;
  const found: CodeWrite[] = [];

  function add(
    values: readonly Value[],
    module: Module,
    how: Pick<CodeWrite, 'does' | 'makes' | 'written'> & Pick<WriteCall, 'isCertain' | 'isUrl'>,
  ): void {
    const { does, makes, written, isCertain, isUrl } = how;
    // what is nothing at first is given a value before it is used
    const known = values.filter(
      value => value.k !== 'nothing' && value.k !== 'const' && !(value.k === 'library' && streams.has(value.name)),
    );
    if (known.length === 0 && isCertain && values.some(({ k }) => k === 'nothing'))
      found.push({ module, path: null, isOpen: false, does, makes, written });
    for (const value of known) {
      if (found.length >= most) return;
      const text = value.k === 'text' ? fileOfUrl(value.text, isUrl) : null;
      if (value.k === 'text' && text !== null && !(text === '' && !value.isOpen))
        found.push({ module, path: text, isOpen: value.isOpen, does, makes, written });
      else if (value.k !== 'text' && isCertain) found.push({ module, path: null, isOpen: false, does, makes, written });
    }
  }

  const one = (
    call: Call,
    place: number,
    keywords: readonly string[],
    frame: Frame | null,
  ): readonly [Argument, readonly Value[]] | null => {
    const keyed = call.args.find(({ name }) => name !== null && keywords.includes(name));
    const argument =
      keyed ?? (call.args.slice(0, place + 1).some(({ name, isSpread }) => name !== null || isSpread) ? undefined : call.args[place]);
    if (argument && keyed === undefined && keywords.length > 0) {
      // `multer({ dest: path })`
      const options = evaluator.of(argument.value, frame).flatMap(value => (value.k === 'entries' ? entriesNamed(value, keywords) : []));
      if (options.length > 0) return [argument, options];
    }
    return argument ? [argument, evaluator.of(argument.value, frame)] : null;
  };

  function entriesNamed({ entries, frame }: Value & { k: 'entries' }, keywords: readonly string[]): readonly Value[] {
    return entries.flatMap(({ key, value }) =>
      key?.k === 'text' && keywords.includes(key.text) ? evaluator.of(value, frame).flatMap(handedBack) : [],
    );
  }

  /** What a function hands its last parameter, as `destination(request, file, callback)` does: `callback(null, path)`. */
  function handedBack(value: Value): readonly Value[] {
    if (value.k !== 'unit') return [value];
    const callback = value.unit.parameters.at(-1)?.name;
    const frame: Frame = { unit: value.unit, call: null, caller: null, self: null, outer: value.frame };
    return value.unit.calls.flatMap(({ callee, args }) =>
      callee.k === 'name' && callee.name === callback && args[1] ? evaluator.of(args[1].value, frame) : [],
    );
  }

  /** Whether a call opens for writing; `null`: its mode is not known. */
  function opens(call: Call, place: number, frame: Frame | null): boolean | null {
    const [, modes] = one(call, place, ['mode', 'flags'], frame) ?? [null, []];
    if (modes.length === 0) return false;
    const known = modes.map(value =>
      value.k === 'text' && !value.isOpen
        ? /[wax+]/.test(value.text) && value.text.length < 6
        : value.k === 'const' || value.k === 'nothing'
          ? false
          : null,
    );
    return known.includes(true) ? true : known.includes(null) ? null : false;
  }

  function readCall(call: Call, unit: Unit, frame: Frame | null): void {
    const module = moduleOf(unit);
    const callee = evaluator.of(call.callee, frame);
    const reported = (value: Value): readonly WriteCall[] => {
      if (value.k === 'library') {
        const own = libraryWrites(value.name);
        const last = value.name.slice(value.name.lastIndexOf('.') + 1);
        return own.length > 0 || !value.name.includes('.')
          ? own
          : methodWrites(last).filter(({ path, isCertain }) => (path === 'receiver' ? value.name.includes('()') : !isCertain));
      }
      return value.k === 'method' && value.of.k !== 'made' && value.of.k !== 'unit' && value.of.k !== 'entries'
        ? methodWrites(value.name)
        : [];
    };
    for (const value of callee)
      for (const row of reported(value)) {
        if (row.mode !== null && opens(call, row.mode, frame) !== true) continue;
        const written = (span: { readonly from: number; readonly to: number }): string => module.code.text.slice(span.from, span.to);
        if (row.count !== null && row.count !== call.args.length) continue;
        if (row.path === 'receiver') {
          // a name that is not known may be anything with a method of that name
          const isTold =
            row.mode === null && (row.telling.length === 0 || call.args.some(({ name }) => name !== null && row.telling.includes(name)));
          const receiver: Value = value.k === 'method' ? value.of : value;
          add([receiver], module, {
            ...row,
            makes: row.makes || isRecursive(call, frame),
            isCertain: row.isCertain && isTold,
            written: written({ from: call.from, to: call.from + dotOf(module, call) }),
          });
          continue;
        }
        const found = one(call, row.path, row.keywords, frame);
        const isOption = row.path === 99;
        if (found)
          add(isOption && found[1].some(({ k }) => k === 'entries') ? [] : found[1], module, {
            ...row,
            makes: row.makes || isRecursive(call, frame),
            written: written(found[0]),
          });
        else if (isOption) {
          const [first] = call.args;
          const options =
            first && row.keywords.length > 0
              ? evaluator.of(first.value, frame).flatMap(each => (each.k === 'entries' ? entriesNamed(each, row.keywords) : []))
              : [];
          if (first && options.length > 0) add(options, module, { ...row, written: written(first) });
          else if (row.standard !== null)
            add([{ k: 'text', text: row.standard, isOpen: false }], module, { ...row, written: row.standard });
        } else if (row.standard !== null)
          add([{ k: 'text', text: row.standard, isOpen: false }], module, { ...row, written: row.standard });
      }
  }

  const dotOf = (module: Module, call: Call): number => {
    const text = module.code.text.slice(call.from, call.args[0]?.from ?? call.to);
    return text.lastIndexOf('.') < 0 ? text.length : text.lastIndexOf('.');
  };

  /** `{ recursive: true }`, `parents=True`. */
  function isRecursive(call: Call, frame: Frame | null): boolean {
    return call.args.some(
      ({ name, value }) =>
        name === 'parents' ||
        (value.k === 'object' &&
          value.entries.some(({ key, value: is }) => key?.k === 'text' && key.text === 'recursive' && evaluator.truth(is, frame) === true)),
    );
  }

  for (const unit of live) {
    const calls = unit.calls.filter(({ callee }) => mayBeWrite(callee));
    const sets = unit.sets.filter(({ name }) => writeSettings.some(setting => setting.name === name));
    if (calls.length === 0 && sets.length === 0) continue;
    for (const frame of framesOf(unit)) {
      for (const call of calls) if (!evaluator.isDead(call.when, frame)) readCall(call, unit, frame);
      for (const { name, value, when, beside } of sets) {
        if (evaluator.isDead(when, frame)) continue;
        for (const row of writeSettings) {
          if (row.name !== name) continue;
          const [key, ends] = row.beside ?? [];
          const isMeant =
            key === undefined ||
            beside.some(each => each.key?.k === 'text' && each.key.text === key && each.value.k === 'text' && ends!.test(each.value.text));
          if (!isMeant) continue;
          const values = evaluator
            .of(value, frame)
            .map((each): Value => (row.under !== null && each.k === 'text' ? under(each, row.under) : each));
          add(values, moduleOf(unit), { does: row.does, makes: false, isCertain: row.beside !== null, isUrl: row.isUrl, written: name });
        }
      }
    }
  }
  return found;
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
