import { memoizeFor } from '../../../base/text/memoize';
import { isTaskAlone } from '../../../rule/container/task';
import type { YamlDocument } from '../../../syntax/yaml/types';
import type { ComposeView, ServiceView } from './types';
import { entriesOfValue, member, textOf } from './value';

/** The first service that waits for another, by what it waits for and the name of that: `service_healthy db`. */
const awaited = memoizeFor((_: YamlDocument, compose: ComposeView): ReadonlyMap<string, ServiceView> => {
  const found = new Map<string, ServiceView>();
  for (const service of compose.services)
    for (const [name, { value }] of entriesOfValue(service.at('depends_on'))) {
      const key = `${textOf(member(value, 'condition')) ?? ''} ${name}`;
      if (!found.has(key)) found.set(key, service);
    }
  return found;
});

/** The first service that waits for another to get somewhere; `null`: none does. */
export function waitingFor({ compose, name }: ServiceView, condition: string): ServiceView | null {
  return awaited(compose.document, compose).get(`${condition} ${name}`) ?? null;
}

/** Whether a service is there for one thing that ends, as others wait for, or it says itself. */
export function isTask(service: ServiceView): boolean {
  return service.users === null && (waitingFor(service, 'service_completed_successfully') !== null || isTaskAlone(service));
}
