import { isObject, listOf, objectOf, textOf, textsOf, type JsonObject } from './members';

/** Variables that official images set, and their children inherit: the version of the language that they bring. */
const languages: Readonly<Record<string, string>> = {
  NODE_VERSION: 'node',
  PYTHON_VERSION: 'python',
  PHP_VERSION: 'php',
  RUBY_VERSION: 'ruby',
  GOLANG_VERSION: 'golang',
};

/** How the history of a system's own image begins, which those that are built on it have too. */
const systems: readonly (readonly [system: string, line: RegExp])[] = [
  ['debian', /^# debian\.sh --arch '[a-z0-9]+' out\/ '([a-z]+)'/],
  ['alpine', /alpine-minirootfs-(\d+\.\d+)\./],
];

/** The images that one was built on, whatever its own name: anybody can write there what they like. Throws `Malformed`. */
export function claimedBases(configuration: JsonObject, named: string | null): readonly string[] {
  const settings = objectOf(configuration, 'config');
  const labels = objectOf(settings, 'Labels');
  const version = labels['org.opencontainers.image.version'];
  const ofLabels =
    labels['org.opencontainers.image.ref.name'] === 'ubuntu' && typeof version === 'string' && /^\d\d\.\d\d$/.test(version)
      ? [`ubuntu:${version}`]
      : [];
  const ofVariables = (textsOf(settings, 'Env') ?? []).flatMap(variable => {
    const [, name = '', value = ''] = /^([A-Z]+_VERSION)=(\d+(?:\.\d+){1,2})$/.exec(variable) ?? [];
    return Object.hasOwn(languages, name) ? [`${languages[name]}:${value}`] : [];
  });
  const ofHistory = listOf(configuration, 'history').flatMap(entry => {
    const line = isObject(entry) ? textOf(entry, 'created_by', false) : '';
    return systems.flatMap(([system, pattern]) => {
      const release = pattern.exec(line)?.[1];
      return release === undefined ? [] : [`${system}:${release}`];
    });
  });
  return [...new Set([...(named === null ? [] : [named]), ...ofLabels, ...ofHistory, ...ofVariables])];
}
