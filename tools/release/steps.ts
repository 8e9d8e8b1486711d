import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Runs the jobs of a workflow on this machine, step by step, as far as the workflows of a release need it: what they run is run, actions are replaced by fakes. */

/** A step as it is written. */
export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | boolean>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on?: { readonly workflow_call?: { readonly outputs?: Readonly<Record<string, { readonly value: string }>> } };
  readonly jobs: Readonly<Record<string, Job>>;
}

/** What an action's fake is given, and what it gives back: the outputs. */
export type Fake = (inputs: Readonly<Record<string, string>>, at: Place) => Readonly<Record<string, string>> | void;

/** Where a step runs. */
export interface Place {
  /** The working directory of its job. */
  readonly workspace: string;
  readonly workflow: string;
  readonly permissions: Readonly<Record<string, string>>;
}

/** What the jobs run with. */
export interface Machine {
  /** The commit of the workflow. */
  readonly checkout: string;
  /** A folder for the working directories of the jobs. */
  readonly scratch: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  /** Actions by their names, without versions. */
  readonly fakes: Readonly<Record<string, Fake>>;
  /** Whether a step is left out. */
  readonly skips: (step: Step) => boolean;
}

type Contexts = Readonly<Record<string, unknown>>;

/** What became of a job. */
export interface Result {
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: 'success' | 'skipped';
}

/** The value of an expression of GitHub's: look-ups, comparisons and logic, which JavaScript has, too. */
function evaluate(expression: string, contexts: Contexts): unknown {
  const look = (path: string): unknown =>
    path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], contexts) ?? '';
  const script = expression.replace(/'[^']*'|\b[a-z_]+(?:\.[\w-]+)+/gi, part =>
    part.startsWith("'") ? part : `look(${JSON.stringify(part)})`,
  );
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- of the project's own workflows, on request
  return (new Function('look', 'cancelled', 'failure', `return (${script})`) as (...given: unknown[]) => unknown)(
    look,
    () => false,
    () => false,
  );
}

const fill = (text: unknown, contexts: Contexts): string =>
  String(text).replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => String(evaluate(expression.trim(), contexts)));

const fillAll = (values: Readonly<Record<string, unknown>> | undefined, contexts: Contexts): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, fill(value, contexts)]));

/** What a step has written to its file of outputs. */
function readOutputs(file: string): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  for (const [, name, plain, , long] of readFileSync(file, 'utf8').matchAll(/^([\w-]+)(?:=(.*)|<<(\w+)\n([\s\S]*?)\n\3)$/gm))
    outputs[name!] = plain ?? long ?? '';
  return outputs;
}

/** Runs steps in a place. Throws at the first that fails. */
export function runSteps(steps: readonly Step[], contexts: Contexts, at: Place, machine: Machine): Contexts {
  const done: Record<string, { readonly outputs: Readonly<Record<string, string>> }> = {};
  for (const [index, step] of steps.entries()) {
    const known = { ...contexts, steps: done };
    const name = step.name ?? step.uses?.replace(/@.*/, '') ?? `step ${index + 1}`;
    if (machine.skips(step)) {
      console.log(`   - ${name}: left out`);
      continue;
    }
    console.log(`   - ${name}`);
    const outputs = step.uses === undefined ? runScript(step, known, at, machine) : runAction(step, known, at, machine);
    if (step.id !== undefined) done[step.id] = { outputs };
  }
  return { ...contexts, steps: done };
}

function runAction(step: Step, contexts: Contexts, at: Place, machine: Machine): Readonly<Record<string, string>> {
  const inputs = fillAll(step.with, contexts);
  const [name] = step.uses!.split('@');
  const local = /^\$\/(.*)$/.exec(name!)?.[1];
  if (local !== undefined) {
    const action = parse(readFileSync(join(machine.checkout, local, 'action.yml'), 'utf8')) as {
      readonly runs: { readonly steps: Step[] };
    };
    runSteps(action.runs.steps, { ...contexts, inputs }, at, machine);
    return {};
  }
  const fake = machine.fakes[name!];
  if (fake === undefined) throw new Error(`no fake for ${name}`);
  return fake(inputs, at) ?? {};
}

function runScript(step: Step, contexts: Contexts, at: Place, machine: Machine): Readonly<Record<string, string>> {
  const output = join(at.workspace, '..', 'output');
  writeFileSync(output, '');
  const { status, error } = spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', step.run!], {
    cwd: join(at.workspace, step['working-directory'] ?? ''),
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...machine.environment, GITHUB_WORKSPACE: at.workspace, GITHUB_OUTPUT: output, ...fillAll(step.env, contexts) },
  });
  if (status !== 0) throw new Error(`"${step.name ?? step.run}" ends with ${error?.message ?? `exit code ${status}`}`);
  return readOutputs(output);
}

/** Runs the jobs of a workflow, each after those that it needs; gives the outputs that a caller sees, and what became of each job. */
export function runWorkflow(
  file: string,
  inputs: Readonly<Record<string, unknown>>,
  machine: Machine,
): { readonly outputs: Readonly<Record<string, string>>; readonly jobs: Readonly<Record<string, Result>> } {
  const workflow = parse(readFileSync(join(machine.checkout, file), 'utf8')) as Workflow;
  const jobs: Record<string, Result> = {};
  // jobs are written after those that they need
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const needs = Object.fromEntries([job.needs ?? []].flat().map(needed => [needed, jobs[needed]!]));
    const contexts = {
      inputs,
      vars: machine.vars,
      needs,
      github: { token: 'the token of the job', ref_name: machine.environment['GITHUB_REF_NAME'] },
    };
    // as GitHub has it: without a condition of its own, a job whose need was skipped is skipped
    const runs =
      job.if === undefined
        ? Object.values(needs).every(({ state }) => state === 'success')
        : evaluate(job.if.replace(/^\$\{\{|\}\}$/g, ''), contexts) === true;
    console.log(`\n== ${file.split('/').at(-1)}: ${name}${runs ? '' : ': skipped'}`);
    jobs[name] = runs ? runJob(name, job, contexts, file, machine) : { outputs: {}, state: 'skipped' };
  }
  const given = workflow.on?.workflow_call?.outputs ?? {};
  return { outputs: fillAll(Object.fromEntries(Object.entries(given).map(([name, { value }]) => [name, value])), { jobs }), jobs };
}

function runJob(name: string, job: Job, contexts: Contexts, file: string, machine: Machine): Result {
  if (job.uses !== undefined) {
    const inputs = Object.fromEntries(
      Object.entries(fillAll(job.with, contexts)).map(([key, value]) => [key, value === 'true' ? true : value === 'false' ? '' : value]),
    );
    return { outputs: runWorkflow(job.uses.replace(/^\$\//, ''), inputs, machine).outputs, state: 'success' };
  }
  const workspace = join(machine.scratch, name, 'workspace');
  if (!existsSync(workspace)) mkdirSync(workspace, { recursive: true });
  const after = runSteps(job.steps ?? [], contexts, { workspace, workflow: file, permissions: job.permissions ?? {} }, machine);
  return { outputs: fillAll(job.outputs, after), state: 'success' };
}
