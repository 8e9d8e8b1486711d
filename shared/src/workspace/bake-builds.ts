import { writtenArguments } from './build-arguments';
import type { Build } from './build';

/** A target of a bake file, as it is written: its texts by key, lists as their items. */
type Target = Map<string, readonly string[]>;

/** More targets of one file are not read. */
const most = 200;

/** The builds of a bake file (`docker-bake.hcl`): its targets, with what they inherit and the defaults of its variables. */
export function bakeBuilds(text: string): readonly Build[] {
  const targets = new Map<string, Target>();
  const variables = new Map<string, string>();
  const places = new Map<string, number>();
  let open: { readonly kind: string; readonly name: string } | null = null;
  let list: { readonly key: string; readonly items: string[] } | null = null;
  /** The arguments of a target that are being read. */
  let given: string[] | null = null;
  let at = 0;
  let depth = 0;
  for (const whole of text.split('\n')) {
    const start = at;
    at += whole.length + 1;
    const line = whole.trim().slice(0, 2000);
    if (/^(?:#|\/\/)/.test(line)) continue;
    const block = /^(target|variable)\s+"([^"]{1,100})"\s*\{/.exec(line);
    if (block && targets.size < most) {
      open = { kind: block[1]!, name: block[2]! };
      places.set(open.name, start);
      if (open.kind === 'target') targets.set(open.name, new Map());
    }
    const inside = depth;
    for (const char of line.replace(/"[^"]*"/g, '')) depth = Math.max(0, depth + (char === '{' ? 1 : char === '}' ? -1 : 0));
    // what is in an object of a target has keys of its own
    if (inside === 1) {
      given = open?.kind === 'target' && /^args {0,9}=/.test(line) ? [] : null;
      if (given) targets.get(open!.name)!.set('args', given);
    }
    if (given && inside > 0) {
      const pairs = line.replace(/^args {0,9}=/, '').matchAll(/(?:^|[{,]) {0,9}"?(\w{1,60})"? {0,9}[=:] {0,9}"([^"]{0,400})"/g);
      for (const [, key, value] of pairs) given.push(`${key}=${value}`);
    }
    if (given && inside === 1) continue;
    if (open === null || inside > 1) continue;
    const set = /(?:^|\{\s*)([\w-]+)\s*=\s*(\[)?/.exec(line);
    const words = [...(set ? line.slice(set.index + set[0].length) : line).matchAll(/"([^"]{0,400})"/g)].map(match => match[1]!);
    if (list === null && set) {
      if (set[2]) list = { key: set[1]!, items: [] };
      else if (open.kind === 'target') targets.get(open.name)!.set(set[1]!, words.slice(0, 1));
      else if (set[1] === 'default' && words.length > 0) variables.set(open.name, words[0]!);
    }
    if (list !== null) {
      list.items.push(...words);
      if (open.kind === 'target') targets.get(open.name)!.set(list.key, list.items);
      if (line.includes(']')) list = null;
    }
    if (depth === 0) open = null;
  }
  const filled = (value: string): string => value.replace(/\$\{(\w{1,60})\}/g, (all, name: string) => variables.get(name) ?? all);
  const valueIn = (name: string, key: string, steps = 0): readonly string[] => {
    const own = targets.get(name);
    const value = own?.get(key);
    if (value !== undefined || steps > 3) return value ?? [];
    return (
      (own?.get('inherits') ?? [])
        .slice(0, 4)
        .map(base => valueIn(base, key, steps + 1))
        .findLast(found => found.length > 0) ?? []
    );
  };
  return [...targets.keys()].flatMap(name => {
    const one = (key: string): string => filled(valueIn(name, key)[0] ?? '');
    const start = places.get(name)!;
    return valueIn(name, 'tags').map(tag => ({
      image: filled(tag),
      dockerfile: one('dockerfile') || null,
      context: one('context'),
      target: one('target') || null,
      args: writtenArguments(valueIn(name, 'args').map(filled)),
      range: { start, end: start + 1 },
      inContext: true,
    }));
  });
}
