import { isGlob } from '../base/text/glob';
import { chartValue, foldersAbove, mainValues } from './chart-values';
import { tableOf } from './fact-tables';
import { keptFolderFacts } from './left-out';
import { ignoreFilesBeside, isEnvironment, isIncluded, keepsFolder } from './paths';
import { nearestSettings, peerSettingsAbove } from './peer-settings';
import type { FactReader, Questions } from './question';
import { isScriptIn, mayBeValues } from './object-filters';
import { baseName } from './source/names';

const values = tableOf('values', ({ path }) => foldersAbove(path));
const scripts = tableOf('script', ({ path }) => [baseName(path)]);
const programs = tableOf('program', ({ path }) => [path]);
const seccompProfiles = tableOf('seccomp', ({ path }) => [path]);
const leftOut = tableOf('left-out', ({ path }) => [path]);
const keptFolders = tableOf('kept-folder', ({ folder }) => [folder]);
const compose = tableOf('compose', ({ path }) => [path]);
const composeHeirs = tableOf('compose', ({ bases }) => bases);
const composeSets = tableOf('compose-set', ({ path, files }) => (isEnvironment(path) ? [...files, path] : files));
const openCaches = tableOf('open-cache', () => ['']);
const outputs = tableOf('output', ({ files }) => files);
const calls = tableOf('call', ({ target }) => [target]);
const rescans = tableOf('rescan', () => ['']);
const settings = tableOf('peer-setting', ({ path }) => [path]);

/** The files that `include` of a pipeline may mean by a plain name. */
const includedBy = (from: string, name: string): readonly string[] =>
  foldersAbove(from).map(folder => (folder === '' ? name : `${folder}/${name}`));

/** By the files that a pipeline may take in, wherever its repository begins, and `*` where it names some by a glob. */
const pipelines = tableOf('pipeline', ({ path, includes }) => {
  const names = includes.filter(name => !isGlob(name));
  const keys = names.flatMap(name => includedBy(path, name));
  return [...new Set(names.length < includes.length ? [...keys, '*'] : keys)];
});

const pipelineFiles = tableOf('pipeline', ({ path }) => [path]);

/** Where workflows, and the actions that they use, are. */
const mayCall = /(?:^|\/)(?:\.(?:github|gitea|forgejo)\/|action\.ya?ml$)/;

/** Reads all files of values of charts. */
const readValues = (read: FactReader): void => {
  if (read.isComplete()) read.files('values', mayBeValues).forEach(path => read.file(path));
};

/** What is asked about single files, and what other files say of them. */
export const fileQuestions = {
  valueIn: {
    needs: readValues,
    answer: (facts, template, value, text) =>
      facts.complete ? chartValue(folder => facts.by(values, folder), template, value, text) : null,
  },
  textOfValue: {
    needs: readValues,
    answer: (facts, template, value) => mainValues(folder => facts.by(values, folder), template)?.texts[value] ?? null,
  },
  scriptIn: {
    needs: (read, folder, name) => {
      for (const path of read.files(`script ${name}`, one => isScriptIn('', name, one)))
        if (isScriptIn(folder, name, path)) read.file(path);
    },
    answer: (facts, folder, name) => {
      const [only, ...others] = facts.by(scripts, name).filter(({ path }) => isScriptIn(folder, name, path));
      return only && others.length === 0 ? only : null;
    },
  },
  programAt: { needs: (read, path) => read.program(path), answer: (facts, path) => facts.by(programs, path)[0] ?? null },
  seccompAt: { needs: (read, path) => read.program(path), answer: (facts, path) => facts.by(seccompProfiles, path)[0] ?? null },
  isAbsent: { needs: (read, path) => read.look(path), answer: (facts, path) => facts.at(path)[0]?.type === 'absent' },
  keptFolders: {
    needs: read => {
      for (const path of read.files('ignore files', one => one.endsWith('/.gitignore'))) read.file(path);
      for (const path of read.files('kept folders', one => !one.endsWith('/.gitignore') && keepsFolder(baseName(one))))
        read.give(path, keptFolderFacts('', path));
    },
    answer: facts => facts.in(keptFolders).keys(),
  },
  leftOutBeside: {
    needs: (read, dockerfile) => ignoreFilesBeside(dockerfile).forEach(path => read.file(path)),
    answer: (facts, dockerfile) => ignoreFilesBeside(dockerfile).flatMap(path => facts.by(leftOut, path))[0] ?? null,
  },
  composeAt: { needs: (read, path) => read.file(path), answer: (facts, path) => facts.by(compose, path) },
  composeSetsOf: { needs: read => read.builds('sets'), answer: (facts, path) => facts.by(composeSets, path) },
  composeHeirsOf: { needs: read => read.builds('heirs'), answer: (facts, path) => facts.by(composeHeirs, path) },
  pipelinesWith: {
    needs: read => read.builds('heirs'),
    answer: (facts, path) => [...facts.by(pipelines, path), ...facts.by(pipelines, '*')],
  },
  pipelineAt: { needs: (read, path) => read.file(path), answer: (facts, path) => facts.by(pipelineFiles, path) },
  pipelinesNamed: {
    needs: (read, from, name) => {
      if (!isGlob(name)) includedBy(from, name).forEach(path => read.file(path));
      else for (const path of read.files('pipelines', one => /\.ya?ml$/i.test(one))) if (isIncluded(name, from, path)) read.file(path);
    },
    answer: (facts, from, name) =>
      (isGlob(name)
        ? [...facts.in(pipelineFiles).keys()].filter(path => isIncluded(name, from, path)).sort()
        : includedBy(from, name)
      ).filter(path => facts.by(pipelineFiles, path).length > 0),
  },
  callsOf: {
    needs: read => {
      for (const path of read.files('workflows', one => mayCall.test(one))) read.file(path);
    },
    answer: (facts, target) => facts.by(calls, target),
  },
  rescans: { needs: read => read.builds('scans'), answer: facts => facts.by(rescans, '') },
  openCaches: { needs: read => read.builds('caches'), answer: facts => facts.by(openCaches, '') },
  writersOf: {
    needs: read => read.builds('outputs'),
    answer: (facts, path) => facts.by(outputs, path).filter(writer => writer.path !== path),
  },
  peerSettings: {
    needs: (read, path) => peerSettingsAbove(path).forEach(file => read.file(file)),
    answer: (facts, path) => nearestSettings(path, file => facts.by(settings, file)),
  },
} satisfies Partial<Questions>;
