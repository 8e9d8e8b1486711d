import type { ServiceView } from './types';
import { itemsOfValue, member, memberAt, textOf, type Value } from './value';

/** What Compose copies into the container of a service, which it cannot if that is read-only; `null`: nothing. */
export function injectedInto(service: ServiceView): Value | null {
  const { merged } = service.compose.project;
  for (const [list, kind, keys] of [
    [service.at('secrets'), 'secrets', ['environment']],
    [service.at('configs'), 'configs', ['environment', 'content']],
  ] as const) {
    for (const item of itemsOfValue(list)) {
      const name = textOf(item.kind === 'map' ? member(item, 'source') : item);
      if (name !== null && keys.some(key => memberAt(merged, kind, name, key))) return item;
    }
  }
  const socket = service.at('use_api_socket');
  return socket?.kind === 'scalar' && socket.value === true ? socket : null;
}

/** See `ContainerOptions.writesAtStart`. */
export function writesAtStart(service: ServiceView): string | null {
  if (injectedInto(service)) return 'Compose copies secrets or configs into it';
  const watched = itemsOfValue(memberAt(service.value, 'develop', 'watch'));
  return watched.some(watch => /^sync/.test(textOf(member(watch, 'action')) ?? '')) ? 'Compose copies changed sources into it' : null;
}
