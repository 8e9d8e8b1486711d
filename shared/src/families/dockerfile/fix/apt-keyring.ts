import { replaceText } from '../../../rule/fix/operations';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { range, type Range } from '../../../base/text/range';
import { aptTraffic, type AptKey, type AptSource } from '../model/apt-sources';
import { shellAt } from '../model/scripts';
import type { Stage } from '../model/types';
import { refusalAt } from './refusal';

/** A key in a file of its own, and the sources that name it. */
export interface Keyring {
  readonly file: string;
  readonly operations: () => readonly DockerfileOperation[];
}

/** What two hosts of one vendor share: the last two labels. */
const vendorOf = (host: string): string => host.toLowerCase().split('.').slice(-2).join('.');

/**
 * Stores a key that apt-key adds in a file of its own, and names it in the sources of its vendor, wherever they stand in the stage. `null` where it
 * is not seen which key signs for which source: a source that names the wrong key breaks the build.
 * @param place the word of `apt-key`, or the address of a source
 */
export function aptKeyring(stage: Stage, place: Range): Keyring | null {
  const { keys, sources } = aptTraffic(stage);
  const key = keys.find(({ command }) => command.nameWord!.range.start === place.start);
  const source = sources.find(other => other.range.start === place.start);
  const vendor = key?.host ?? source?.host ?? sources[0]?.host;
  if (vendor === undefined) return null;
  // a key in a file is that of the one vendor of the stage
  const isOnly = keys.length === 1 && new Set(sources.map(({ host }) => vendorOf(host))).size === 1;
  const isOf = (host: string | null): boolean => (host === null ? isOnly : vendorOf(host) === vendorOf(vendor));
  const signing = keys.filter(({ host }) => isOf(host));
  const signed = sources.filter(({ host }) => isOf(host));
  const name = signed[0]?.host ?? '';
  // several keys of one vendor may each sign for another of its repositories
  const sameKey = new Set(signing.map(pipeText)).size === 1;
  if (!sameKey || !/^[\w.-]+$/.test(name) || signing.some(isRefused)) return null;
  const file = `/usr/share/keyrings/${name}.gpg`;
  return { file, operations: () => [...signing.map(found => storing(found, file)), ...signed.map(found => naming(found, file))] };
}

/** What gives the key. */
function pipeText({ command, file, instruction }: AptKey): string {
  return file ?? instruction.file.text.slice(command.pipeline.range.start, command.range.start);
}

function isRefused({ instruction }: AptKey): boolean {
  return refusalAt(instruction) !== null || shellAt(instruction).dialect !== 'posix';
}

function storing({ command: { nameWord, args }, file: from }: AptKey, file: string): DockerfileOperation {
  const words = range(nameWord!.range.start, args.at(-1)!.range.end);
  return replaceText(words, `gpg --dearmor --yes -o ${file}${from === null ? '' : ` ${from}`}`);
}

function naming({ range: address, options }: AptSource, file: string): DockerfileOperation {
  return options === null ? replaceText(range(address.start), `[signed-by=${file}] `) : replaceText(range(options), ` signed-by=${file}`);
}
