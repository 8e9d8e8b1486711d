import { memoize } from '../../../base/text/memoize';
import { isFunction, namespaces } from '../../../syntax/cel/functions';
import { macroOf } from '../../../syntax/cel/macros';
import type { Cel } from '../../../syntax/cel/types';
import { celNodes } from '../../../syntax/cel/walk';
import type { WorkspaceIndex } from '../../../workspace/types';
import { isJmesFunction } from '../../../syntax/jmespath/functions';
import { parseJmesPath, variablesIn } from '../../../syntax/jmespath/parse';
import { isJudging, type PolicyTextFact } from '../../../workspace/admission-facts';
import { folderOf, sharedDepth } from '../../../workspace/paths';
import { longestText } from '../facts';
import { expressionsOf, parsed } from '../model/expressions';
import { rulesOf } from '../model/rules';
import { has, mapAt, mapsAt } from '../model/spots';
import type { PolicyView } from '../model/types';
import { textsWithVariables } from '../model/variables';
import { meant, parameterObjects, type Handed } from './parameters';
import { readPolicies, type Policy } from './policies';
import { dig, mapsIn, textIn, type Subject } from './subject';

/** The policies of a workspace, and which of them are for the files of a folder. */
interface Known {
  readonly all: readonly Policy[];
  readonly byFolder: Map<string, readonly Policy[]>;
}

const known = new WeakMap<readonly PolicyTextFact[], Known>();

/** The policies by which the objects of a file are judged: not those of tests; of several with one name the nearest. */
export function policiesFor(facts: readonly PolicyTextFact[], path: string): readonly Policy[] {
  let of = known.get(facts);
  if (!of) known.set(facts, (of = { all: readPolicies(facts.filter(isJudging)), byFolder: new Map() }));
  const folder = folderOf(path);
  let found = of.byFolder.get(folder);
  if (!found) of.byFolder.set(folder, (found = nearestOf(of.all, path)));
  return found;
}

function nearestOf(all: readonly Policy[], path: string): readonly Policy[] {
  const nearest = new Map<string, Policy>();
  for (const policy of all) {
    const key = `${policy.fact.of} ${policy.fact.name}`;
    const other = nearest.get(key);
    if (!other || sharedDepth(policy.fact.path, path) > sharedDepth(other.fact.path, path)) nearest.set(key, policy);
  }
  return [...nearest.values()];
}

/** What the entries of a context ask that no file tells. */
const outside = ['configMap', 'apiCall', 'imageRegistry', 'globalReference'];

/** A reference to another value of a pattern. */
const reference = /\$\([^ )]/;

/** The parameters of a policy that are not in the workspace, for people. */
function missingParameters({ fact, data, bindings }: Policy, objects: Subject['parameters']): readonly string[] {
  const cels = mapsIn(dig(data ?? undefined, 'spec', 'rules')).map(rule => dig(rule, 'validate', 'cel'));
  const handed: readonly Handed[] =
    fact.of === 'ValidatingAdmissionPolicy'
      ? bindings.map(binding => [dig(data ?? undefined, 'spec', 'paramKind'), dig(binding, 'spec', 'paramRef')])
      : cels.map(cel => [dig(cel, 'paramKind'), dig(cel, 'paramRef')]);
  return handed.flatMap(([kind, reference]) => {
    if (kind === undefined || reference === undefined || meant([kind, reference], objects).length > 0) return [];
    const name = textIn(dig(reference, 'name'));
    return [name === null ? 'params' : `params (${textIn(dig(kind, 'kind')) ?? ''} "${name}")`];
  });
}

/** What of a policy of a file cannot be worked out from the files of a workspace, in the words of its language. */
export function missingFor(policy: PolicyView, path: string, workspace: WorkspaceIndex): readonly string[] {
  const found = policiesFor(workspace.policyTexts(), path).find(({ fact }) => fact.of === policy.kind && fact.name === policy.name);
  const parameters = found ? missingParameters(found, kind => parameterObjects(workspace, kind, path)) : [];
  return [...new Set([...missingIn(policy), ...parameters])];
}

const missingIn = memoize((policy: PolicyView): readonly string[] => {
  const missing = new Set<string>();
  if (policy.document.text.length > longestText) return [`a document of more than ${longestText >> 10} KB`];
  if (policy.is === 'ClusterPolicy')
    for (const rule of rulesOf(policy)) {
      const validate = mapAt(rule.at, 'validate');
      if (!validate) continue;
      for (const key of ['manifests', 'assert']) if (has(validate, key)) missing.add(key);
      const isReferring = ['pattern', 'anyPattern', 'deny', 'foreach'].some(key => {
        const value = validate.map.get(key);
        return value && reference.test(policy.document.text.slice(value.range.start, value.range.end));
      });
      if (isReferring) missing.add('$(...)');
      for (const holder of [rule.at, ...mapsAt(validate, 'foreach')])
        for (const entry of mapsAt(holder, 'context')) for (const key of outside) if (has(entry, key)) missing.add(key);
      for (const { spot, isExpression } of textsWithVariables(rule)) {
        const texts = isExpression ? [spot.text] : variablesIn(spot.text).variables.map(({ text }) => text);
        for (const { name } of texts.flatMap(text => parseJmesPath(text.trim()).calls)) if (!isJmesFunction(name)) missing.add(`${name}()`);
      }
    }
  else if (policy.is !== 'ValidatingPolicy' && policy.is !== 'ValidatingAdmissionPolicy') return [];
  for (const node of expressionsOf(policy).flatMap(each => celNodes(parsed(each).tree ?? nothing))) {
    if (node.is === 'name' && node.name === 'authorizer') missing.add(node.name);
    if (node.is === 'select' && node.name === 'userInfo' && node.of.is === 'name' && node.of.name === 'request')
      missing.add('request.userInfo');
    if (node.is !== 'call' || node.name === 'has' || macroOf(node) || asksAuthorizer(node)) continue;
    const space = node.of?.is === 'name' && (namespaces.has(node.of.name) || clusterLibraries.has(node.of.name)) ? `${node.of.name}.` : '';
    if (!isFunction(space + node.name) && !isFunction(node.name)) missing.add(`${space}${node.name}()`);
  }
  return [...missing];
});

/** Whether a call is one of a chain that begins at the authorizer, which is named once. */
function asksAuthorizer(node: Cel): boolean {
  let root = node;
  while (root.is === 'call' && root.of) root = root.of;
  return root.is === 'name' && root.name === 'authorizer';
}

const clusterLibraries = new Set(['resource', 'http', 'globalContext', 'image']);
const nothing = { is: 'literal', value: null, token: 'null', range: { start: 0, end: 0 } } as const;
