import { insertLines, replaceText } from '../../../fix/operations';
import type { DockerfileOperation } from '../../../fix/types';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import { processManagers } from '../../../knowledge/programs';
import { stageProfile } from '../model/stage-image';
import { dropsPrivileges, startsSomething } from '../model/stage-start';
import { scriptsOf, shellAt } from '../model/scripts';
import { startOf } from '../model/start';
import type { Instruction, Stage } from '../model/types';
import { isRootUser } from '../model/users';
import { baseName } from '../../../shell/interpreter';
import type { Range } from '../../../text/range';
import { defineRule, noFix } from '../../../rule/define-rule';

const inits = /^(?:tini(?:-static)?|dumb-init|docker-init|catatonit|s6-.*|init|pid1|yelp-init|pod1)$/;
/** Runtimes that neither end on SIGTERM by themselves as process 1 nor wait for the children of their children. */
const runtimes = /^(?:node|nodejs|npm|npx|yarn|pnpm|pm2|python[\d.]*|ruby|bundle|rails|php|perl|deno|bun)$/;

/** Scripts that end with exec, by convention or as shipped. */
const handsOn = /entry-?point|^catalina\.sh$/;

/** What stands first, and why that asks for an init; `null` where it does not. */
function finding(
  start: Instruction,
  followed: boolean,
): { readonly range: Range; readonly message: 'shell' | 'script' | 'runtime'; readonly name: string } | null {
  const commands = scriptsOf(start).flatMap(script => script.commands);
  const [first] = commands;
  if (!first?.nameWord || first.name === null) return null;
  const own =
    commands.find(command => command.inner === null && command.name !== null && !/^(?:sh|bash|ash|dash)$/.test(command.name)) ?? first;
  const lists = new Set(commands.map(command => command.pipeline.list));
  const last = [...lists].find(list => list.kind === 'script' && list.pipelines.length > 1)?.pipelines.at(-1);
  if (last)
    return last.members[0]?.command?.name === 'exec'
      ? null
      : { range: start.execForm ? first.nameWord.range : start.argumentsRange, message: 'shell', name: '' };
  if (!own.nameWord || commands.some(command => command.name === 'exec' && command.inner && !runtimes.test(command.inner.name ?? '')))
    return null;
  const { name } = own;
  if (/\.sh$/.test(name!)) return followed || handsOn.test(name!) ? null : { range: own.nameWord.range, message: 'script', name: name! };
  return runtimes.test(name!) ? { range: own.nameWord.range, message: 'runtime', name: name! } : null;
}

/** How a distribution installs tini. */
const installs: Readonly<Record<string, string>> = {
  'apt-get': 'RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*',
  apk: 'RUN apk add --no-cache tini',
};

/** Installs tini as long as the stage is root, and puts it in front; `null` where the image, its own entry point or its user are not known. */
function withInit(stage: Stage, profile: ImageProfile | null): (() => DockerfileOperation[]) | null {
  const { cmd, entrypoint } = stage.state;
  const start = entrypoint ?? cmd;
  const install = installs[profile?.packageManager ?? ''];
  const inherited = stage.instructions[0]?.stateBefore?.user;
  if (!profile || install === undefined || start?.stage !== stage || start.onbuildParent || shellAt(start).dialect !== 'posix') return null;
  if (
    (inherited && !isRootUser(inherited.value ?? '')) ||
    (!inherited && profile.defaultUser?.uid !== 0) ||
    (entrypoint && !entrypoint.execForm)
  )
    return null;
  const user = stage.instructions.find(i => i.keyword === 'USER' && i.index < start.index);
  return () => {
    const place = (user ?? start).index;
    const first = entrypoint?.execForm?.[0];
    const front = ['tini', '--', ...(profile.entrypoint ?? [])].map(word => JSON.stringify(word)).join(', ');
    const entry = first ? null : `ENTRYPOINT [${front}]`;
    const operations: DockerfileOperation[] = [insertLines('before', place, user || !entry ? install : `${install}\n${entry}`)];
    if (first) operations.push(replaceText(first.range, `"tini", "--", ${first.raw}`));
    else if (user) operations.push(insertLines('before', start.index, entry!));
    return operations;
  };
}

export const rule = defineRule({
  id: 'dockerfile/missing-init',
  title: 'Shell or multi-process entry point without an init',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  references: { cwe: ['CWE-404'] },
  messages: {
    shell: { text: 'The shell stays PID 1: it forwards no signals and does not reap orphaned processes' },
    script: { text: 'Unless {name} ends with exec, the shell stays PID 1 and forwards no signals' },
    runtime: { text: '{name} as PID 1 neither exits on SIGTERM by default nor reaps orphaned processes' },
  },
  fixes: { init: { title: 'Install tini and start with it', class: 'attended' } },
  on: {
    stage(stage, report) {
      if (!stage.isFinal || stage.windows) return;
      const { cmd, entrypoint } = stage.state;
      const start =
        entrypoint?.execForm && entrypoint.execForm.every(word => /entry-?point/.test(word.text)) && cmd ? cmd : (entrypoint ?? cmd);
      if (!start) return;
      const profile = stageProfile(stage);
      if (!entrypoint && profile?.init) return;
      const { words } = startOf(stage);
      if (words.some(word => inits.test(word) || processManagers.has(baseName(word)))) return;
      const found = finding(start, start === entrypoint && cmd !== null);
      if (!found || !startsSomething(startOf(stage), profile) || dropsPrivileges(startOf(stage), profile)) return;
      const operations = withInit(stage, profile);
      report(found.range, found.message, { name: found.name }, operations ? report.fix('init', operations) : noFix('unknown-image'));
    },
  },
});
