import { endsByItself } from '../../evidence/program/started-command';
import type { ContainerOptions } from './types';

/** What a container starts, as far as it says so itself. */
export function ownWords(container: ContainerOptions): readonly string[] {
  return (['entrypoint', 'args'] as const).flatMap(name => container.list(name).items.flatMap(({ value }) => value ?? []));
}

/** Whether a container is there for a command that ends: that is all it runs, or it is not to be started again and publishes nothing. */
export function isTaskAlone(container: ContainerOptions): boolean {
  const isOnce = container.get('restart')?.value === 'no' && container.list('ports').items.length === 0;
  return isOnce || endsByItself(ownWords(container));
}
