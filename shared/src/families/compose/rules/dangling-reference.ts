import { defineRule } from '../../../rule/define-rule';

/** The names under which Compose itself looks for a file, so that no other file need be named beside it. */
const ownNames = /(?:^|\/)(?:docker-)?compose\.ya?ml$/;

/** What a template or a person puts in before Compose reads it: `{{ data_path }}/db`, `<path to data>`. */
const filledIn = /\{\{|^<.*>$/;

const kinds: Readonly<Record<string, string>> = { 'inactive service': 'service' };

export const rule = defineRule({
  id: 'compose/dangling-reference',
  title: 'Reference to an undefined name',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  references: { links: ['https://docs.docker.com/reference/compose-file/'] },
  messages: {
    undefined: { text: 'The project defines no {kind} named "{name}"' },
    cycle: { text: 'Services depend on each other in a cycle through "{name}"' },
    base: { text: 'The file has no service named "{name}" to extend' },
  },
  on: {
    project(compose, report, { path }) {
      const { document, project, complete } = compose;
      if (!complete || !project.complete || !ownNames.test(path)) return;
      for (const { code, file, range, data } of project.problems) {
        if (file.document !== document || !range || !data?.name || filledIn.test(data.name)) continue;
        const { kind = '', name } = data;
        if (code === 'extends' && kind === 'service') report(range, 'base', { name });
        // what a base elsewhere brings along, nobody knows
        if (project.unresolved.size > 0) continue;
        if (code === 'undefined' && kind === 'cycle') report(range, 'cycle', { name });
        else if (code === 'undefined' && kind !== 'env_file' && !compose.definedBeside(`${kinds[kind] ?? kind}s`, name))
          report(range, 'undefined', { kind: kinds[kind] ?? kind, name });
      }
    },
  },
});
