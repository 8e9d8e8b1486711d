import type { YamlOperation } from '../../../syntax/yaml/operations';

/** The order in which the keys of a service stand that fixes add. */
const order = [
  'image',
  'pull_policy',
  'user',
  'read_only',
  'tmpfs',
  'cap_drop',
  'cap_add',
  'security_opt',
  'mem_limit',
  'cpus',
  'pids_limit',
  'init',
  'restart',
  'logging',
  'deploy',
  'secrets',
];

const ranks = new Map(order.map((name, rank) => [name, rank]));

/** Operations in the order in which a person would write what they add; those of one key stay as they were. */
export function inServiceOrder(operations: readonly YamlOperation[]): readonly YamlOperation[] {
  const rankOf = (operation: YamlOperation): number => {
    if (operation.type !== 'yaml.set' && operation.type !== 'yaml.append') return -1;
    const { path } = operation;
    const name = path[0] === 'services' ? path[2] : path[1];
    return ranks.get(String(name)) ?? order.length;
  };
  return operations
    .map((operation, index) => ({ operation, index, rank: rankOf(operation) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ operation }) => operation);
}
