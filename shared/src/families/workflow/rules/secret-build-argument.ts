import { findNamedSecret } from '../../../knowledge/secrets/detect';
import { defineRule, masks, noFix } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import type { ShellCommand } from '../../../syntax/shell/types';
import { stringOf } from '../../../syntax/yaml/values';
import { environmentsOf } from '../model/environments';
import { expressionsIn } from '../model/expression/find';
import type { Expression } from '../model/expression/types';
import { nameOf, referencesIn } from '../model/expression/walk';
import { doesStep } from '../model/needs';
import { majorOf } from '../model/pins';
import { isPublic } from '../model/secrets';
import type { StepView } from '../model/types';
import { textOf, valueOf } from '../model/values';

/** What a secret is: of the repository, or the token of the job, which ends with it. */
type Kind = 'secret' | 'token';

/** What kind of secret an expression puts in. */
function kindOf(expression: Expression | null): Kind | null {
  const names = expression ? referencesIn(expression).map(nameOf) : [];
  if (names.some(name => name.startsWith('secrets.') && name !== 'secrets.github_token' && !isPublic(name))) return 'secret';
  return names.some(name => name === 'secrets.github_token' || name === 'github.token') ? 'token' : null;
}

/** A build argument with a secret in it. */
interface Found {
  readonly range: Range;
  readonly name: string;
  readonly kind: Kind;
  /** Whether the build records no arguments, so that only the last stage's own stay. */
  readonly isPlain: boolean;
}

/** Options by which a build writes down its arguments, keeps the layers of all stages, or ends with another stage. */
const recording = /^--(?:provenance|attest|sbom|cache-to|target|metadata-file)\b/;

/** Whether a build leaves nothing: no image, and no record of itself, which the action uploads since version 6. */
function leavesNothing({ uses, inputs, file }: StepView): boolean {
  if (uses?.name !== 'docker/build-push-action' || inputs.open || (majorOf(file.document, uses) ?? 6) >= 6) return false;
  const isFalse = (name: string): boolean => (textOf(inputs, name) ?? 'false') === 'false';
  return isFalse('push') && isFalse('load') && !['outputs', 'cache-to'].some(name => valueOf(inputs, name));
}

/** The arguments that an action is given, a line each: `NAME=value`, and `target.args.NAME=value` for bake. */
function inInputs(step: StepView): readonly Found[] {
  if (!doesStep(step, 'build') || leavesNothing(step)) return [];
  const { text } = step.file.document;
  return ['build-args', 'set'].flatMap(input => {
    const node = valueOf(step.inputs, input)?.node;
    if (!node) return [];
    return expressionsIn(step.file.document, node).flatMap(({ range, expression }): Found[] => {
      const kind = kindOf(expression);
      const line = text.slice(Math.max(node.range.start, text.lastIndexOf('\n', range.start) + 1), range.start);
      const [, all, name] = /(?:^|[\s"'|>])((?:[\w*.-]+\.args\.)?([A-Za-z_]\w{0,200})=["']?)$/.exec(line) ?? [];
      return kind && all !== undefined && name !== undefined
        ? [{ range: { start: range.start - all.length, end: range.end }, name, kind, isPlain: false }]
        : [];
    });
  });
}

/** The arguments of `--build-arg` in a script. */
function inScript(step: StepView): readonly Found[] {
  const { run, file } = step;
  const script = run?.script();
  if (!run || !script || !run.text.includes('--build-arg')) return [];
  const expressions = expressionsIn(file.document, run.node);
  return argumentsIn(script.commands).flatMap(({ range: at, name, variables, isPlain }): Found[] => {
    const inside = expressions.filter(({ range }) => at.start <= range.start && range.end <= at.end);
    const kinds = [...inside.map(({ expression }) => kindOf(expression)), ...variables.map(one => kindOfVariable(one, step))];
    const kind = kinds.find(one => one === 'secret') ?? kinds.find(one => one === 'token');
    return kind ? [{ range: at, name, kind, isPlain }] : [];
  });
}

/** A build argument of a command, with the variables that its value comes from, or the value. */
type Argument = Omit<Found, 'kind'> & { readonly variables: readonly string[]; readonly literal: string | null };

/** The build arguments that commands give, with the variables that their values come from. */
function argumentsIn(commands: readonly ShellCommand[]): readonly Argument[] {
  return commands.flatMap(({ name: program, args }) => {
    const isPlain = program === 'docker' && !args.some(({ raw }) => recording.test(raw));
    return args.flatMap((word, i) => {
      const value = word.raw === '--build-arg' ? args[i + 1] : word.raw.startsWith('--build-arg=') ? word : undefined;
      const [, name] = /^(?:--build-arg=)?["']?([A-Za-z_]\w{0,200})/.exec(value?.raw ?? '') ?? [];
      if (!value || name === undefined) return [];
      // `--build-arg NAME` takes the value of the variable
      const hasValue = value.raw.includes('=', value === word ? '--build-arg='.length : 0);
      const [, literal = null] = /^(?:--build-arg=)?\w+=(.+)$/.exec(value.text ?? '') ?? [];
      return [
        { range: value.range, name, isPlain, literal, variables: hasValue ? value.variables.map(variable => variable.name) : [name] },
      ];
    });
  });
}

function kindOfVariable(name: string, step: StepView): Kind | null {
  const node = environmentsOf(step)
    .map(values => valueOf(values, name))
    .find(value => value !== undefined)?.node;
  const kinds = node ? expressionsIn(step.file.document, node).map(({ expression }) => kindOf(expression)) : [];
  return kinds.find(kind => kind !== null) ?? null;
}

const mounted = noFix('manual', 'the Dockerfile must mount the secret: RUN --mount=type=secret');

export const rule = defineRule({
  id: 'workflow/secret-build-argument',
  title: 'Secret passed as a build argument',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  references: { nist800190: ['3.1.4', '4.1.4'], cwe: ['CWE-522', 'CWE-538'], links: ['https://docs.docker.com/build/building/secrets/'] },
  peers: { glsec: ['GL059'] },
  messages: {
    secret: { text: "The value of {name} stays in the image's history and provenance: pass it as a build secret" },
    written: {
      text: "The value of {name} stays in the repository and the image's history: pass it as a build secret",
      severity: 'hint',
      profile: 'strict',
    },
    token: {
      text: "The token stays in the image's history and works until the job ends: pass it as a build secret",
      severity: 'warning',
    },
  },
  on: {
    step(step, report, { workspace }) {
      for (const { range, name, kind, isPlain } of [...inInputs(step), ...inScript(step)])
        if (!isPlain || !workspace.isSpent(name)) report(range, kind, kind === 'secret' ? { name } : {}, mounted);
    },
    script({ node, script, secretKind }, report, { workspace }) {
      if (!(stringOf(node) ?? '').includes('--build-arg')) return;
      for (const { range, name, variables, isPlain, literal } of argumentsIn(script()?.commands ?? [])) {
        if (isPlain && workspace.isSpent(name)) continue;
        const kinds = variables.map(variable => secretKind(variable, workspace));
        const kind = kinds.find(one => one === 'secret') ?? kinds.find(one => one === 'token');
        if (kind) report(range, kind, kind === 'secret' ? { name } : {}, mounted);
        else if (literal !== null && findNamedSecret(name, literal)) report(range, 'written', { name }, masks(range), mounted);
      }
    },
  },
});
