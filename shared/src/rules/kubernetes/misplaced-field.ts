import { defineRule, left, type Attachment } from '../../rule/define-rule';
import { findPlace, moveOperations } from '../../fix/kubernetes/places';
import { visitSchema } from '../../fix/kubernetes/schema-walk';
import { wrongType } from '../../fix/kubernetes/value-types';
import { fieldsOf, schemaMinor, suggestField, type Field } from '../../knowledge/kubernetes-schema';
import type { TypedMap } from '../../model/kubernetes/typed';
import { isMasked, nodeAt } from '../../model/yaml/lookup';
import type { Path, YamlEntry, YamlNode } from '../../model/yaml/types';

/** The values that a field's type speaks of: its own, or those of its list or map of scalars, each with its path. */
function valuesOf(
  entry: YamlEntry,
  { type }: Field,
  path: Path,
): { readonly type: Field['type']; readonly value: YamlNode | null; readonly path: Path }[] {
  const own = [{ type, value: entry.value, path }];
  const { value } = entry;
  if (type.kind === 'map' && value?.kind === 'map')
    return value.entries.map(each => ({ type: type.item, value: each.value, path: [...path, each.name] }));
  if (type.kind === 'list' && value?.kind === 'sequence')
    return value.items.map((each, at) => ({ type: type.item, value: each, path: [...path, at] }));
  return own;
}

export const rule = defineRule({
  id: 'kubernetes/misplaced-field',
  title: 'Field unknown or at the wrong level',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { cwe: ['CWE-710'] },
  peers: {
    'kube-linter': ['schema-validation', 'template-kubeconform'],
  },
  messages: {
    misplaced: { text: 'Field "{field}" belongs to {place}, not here' },
    misspelt: { text: 'Field "{field}" is not known here: "{meant}" is', severity: 'warning' },
    unknown: { text: 'Field "{field}" is not known here', severity: 'warning' },
    type: { text: 'Field "{field}" takes {expected}, not {actual}' },
  },
  fixes: {
    move: { title: 'Move {field} to {place}', class: 'review' },
    rename: { title: 'Write {meant}', class: 'review' },
    retype: { title: 'Write it as {expected}', class: 'safe' },
  },
  on: {
    object(object, report, { kubernetesMinor }) {
      const { document } = object;
      const taken = (path: Path): boolean => nodeAt(document, path) !== undefined;

      const checkUnknown = (map: TypedMap, entry: YamlEntry): void => {
        const field = entry.name;
        const range = entry.key?.range ?? entry.range;
        const meant = suggestField(map.type, field);
        const exact = meant?.toLowerCase() === field.toLowerCase();
        const place = exact ? null : findPlace(map, entry);
        const path = [...map.path, field];
        if (place) {
          const operations = moveOperations(map, entry, place, taken);
          const data = { field, place: place.label };
          report(
            range,
            'misplaced',
            data,
            operations ? report.fix('move', () => operations, { data }) : left('no-fix', 'its place is taken, or there are several'),
          );
        } else if (meant !== null) {
          const free = !taken([...map.path, meant]);
          report(
            range,
            'misspelt',
            { field, meant },
            free && report.fix('rename', () => [{ type: 'yaml.rename', path, name: meant }], { data: { meant } }),
          );
        } else if (kubernetesMinor <= schemaMinor) report(range, 'unknown', { field });
      };

      const checkType = (map: TypedMap, entry: YamlEntry, field: Field): void => {
        for (const { type, value, path } of valuesOf(entry, field, [...map.path, entry.name])) {
          const wrong = wrongType(type, value);
          if (!wrong || !value) continue;
          const { expected, actual, meant } = wrong;
          const fix: Attachment | false =
            meant !== undefined && report.fix('retype', () => [{ type: 'yaml.set', path, value: meant }], { data: { expected } });
          const range = value.kind === 'scalar' ? value.range : (entry.key?.range ?? entry.range);
          report(range, 'type', { field: entry.name, expected, actual }, fix);
        }
      };

      visitSchema(object, map => {
        const fields = fieldsOf(map.type);
        for (const entry of map.node.entries) {
          const field = fields?.get(entry.name);
          if (field) checkType(map, entry, field);
          // merge keys, directives of patches, and what a template fills in are no fields
          else if (entry.key && entry.name !== '<<' && !entry.name.startsWith('$') && !isMasked(entry.key)) checkUnknown(map, entry);
        }
      });
    },
  },
});
