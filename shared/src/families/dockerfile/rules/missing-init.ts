import { insertLines, replaceText } from '../../../rule/fix/operations';
import type { DockerfileOperation } from '../../../rule/fix/types';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import { speaksOf } from '../../../evidence/signals';
import { processManagers } from '../../../knowledge/programs';
import { allServices } from '../model/services';
import { baseFacts, knownProfile } from '../model/stage-image';
import { bringsProgram, type ImageFacts } from '../../../knowledge/image-facts';
import { dropsPrivileges, startsSomething } from '../model/stage-start';
import { scriptsOf, shellAt } from '../model/scripts';
import { makesWayItself } from '../model/shell-exec';
import { startedFiles } from '../model/started-files';
import { startOf } from '../model/start';
import { hasStopSignal, stopHabit, type StopHabit } from '../model/stop';
import { keptPackages } from '../model/packages';
import type { Instruction, Stage } from '../model/types';
import { isRootUser } from '../model/users';
import { baseName } from '../../../syntax/shell/interpreter';
import type { Pipeline, ShellCommand } from '../../../syntax/shell/types';
import type { Range } from '../../../base/text/range';
import { defineRule, noFix } from '../../../rule/define-rule';

const inits = /^(?:tini(?:-static)?|dumb-init|docker-init|catatonit|s6-.*|init|pid1|yelp-init|pod1)$/;
/** Runtimes that neither end on SIGTERM by themselves as process 1 nor wait for the children of their children. */
const runtimes = /^(?:node|nodejs|npm|npx|yarn|pnpm|pm2|python[\d.]*|ruby|bundle|rails|php|perl|deno|bun|flask)$/;

/** Scripts that end with exec, by convention or as shipped. */
const handsOn = /entry-?point|^catalina\.sh$/;

/** What stands first in a start. */
interface Found {
  readonly range: Range;
  readonly message: 'shell' | 'script' | 'runtime' | 'signal' | 'wrapped';
  readonly name: string;
  readonly habit: StopHabit | null;
}

/** What stands first, and why that asks for an init; `null` where it does not. */
function finding(start: Instruction, followed: boolean, profile: ImageProfile | null): Found | null {
  const commands = scriptsOf(start).flatMap(script => script.commands);
  const [first] = commands;
  if (!first?.nameWord || first.name === null) return null;
  const own =
    commands.find(command => command.inner === null && command.name !== null && !/^(?:sh|bash|ash|dash)$/.test(command.name)) ?? first;
  const lists = new Set(commands.map(command => command.pipeline.list));
  const last = [...lists].find(list => list.kind === 'script' && list.pipelines.length > 1)?.pipelines.at(-1);
  const makesWay = last?.members[0]?.command;
  const os = staysForNothing.test(start.execForm ? first.name : 'sh') ? profile?.os : null;
  if (makesWay && (makesWay.name === 'exec' || makesWayItself(last.list.pipelines, os))) {
    const run = makesWay.name === 'exec' ? makesWay.inner : makesWay;
    const habit = run && stopHabit(run);
    return habit && run.nameWord ? { range: run.nameWord.range, message: 'signal', name: run.name!, habit } : null;
  }
  const program = last && start.execForm && staysForNothing.test(first.name) ? lastProgram(last.list.pipelines) : null;
  if (program) return { range: program.nameWord!.range, message: 'wrapped', name: program.name!, habit: null };
  if (last) return { range: start.execForm ? first.nameWord.range : start.keywordRange, message: 'shell', name: '', habit: null };
  if (!own.nameWord || commands.some(command => command.name === 'exec' && command.inner && !runtimes.test(command.inner.name ?? '')))
    return null;
  const { name } = own;
  if (/\.sh$/.test(name!))
    return followed || handsOn.test(name!) ? null : { range: own.nameWord.range, message: 'script', name: name!, habit: null };
  if (own !== first && !makesWayItself(own.pipeline.list.pipelines, os) && isWrapped(start, first.name, own))
    return { range: own.nameWord.range, message: 'wrapped', name: name!, habit: null };
  const habit = stopHabit(own.name === 'exec' && own.inner ? own.inner : own);
  return runtimes.test(name!) ? { range: own.nameWord.range, message: habit ? 'signal' : 'runtime', name: name!, habit } : null;
}

/** Commands that a shell does itself, so that nothing can take its place for them. */
const builtin = /^(?:\.|:|\[|source|cd|echo|eval|exit|export|printf|read|set|test|trap|wait)$/;

/** Names of shells that make way for the last command of their script or do not, as the system goes; Bash by its own name does since 5.1. */
const staysForNothing = /^(?:sh|ash|dash)$/;

/** The program that a script starts last and for good, so that it may take the place of its shell; `null` where that is not plain to see. */
function lastProgram(pipelines: readonly Pipeline[]): ShellCommand | null {
  const last = pipelines.at(-1)!;
  const command = last.members.length === 1 ? last.members[0]!.command : null;
  const waits = pipelines.some(({ after, members }) => after === '&' || members.some(({ command }) => command?.name === 'trap'));
  return !command?.name || last.negated || waits || command.before === '||' || builtin.test(command.name) || isDefined(command)
    ? null
    : command;
}

/** Whether the script of a command may define what it names itself, which no `exec` finds. */
const isDefined = ({ script }: ShellCommand): boolean => script.text.text.includes('()');

/** Whether an exec form starts a shell for this command alone. */
function isWrapped(start: Instruction, shell: string, own: ShellCommand): boolean {
  const { list, members, after, negated } = own.pipeline;
  return (
    start.execForm !== null &&
    staysForNothing.test(shell) &&
    list.kind === 'script' &&
    list.pipelines.length === 1 &&
    members.length === 1 &&
    after === null &&
    !negated &&
    own.inner === null &&
    own.outer?.name !== 'exec' &&
    !builtin.test(own.name!)
  );
}

/** How a distribution installs tini. */
const installs: Readonly<Record<string, string>> = {
  'apt-get': 'RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*',
  apk: 'RUN apk add --no-cache tini',
};

/** The init that a RUN of the stage installs, or its base image certainly has, and nothing starts. */
function ownInit(stage: Stage, facts: ImageFacts | null): string | null {
  const installed = keptPackages(stage).find(({ name }) => name === 'tini' || name === 'dumb-init')?.name;
  return installed ?? (bringsProgram(facts, 'tini') === true ? 'tini' : null);
}

/** Installs tini as long as the stage is root, unless it has an init, and puts it in front; `null` where the image, its own entry point or its user are not known. */
function withInit(stage: Stage, profile: ImageProfile | null, own: string | null): (() => DockerfileOperation[]) | null {
  const { cmd, entrypoint } = stage.state;
  const start = entrypoint ?? cmd;
  const install = own === null ? installs[profile?.packageManager ?? ''] : '';
  const inherited = stage.instructions[0]?.stateBefore?.user;
  if (!profile || install === undefined || start?.stage !== stage || start.onbuildParent || shellAt(start).dialect !== 'posix') return null;
  const isRoot = inherited ? isRootUser(inherited.value ?? '') : profile.defaultUser?.uid === 0;
  if ((own === null && !isRoot) || (entrypoint && !entrypoint.execForm)) return null;
  const user = stage.instructions.find(i => i.keyword === 'USER' && i.index < start.index);
  return () => {
    const place = (user ?? start).index;
    const first = entrypoint?.execForm?.[0];
    const front = [own ?? 'tini', '--', ...(profile.entrypoint ?? [])].map(word => JSON.stringify(word)).join(', ');
    const entry = first ? null : `ENTRYPOINT [${front}]`;
    const before = [install, user ? null : entry].filter(line => line !== null && line !== '').join('\n');
    const operations: DockerfileOperation[] = before === '' ? [] : [insertLines('before', place, before)];
    if (first) operations.push(replaceText(first.range, `"${own ?? 'tini'}", "--", ${first.raw}`));
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
    script: { text: 'Unless {name} ends with an exec command, the shell stays PID 1 and forwards no signals' },
    wrapped: { text: 'The shell stays PID 1 and forwards no signals to {name}', profile: 'recommended' },
    signal: { text: 'As PID 1, {name} does not exit on SIGTERM unless its program handles the signal', profile: 'recommended' },
    told: { text: 'Service "{service}" starts an init process; otherwise, this program is PID 1 and must act as the init process itself' },
    here: { text: 'Here' },
    runtime: { text: 'As PID 1, {name} neither exits on SIGTERM by default nor reaps orphaned processes' },
  },
  fixes: {
    exec: { title: 'Start {name} with exec', class: 'review' },
    interrupt: { title: 'Set STOPSIGNAL to SIGINT, which ends the program', class: 'review' },
    present: { title: 'Start the program with {init}, which is installed', class: 'review' },
    init: { title: 'Install tini and start the program with it', class: 'attended' },
  },
  assumptions: { unhandled: 'The program does not handle SIGTERM itself, and exits on SIGINT' },
  on: {
    stage(stage, report, context) {
      if (!stage.isFinal || stage.windows) return;
      const { cmd, entrypoint } = stage.state;
      const start =
        entrypoint?.execForm && entrypoint.execForm.every(word => /entry-?point/.test(word.text)) && cmd ? cmd : (entrypoint ?? cmd);
      if (!start) return;
      const profile = knownProfile(stage, context.workspace);
      const facts = baseFacts(stage, context.workspace);
      if (!entrypoint && (profile?.init || inits.test(baseName(profile?.entrypoint?.[0] ?? '')))) return;
      const { words } = startOf(stage);
      if (words.some(word => inits.test(word) || processManagers.has(baseName(word)))) return;
      const found = finding(start, start === entrypoint && cmd !== null, profile);
      if (!found || !startsSomething(startOf(stage), profile) || dropsPrivileges(startOf(stage), profile)) return;
      if (allServices(stage, context, ({ isOnce }) => isOnce)) return;
      if (found.habit && hasStopSignal(stage)) return;
      const speaks = (of: 'SIGTERM' | 'threads') => speaksOf(of, startedFiles(stage), context.path, context.workspace);
      const handles = found.habit && speaks('SIGTERM');
      if (handles === true && found.message === 'signal') return;
      const own = ownInit(stage, facts);
      const operations = withInit(stage, profile, own);
      const init =
        operations && (own === null ? report.fix('init', operations) : report.fix('present', operations, { data: { init: own } }));
      const { index, stage: owner } = start;
      const interrupt =
        found.habit === 'interrupt' && own === null && owner === stage && !start.onbuildParent
          ? report.fix('interrupt', () => [insertLines('before', index, 'STOPSIGNAL SIGINT')], {
              assumes: [{ id: 'unhandled' }],
              // a program that is not read may save its work on SIGTERM, and one with threads may wait for them
              class: handles === null || speaks('threads') !== false ? 'attended' : undefined,
            })
          : null;
      const { file } = stage;
      const exec =
        found.message === 'wrapped' && owner === stage && !start.onbuildParent
          ? report.fix('exec', () => [replaceText(found.range, `exec ${file.text.slice(found.range.start, found.range.end)}`)], {
              data: { name: found.name },
            })
          : null;
      const fixes = [exec, interrupt, init].filter(fix => fix !== null);
      const attached = fixes.length > 0 ? fixes : [noFix(facts ? 'no-fix' : 'unknown-image')];
      const told = allServices(stage, context, ({ init: own }) => own);
      if (told) report(found.range, 'told', { service: told.service.name }, report.related(told.range, 'here', {}, told.path), ...attached);
      else report(found.range, found.message, { name: found.name }, ...attached);
    },
  },
});
