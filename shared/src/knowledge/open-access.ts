const on = /^(?:1|true|yes|on)$/i;
const off = /^(?:0|false|no|off)$/i;

/** Settings that let everybody in, by the name that an image or a program reads them from, in upper case with `_`. */
const settings: Readonly<Record<string, { readonly value: RegExp; readonly program: string }>> = {
  // docker-library/mysql and mariadb ask whether it is set at all
  MYSQL_ALLOW_EMPTY_PASSWORD: { value: /./, program: 'MySQL' },
  MARIADB_ALLOW_EMPTY_ROOT_PASSWORD: { value: /./, program: 'MariaDB' },
  ALLOW_EMPTY_PASSWORD: { value: on, program: 'the service' },
  POSTGRES_HOST_AUTH_METHOD: { value: /^trust$/i, program: 'PostgreSQL' },
  XPACK_SECURITY_ENABLED: { value: off, program: 'Elasticsearch' },
  DISABLE_SECURITY_PLUGIN: { value: on, program: 'OpenSearch' },
  PLUGINS_SECURITY_DISABLED: { value: on, program: 'OpenSearch' },
  GF_AUTH_ANONYMOUS_ENABLED: { value: on, program: 'Grafana' },
  RABBITMQ_LOOPBACK_USERS: { value: /^none$/i, program: 'RabbitMQ' },
};

/** What opens the port of Java's management to everybody. */
const jmx = /-Dcom\.sun\.management\.jmxremote\.authenticate=false\b/;

/** Whether a variable only permits that there is no password: one that is given counts all the same. */
export const permitsNoPassword = (name: string): boolean => name.includes('_EMPTY_');

/** The program that a variable or key with this value lets everybody in to; `null`: none. `xpack.security.enabled` counts as `XPACK_SECURITY_ENABLED`. */
export function openedBy(name: string, value: string): string | null {
  const key = name.toUpperCase().replaceAll('.', '_');
  const fact = Object.hasOwn(settings, key) ? settings[key]! : null;
  if (fact?.value.test(value.trim())) return fact.program;
  return jmx.test(value) ? "Java's management (JMX)" : null;
}
