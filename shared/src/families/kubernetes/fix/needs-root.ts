import { reason, type Reason } from '../../../base/terms/evidence';
import type { Service } from '../../../evidence/service';
import { capabilities, containerFlag, runAsNonRoot, runAsUser } from '../model/security';
import { sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { addsForEntryPoint } from './root-capabilities';
import { isRootProgram } from '../../../evidence/user';
import { startedPrograms } from '../../../evidence/started';
import type { FixSettings } from './settings';
import type { ContainerView } from '../model/types';

/** Commands that only root can run, or that change what an image ships. */
const rootCommands =
  /(?:^|[\s;&|(`'"]|bin\/)(?:chown|chgrp|chmod|setcap|setfacl|useradd|adduser|usermod|groupadd|addgroup|apt-get|apt|apk|yum|dnf|microdnf|tdnf|zypper|dpkg|rpm|pip3? install|npm (?:i|install|ci) -g|update-ca-certificates|ldconfig|sysctl|iptables|iptables-restore|ip6tables|nft|ipvsadm|ip (?:addr|link|route|rule)|modprobe|insmod|mount|umount|mkfs|nsenter|chroot|gosu|su-exec|setpriv|sudo|su|tcpdump|ping6?|traceroute)(?=$|[\s;&|)`'".])/;

/** How much of a command is searched. */
const longestCommand = 20_000;

/** What a container runs, as one text. */
function commandText(container: ContainerView): string {
  const words = [...(container.command ?? []), ...(container.args ?? [])];
  return words
    .map(word => stringOf(word) ?? '')
    .join('\n')
    .slice(0, longestCommand);
}

/** What a container is told to start and with what, word for word; what is filled in later is left out. */
export function startWords({ command, args }: ContainerView): readonly string[] {
  return [...(command ?? []), ...(args ?? [])].flatMap(word => stringOf(word) ?? []);
}

/** The command in `command` or `args` that only root can run; `null` where none is seen. */
function rootCommand(container: ContainerView): string | null {
  const match = rootCommands.exec(commandText(container));
  if (match) return match[0].replace(/^(?:[\s;&|(`'"]|bin\/)/, '');
  // arguments alone start nothing
  return container.command ? (startedPrograms(startWords(container)).find(isRootProgram) ?? null) : null;
}

/** Why a container cannot do without root, as far as the manifest shows. What it `runs` as root may write anywhere. */
export function rootReasons(container: ContainerView, settings: Pick<FixSettings, 'workspace'>): Service['needsRoot'] {
  const found: { reason: Reason; runs: boolean }[] = [];
  const add = (why: Reason, runs = false): void => void found.push({ reason: why, runs });
  if (containerFlag(container, 'privileged')?.value === true) add(reason('privileged'));
  const added = capabilities(container, 'add').items.find(({ name }) => name !== 'NET_BIND_SERVICE');
  // a process that is not root gets no capability from `add` alone
  if (added && !addsForEntryPoint(container, settings)) add(reason('adds-capability', { capability: added.name }));
  const command = rootCommand(container);
  if (command !== null) add(reason('runs-as-root', { command }), true);
  if (sequenceOf(container.node.get('volumeDevices'))) add(reason('block-device'));
  const explicit = runAsUser(container)?.value === 0 || runAsNonRoot(container)?.value === false;
  if (explicit && (container.kind === 'init' || container.kind === 'sidecar')) add(reason('prepares-pod'));
  return found;
}
