import { joined, remedyOf } from '../../../rule/container/edits';
import { ownItems, type ContainerOptions, type Edit, type NamedValue, type Setting } from '../../../rule/container/types';
import { openedBy } from '../../../knowledge/open-access';
import { defineRule, noFix } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'compose/authentication-disabled',
  title: 'Authentication disabled',
  severity: 'warning',
  category: 'access',
  profile: 'recommended',
  references: { nist800190: ['3.4.2', '4.4.2'], cwe: ['CWE-306'] },
  messages: {
    off: { text: '{name} lets in anyone who can reach {program}' },
    published: { text: '{name} lets in anyone who can reach {program}, which is published on all interfaces', severity: 'error' },
    option: { text: '"{option}" lets in anyone who can connect' },
  },
  fixes: {
    password: { title: 'Require a password, read from {password}', class: 'attended' },
    remove: { title: 'Remove {name}', class: 'attended' },
  },
  assumptions: {
    'has-password': 'A password is set for the program, and its clients have that password',
    'give-password':
      '{password} is set where the project is started, and clients use that password; an existing database keeps its current password',
  },
  on: {
    container(container, report) {
      const isOpen = container
        .list('ports')
        .items.some(({ value }) => value && (value.address === null || value.address === '0.0.0.0' || value.address === '::'));
      for (const setting of ownItems(container, 'env')) {
        const { name, value } = setting.value;
        const program = value ? (openedBy(name, value) ?? openedIn(name, value)) : null;
        if (program === null) continue;
        const remedy = remedyOf(container.edit.remove(setting), { assumes: [{ id: 'has-password' }] });
        const asked = passwordEdit(container, setting, name);
        const given = asked && remedyOf(asked.edit, { assumes: [{ id: 'give-password', data: { password: asked.password } }] });
        report(
          setting.range,
          isOpen ? 'published' : 'off',
          { name, program },
          ...(given?.fix ? report.remedy('password', given, { password: asked!.password }) : []),
          ...report.remedy('remove', remedy, { name }),
        );
      }
      for (const { value: option, range } of ownItems(container, 'args'))
        if (/^--(?:api\.insecure(?:=true)?|noauth|NotebookApp\.token=['"]*|ServerApp\.token=['"]*)$/.test(option))
          report(range, 'option', { option }, noFix('manual'));
      const open = unlisted(container);
      if (open) report(open.range, 'option', { option: `${open.value} .` }, noFix('manual'));
    },
  },
});

/** The option by which a package index asks for no password, not even to upload (pypiserver, README: "-P . -a ."); `null`: it does. */
function unlisted(container: ContainerOptions): Setting<string> | null {
  if (!/(?:^|\/)pypiserver(?:[:@]|$)/.test(container.image?.text ?? '')) return null;
  const words = container.list('args').items;
  const isOff = (...names: readonly string[]) => words.find(({ value }, i) => names.includes(value ?? '') && words[i + 1]?.value === '.');
  const passwords = isOff('-P', '--passwords');
  return passwords && !passwords.inherited && isOff('-a', '--authenticate') ? passwords : null;
}

/** The variables that servers do not start without, unless one of these says that everybody may come in. Sources: the images' pages on Docker Hub. */
const passwords: Readonly<Record<string, string>> = {
  MYSQL_ALLOW_EMPTY_PASSWORD: 'MYSQL_ROOT_PASSWORD',
  MARIADB_ALLOW_EMPTY_ROOT_PASSWORD: 'MARIADB_ROOT_PASSWORD',
  POSTGRES_HOST_AUTH_METHOD: 'POSTGRES_PASSWORD',
};

/** The same of Bitnami's images, which all share `ALLOW_EMPTY_PASSWORD`. */
const bitnami: Readonly<Record<string, string>> = {
  postgresql: 'POSTGRESQL_PASSWORD',
  mysql: 'MYSQL_ROOT_PASSWORD',
  mariadb: 'MARIADB_ROOT_PASSWORD',
  redis: 'REDIS_PASSWORD',
  valkey: 'VALKEY_PASSWORD',
  mongodb: 'MONGODB_ROOT_PASSWORD',
};

const ownValue = (table: Readonly<Record<string, string>>, key: string): string | null => (Object.hasOwn(table, key) ? table[key]! : null);

/** The server's password, asked for where the project is started, in place of a setting that lets everybody in; `null` where it needs none, or may have one. */
function passwordEdit(
  container: ContainerOptions,
  open: Setting<NamedValue>,
  name: string,
): { readonly password: string; readonly edit: Edit } | null {
  const image = /(?:^|\/)bitnami(?:legacy)?\/([a-z]+)(?:[:@]|$)/.exec(container.image?.text ?? '')?.[1];
  const password = name === 'ALLOW_EMPTY_PASSWORD' ? ownValue(bitnami, image ?? '') : ownValue(passwords, name);
  const env = container.list('env');
  if (password === null || env.open || container.list('envFiles').items.length > 0) return null;
  // a random one of root, one in a file, or the same under its other name
  const others = env.items.filter(({ value }) => value === null || /_PASSWORD(?:_FILE)?$/.test(value.name));
  const kept = others.filter(item => item !== open && (password.includes('_ROOT_') ? item.value?.name.includes('_ROOT_') !== false : true));
  const [empty, ...more] = kept;
  const text = `\${${password}:?set ${password}}`;
  if (!empty) return { password, edit: joined([container.edit.remove(open), container.edit.append('env', [`${password}=${text}`])]) };
  if (more.length > 0 || empty.value?.name !== password || empty.value.value !== '') return null;
  return { password, edit: joined([container.edit.remove(open), container.edit.replace(empty, text)]) };
}

/** Settings of images that only Compose files have. */
function openedIn(name: string, value: string): string | null {
  if (name === 'NEO4J_AUTH' && value === 'none') return 'Neo4j';
  return name === 'ME_CONFIG_BASICAUTH' && /^false$/i.test(value) ? 'Mongo Express' : null;
}
