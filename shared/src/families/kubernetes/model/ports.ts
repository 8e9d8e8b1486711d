import { stringOf } from '../../../syntax/yaml/values';
import type { ContainerView } from './types';

/** Options and variables that say where a server listens. */
const listening = /^(?:--?)?(?:[a-z]+[-_.])*(?:port|listen|bind|addr|address)(?:[-_.](?:addr|address|port))?$/i;

/** Where nothing but a port, on any address, is told. */
const anyAddress = /^(?:0\.0\.0\.0|\[::\]|\*)?:?(\d{2,5})$/;

/** The ports that arguments and variables of a container tell a server to listen at, each with the word that says so. */
export function toldPorts({ command, args, env }: ContainerView): readonly { readonly port: number; readonly seen: string }[] {
  const words = [...(command ?? []), ...(args ?? [])].map(word => (stringOf(word) ?? '').slice(0, 200));
  const pairs = words.map((word, at): readonly [string, string] => {
    const equals = word.indexOf('=');
    return equals > 0 ? [word.slice(0, equals), word.slice(equals + 1)] : [word, words[at + 1] ?? ''];
  });
  // of variables, those of a client are more than those of a server: only the one that everybody reads
  for (const { name, value } of env) if (name === 'PORT' && value !== null) pairs.push([name, value]);
  return pairs.flatMap(([name, value]) => {
    const match = listening.test(name) && (name.startsWith('-') || name === 'PORT') ? anyAddress.exec(value) : null;
    return match ? [{ port: Number(match[1]), seen: name }] : [];
  });
}
