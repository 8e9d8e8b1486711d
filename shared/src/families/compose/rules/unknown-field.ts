import { maskCharacter } from '../../../syntax/yaml/mask';
import { hasShapingActions } from '../../../workspace/source/scan';
import { defineRule } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import { suggest } from '../../../base/text/suggest';
import { quoteValue, renameKey, setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import type { Path, YamlDocument, YamlNode } from '../../../syntax/yaml/types';
import { scalarOf, stringOf } from '../../../syntax/yaml/values';
import { entryAt, nodeAt } from '../../../syntax/yaml/lookup';
import { problemPlace } from '../../../syntax/yaml/problem-place';
import { placeOf } from '../model/places';
import { fieldsAt } from '../model/schema';
import { textOf, type Problem } from '../model/value';

/** Fields that Coolify reads, and takes out before Compose does (coollabsio/coolify, bootstrap/helpers/parsers.php); its files show by their variables. */
const ofCoolify = new Set(['content', 'is_directory', 'isDirectory', 'exclude_from_hc']);
const coolify = /\bSERVICE_(?:FQDN|URL|USER|PASSWORD|REALBASE64|BASE64|NAME)_/;

/** What Kubernetes calls what Compose has, too. */
const elsewhere: Readonly<Record<string, string>> = {
  securityContext: 'user, read_only, cap_drop and security_opt',
  runAsUser: 'user',
  runAsNonRoot: 'user',
  readOnlyRootFilesystem: 'read_only',
  allowPrivilegeEscalation: 'security_opt',
  capabilities: 'cap_add and cap_drop',
  livenessProbe: 'healthcheck',
  readinessProbe: 'healthcheck',
  resources: 'deploy.resources',
  env: 'environment',
  args: 'command',
  restartPolicy: 'restart',
};

/** Keys that people write with another word. */
const synonyms: Readonly<Record<string, string>> = {
  security_opts: 'security_opt',
  pid_limit: 'pids_limit',
  env: 'environment',
  envs: 'environment',
  volume: 'volumes',
  port: 'ports',
  network: 'networks',
};

function nearName(name: string, known: readonly string[]): string | null {
  const dashed = name.replaceAll('-', '_');
  if (known.includes(dashed)) return dashed;
  const synonym = Object.hasOwn(synonyms, name) ? synonyms[name]! : null;
  return synonym !== null && known.includes(synonym) ? synonym : suggest(dashed, known);
}

/** What makes a value of the type that is wanted; `null` where nothing is sure to. */
function retyped(path: Path, node: YamlNode, wanted: readonly string[]): readonly YamlOperation[] | null {
  const scalar = scalarOf(node);
  if (scalar && wanted.includes('string') && typeof scalar.value !== 'string' && scalar.value !== null)
    return [quoteValue(path, scalar.source)];
  const text = stringOf(node);
  if (wanted.includes('array') && text !== null) return [setValue(path, [text])];
  const [only, ...more] = node.kind === 'map' ? node.entries : [];
  const inner = only && more.length === 0 ? stringOf(only.value) : null;
  return only && inner !== null && wanted.includes('string') && typeof path.at(-1) === 'number'
    ? [setValue(path, `${only.name}:${inner}`)]
    : null;
}

/** Whether a problem is about a value that the schema, or the type of a field, forbids. */
const isRefusal = ({ code, data }: Problem): boolean =>
  code === 'type' ||
  code === 'cast' ||
  code === 'short-form' ||
  code === 'template' ||
  (code === 'yaml' && data?.kind === 'key') ||
  (code === 'value' && data?.kind !== 'external');

/** Where a problem with a value is underlined: of one over several lines its key, or the first line of an item. */
function placeOfProblem(document: YamlDocument, range: Range, steps: Path): Range {
  const [first = '', ...more] = document.text.slice(range.start, range.end).split('\n');
  if (more.length === 0) return range;
  return entryAt(document, steps)?.key?.range ?? { start: range.start, end: range.start + first.trimEnd().length };
}

/** The names that the engine takes (`RestrictedNamePattern` of moby); the schema asks for two such characters somewhere alone. */
const containerName = /^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;
const mayBeName = /[a-zA-Z0-9][a-zA-Z0-9_.-]/;

export const rule = defineRule({
  id: 'compose/unknown-field',
  title: 'Field that Compose does not recognize',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  peers: { dclint: ['service-container-name-regex'] },
  references: { links: ['https://github.com/compose-spec/compose-spec/blob/main/schema/compose-spec.json'] },
  messages: {
    unknown: { text: 'Compose does not recognize field "{field}" here and rejects the file' },
    near: { text: 'Compose does not recognize field "{field}" here: did you mean "{near}"?' },
    kubernetes: { text: '"{field}" is a Kubernetes field: in Compose, use {near}' },
    type: { text: 'Compose expects {wanted} here and rejects the file' },
    refused: { text: 'Compose rejects this value: {why}' },
    twice: { text: 'Key "{key}" occurs twice in the same map: Compose rejects the file' },
    unreadable: { text: 'Compose cannot read the file: the indentation or a character here is wrong' },
    name: { text: 'The engine rejects "{name}" as a container name', peers: { dclint: ['service-container-name-regex'] } },
  },
  fixes: {
    rename: { title: 'Rename "{field}" to "{near}"', class: 'review' },
    type: { title: 'Write the value as {wanted}', class: 'safe' },
  },
  on: {
    container(service, report) {
      const written = service.at('container_name');
      const name = textOf(written);
      if (!written || name === null || service.isInherited(written)) return;
      // what the loader refuses itself is said above
      const isFilledIn = name.includes(maskCharacter) || !mayBeName.test(name);
      if (!isFilledIn && !containerName.test(name)) report(service.settingOf(written).range, 'name', { name });
    },
    project({ document, project }, report) {
      // Compose reads what Jinja makes of a template, which our parser does not mask
      if (!document.templated && hasShapingActions(document.text)) return;
      const field = ({ steps }: Problem, range: Range): void => {
        const name = String(steps.at(-1));
        // Compose fills in no key: what reads the file first does, as envsubst
        if (name.includes(maskCharacter) || /^\$\{\w{1,80}\}$/.test(name) || (ofCoolify.has(name) && coolify.test(document.text))) return;
        const known = fieldsAt(steps.slice(0, -1)) ?? [];
        const near = nearName(name, known);
        if (near === null && Object.hasOwn(elsewhere, name)) return report(range, 'kubernetes', { field: name, near: elsewhere[name]! });
        if (near === null) return report(range, 'unknown', { field: name });
        const parent = nodeAt(document, steps.slice(0, -1));
        const isFree = parent?.kind === 'map' && parent.entry(near) === undefined && !parent.shared;
        const fix = isFree && report.fix('rename', () => [renameKey([...steps], near)], { data: { field: name, near } });
        report(range, 'near', { field: name, near }, fix);
      };
      if (!document.templated) {
        // what follows the first error is guessed
        const broken = document.problems.find(each => each.code !== 'DUPLICATE_KEY');
        if (broken) return report(problemPlace(document.text, broken.range), 'unreadable');
        for (const { range } of document.problems) report(range, 'twice', { key: document.text.slice(range.start, range.end) });
      }
      for (const problem of project.problems) {
        const { code, range, file, steps, data, message } = problem;
        if (file.document !== document || !range) continue;
        if (code === 'unknown-field') field(problem, range);
        if (document.templated || !isRefusal(problem)) continue;
        const place = placeOfProblem(document, range, steps);
        if (code !== 'type') report(place, 'refused', { why: message });
        else {
          const node = nodeAt(document, steps) ?? null;
          const path = node && placeOf(document, node);
          const operations = node && path && !node.shared ? retyped(path, node, data?.wanted ?? []) : null;
          const words = { wanted: wordsOf(data?.wanted ?? []) };
          report(place, 'type', words, operations && report.fix('type', () => operations, { data: words }));
        }
      }
    },
  },
});

const names: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  null: 'nothing',
};

function wordsOf(wanted: readonly string[]): string {
  return wanted.map(type => names[type] ?? type).join(' or ');
}
