import { imageKey } from '../../syntax/image/name';

/**
 * What everybody tries first as the password of a container: its name, that of its image, its users and databases. In lower case.
 * @param image its reference; `null`: not known
 */
export function obviousValues(
  name: string,
  image: string | null,
  variables: readonly { readonly name: string; readonly value: string | null }[],
): ReadonlySet<string> {
  const repository = imageKey(image ?? '') ?? '';
  const named = variables.flatMap(variable => (/(?:user|name|db|database)$/i.test(variable.name) ? (variable.value ?? '') : []));
  return new Set([name, repository.slice(repository.lastIndexOf('/') + 1), ...named].map(text => text.toLowerCase()));
}
