import { isWithinPath } from '../../../knowledge/host-paths';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import { programFacts } from '../../../evidence/program/program-facts';
import { programWrites, type LaidOver, type ProgramWrites } from '../../../evidence/program/programs';
import { keptAtHome } from '../../../evidence/program/stage-doubts';
import { startedWords } from '../../../evidence/program/started-command';
import { inlineWrite } from '../../../evidence/run-as/inline-writes';
import type { ProgramFact } from '../../../workspace/lone-facts';
import { mapOf, stringOf } from '../../../syntax/yaml/values';
import type { ContainerView } from '../model/types';
import { volumeNamed } from '../model/volumes';
import { startWords } from './needs-root';
import type { FixSettings } from './settings';

/** Names of files as which a program in place is read, by what reads it. */
const inline: readonly (readonly [program: RegExp, option: string, file: string])[] = [
  [/^python[\d.]*$/, '-c', 'command.py'],
  [/^node(?:js)?$/, '-e', 'command.js'],
  [/^ruby$/, '-e', 'command.rb'],
  [/^php$/, '-r', 'command.php'],
];

const shell = /^(?:ba|da|a|z)?sh$/;

/** A program or configuration of a ConfigMap. */
interface MountedProgram {
  /** The ConfigMap and its key. */
  readonly source: string;
  /** Where the container has it. */
  readonly image: string;
  readonly fact: ProgramFact;
}

/** The programs and configurations that a container has from ConfigMaps of the workspace. */
function mountedPrograms({ pod, mounts }: ContainerView, workspace: FixSettings['workspace']): readonly MountedProgram[] {
  return mounts.flatMap(({ volume, mountPath, subPath }) => {
    const found = volumeNamed(pod, volume);
    const name = found?.type === 'configMap' ? stringOf(mapOf(found.source)?.get('name')) : null;
    const fact = name === null ? undefined : workspace.object('ConfigMap', pod.object.namespace, name);
    if (fact?.type !== 'data' || mountPath === null) return [];
    return (fact.programs ?? []).flatMap(program =>
      subPath !== null && subPath !== program.path
        ? []
        : { source: `${name}/${program.path}`, image: subPath === null ? `${mountPath}/${program.path}` : mountPath, fact: program },
    );
  });
}

/** What ConfigMaps lay over the files of the image of a container: of a folder, all of them. */
export function laidOver(container: ContainerView, { workspace }: FixSettings): LaidOver {
  const programs = new Map(mountedPrograms(container, workspace).map(({ image, fact }) => [image, fact]));
  const hidden = container.mounts.flatMap(({ volume, mountPath }) =>
    mountPath !== null && volumeNamed(container.pod, volume)?.type === 'configMap' ? [mountPath] : [],
  );
  return image => programs.get(image) ?? (hidden.some(path => isWithinPath(image, path)) ? null : undefined);
}

const nothing: ProgramWrites = programWrites(null, '', {
  programAt: () => null,
  isAbsent: () => true,
  keptFolders: () => [],
  contextsOf: () => [],
});

/** What a manifest itself has a container write: scripts and programs in its command, and those and configurations in ConfigMaps of the workspace. */
export function manifestWrites(container: ContainerView, profile: ImageProfile | null, { workspace }: FixSettings): ProgramWrites {
  const { pod } = container;
  const mounted = mountedPrograms(container, workspace);
  const files = new Map(mounted.map(({ source, fact }) => [source, fact]));
  const programs: { source: string; image: string }[] = mounted.map(({ source, image }) => ({ source, image }));
  const workdir = stringOf(container.node.get('workingDir')) ?? '/';
  const words = startWords(container);
  const starts = words[0]?.replace(/^.*\//, '') ?? '';
  for (const [program, option, file] of inline) {
    const text = program.test(starts) ? words[words.indexOf(option) + 1] : undefined;
    const [fact] =
      text === undefined || !words.includes(option)
        ? []
        : programFacts(text, file);
    if (!fact) continue;
    files.set(file, fact);
    programs.push({ source: file, image: `${workdir}/${file}` });
  }
  // most containers bring nothing of their own, and there may be thousands
  if (programs.length === 0 && words.length === 0) return nothing;
  const start = {
    workdir,
    programs,
    scripts: [],
    copies: [],
    sources: [],
    variables: {},
    fills: false,
    linksLogs: profile?.name === 'nginx',
  };
  const index = { programAt: (path: string) => files.get(path) ?? null, isAbsent: () => true, keptFolders: () => [], contextsOf: () => [] };
  const own = [
    ...(profile?.writablePaths ?? []).flatMap(({ path, hasContent }) => (hasContent ? [] : path)),
    ...container.mounts.flatMap(({ volume, mountPath, readOnly }) =>
      mountPath === null || readOnly || /^(?:configMap|secret|projected|downwardAPI)$/.test(volumeNamed(pod, volume)?.type ?? '')
        ? []
        : mountPath,
    ),
  ];
  const isOpen = (path: string): boolean => own.some(folder => isWithinPath(path, folder));
  const writes = programWrites(start, '', index, container.env, isOpen);
  const script = shell.test(starts) ? words[words.findIndex(word => /^-\w*c$/.test(word)) + 1] : undefined;
  const filled = script?.replace(/\$\{?(\w+)\}?/g, (all, name: string) => container.env.findLast(each => each.name === name)?.value ?? all);
  const closed = filled === undefined || script === words[0] ? null : inlineWrite(filled, workdir, isOpen);
  const { does, keeper } = startedWords(words, container.env);
  const told = closed === null ? does : `writes ${closed.slice(0, 60)}`;
  return { ...writes, doubt: told === null ? (keptAtHome(keeper) ?? writes.doubt) : `its command ${told}` };
}
