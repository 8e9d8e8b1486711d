import { appendItem, setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import type { ServiceView } from '../model/types';
import { isNull, member, memberAt } from '../model/value';

/** Variables that an image also reads from the file that a variable with another ending names, by the image's name (its entry point). */
const readFromFile: readonly (readonly [RegExp, RegExp])[] = [
  [/(?:^|\/)(?:postgres|postgis|pgvector|timescaledb)(?:[:@]|$)/, /^POSTGRES_(?:PASSWORD|USER|DB|INITDB_ARGS)$/],
  [/(?:^|\/)mysql(?:-server)?(?:[:@]|$)/, /^MYSQL_(?:ROOT_PASSWORD|PASSWORD|USER|DATABASE)$/],
  [/(?:^|\/)mariadb(?:[:@]|$)/, /^(?:MARIADB|MYSQL)_(?:ROOT_PASSWORD|PASSWORD|USER|DATABASE)$/],
  [/(?:^|\/)mongo(?:[:@]|$)/, /^MONGO_INITDB_ROOT_(?:USERNAME|PASSWORD)$/],
  [
    /(?:^|\/)wordpress(?:[:@]|$)/,
    /^WORDPRESS_(?:DB_PASSWORD|AUTH_KEY|SECURE_AUTH_KEY|LOGGED_IN_KEY|NONCE_KEY|AUTH_SALT|SECURE_AUTH_SALT|LOGGED_IN_SALT|NONCE_SALT)$/,
  ],
  [/(?:^|\/)nextcloud(?:[:@]|$)/, /^(?:MYSQL_PASSWORD|POSTGRES_PASSWORD|NEXTCLOUD_ADMIN_PASSWORD)$/],
];

/** How a variable's value comes to be read from a secret that is a file. */
export interface SecretFile {
  /** The variable that names the file. */
  readonly variable: string;
  /** The file of the host. */
  readonly file: string;
  readonly operations: () => readonly YamlOperation[];
}

/** Moves the value of a variable into a secret, where the image reads it from a file; `null` where nobody knows that it does. */
export function secretFileFix(service: ServiceView, name: string): SecretFile | null {
  const image = service.image?.text ?? '';
  const isGrafana = /(?:^|\/)grafana(?:-oss|-enterprise)?(?:[:@]|$)/.test(image) && /^GF_\w+_PASSWORD$/.test(name);
  if (!isGrafana && !readFromFile.some(([images, variables]) => images.test(image) && variables.test(name))) return null;
  const environment = service.at('environment');
  if (environment?.kind !== 'map' || service.isInherited(environment) || !service.node) return null;
  const variable = isGrafana ? `${name}__FILE` : `${name}_FILE`;
  const secret = `${service.name}_${name}`.toLowerCase().replace(/[^a-z0-9_.-]/g, '_');
  const file = `./secrets/${secret}.txt`;
  // one of both is an error of the entry points: replace, never add
  if (member(environment, variable) || memberAt(service.compose.project.merged, 'secrets', secret)) return null;
  const from = [...service.path, 'environment', name];
  const operations = (): readonly YamlOperation[] => [
    setValue(from, `/run/secrets/${secret}`),
    { type: 'yaml.rename', path: from, name: variable },
    appendItem([...service.path, 'secrets'], secret),
    { type: 'yaml.set', path: ['secrets', secret], value: { file }, apart: true },
  ];
  return isNull(service.at('secrets')) || service.at('secrets')?.kind === 'list' ? { variable, file, operations } : null;
}
