import { memoize } from '../../../text/memoize';
import type { DockerfileModel, Stage } from '../model/types';
import { defineRule } from '../../../rule/define-rule';

/** The first stage of each name. */
const firstNamed = memoize((file: DockerfileModel): ReadonlyMap<string, Stage> => {
  const first = new Map<string, Stage>();
  for (const stage of file.stages) if (stage.name !== null && !first.has(stage.name)) first.set(stage.name, stage);
  return first;
});

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
    duplicate: { text: 'Another stage is already named "{name}"; --from="{name}" means only this one' },
    first: { text: 'The other stage "{name}"' },
    reserved: { text: '"{name}" is a reserved word and cannot name a stage', severity: 'warning' },
  },
  on: {
    stage(stage, report) {
      const { name, nameRange } = stage;
      if (name === null || nameRange === null) return;
      if (name === 'scratch' || name === 'context') report(nameRange, 'reserved', { name });
      const first = firstNamed(stage.file).get(name)!;
      if (first !== stage) report(nameRange, 'duplicate', { name }, report.related(first.nameRange!, 'first', { name }));
    },
  },
});
