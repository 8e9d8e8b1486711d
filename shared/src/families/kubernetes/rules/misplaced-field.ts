import { renameKey, setValue } from '../../../syntax/yaml/operations';
import { defineRule, noFix, type Attachment } from '../../../rule/define-rule';
import { findPlace, moveOperations } from '../fix/places';
import { typedMaps } from '../fix/schema-walk';
import { wrongType } from '../fix/value-types';
import { fieldsOf, requiredFields, schemaMinor, suggestField, type Field, type FieldType } from '../../../knowledge/kubernetes-schema';
import type { TypedMap } from '../model/typed';
import { isMasked, nodeAt } from '../../../syntax/yaml/lookup';
import type { Path, YamlEntry, YamlNode } from '../../../syntax/yaml/types';

/** A key in brackets is a question of Chainsaw about the others, no field. */
const isAssertion = /^~?\w{0,80}\.?\(/;

/** In larger maps a field moves alone: each looks at all others. */
const mostBeside = 40;

export const rule = defineRule({
  id: 'kubernetes/misplaced-field',
  title: 'Unknown or misplaced field',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { cwe: ['CWE-710'] },
  peers: {
    'kube-linter': ['schema-validation', 'template-kubeconform'],
  },
  messages: {
    misplaced: { text: 'Field "{field}" belongs in {place}, not here' },
    misspelt: { text: 'Field "{field}" is not known here: did you mean "{meant}"?', severity: 'warning' },
    unknown: { text: 'Field "{field}" is not known here', severity: 'warning' },
    type: { text: 'Field "{field}" takes {expected}, not {actual}' },
  },
  assumptions: { lacks: 'The API server also requires {field}, which the fix adds' },
  fixes: {
    move: { title: 'Move {field} to {place}', class: 'review' },
    rename: { title: 'Rename the field to {meant}', class: 'review' },
    retype: { title: 'Write the value as {expected}', class: 'safe' },
  },
  on: {
    object(object, report, { kubernetesMinor }) {
      const { document } = object;
      // what cannot be read is guessed, and told elsewhere
      if (document.problems.some(({ code }) => code !== 'DUPLICATE_KEY')) return;
      const taken = (path: Path): boolean => nodeAt(document, path) !== undefined;

      const checkUnknown = (map: TypedMap, entry: YamlEntry): void => {
        const field = entry.name;
        // what SOPS notes about an encrypted file is gone before the file is applied
        if (field === 'sops' && map.path.length === object.path.length) return;
        const range = entry.key?.range ?? entry.range;
        const meant = suggestField(map.type, field);
        const exact = meant?.toLowerCase() === field.toLowerCase();
        const place = exact ? null : findPlace(map, entry);
        const path = [...map.path, field];
        if (place) {
          // fields that belong to one place, such as those of a term, go there together
          const beside = map.node.entries.length > mostBeside ? [entry] : map.node.entries;
          const unknown = beside.filter(({ name }) => !fieldsOf(map.type)?.has(name));
          const together = unknown.filter(each => each === entry || findPlace(map, each)?.label === place.label);
          const moves = together.map(each => moveOperations(map, each, place, taken));
          const operations = moves.includes(null) ? null : moves.flatMap(move => move!);
          const made = place.targets[0]?.path[map.path.length];
          const lacking = requiredFields(map.type).find(name => name !== made && !map.node.entry(name));
          const assumes = lacking === undefined ? [] : [{ id: 'lacks', data: { field: lacking }, evidence: true as const }];
          const data = { field, place: place.label };
          report(
            range,
            'misplaced',
            data,
            operations
              ? report.fix('move', () => operations, { data, assumes })
              : noFix('no-fix', 'the correct place already has a value, or there are several possible places'),
          );
        } else if (meant !== null) {
          const free = !taken([...map.path, meant]);
          report(range, 'misspelt', { field, meant }, free && report.fix('rename', () => [renameKey(path, meant)], { data: { meant } }));
        } else if (kubernetesMinor <= schemaMinor() && !document.templated && !isAssertion.test(field)) report(range, 'unknown', { field });
      };

      const checkValue = (map: TypedMap, entry: YamlEntry, type: FieldType, value: YamlNode | null, step?: string | number): void => {
        const wrong = wrongType(type, value);
        if (!wrong || !value) return;
        const { expected, actual, meant } = wrong;
        const path = step === undefined ? [...map.path, entry.name] : [...map.path, entry.name, step];
        const fix: Attachment | false = meant !== undefined && report.fix('retype', () => [setValue(path, meant)], { data: { expected } });
        const range = value.kind === 'scalar' ? value.range : (entry.key?.range ?? entry.range);
        report(range, 'type', { field: entry.name, expected, actual }, fix);
      };

      // a field's own value, or those of its list or map of scalars
      const checkType = (map: TypedMap, entry: YamlEntry, { type }: Field): void => {
        const { value } = entry;
        if (type.kind === 'map' && value?.kind === 'map')
          for (const each of value.entries) checkValue(map, entry, type.item, each.value, each.name);
        else if (type.kind === 'list' && value?.kind === 'sequence')
          value.items.forEach((each, at) => checkValue(map, entry, type.item, each, at));
        else checkValue(map, entry, type, value);
      };

      for (const map of typedMaps(object)) {
        const fields = fieldsOf(map.type);
        for (const entry of map.node.entries) {
          const field = fields?.get(entry.name);
          if (field) checkType(map, entry, field);
          // merge keys, directives of patches, and what a template fills in are not fields
          else if (entry.key && entry.name !== '<<' && !entry.name.startsWith('$') && !isMasked(entry.key)) checkUnknown(map, entry);
        }
      }
    },
  },
});
