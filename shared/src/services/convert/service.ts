import type { WrittenMap } from '../../syntax/yaml/write';

/** A value of a service while it is put together. */
export type Draft = string | number | boolean | null | { [key: string]: Draft } | Draft[];

/** A service while it is put together: keys of Compose, texts as templates. */
export type ServiceDraft = Record<string, Draft>;

/** A Compose file while it is put together. */
export interface ProjectDraft {
  readonly services: ServiceDraft;
  readonly volumes: ServiceDraft;
  readonly networks: ServiceDraft;
}

/** The order in which the keys of a service are written. */
const order = (
  'image platform pull_policy runtime isolation container_name hostname domainname restart init user group_add working_dir entrypoint command stdin_open tty ' +
  'ports expose network_mode networks mac_address links external_links extra_hosts dns dns_search dns_opt environment env_file volumes volumes_from tmpfs ' +
  'devices device_cgroup_rules healthcheck labels label_file annotations logging stop_signal stop_grace_period privileged read_only cap_drop cap_add security_opt'
).split(' ');

/** An empty map that any name may be put into: `__proto__` is a name like others. */
export function emptyMap(): ServiceDraft {
  return Object.create(null) as ServiceDraft;
}

/** A map of a service; made where there is none. */
export function mapIn(draft: ServiceDraft, key: string): ServiceDraft {
  return (draft[key] ??= emptyMap()) as ServiceDraft;
}

/** A list of a service; made where there is none. */
export function listIn(draft: ServiceDraft, key: string): Draft[] {
  return (draft[key] ??= []) as Draft[];
}

/** The project as it is written: keys in the order of Compose's documentation, nothing that is empty. */
export function projectOf({ services, volumes, networks }: ProjectDraft): WrittenMap {
  const some = (map: ServiceDraft): WrittenMap | undefined => (Object.keys(map).length > 0 ? map : undefined);
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  const sorted = Object.entries(services).map(
    ([name, service]) => [name, Object.fromEntries(Object.entries(service as ServiceDraft).sort(([a], [b]) => rank(a) - rank(b)))] as const,
  );
  return { services: Object.fromEntries(sorted), volumes: some(volumes), networks: some(networks) };
}
