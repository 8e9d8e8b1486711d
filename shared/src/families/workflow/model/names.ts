import { environmentsOf } from './environments';
import type { Placed } from './expression/find';
import type { Expression, Reference } from './expression/types';
import { nameOf, resultsOf } from './expression/walk';
import type { StepView } from './types';

/** Variables that mean something to a shell, the runner or programs: a fix gives none of them a value. */
const reserved =
  /^(?:PATH|HOME|USER|LOGNAME|CI|SHELL|ENV|IFS|PWD|OLDPWD|PS\d|LANG|TMPDIR|U?ID|EUID|PPID|RANDOM|SECONDS|LINENO|HOSTNAME|HOSTTYPE|OSTYPE|MACHTYPE|SHLVL|OPT\w{1,20}|TERM|EDITOR|PAGER|NODE_(?:OPTIONS|PATH)|JAVA_(?:HOME|TOOL_OPTIONS)|RUBY(?:OPT|LIB)|PERL5\w{1,9}|(?:GITHUB|RUNNER|INPUT|BASH|LD|DYLD|LC|NPM_CONFIG|PYTHON|GIT|DOCKER|ACTIONS)(?:_\w*)?)$/;

/** The reference that gives an expression its name. */
function mainReference(expression: Expression | null): Reference | undefined {
  return expression ? resultsOf(expression).find(result => result.kind === 'reference') : undefined;
}

/** A name for a variable with the value of an expression: of its last parts. */
function baseNameOf({ expression }: Placed): string {
  const reference = mainReference(expression);
  if (!reference) return 'VALUE';
  const parts = nameOf(reference)
    .split('.')
    .filter(part => part !== '*');
  const own = parts[0] === 'github' && parts[1] === 'event' ? parts.slice(2).slice(-2) : parts.slice(1).slice(-1);
  const name = (own.length > 0 ? own : parts.slice(-1))
    .map(part => (part === 'pull_request' ? 'pr' : part))
    .join('_')
    .toUpperCase()
    .replace(/\W/g, '_');
  return /^\d/.test(name) ? `V_${name}` : name;
}

/** A variable for an expression in a step. */
export interface Variable {
  readonly name: string;
  /** Its value in `env`; `null` where the step sees the variable already. */
  readonly value: string | null;
}

/** Names variables for expressions of a step, the same for equal ones. A variable of the step's, the job's or the workflow's `env` that holds the value already is taken. */
export function variablesFor(step: StepView, placed: readonly Placed[], code: string): ReadonlyMap<string, Variable> {
  const seen = new Map<string, string | null>();
  const words = code.replace(/\$\{\{[^{}]{0,400}\}\}/g, ' ');
  for (const { values } of environmentsOf(step)) for (const { name, text } of values) if (!seen.has(name)) seen.set(name, text);
  const found = new Map<string, Variable>();
  for (const one of placed) {
    if (found.has(one.text)) continue;
    const value = `\${{ ${one.text.replace(/\s+/g, ' ')} }}`;
    const reference = one.expression?.kind === 'reference' ? one.expression : null;
    const ofEnv = reference?.root === 'env' ? nameOf(reference).slice('env.'.length) : null;
    const known = [...seen].find(([name, text]) =>
      ofEnv === null ? text?.trim().replace(/\s+/g, ' ') === value : name.toLowerCase() === ofEnv,
    );
    if (known) {
      found.set(one.text, { name: known[0], value: null });
      continue;
    }
    const own = baseNameOf(one);
    // of those that a prefix makes, none is free
    const base = reserved.test(`${own}_2`) ? `VALUE_${own}` : own;
    let name = base;
    const isTaken = (): boolean => reserved.test(name) || seen.has(name) || new RegExp(`\\b${name}\\b`).test(words); // regex: like /\bNAME\b/: of letters
    for (let n = 2; n < 50 && isTaken(); n++) name = `${base}_${n}`;
    seen.set(name, value);
    found.set(one.text, { name, value });
  }
  return found;
}
