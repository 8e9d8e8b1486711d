import type { Carrying, Given } from './given';
import { type Draft, emptyMap, listIn, mapIn, type ServiceDraft } from './service';

/** Networks that are modes of the engine, and none that somebody made. */
const modes = /^(?:host|none|bridge|default|private|pasta|slirp4netns|ns:.{1,200}|container:.{1,200}|(?:pasta|slirp4netns):.{1,500})$/;

/** The mode that a value of `--network` is; `null`: it names a network. */
export function networkMode(value: string): string | null {
  return modes.test(value) ? value : null;
}

/** The network of a service; made where there is none. */
function attachment({ service }: Carrying, name: string): ServiceDraft {
  const networks = mapIn(service, 'networks');
  return (networks[name] ??= emptyMap()) as ServiceDraft;
}

/** The network that addresses and aliases without one are about. */
function firstNetwork(to: Carrying): ServiceDraft | null {
  const [name] = Object.keys((to.service['networks'] ?? {}) as ServiceDraft);
  return name === undefined ? null : attachment(to, name);
}

/** `--network`: a mode, a name, or `name=...,alias=...`. */
export function carryNetwork(given: Given, to: Carrying): void {
  const { service, project, notes } = to;
  if (given.value === null) return notes.add('unread', given.what);
  const mode = networkMode(given.value);
  if (mode !== null) {
    const own = mode.startsWith('container:') ? to.serviceOf(mode.slice('container:'.length)) : null;
    // what an engine does without the flag is a network of the project here
    if (mode !== 'default') service['network_mode'] = own === null ? mode : `service:${own}`;
    if (mode.startsWith('container:') && own === null) notes.add('other-container', given.what);
    return;
  }
  const fields = given.value.includes('=') ? given.value.split(',') : [`name=${given.value}`];
  const name = fields.find(field => field.startsWith('name='))?.slice('name='.length) ?? '';
  if (!/^[\w.-]{1,200}$/.test(name)) return notes.add('unread', given.what);
  const network = attachment(to, name);
  for (const field of fields) {
    const [key = '', value = ''] = field.split(/=(.*)/s, 2);
    if (key === 'alias') listIn(network, 'aliases').push(value);
    else if (key === 'ip') network['ipv4_address'] = value;
    else if (key === 'ip6') network['ipv6_address'] = value;
    else if (key === 'mac-address') network['mac_address'] = value;
    else if (key === 'link-local-ip') listIn(network, 'link_local_ips').push(value);
    else if (key === 'gw-priority') network['gw_priority'] = Number(value);
    else if (key === 'driver-opt') mapIn(network, 'driver_opts')[value.split('=', 1)[0]!] = value.slice(value.indexOf('=') + 1);
    else if (key !== 'name') notes.add('mount-option', given.what, { option: key });
  }
  const made = to.makesNetwork(name);
  project.networks[name] ??= made ? { name } : { external: true, name };
  if (!made) notes.add('external-network', given.what, { name });
}

const onFirst =
  (set: (network: ServiceDraft, value: Draft) => void) =>
  (given: Given, to: Carrying): void => {
    const network = firstNetwork(to);
    if (network) set(network, given.template);
    // the engine takes these for networks that somebody made, and for no other
    else to.notes.add('no-key', given.what);
  };

/** `--network-alias`. Flags of addresses come after those of networks. */
export const carryNetworkAlias = onFirst((network, value) => void listIn(network, 'aliases').push(value));

/** `--link-local-ip`. */
export const carryLinkLocal = onFirst((network, value) => void listIn(network, 'link_local_ips').push(value));

/** `--ip`, `--ip6`. */
export const carryAddress = (key: 'ipv4_address' | 'ipv6_address'): ((given: Given, to: Carrying) => void) =>
  onFirst((network, value) => void (network[key] = value));
