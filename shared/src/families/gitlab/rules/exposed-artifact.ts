import { withoutEnd } from '../../../base/text/ends';
import { matchGlob } from '../../../base/text/glob';
import { isSecretFile } from '../../../knowledge/secret-files';
import { defineRule, noFix } from '../../../rule/define-rule';
import { removeNode } from '../../../syntax/yaml/operations';
import { booleanOf, mapOf, scalarOf, sequenceOf, stringOf, valueRange } from '../../../syntax/yaml/values';
import { scriptInScalar } from '../../family/yaml-script';
import { textsOf } from '../model/jobs';
import { secretsIn } from '../model/secrets';
import type { GitlabJob } from '../model/types';

/** Whether a job's artifacts are for the members of the project alone. */
function isClosed(job: GitlabJob): boolean {
  const artifacts = mapOf(job.keyword('artifacts')?.node);
  return booleanOf(artifacts?.get('public')) === false || /^(?:developer|maintainer|none)$/.test(stringOf(artifacts?.get('access')) ?? '');
}

/** The files that a job copies from others of the repository, which who sees the pipeline mostly sees anyway: `cp .env.example .env`. */
function copiesIn(job: GitlabJob): ReadonlySet<string> {
  const commands = job.lines().flatMap(scalar => (scalar.shared ? [] : (scriptInScalar(job.file.document, scalar)?.commands ?? [])));
  return new Set(
    commands.flatMap(({ name, args }) => {
      const [from, to] = args.slice(-2).map(({ text }) => plainPath(text ?? ''));
      return /^(?:cp|mv)$/.test(name ?? '') && /^[\w.][^$]*$/.test(from ?? '') ? [to ?? ''] : [];
    }),
  );
}

/** A folder of that name is an environment of Python, say. */
const isFolder = /(?:^|\/)\.env\/$/i;

/** Names that say what is in a file. */
const named = /(?:^|[/_.-])(?:passwords?|passwd|private[_-]key)\.(?:txt|json|ya?ml|env|ini)$/i;

/** A path that leaves the folder of the project (docs.gitlab.com/ci/yaml/#artifactspaths, 2026-08); runners have that in a folder `builds` by default. */
const isOutside = (path: string): boolean => path.startsWith('../') || (path.startsWith('/') && !path.includes('/builds/'));

const plainPath = (path: string): string => path.replace(/^\.\//, '').replace(/^\$(?:CI_PROJECT_DIR|\{CI_PROJECT_DIR\})\//, '');

export const rule = defineRule({
  id: 'gitlab/exposed-artifact',
  title: 'Secret in job artifacts',
  severity: 'warning',
  category: 'secrets',
  profile: 'recommended',
  references: { cwe: ['CWE-538', 'CWE-552'], links: ['https://docs.gitlab.com/ci/yaml/#artifactspublic'] },
  peers: { glsec: ['GL005', 'GL014', 'GL028', 'GL073'] },
  messages: {
    file: { text: 'Judging by its name, {path} contains credentials, which anyone who can see the pipeline can download' },
    dotenv: { text: "The report exposes {name} to later jobs, and to anyone who can download the job's artifacts" },
    environment: { text: 'The report contains every variable of the job, including secrets' },
    outside: {
      text: 'The runner takes no files from outside the project folder: {path} has no effect',
      severity: 'hint',
      profile: 'strict',
    },
    open: { text: 'Anyone who can see the pipeline can download the artifacts of the job', severity: 'hint', profile: 'strict' },
    everything: { text: 'Everything that the job leaves in its folder can be downloaded', severity: 'hint', profile: 'strict' },
  },
  fixes: { remove: { title: 'Remove {path}', class: 'attended' } },
  assumptions: { unused: 'No later job uses this file from the artifacts' },
  on: {
    gitlabJob(job, report, { workspace }) {
      const artifacts = mapOf(job.node.get('artifacts'));
      if (!artifacts) return;
      for (const entry of [artifacts.entry('public'), artifacts.entry('access')])
        if (entry && (booleanOf(entry.value) === true || /^all$/i.test(stringOf(entry.value) ?? '')))
          report(valueRange(entry), 'open', {}, noFix('manual'));
      const excluded = textsOf(artifacts.get('exclude'));
      for (const node of ['paths', 'exclude'].flatMap(key => sequenceOf(artifacts.get(key))?.items ?? []).map(scalarOf)) {
        const path = stringOf(node) ?? '';
        if (node && isOutside(path)) report(node.range, 'outside', { path }, noFix('manual'));
      }
      sequenceOf(artifacts.get('paths'))?.items.forEach((item, i) => {
        const node = scalarOf(item);
        const path = plainPath(stringOf(node) ?? '');
        if (!node || excluded.some(glob => glob === path || matchGlob(glob, path))) return;
        const data = { path };
        if (/^(?:\.\/?|\*|\*\*|\*\*\/\*|)$/.test(path) && excluded.length === 0) report(node.range, 'everything', data, noFix('manual'));
        else if (
          (isSecretFile(path) || named.test(path)) &&
          !isFolder.test(path) &&
          !isClosed(job) &&
          !copiesIn(job).has(withoutEnd(path, '/'))
        ) {
          const fix = report.fix('remove', () => [removeNode([...job.path, 'artifacts', 'paths', i], true)], {
            data,
            assumes: [{ id: 'unused' }],
          });
          report(node.range, 'file', data, fix);
        }
      });
      const all = artifacts.entry('untracked');
      if (all && booleanOf(all.value) === true && !artifacts.entry('paths') && excluded.length === 0)
        report(valueRange(all), 'everything', {}, noFix('manual'));
      const files = textsOf(mapOf(artifacts.get('reports'))?.get('dotenv')).map(plainPath);
      if (files.length === 0) return;
      for (const scalar of job.lines()) {
        if (scalar.shared) continue;
        for (const command of scriptInScalar(job.file.document, scalar)?.commands ?? []) {
          const { name, args, redirections, pipeline, range } = command;
          const end = pipeline.members.at(-1)?.command ?? command;
          const written = [...redirections, ...(name === 'env' || name === 'printenv' ? end.redirections : [])];
          if (!written.some(({ operator, target }) => /^>>?$/.test(operator) && files.includes(plainPath(target?.text ?? '')))) continue;
          const isWhole = pipeline.members.every(({ command: one }) => /^(?:env|printenv|sort)$/.test(one?.name ?? ''));
          if (/^(?:env|printenv)$/.test(name ?? '') && args.length === 0 && isWhole) report(range, 'environment', {}, noFix('manual'));
          for (const variable of /^(?:echo|printf)$/.test(name ?? '')
            ? args.flatMap(word => secretsIn(word, { file: job.file, job, workspace }))
            : [])
            report(variable.range, 'dotenv', { name: variable.name }, noFix('manual'));
        }
      }
    },
  },
});
