import { programUser, isRunByRoot, type Foothold, type Move } from '../../attack/foothold';
import { ownItems, type ContainerOptions } from '../../container/types';
import { serviceOf } from '../../container/service';
import type { Finding, ObjectRef } from '../../finding/types';
import type { MoveId } from '../../attack/moves';
import { findDangerousPath, normalizeHostPath } from '../../../knowledge/host-paths';
import type { WorkspaceIndex } from '../../../workspace/types';
import { isRawDevice } from './host-devices';
import { hostMountsOf, socketIn } from './host-mounts';
import { runsOnWindows } from './start';

/** What is open to somebody in a container that an engine runs; `null` where that is not known: an engine without root, Windows, another host's images. */
export function footholdOf(container: ContainerOptions, ref: ObjectRef | null, workspace: WorkspaceIndex): Foothold | null {
  if ((container.image === null && !container.isBuilt) || container.purpose !== 'service') return null;
  // root in a container of Podman may be an ordinary user outside
  if (container.runtime === 'podman' || runsOnWindows(container, { workspace })) return null;
  const { known } = serviceOf(container, { workspace });
  const written = container.get('user');
  return {
    ref,
    object: null,
    container: container.name,
    machine: 'host',
    range: container.reportRange,
    user: written && written.value === null ? 'unknown' : programUser(written?.value ?? null, known),
    moves: movesOf(container),
    opens,
  };
}

function movesOf(container: ContainerOptions): readonly Move[] {
  const moves: Move[] = [];
  const privileged = container.get('privileged');
  if (privileged?.value === true) moves.push({ id: 'privileged', range: privileged.range, rule: 'privileged' });
  for (const { mount, source } of hostMountsOf(container)) {
    const socket = socketIn(source);
    const path = normalizeHostPath(source);
    const range = mount.sourceRange;
    const danger = socket || !source.startsWith('/') ? null : findDangerousPath(source);
    if (socket) moves.push({ id: 'socket', range, rule: 'runtime-socket', data: { runtime: socket.socket.runtime } });
    else if (danger && !mount.readOnly && isRunByRoot(path))
      moves.push({ id: 'write', range, rule: 'sensitive-host-mount', data: { path } });
    else if (danger?.readsKeys) moves.push({ id: 'read', range, rule: 'sensitive-host-mount', data: { path, why: danger.whyRead } });
  }
  for (const { value, range } of ownItems(container, 'devices')) {
    if (value.source !== null && isRawDevice(value.source))
      moves.push({ id: 'device', range, rule: 'host-devices', data: { device: value.source } });
  }
  const namespaces = [
    ['pid', 'processes'],
    ['network', 'loopback'],
  ] as const;
  for (const [field, id] of namespaces) {
    const setting = container.get(field);
    if (setting?.value === 'host') moves.push({ id, range: setting.range, rule: 'host-namespace' });
  }
  return moves;
}

/** The variables by which images of databases are given the password of their server. */
const serverPasswords =
  /^(?:POSTGRES(?:QL)?_PASSWORD|(?:MYSQL|MARIADB)_(?:ROOT_)?PASSWORD|MONGO_INITDB_ROOT_PASSWORD|MONGODB_ROOT_PASSWORD|REDIS_PASSWORD|RABBITMQ_DEFAULT_PASS|MSSQL_SA_PASSWORD|SA_PASSWORD|ELASTIC_PASSWORD|CLICKHOUSE_PASSWORD|MINIO_ROOT_PASSWORD)$/;

/** What a finding about a container opens. */
function opens({ rule, messageId, data }: Finding): readonly MoveId[] {
  switch (rule.slice(rule.indexOf('/') + 1)) {
    // a port of no known service may be another one than the server's
    case 'published-on-all-interfaces':
      return messageId === 'sensitive' || messageId === 'random' ? ['published'] : [];
    case 'authentication-disabled':
      return ['no-login'];
    case 'secret-in-environment':
      if (messageId === 'command' || messageId === 'content') return [];
      return serverPasswords.test(String(data['name'] ?? '')) ? ['credential', 'password'] : ['credential'];
    default:
      return [];
  }
}
