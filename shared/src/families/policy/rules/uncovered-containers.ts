import { defineRule, type Report } from '../../../rule/define-rule';
import { appendItem, editText, setValue, type YamlValue } from '../../../syntax/yaml/operations';
import { mapOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { placeInScalar } from '../../../syntax/cel/place';
import type { Cel } from '../../../syntax/cel/types';
import { celNodes } from '../../../syntax/cel/walk';
import { askedOf, isOfEveryKind, mentionsOthers, valueOf } from '../model/containers';
import { isDerivedFrom, podsAlone, withoutEphemeral } from '../model/matches';
import { expressionsOf, parsed } from '../model/expressions';
import type { YamlMap } from '../../../syntax/yaml/types';
import { keyRange, mapAt, mapsAt, textAt, type MapSpot } from '../model/spots';
import type { PolicyView, RuleView } from '../model/types';
import type { WorkspaceIndex } from '../../../workspace/types';

type OwnReport = Report<'forgotten', 'pattern' | 'expression' | 'list'>;

/** Whether the policy, or another one here that asks the same, looks at init or ephemeral containers. */
function areCovered(policy: PolicyView, workspace: WorkspaceIndex): boolean {
  if (mentionsOthers(policy)) return true;
  const asked = askedOf(policy);
  return asked !== '' && workspace.admission().policies.some(({ asksOthers }) => asksOthers === asked);
}

/** The patterns of pods in a rule: their `spec` where it names containers. */
function podSpecs({ at }: RuleView): readonly MapSpot[] {
  const validate = mapAt(at, 'validate');
  const patterns = [mapAt(validate, 'pattern'), ...mapsAt(validate, 'anyPattern')];
  return patterns.flatMap(pattern => {
    const spec = mapAt(pattern, 'spec');
    return spec ? [spec] : [];
  });
}

/** Whether a pattern is about one container, which is in one list: that others are not asked is meant. */
function isNamed(item: YamlMap): boolean {
  const name = stringOf(item.get('name') ?? item.get('(name)'));
  return name !== null && !/[*?!|{]/.test(name);
}

/** What a container has in any case, or has to have by what the pattern asks. */
const given = new Set(['image', 'name', 'securityContext']);

/** The items of a pattern with their keys as conditions where a container may lack them: those of `kubectl debug` have no mounts, for example. */
function optional(value: YamlValue | undefined): YamlValue | undefined {
  const mayLack = (item: YamlValue): YamlValue =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).map(([key, asked]) => [/^[\w-]+$/.test(key) && !given.has(key) ? `=(${key})` : key, asked]))
      : item;
  return Array.isArray(value) ? (value as readonly YamlValue[]).map(mayLack) : value;
}

function checkPattern(spec: MapSpot, text: string, report: OwnReport): void {
  const key = ['containers', '=(containers)', '^(containers)'].find(name => sequenceOf(spec.map.get(name)));
  const list = key === undefined ? null : sequenceOf(spec.map.get(key));
  const items = list?.items.flatMap(item => mapOf(item) ?? []) ?? [];
  // who may be privileged gains nothing by not being so
  if (list && /\bprivileged\)?["']?:[ \t]{0,9}["']?true\b/.test(text.slice(list.range.start, list.range.end))) return;
  if (key === undefined || !list || items.some(isNamed) || !items.some(item => item.entries.some(({ name }) => isOfEveryKind(name))))
    return;
  const value = optional(valueOf(list));
  const fix =
    value !== undefined &&
    report.fix('pattern', () => [
      setValue([...spec.path, '=(initContainers)'], value, key),
      setValue([...spec.path, '=(ephemeralContainers)'], value, '=(initContainers)'),
    ]);
  report(keyRange(spec, key)!, 'forgotten', {}, fix);
}

/** Whether what is asked of each element is something that all kinds of containers have, or is not seen. */
function asksElement(text: string, each: MapSpot): boolean {
  const { map } = each;
  const fields = [...text.slice(map.range.start, map.range.end).matchAll(/\belement\.([A-Za-z]{1,40})/g)].map(match => match[1]!);
  const patterns = [mapAt(each, 'pattern'), ...mapsAt(each, 'anyPattern')].flatMap(pattern => pattern?.map.entries ?? []);
  const asked = [...fields, ...patterns.map(({ name }) => name)].filter(field => field !== 'name');
  return asked.length === 0 || asked.some(isOfEveryKind);
}

/** Whether an expression asks for something of a container that all kinds have. */
function asksContainers(tree: Cel): boolean {
  return celNodes(tree).some(
    node =>
      node.is === 'select' &&
      node.of.is === 'name' &&
      !/^(?:object|oldObject|variables|params|request)$/.test(node.of.name) &&
      isOfEveryKind(node.name),
  );
}

/** The whole list of containers of a pod, `object.spec.containers`. */
function podContainers(tree: Cel): Cel | null {
  const nodes = celNodes(tree);
  const isSpec = (node: Cel): boolean => node.is === 'select' && node.name === 'spec' && node.of.is === 'name' && node.of.name === 'object';
  return nodes.find(node => node.is === 'select' && node.name === 'containers' && isSpec(node.of)) ?? null;
}

const all = '(object.spec.containers + object.spec.?initContainers.orValue([]) + object.spec.?ephemeralContainers.orValue([]))';

export const rule = defineRule({
  id: 'policy/uncovered-containers',
  title: 'Check that skips init or ephemeral containers',
  severity: 'warning',
  category: 'isolation',
  profile: 'recommended',
  references: { nist800190: ['3.3.5', '4.3.5'], cwe: ['CWE-693'] },
  messages: { forgotten: { text: '{object} checks only containers: init and ephemeral containers bypass it' } },
  fixes: {
    pattern: { title: 'Extend the pattern to init and ephemeral containers', class: 'review' },
    expression: { title: 'Check init and ephemeral containers, too', class: 'review' },
    list: { title: 'Check init and ephemeral containers, too', class: 'review' },
  },
  assumptions: { 'pods-alone': podsAlone },
  on: {
    rule(rule, report, { workspace }) {
      if (podSpecs(rule).length + mapsAt(mapAt(rule.at, 'validate'), 'foreach').length === 0 || areCovered(rule.policy, workspace)) return;
      for (const spec of podSpecs(rule)) checkPattern(spec, rule.policy.document.text, report);
      for (const each of mapsAt(mapAt(rule.at, 'validate'), 'foreach')) {
        const list = textAt(each, 'list');
        if (list?.text.trim() !== 'request.object.spec.containers' || !asksElement(rule.policy.document.text, each)) continue;
        const fix = report.fix('list', () => [
          setValue(list.path, 'request.object.spec.[ephemeralContainers, initContainers, containers][]'),
        ]);
        report(list.range, 'forgotten', {}, fix);
      }
    },
    policy(policy, report, { workspace }) {
      if (!['ValidatingPolicy', 'ValidatingAdmissionPolicy'].includes(policy.is) || mentionsOthers(policy)) return;
      const expressions = expressionsOf(policy);
      const asks = ({ tree }: ReturnType<typeof parsed>): boolean => tree !== null && asksContainers(tree);
      const found = expressions.flatMap(expression => {
        const { tree } = parsed(expression);
        // what a variable holds, others ask
        const isVariable = expression.spot.path.at(-3) === 'variables';
        const isAsking = asks(parsed(expression)) || (isVariable && expressions.some(each => asks(parsed(each))));
        const list = tree && isAsking && podContainers(tree);
        return list ? [{ spot: expression.spot, range: placeInScalar(policy.document, expression.spot.node, list.range) }] : [];
      });
      const [first] = found;
      if (!first || areCovered(policy, workspace)) return;
      const { text } = policy.document;
      const isExact = found.every(({ range }) => text.slice(range.start, range.end) === 'object.spec.containers');
      // they are added through a resource of their own
      const bare = withoutEphemeral(policy);
      const fix =
        isExact &&
        report.fix(
          'expression',
          () => [
            ...found.map(({ spot, range }) => editText(spot.path, [{ range, text: all }])),
            ...bare.map(each => appendItem([...each.path, 'resources'], 'pods/ephemeralcontainers')),
          ],
          { assumes: bare.some(each => isDerivedFrom(policy, each)) ? [{ id: 'pods-alone', evidence: true }] : [] },
        );
      report(first.range, 'forgotten', {}, fix);
    },
  },
});
