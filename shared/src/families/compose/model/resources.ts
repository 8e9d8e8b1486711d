import { isAddress } from '../../../rule/container/ports';
import {
  entriesOfValue,
  isNull,
  itemsOfValue,
  member,
  memberAt,
  stringValue,
  type Complain,
  type MapValue,
  type Steps,
  type Value,
} from './value';

/** What the loader checks of a written-out project before it counts anything together (validation of compose-go). */
export function checkResources(root: MapValue, complain: Complain): void {
  for (const [name, { value }] of entriesOfValue(member(root, 'volumes'))) checkExternal(value, ['volumes', name], complain);
  for (const [name, { value }] of entriesOfValue(member(root, 'configs')))
    checkSource(value, ['file', 'environment', 'content'], ['configs', name], complain);
  for (const [name, { value }] of entriesOfValue(member(root, 'secrets')))
    checkSource(value, ['file', 'environment'], ['secrets', name], complain);
  for (const [name, { value: service }] of entriesOfValue(member(root, 'services'))) {
    const steps: Steps = ['services', name];
    for (const port of itemsOfValue(member(service, 'ports'))) {
      const ip = stringValue(member(port, 'host_ip'));
      if (ip !== null && (!isAddress(ip) || ip.includes('%')))
        complain('short-form', `invalid ip address: ${ip}`, [...steps, 'ports'], member(port, 'host_ip')!, { kind: 'port' });
    }
    for (const watch of itemsOfValue(memberAt(service, 'develop', 'watch'))) {
      const path = member(watch, 'path');
      if (path && stringValue(path) === '') complain('value', "value can't be blank", [...steps, 'develop', 'watch'], path);
    }
    for (const requests of [member(service, 'gpus'), memberAt(service, 'deploy', 'resources', 'reservations', 'devices')]) {
      for (const request of itemsOfValue(requests)) {
        if (member(request, 'count') && member(request, 'device_ids'))
          complain('value', '"count" and "device_ids" attributes are exclusive', steps, request);
      }
    }
  }
}

/** Whether a resource is made elsewhere. */
export function isExternal(resource: Value | undefined): boolean {
  const external = member(resource, 'external');
  return external !== undefined && (external.kind !== 'scalar' || (external.value !== false && external.value !== null));
}

function checkExternal(resource: Value, steps: Steps, complain: Complain): void {
  if (!isExternal(resource)) return;
  for (const [name, { value, key }] of entriesOfValue(resource)) {
    if (name === 'name' || name === 'external' || name.startsWith('x-')) continue;
    complain('value', `conflicting parameters "external" and ${name} specified`, steps, value, {
      range: key?.range ?? value.node?.range ?? null,
      kind: 'external',
      name,
    });
  }
}

function checkSource(resource: Value, keys: readonly string[], steps: Steps, complain: Complain): void {
  const there = keys.filter(key => member(resource, key));
  if (there.length > 1) complain('value', `${keys.join('|')} attributes are mutually exclusive`, steps, member(resource, there[1]!)!);
  if (there.length > 0 || member(resource, 'driver') || member(resource, 'external')) return;
  if (isNull(resource) || resource.kind === 'map')
    complain('value', `one of ${keys.join('|')} must be set`, steps, resource, { kind: 'source' });
}
