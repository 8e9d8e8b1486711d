import type { ProgramSetting } from '../../workspace/lone-facts';
import { givesPath } from './steps';

/** A parameter of a function of a program, in calls of it: of a method that makes an object, `callee` is its class. */
export interface Parameter {
  readonly callee: string;
  /** From 0, the object itself left out; of one that is taken out of an object, its key there. */
  readonly index: number | string;
  readonly name: string;
  /** The expression that it stands for where a call leaves it out; `null`: none. */
  readonly standard: string | null;
}

/** More parameters of one function are not followed. */
const most = 6;

/** What begins a class, or in Rust what belongs to one. */
const classLine =
  /^(?:export |default |abstract |final |public |internal |static |sealed |data |module\.exports = )*(?:class|impl(?:<[^>]{0,40}>)?|struct|record|object) (\w{1,60})/;

/** Functions of the usual languages, up to the bracket of their parameters. */
const functionLine =
  /^(?:export |default |public |private |protected |internal |static |final |async |override |synchronized |pub(?:\(crate\))? )*(?:(?:def|function|fn|fun|func(?: \([^)]{1,60}\))?) (?:self\.)?(\w{1,60})(?:<[^>]{0,60}>)?|(?:(?:const|let|var) |(?:module\.)?exports\.)(\w{1,60}) = (?:async )?(?:function ?)?|(?:[A-Z]\w{0,40}(?:<[\w, ]{0,40}>)?(?:\[\])? |void |int |bool(?:ean)? |string |#)?(\w{1,60})) ?\(/;

/** Words that stand in front of a bracket as functions do. */
const isStatement =
  /^(?:if|for|while|switch|catch|return|with|match|foreach|using|lock|elseif|when|unless|print|echo|new|await|yield|super|require|import|assert)$/;

/** Methods that make an object of a class. */
const maker = /^(?:__init__|constructor|initialize|__construct)$/;

/** The arguments, or parameters, of a text behind an opening bracket, up to the one that closes it; `isOpen`: it is not closed. */
export function listed(text: string): { readonly items: readonly string[]; readonly rest: string } {
  const items: string[] = [];
  let [depth, start, at] = [0, 0, 0];
  let quote = '';
  for (; at < text.length && items.length < most; at++) {
    const char = text[at]!;
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if ('"\'`'.includes(char)) quote = char;
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char) && --depth < 0) break;
    else if (char === ',' && depth === 0) {
      items.push(text.slice(start, at));
      start = at + 1;
    }
  }
  items.push(text.slice(start, at));
  return { items: items.map(item => item.trim()).filter(item => item !== ''), rest: text.slice(at + 1) };
}

/** The name of a parameter as it is declared: `path: str = 'x'`, `Path root`, `dir string`, `private string $dir`. */
function nameOf(parameter: string, isGo: boolean): string | null {
  const declared = parameter.split('=', 1)[0]!.split(':', 1)[0]!.trim();
  const words = declared.match(/[$\w]{1,60}/g) ?? [];
  return (isGo ? words[0] : words.at(-1))?.replace(/^\$/, '') ?? null;
}

/** A function of a program, or a method. */
export interface Declared {
  readonly name: string;
  readonly parameters: readonly Parameter[];
}

/** A parameter that is taken out of an object: `dir`, `dir: folder`, `dir = './data'`. */
function takenOut(text: string, callee: string): readonly Parameter[] {
  const [, key, name, standard] = /^(\w{1,60})(?: ?: ?(\w{1,60}))? ?(?:=(.*))?$/.exec(text) ?? [];
  return key === undefined ? [] : [{ callee, index: key, name: name ?? key, standard: standard ?? null }];
}

/** What makes the fields of a class of Python the parameters of what makes one. */
const dataClass = /^@(?:\w{1,30}\.)?dataclass\b|^class \w{1,60}\((?:\w{1,30}\.)?(?:BaseModel|NamedTuple)\)/;

/** A field of a class of Python, with its type. */
const field = /^(\w{1,60}): ?[^=]{1,80}(?:=(.*))?$/;

/** Reads the lines of a program one after the other for the functions that begin in them. */
export function createDeclarations(path: string): (line: string) => Declared | null {
  const isGo = path.endsWith('.go');
  const isRuby = path.endsWith('.rb');
  const isPython = path.endsWith('.py');
  let owner: string | null = null;
  /** How many fields the class has so far, if they are parameters; a decorator comes in front of the class. */
  let fields: number | null = null;
  return line => {
    const begins = classLine.exec(line)?.[1];
    if (isPython && dataClass.test(line)) fields = 0;
    else if (fields !== null && ((begins !== undefined && fields > 0) || /^(?:async )?def /.test(line))) fields = null;
    owner = begins ?? owner;
    const own = fields !== null && owner !== null && begins === undefined ? field.exec(line) : null;
    if (own) return { name: owner!, parameters: [{ callee: owner!, index: fields!++, name: own[1]!, standard: own[2] ?? null }] };
    // a method of Ruby without parameters
    const bare = isRuby ? /^def (?:self\.)?(\w{1,60})[?!]?$/.exec(line)?.[1] : undefined;
    if (bare !== undefined) return { name: bare, parameters: [] };
    const match = functionLine.exec(line);
    const name = match?.[1] ?? match?.[2] ?? match?.[3];
    if (!match || name === undefined || isStatement.test(name)) return null;
    const { items, rest } = listed(line.slice(match[0].length));
    // a call looks like a method without a word in front, but for what follows it
    if (
      match[1] === undefined &&
      !(match[2] === undefined ? /^\s*(?:throws [\w., ]{1,80})?(?::[^{=]{1,60})?\{/ : /^\s*(?::[^=]{1,60})?(?:=>|\{)/).test(rest)
    )
      return null;
    const makes = maker.test(name) || (path.endsWith('.rs') && name === 'new');
    const callee = makes && owner !== null ? owner : name;
    const parameters = items
      .map(item => ({ item, name: nameOf(item, isGo) }))
      .filter(({ name }) => name !== null && !/^(?:self|cls|this)$/.test(name))
      .flatMap(({ item, name }, index): Parameter | readonly Parameter[] =>
        item.startsWith('{')
          ? listed(item.slice(1)).items.flatMap(each => takenOut(each, callee))
          : {
              callee,
              index,
              name: name!,
              standard: (isRuby ? /^\w{1,60}: ?(.+)|=(.*)/ : /=(?!>)(.*)/).exec(item)?.slice(1).find(Boolean) ?? null,
            },
      );
    return { name, parameters };
  };
}

/** What gives back a path at the end of a Ruby method. */
const lastOfRuby = /^(?:@\w{1,40} \|\|= )?(?:File\.join|File\.expand_path|Pathname|ENV)\b/;

/** The same of a function of Rust. */
const lastOfRust = /^(?:(?:std::)?env::var|PathBuf::from|Path::new|\w{1,40}\.join)\(.*\)$/;

/**
 * Reads what the function that lines belong to gives back, where its name says that it is a path; `null`: nothing of that kind.
 * @param declared the function that begins in the line
 */
export function createReturns(
  path: string,
): (line: string, declared: Declared | null) => { readonly name: string; readonly value: string } | null {
  let inside: string | null = null;
  return (line, declared) => {
    if (declared) inside = declared.name;
    if (inside === null || !givesPath(inside)) return null;
    const at = declared ? line.lastIndexOf('=>') : -1;
    const arrow = at < 0 || /^\s?\{/.test(line.slice(at + 2)) ? undefined : line.slice(at + 2);
    const value =
      /^return\s(.+)/.exec(line)?.[1] ??
      arrow ??
      ((path.endsWith('.rb') && lastOfRuby.test(line)) || (path.endsWith('.rs') && lastOfRust.test(line))
        ? line.replace(/^@\w{1,40} \|\|= /, '')
        : undefined);
    return value === undefined ? null : { name: inside, value };
  };
}

/** The key by which a call and a parameter find each other. */
export const parameterKey = (callee: string, which: number | string): string => `@${callee}#${which}`;

/** The function, or class, that a call of a dotted name leads to: `Storage.new`, `store.New`, `helpers::save`. */
export function calleeOf(name: string): string {
  const parts = name.split(/\.|::|->/);
  const last = parts.at(-1)!;
  return last === 'new' && parts.length > 1 ? parts.at(-2)! : last;
}

/** More different places that one parameter is given are not kept. */
const mostPlaces = 6;

/** The keys under which the places are kept that a parameter is given by several calls. */
export const placeKeys = (key: string): readonly string[] =>
  Array.from({ length: mostPlaces }, (_, at) => (at === 0 ? key : `${key}|${at}`));

/** Keeps a place that a parameter is given, beside others that it is given elsewhere. */
export function putPlace(settings: Record<string, ProgramSetting>, key: string, place: ProgramSetting): void {
  for (const one of placeKeys(key)) {
    const before = (settings[one] ??= place);
    if (
      before.path === place.path &&
      before.from === place.from &&
      before.variable === place.variable &&
      before.rest === place.rest &&
      before.under === place.under
    )
      return;
  }
}
