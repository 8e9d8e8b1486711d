import { blame } from '../../../syntax/cel/blame';
import { createRun, evaluateCel } from '../../../syntax/cel/evaluate';
import { parseCel } from '../../../syntax/cel/parse';
import { spend, type Run, type Scope } from '../../../syntax/cel/run';
import type { Cel } from '../../../syntax/cel/types';
import { CelError, type CelKey, type CelValue } from '../../../syntax/cel/values';
import { asOpen, NotKnown, tooDeep } from '../../../syntax/yaml/data';
import { keeping, type Effort } from '../../../base/text/automaton';
import { isArray, isObject, type Json } from '../../../syntax/jmespath/values';
import type { Parameters } from './parameters';
import { mapsIn, textIn, type Subject } from './subject';
import { withEffort, type Outcome } from './types';

type Entry = ReadonlyMap<string, Json>;

/** A check in CEL, whichever kind of policy it is in. */
export interface CelCheck {
  readonly conditions: readonly Entry[];
  /** The expressions of its variables, by name. */
  readonly variables: ReadonlyMap<string, string>;
  readonly validations: readonly Entry[];
  /** Whether an expression that fails lets an object through (`failurePolicy: Ignore`). */
  readonly ignoresErrors: boolean;
}

/** Longer expressions are generated. */
const longest = 20_000;

const read = keeping(parseCel);

function treeOf(text: string): Cel {
  if (text.length > longest) throw new NotKnown(tooDeep);
  const { tree, problem } = read(text);
  if (!tree) throw new NotKnown(problem ? 'an expression that does not parse' : tooDeep);
  return tree;
}

/** JSON as expressions see it: whole numbers are integers. Data of the object keeps its own form. */
export function celOf(value: Json): CelValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (isArray(value)) return value.map(celOf);
  if (isObject(value)) return new Map<CelKey, CelValue>([...value].map(([key, item]) => [key, celOf(item)]));
  return value as CelValue;
}

/** The names that expressions of policies may use. */
function scopeOf({ variables }: CelCheck, subject: Subject, parameters: Parameters, run: Run): Lazy {
  let request: CelValue | undefined;
  return new Lazy(variables, run, {
    get: wanted => {
      switch (wanted) {
        case 'object':
          return subject.cel;
        case 'oldObject':
          return null;
        case 'request':
          return (request ??= requestOf(subject));
        case 'params':
          if (parameters === undefined) throw new NotKnown('its parameters');
          return parameters;
        case 'namespaceObject':
          return namespaceOf(subject);
        default:
          return undefined;
      }
    },
  });
}

function requestOf({ group, version, kind, name, namespace }: Subject): CelValue {
  const ofKind = new Map<CelKey, CelValue>([
    ['group', group],
    ['version', version],
    ['kind', kind],
  ]);
  const request = new Map<CelKey, CelValue>([
    ['operation', 'CREATE'],
    ['kind', ofKind],
    ...(name === null ? [] : [['name', name] as const]),
    ...(namespace === null ? [] : [['namespace', namespace] as const]),
    ['dryRun', false],
  ]);
  // who asks, and through what, no file tells
  return asOpen(request);
}

function namespaceOf({ namespace, namespaceLabels }: Subject): CelValue {
  if (namespace === '') return null;
  if (namespace === null) throw new NotKnown(null);
  const labels = new Map<CelKey, CelValue>([['kubernetes.io/metadata.name', namespace], ...(namespaceLabels ?? [])]);
  const metadata = new Map<CelKey, CelValue>([
    ['name', namespace],
    ['labels', namespaceLabels ? labels : asOpen(labels)],
  ]);
  return new Map<CelKey, CelValue>([['metadata', metadata]]);
}

/** The expressions of variables, by name. */
export function variableTexts(variables: Json | undefined): ReadonlyMap<string, string> {
  return new Map(
    mapsIn(variables).flatMap(each => {
      const [name, text] = [textIn(each.get('name')), textIn(each.get('expression'))];
      return name === null || text === null ? [] : [[name, text] as const];
    }),
  );
}

/** `variables`, each worked out when it is first asked for. */
class Lazy {
  private readonly values = new Map<string, CelValue>();
  readonly scope: Scope;

  constructor(
    private readonly texts: ReadonlyMap<string, string>,
    private readonly run: Run,
    outer: Scope,
  ) {
    const view = new Variables(
      name => this.valueOf(name),
      name => this.texts.has(name),
    );
    this.scope = { get: name => (name === 'variables' ? view : outer.get(name)) };
  }

  private valueOf(name: string): CelValue {
    spend(this.run);
    const known = this.values.get(name);
    if (known !== undefined) return known;
    const value = evaluateCel(treeOf(this.texts.get(name)!), this.scope, this.run);
    this.values.set(name, value);
    return value;
  }

  /** The expression that `variables.name` means. */
  expand(node: Cel): { readonly node: Cel; readonly scope: Scope } | null {
    const text = node.is === 'select' && node.of.is === 'name' && node.of.name === 'variables' ? this.texts.get(node.name) : undefined;
    return text === undefined ? null : { node: treeOf(text), scope: this.scope };
  }
}

/** A map whose values are worked out when they are asked for. */
class Variables extends Map<CelKey, CelValue> {
  constructor(
    private readonly workOut: (name: string) => CelValue,
    private readonly isThere: (name: string) => boolean,
  ) {
    super();
  }
  override has(name: CelKey): boolean {
    return this.isThere(String(name));
  }
  override get(name: CelKey): CelValue | undefined {
    return this.has(name) ? this.workOut(String(name)) : undefined;
  }
}

/** What becomes of an object under a check in CEL that is given parameters. */
export function judgeExpressions(check: CelCheck, subject: Subject, parameters: Parameters): Found {
  return withEffort(subject, effort => judgeWithin(effort, check, subject, parameters));
}

type Found = Omit<Outcome, 'rule' | 'action' | 'message'> & { readonly message?: string };

function judgeWithin(effort: Effort, check: CelCheck, subject: Subject, parameters: Parameters): Found {
  const run = { ...createRun(), effort };
  const lazy = scopeOf(check, subject, parameters, run);
  const evaluate = (text: string): CelValue => evaluateCel(treeOf(text), lazy.scope, run);
  let unknown: NotKnown | null = null;
  for (const condition of check.conditions)
    try {
      if (evaluate(textIn(condition.get('expression')) ?? '') !== true) return { is: 'skip', path: [] };
    } catch (error) {
      if (error instanceof NotKnown) unknown = error;
      // a later condition that does not hold counts for more
      else if (error instanceof CelError) unknown ??= new NotKnown(null);
      else throw error;
    }
  if (unknown) return { is: 'unknown', path: [], reason: unknown.reason };
  for (const validation of check.validations) {
    const text = textIn(validation.get('expression')) ?? '';
    try {
      if (evaluate(text) === true) continue;
    } catch (error) {
      if (error instanceof NotKnown) {
        unknown ??= error;
        continue;
      }
      if (!(error instanceof CelError)) throw error;
      if (check.ignoresErrors) continue;
      return {
        is: 'fail',
        path: placeOfBlame(text, lazy, run),
        message: `expression '${text.trim()}' resulted in error: ${error.message}`,
      };
    }
    return { is: 'fail', path: placeOfBlame(text, lazy, run), message: messageOf(validation, evaluate) };
  }
  return unknown ? { is: 'unknown', path: [], reason: unknown.reason } : { is: 'pass', path: [] };
}

function messageOf(validation: Entry, evaluate: (text: string) => CelValue): string {
  const text = textIn(validation.get('messageExpression'));
  try {
    const said = text === null ? null : evaluate(text);
    if (typeof said === 'string' && said.trim() !== '') return said;
  } catch (error) {
    if (!(error instanceof NotKnown) && !(error instanceof CelError)) throw error;
  }
  return textIn(validation.get('message')) ?? `failed expression: ${(textIn(validation.get('expression')) ?? '').trim()}`;
}

function placeOfBlame(text: string, lazy: Lazy, run: Run): Outcome['path'] {
  const { left } = run.effort;
  run.effort.left = Math.max(left, 20_000);
  try {
    return blame(treeOf(text), lazy.scope, run, node => lazy.expand(node))?.path ?? [];
  } catch {
    return [];
  } finally {
    run.effort.left = Math.min(left, run.effort.left);
  }
}
