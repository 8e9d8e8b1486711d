import type { Range } from '../../../base/text/range';
import type { ClientCommand } from './types';

/** An engine that a command talks to by TCP without TLS. */
export interface PlainDaemon {
  readonly address: string;
  readonly range: Range;
  readonly isLocal: boolean;
}

const plain = /^tcp:\/\/(\[[^\]]{1,60}\]|[^:/$]{1,200})(?::(\d{1,5}))?(?:\/|$)/;

/** The engines that a command is told to talk to without TLS; a proxy of the socket, called so, is none. */
export function plainDaemons({ hosts, shell, placed }: ClientCommand): readonly PlainDaemon[] {
  const isEncrypted = shell.args.some(({ text }) => /^--tls(?:verify)?(?:=true)?$/.test(text ?? ''));
  if (isEncrypted || placed.script.commands.some(({ assignments }) => assignments.some(({ name }) => name === 'DOCKER_TLS_VERIFY')))
    return [];
  return hosts.flatMap(({ address, range }) => {
    const [, host = '', port = '2375'] = plain.exec(address) ?? [];
    if (host === '' || port === '2376' || /proxy/i.test(host)) return [];
    return [{ address, range, isLocal: /^(?:localhost|127\.|\[::1\])/.test(host) }];
  });
}
