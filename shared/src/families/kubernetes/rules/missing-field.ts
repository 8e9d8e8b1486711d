import { defineRule } from '../../../rule/define-rule';
import { fieldLabel, missingFields, requiredRemedy } from '../fix/required';
import { typedMaps } from '../fix/schema-walk';
import { reportRangeOf } from '../../../syntax/yaml/values';
import { entryAt } from '../../../syntax/yaml/lookup';

/** What a kustomization may add to all that it is made of. */
const labelling = new Set(['selector', 'labels', 'matchLabels']);

export const rule = defineRule({
  id: 'kubernetes/missing-field',
  title: 'Required field missing',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { cwe: ['CWE-710'] },
  needsWhole: true,
  messages: { missing: { text: '{object} lacks {field}, which the API server requires' } },
  fixes: { add: { title: 'Add {field}', class: 'review' } },
  on: {
    object(object, report, context) {
      // what a template leaves out may come with what it puts in
      if (object.document.templated) return;
      // what has a status and no name is compared with what runs, by policies of Open Cluster Management: none applies it
      if (object.node.entry('status') && !object.metadata?.entry('name') && !object.metadata?.entry('generateName')) return;
      for (const map of typedMaps(object)) {
        for (const names of missingFields(map)) {
          if (labelling.has(names.at(-1)!) && context.workspace.kustomizes(context.path)) continue;
          const keys = [...map.path.slice(object.path.length), ...names].filter(key => typeof key === 'string');
          if (context.workspace.fillsIn(context.path, object, keys.join('.'), false)) continue;
          // at the key of the map that lacks it (or of the nearest that is there), else at the name of an item
          const key = (names.length > 1 ? map.node.entry(names[0]!) : undefined) ?? entryAt(object.document, map.path);
          const atTop = map.path.length === object.path.length && names.length === 1;
          const range = atTop ? object.reportRange : (key?.key?.range ?? reportRangeOf(map.node));
          const field = fieldLabel(object, [...map.path, ...names]);
          const fix = report.remedy('add', requiredRemedy(object, map, names), { field });
          report(range, 'missing', { field }, ...fix);
        }
      }
    },
  },
});
