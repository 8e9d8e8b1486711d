import { memoize } from '../../../base/text/memoize';
import type { DockerfileModel, Stage } from '../model/types';
import { removeWords, replaceText } from '../../../rule/fix/operations';
import { range, type Range } from '../../../base/text/range';
import { type Attachment, defineRule, type Report } from '../../../rule/define-rule';

/** The first stage of each name. */
const firstNamed = memoize((file: DockerfileModel): ReadonlyMap<string, Stage> => {
  const first = new Map<string, Stage>();
  for (const stage of file.stages) if (stage.name !== null && !first.has(stage.name)) first.set(stage.name, stage);
  return first;
});

/** Takes the name away, where nothing names the stage by it. */
function withoutName({ file, name, from }: Stage, nameRange: Range, report: Pick<Report<never, 'unname'>, 'fix'>): Attachment | null {
  const as = from.words.find(word => /^as$/i.test(word.raw) && word.range.end <= nameRange.start);
  const isNamed = file.images.some(({ origin, raw }) => origin !== 'from' && raw.toLowerCase() === name);
  if (!as || isNamed) return null;
  return report.fix('unname', () => [removeWords(range(as.range.start, nameRange.end))], {
    assumes: [{ id: 'target', data: { name: name! } }],
  });
}

/** Gives a stage of a reserved name another one, there and wherever the file names the stage. */
function renamed(stage: Stage, nameRange: Range, to: string, report: Pick<Report<never, 'rename'>, 'fix'>): Attachment | null {
  const { file, name } = stage;
  const uses = file.images.filter(({ stages }) => stages.includes(stage));
  const isPlain = uses.length > 0 && uses.every(({ raw, stages }) => stages.length === 1 && raw.toLowerCase() === name);
  if (!isPlain || firstNamed(file).has(to)) return null;
  return report.fix('rename', () => [nameRange, ...uses.map(use => use.range)].map(place => replaceText(place, to)), {
    data: { to },
    assumes: [{ id: 'target', data: { name: name! } }],
  });
}

export const rule = defineRule({
  id: 'dockerfile/duplicate-stage-name',
  title: 'Duplicate or reserved stage name',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  peers: {
    hadolint: ['DL3024', 'DL3063'],
    buildkit: ['DuplicateStageName', 'ReservedStageName'],
    trivy: ['DS-0012'],
    checkov: ['CKV_DOCKER_11'],
    kics: ['Same Alias In Different Froms'],
    'dockerfile-utils': ['dockerfile-utils'],
  },
  messages: {
    duplicate: { text: 'Another stage is already named "{name}"; --from="{name}" refers only to this stage' },
    first: { text: 'The other stage "{name}"' },
    reserved: { text: '"{name}" is a reserved word: BuildKit warns about a stage with that name', severity: 'warning' },
  },
  fixes: {
    unname: { title: 'Remove the stage name: nothing in the file uses it', class: 'review' },
    rename: { title: 'Rename the stage to {to}', class: 'attended' },
  },
  assumptions: { target: 'No build selects the stage with --target {name}' },
  on: {
    stage(stage, report) {
      const { name, nameRange } = stage;
      if (name === null || nameRange === null) return;
      if (name === 'scratch' || name === 'context')
        report(
          nameRange,
          'reserved',
          { name },
          withoutName(stage, nameRange, report) ?? renamed(stage, nameRange, `${name}-stage`, report),
        );
      const first = firstNamed(stage.file).get(name)!;
      if (first !== stage) report(nameRange, 'duplicate', { name }, report.related(first.nameRange!, 'first', { name }));
    },
  },
});
