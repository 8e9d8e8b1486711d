import { shift } from '../../../base/text/range';
import type { FileFacts, WorkspaceIndex } from '../../../workspace/types';
import type { CallFact } from '../../../workspace/unkeyed-facts';
import { outsiders, type Writer } from './events';
import { isAsked, originOfText } from './sources';
import type { ActionView, JobView, NamedValues, StepView, WorkflowView } from './types';
import type { Uses } from './uses';

type File = WorkflowView | ActionView;

/** The repository of a file, as far as its path says: all in front of the folder of a forge. */
const repositoryOf = (path: string): string => /^(?:.{0,400}\/)?(?=\.(?:github|gitea|forgejo)\/)/.exec(path)?.[0] ?? '';

/** What others call a file by: the path of a workflow, the folder of an action. */
function nameOf({ target, path }: File): string {
  return target === 'workflow' ? path : path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** What a file calls in its own repository, with who writes what it passes. */
export function callFacts(file: File, base: number): FileFacts {
  const fact = (uses: Uses | null, inputs: NamedValues, job: JobView | null, step: StepView | null): readonly CallFact[] => {
    if (uses?.kind !== 'local' && uses?.kind !== 'self') return [];
    const given = inputs.values.map(({ name, node }) => {
      const origin = originOfText(node, { file, job, step });
      const [by, names] = origin.kind === 'written' ? [origin.by, origin.inputs] : [null, []];
      return { name: name.toLowerCase(), by, inputs: names, asked: names.some(each => isAsked(each, file)) };
    });
    const target = repositoryOf(file.path) + uses.folder.replace(/^\.?\//, '').replace(/\/$/, '');
    return [{ type: 'call', path: file.path, range: shift(uses.range, base), target, caller: nameOf(file), given, open: inputs.open }];
  };
  const jobs = file.target === 'workflow' ? file.jobs : [];
  const steps = file.target === 'action' ? file.steps : jobs.flatMap(job => job.steps);
  return [
    ...jobs.flatMap(job => fact(job.uses, job.inputs, job, null)),
    ...steps.flatMap(step => fact(step.uses, step.inputs, step.job, step)),
  ];
}

const weights = ['hint', 'info', 'warning'] as const;
type Weight = (typeof weights)[number];

const heaviest = (all: readonly Weight[]): Weight => weights[Math.max(0, ...all.map(each => weights.indexOf(each)))]!;

/** What it weighs that callers write inputs of a file: as much as the worst of what those of the repository pass, where there are any; other repositories may call it, too. */
export function weightOfInputs(file: File, inputs: readonly string[], workspace: WorkspaceIndex): Weight {
  const asked: Weight = inputs.some(name => isAsked(name, file)) ? 'info' : 'hint';
  return heaviest([asked, weightByCalls(nameOf(file), inputs, { workspace, above: [], seen: new Set() })]);
}

/** How deep workflows may call each other (docs.github.com, "Reusing workflow configurations"). */
const mostLevels = 10;

/** A walk up the calls: what is above, and what has been weighed, since many ways may lead to one file. */
interface Walk {
  readonly workspace: WorkspaceIndex;
  readonly above: readonly string[];
  readonly seen: Set<string>;
}

function weightByCalls(target: string, inputs: readonly string[], walk: Walk): Weight {
  const { workspace, seen } = walk;
  if (!workspace.complete || inputs.includes('*') || walk.above.includes(target) || walk.above.length > mostLevels) return 'warning';
  const key = JSON.stringify([target, inputs]);
  // the heaviest counts, and this is among them already
  if (seen.has(key)) return 'hint';
  seen.add(key);
  const above = [...walk.above, target];
  const calls = workspace.callsOf(target);
  if (calls.length === 0) return 'warning';
  return heaviest(
    calls.flatMap(({ given, open, caller }) =>
      inputs.map((name): Weight => {
        const value = given.find(one => one.name === name);
        if (!value) return open ? 'warning' : 'hint';
        if (value.by === null) return 'hint';
        if (value.by === 'dispatch' || outsiders.has(value.by as Writer)) return 'warning';
        if (value.by !== 'caller') return 'info';
        return heaviest([value.asked ? 'info' : 'hint', weightByCalls(caller, value.inputs, { ...walk, above })]);
      }),
    ),
  );
}
