import type { Json } from './compose-model';

type Members = { [key: string]: Json };

const isMap = (value: Json | undefined): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const mapsOf = (value: Json | undefined): Members[] =>
  Array.isArray(value) ? value.filter(isMap) : isMap(value) ? Object.values(value).filter(isMap) : [];

/** What the loader adds in the end: defaults, networks and dependencies that go without saying, names of resources. `project` is its name. */
export function normalised(json: Json, project: string, lookup: (name: string) => string | undefined): Json {
  const root = structuredClone(json) as Members;
  for (const service of mapsOf(root['services'])) {
    completeService(service, lookup);
  }
  for (const kind of ['networks', 'volumes', 'secrets', 'configs']) {
    const resources = root[kind];
    if (!isMap(resources)) continue;
    for (const [name, resource] of Object.entries(resources)) {
      const members = isMap(resource) ? resource : {};
      members['name'] ??= members['external'] === true ? name : `${project}_${name}`;
      resources[name] = members;
    }
  }
  root['name'] = project;
  return root;
}

function completeService(service: Members, lookup: (name: string) => string | undefined): void {
  if (service['pull_policy'] === 'if_not_present') service['pull_policy'] = 'missing';
  const { build } = service;
  if (isMap(build)) {
    build['context'] ??= '.';
    if (build['dockerfile'] == null && build['dockerfile_inline'] == null) build['dockerfile'] = 'Dockerfile';
    if (isMap(build['args'])) build['args'] = resolved(build['args'], lookup, false);
  }
  if (isMap(service['environment'])) service['environment'] = resolved(service['environment'], lookup, true);
  for (const port of mapsOf(service['ports'])) {
    port['protocol'] ??= 'tcp';
    port['mode'] ??= 'ingress';
  }
  for (const secret of mapsOf(service['secrets'])) secret['target'] ??= `/run/secrets/${textOf(secret['source'])}`;
  for (const hook of mapsOf(service['pre_start'])) if (service['image'] !== undefined) hook['image'] ??= service['image'];
  const reservations = [service['deploy']]
    .filter(isMap)
    .map(deploy => deploy['resources'])
    .filter(isMap)
    .map(resources => resources['reservations'])
    .filter(isMap);
  const requests = [...mapsOf(service['gpus']), ...reservations.flatMap(there => mapsOf(there['devices']))];
  for (const request of requests) if (request['count'] === undefined && request['device_ids'] === undefined) request['count'] = -1;
  addDependencies(service);
}

function resolved(map: Members, lookup: (name: string) => string | undefined, keepEmpty: boolean): Members {
  const out: Members = {};
  for (const [name, value] of Object.entries(map)) {
    const found = value ?? lookup(name) ?? null;
    if (found !== null || keepEmpty) out[name] = found;
  }
  return out;
}

function addDependencies(service: Members): void {
  const on: Members = isMap(service['depends_on']) ? service['depends_on'] : {};
  const add = (name: string, restart: boolean): void =>
    void (on[name] ??= { condition: 'service_started', ...(restart && { restart: true }), required: true });
  for (const link of Array.isArray(service['links']) ? service['links'] : []) {
    const parts = textOf(link).split(':');
    add(parts.length === 2 ? parts[0]! : textOf(link), true);
  }
  for (const key of ['network_mode', 'ipc', 'pid', 'uts', 'cgroup']) {
    const value = service[key];
    if (typeof value === 'string' && value.startsWith('service:')) add(value.slice('service:'.length), true);
  }
  for (const from of Array.isArray(service['volumes_from']) ? service['volumes_from'] : []) {
    const text = textOf(from);
    if (!text.startsWith('container:')) add(text.split(':', 1)[0]!, false);
  }
  if (Object.keys(on).length > 0) service['depends_on'] = on;
}
