import { entriesOfValue, isNull, member, textOf, type Value } from '../../../families/compose/model/value';
import { folderOf, joinPath } from '../../../workspace/paths';
import { isOn, pairsOf, type PlaceOf } from './compose-text';
import { buildOf } from './dockerfile';
import { refuse, type Draft } from './draft';

/** The files that a build is made of. */
export interface BuildFiles {
  /** The Compose file's own path. */
  readonly path: string;
  readonly read: (path: string) => string | null;
}

/** Keys of `build` that change nothing of what is built here, or only where it goes. */
const harmless = new Set(
  'labels tags cache_from cache_to no_cache pull shm_size platforms provenance sbom ulimits extra_hosts isolation'.split(' '),
);
const taken = new Set('context dockerfile args target network'.split(' '));

/** Takes over what a service is built from, once its Dockerfile was looked at. */
export function takeBuild(draft: Draft, value: Value, place: PlaceOf, { path, read }: BuildFiles): void {
  if (isNull(value)) return;
  const range = place(value);
  const before = draft.refusals.length;
  for (const [name, { value: item }] of entriesOfValue(value)) {
    if (taken.has(name) || name.startsWith('x-') || isNull(item)) continue;
    if (harmless.has(name)) draft.leftOut.add(`build.${name}`);
    else if (name === 'privileged' && !isOn(draft, 'build.privileged', item, place)) continue;
    else refuse(draft, 'refused-build', `build.${name}`, place(item));
  }
  const text = (name: string): string | null => {
    const item = member(value, name);
    const known = textOf(item);
    if (item && known === null && !isNull(item)) refuse(draft, 'unclear', `build.${name}`, place(item));
    return known;
  };
  const network = text('network');
  if (network !== null && network !== 'none') {
    if (network === 'default') draft.leftOut.add('build.network');
    else refuse(draft, 'refused-build', `build.network ${network}`, range);
  }
  const args = takeArguments(draft, member(value, 'args'), place);
  const folder = text('context') ?? '.';
  const context = insideOf(folderOf(path), folder);
  if (context === null) return refuse(draft, 'refused-build', `build.context ${folder}`, range);
  const named = text('dockerfile') ?? 'Dockerfile';
  const dockerfile = insideOf(context, named);
  if (dockerfile === null) return refuse(draft, 'refused-build', `build.dockerfile ${named}`, range);
  const target = text('target');
  if (draft.refusals.length > before) return;
  const found = read(dockerfile);
  if (found === null) return refuse(draft, 'not-here', dockerfile, range);
  const built = buildOf({ path: dockerfile, text: found, target, context, args });
  for (const { reason, what } of built.refusals) refuse(draft, reason, `${dockerfile}: ${what}`, range);
  if (built.build) draft.image = built.build;
  for (const port of built.ports) draft.ports.add(port);
}

function takeArguments(draft: Draft, value: Value | undefined, place: PlaceOf): readonly { name: string; value: string }[] {
  if (!value || isNull(value)) return [];
  return pairsOf(draft, value).flatMap(([name, text, at]) => {
    // its value would be that of the environment
    if (text === null) return [];
    const isGood =
      /^[A-Za-z_]\w{0,127}$/.test(name) && !/^BUILDKIT_/i.test(name) && !text.text.includes('\0') && text.text.length <= 20_000;
    if (!isGood) refuse(draft, 'refused-build', `build.args ${name}`, place(at));
    draft.substitutes.learn(name, text.text);
    return isGood ? [{ name, value: draft.substitutes.value(name, text.text).text }] : [];
  });
}

/** A path below a folder, relative to the folder of the index; `null`: it is an address, is absolute, or leads out of it. */
function insideOf(folder: string, path: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:\/\/|^git@|^[/\\~]|^[A-Za-z]:|\0|[\n\r]/i.test(path) || path.length > 1000) return null;
  return joinPath(folder, path);
}
