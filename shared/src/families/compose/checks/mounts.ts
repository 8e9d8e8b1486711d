import { remedyOf } from '../../../container/edits';
import type { ContainerOptions, Mount, Setting } from '../../../container/types';
import { findDangerousPath, findRuntimeSocket, normalizeHostPath, socketsBelow } from '../../../knowledge/host-paths';
import { noFix, type Report } from '../../../rule/define-rule';

/** The mounts that a container brings itself of the host, with their source. */
function binds(
  container: ContainerOptions,
): readonly { readonly setting: Setting<Mount>; readonly mount: Mount; readonly source: string }[] {
  return container.list('mounts').items.flatMap(setting => {
    const mount = setting.value;
    return mount && !setting.inherited && mount.kind === 'bind' && mount.source !== null ? [{ setting, mount, source: mount.source }] : [];
  });
}

/** `runtime-socket` but for what is a family's own. */
export const runtimeSocket = {
  title: 'Container runtime socket mounted',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: {
    cisDocker: ['5.32'],
    nist800190: ['3.4.3', '4.4.3'],
    mitre: ['T1610', 'T1611'],
    cwe: ['CWE-250'],
    links: ['https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html'],
  },
  messages: {
    socket: { text: 'Whoever is in "{container}" is root on the host: it has the socket of {runtime}' },
    folder: { text: 'Whoever is in "{container}" is root on the host: the socket of {runtime} is below {path}' },
    api: { text: 'Container "{container}" gets the socket of the engine and the passwords of its registries' },
    'not-a-mount': { text: 'Without a colon this is a new volume: nothing of the host is mounted', severity: 'hint' },
  },
  fixes: { remove: { title: 'Run without the socket', class: 'attended' } },
  on: {
    container(container: ContainerOptions, report: Report<'socket' | 'folder' | 'api' | 'not-a-mount', 'remove'>): void {
      for (const { mount, source } of binds(container)) {
        const pipe = /docker_engine/i.test(source) ? { runtime: 'Docker Engine' } : null;
        const socket = pipe ?? findRuntimeSocket(source);
        const [below] = socket || source.startsWith('.') || source.startsWith('~') ? [] : socketsBelow(source);
        // the root of the host, and its /run, are more than a socket
        const isFolder =
          below && /^\/(?:run(?:\/user\/\d+)?|var(?:\/run)?)?$/.test(normalizeHostPath(source) === '/' ? '' : normalizeHostPath(source));
        if (socket)
          report(
            mount.sourceRange,
            'socket',
            { runtime: socket.runtime },
            noFix('no-fix', 'a proxy for the socket, or a rootless engine, is a design'),
          );
        else if (below && isFolder && normalizeHostPath(source) !== '/')
          report(
            mount.sourceRange,
            'folder',
            { runtime: below.runtime, path: source },
            noFix('no-fix', 'a proxy for the socket, or a rootless engine, is a design'),
          );
      }
      for (const { value, range, inherited } of container.list('mounts').items) {
        if (value?.kind === 'anonymous' && !inherited && value.target !== null && findRuntimeSocket(value.target))
          report(range, 'not-a-mount', {});
      }
      const api = container.get('apiSocket');
      if (api?.value === true && !api.inherited)
        report(api.range, 'api', {}, ...report.remedy('remove', remedyOf(container.edit.remove(api))));
    },
  },
} as const;

/** What everybody may read. */
const harmless =
  /^\/(?:etc\/(?:localtime|timezone|ssl\/certs(?:\/.*)?|pki\/tls\/certs(?:\/.*)?|ca-certificates(?:\/.*)?|resolv\.conf|hosts|hostname|machine-id|os-release|nsswitch\.conf)|usr\/share\/(?:zoneinfo|ca-certificates)(?:\/.*)?|usr\/lib\/os-release)$/;

/** Folders that hold what belongs to whoever runs the host. */
const ownFolders = /^\/(?:srv|opt|home|data|mnt|media|tmp|var\/(?:log|tmp|www|opt|backups?)|usr\/local\/(?:share|src))(?:\/.*)?$/;

const credentials =
  /^~\/(?:\.ssh|\.aws|\.kube|\.docker|\.config\/gcloud|\.azure|\.gnupg|\.netrc|\.npmrc|\.pypirc|\.git-credentials)(?:\/|$)/;

/** Programs that watch a host. */
const agents =
  /(?:node-exporter|cadvisor|netdata|falco|datadog|telegraf|prometheus|promtail|fluent|filebeat|metricbeat|auditbeat|collectd|glances|dd-agent|newrelic|dynatrace|otel|vector|wazuh|sysdig|beszel)/i;

/** `sensitive-host-mount` but for what is a family's own. */
export const sensitiveHostMount = {
  title: 'Sensitive host path mounted',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: { cisDocker: ['5.6'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1611'], cwe: ['CWE-552', 'CWE-668'] },
  messages: {
    path: { text: '{path} of the host is mounted: {why}' },
    read: { text: '{path} of the host may be read: {why}', severity: 'warning' },
    accounts: { text: '{path} tells the accounts of the host', severity: 'info' },
    credentials: { text: '{path} holds credentials of a person, and "{container}" may change them' },
    'read-credentials': { text: '{path} holds credentials of a person', severity: 'warning' },
  },
  fixes: {},
  on: {
    container(container: ContainerOptions, report: Report<'path' | 'read' | 'accounts' | 'credentials' | 'read-credentials', never>): void {
      for (const { mount, source } of binds(container)) {
        const { readOnly, sourceRange } = mount;
        if (source === '~' || source === '~/' || credentials.test(source)) {
          report(sourceRange, readOnly ? 'read-credentials' : 'credentials', { path: source }, noFix('no-fix'));
          continue;
        }
        if (!source.startsWith('/') || findRuntimeSocket(source)) continue;
        const normal = normalizeHostPath(source);
        const found = findDangerousPath(normal);
        if (!found || harmless.test(normal) || /^\/dev\/./.test(normal) || ownFolders.test(normal)) continue;
        const data = { path: source, why: found.why };
        if (/^\/etc\/(?:passwd|group)$/.test(normal) && readOnly) report(sourceRange, 'accounts', { path: source });
        else if (readOnly && (agents.test(container.image?.text ?? container.name) || isConfiguration(normal)))
          report(sourceRange, 'read', data, noFix('no-fix'));
        else if (isConfiguration(normal)) report(sourceRange, 'read', data, noFix('no-fix'));
        else report(sourceRange, 'path', data, noFix('no-fix'));
      }
    },
  },
} as const;

/** Folders below /etc that belong to one program. */
function isConfiguration(path: string): boolean {
  return /^\/etc\/(?:letsencrypt|nginx|apache2|httpd|traefik|caddy|haproxy|prometheus|grafana|mosquitto|bind|docker\/compose|[\w-]+\.d\/[\w.-]+)(?:\/|$)/.test(
    path,
  );
}

const configuration = /\.(?:conf|cnf|cfg|ini|json|toml|ya?ml|xml|properties|pem|crt|key|env|sql|html?|tmpl|rules|lua)$/i;
const configurationTarget = /^\/etc\/|\/conf(?:ig)?\.d\/|docker-entrypoint-initdb\.d|^\/usr\/share\/nginx\/html|\/certs?(?:\/|$)/;

/** `writable-host-mount` but for what is a family's own. */
export const writableHostMount = {
  title: 'Configuration mounted writable',
  severity: 'info',
  category: 'isolation',
  profile: 'strict',
  references: { nist800190: ['3.4.4', '4.4.4'], cwe: ['CWE-732'] },
  messages: {
    configuration: { text: '{path} is configuration, and "{container}" may change it' },
    time: { text: '{path} of the host may be changed from "{container}"', severity: 'warning', profile: 'recommended' },
  },
  fixes: {
    readOnly: { title: 'Mount it read-only', class: 'review' },
    time: { title: 'Mount it read-only', class: 'safe' },
  },
  assumptions: { 'only-read': 'The container only reads {path}' },
  on: {
    container(container: ContainerOptions, report: Report<'configuration' | 'time', 'readOnly' | 'time'>): void {
      for (const { setting, mount, source } of binds(container)) {
        if (mount.readOnly) continue;
        const data = { path: source };
        if (/^\/(?:etc\/(?:localtime|timezone)|usr\/share\/zoneinfo(?:\/.*)?)$/.test(source)) {
          report(mount.sourceRange, 'time', data, ...report.remedy('time', remedyOf(container.edit.makeReadOnly(setting))));
        } else if (
          configuration.test(source) ||
          (mount.target !== null && configurationTarget.test(mount.target) && !/^\.?\/?(?:src|app)?\/?$/.test(source))
        ) {
          if (findRuntimeSocket(source) || (source.startsWith('/') && findDangerousPath(source))) continue;
          const extras = { assumes: [{ id: 'only-read', data }] };
          report(
            mount.sourceRange,
            'configuration',
            data,
            ...report.remedy('readOnly', remedyOf(container.edit.makeReadOnly(setting), extras)),
          );
        }
      }
    },
  },
} as const;
