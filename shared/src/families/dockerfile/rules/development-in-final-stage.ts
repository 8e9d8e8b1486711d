import type { Operation } from '../../../rule/fix/types';
import { refusalAt } from '../fix/refusal';
import { insertWords, replaceText } from '../../../rule/fix/operations';
import { removePackage } from '../fix/packages';
import { buildOf, isBuildImage, isCompiler, nativeInstall } from '../../../knowledge/build-tools';
import {
  debuggerWord,
  developmentWord,
  isConnector,
  isDebugTool,
  isForDevelopment,
  opensDebugger,
  productionValue,
  xdebugWord,
} from '../../../knowledge/development';
import { knownName } from '../../../knowledge/image-profiles';
import { isResolvable } from '../../../rule/checks/image/named-image';
import { stageProfile } from '../model/stage-image';
import { startsSomething } from '../model/stage-start';
import { memoize } from '../../../base/text/memoize';
import { chainInstructions, isShipped } from '../model/chain';
import { productionOnly, projectInstall } from '../model/node-install';
import { keptPackages } from '../model/packages';
import { runCommands, scriptsOf } from '../model/scripts';
import { startOf } from '../model/start';
import type { DockerfileModel, Instruction, RunCommand, Stage } from '../model/types';
import { packageManagerCall } from '../../../syntax/shell/package-manager';
import { range } from '../../../base/text/range';
import { defineRule, noFix, type Report } from '../../../rule/define-rule';

type DevelopmentReport = Report<
  'tool' | 'connector' | 'compiler' | 'setting' | 'server' | 'debugger' | 'xdebug' | 'composer' | 'node' | 'image',
  'remove' | 'production' | 'no-dev' | 'without-dev' | 'plain'
>;

/** Whether a file has to do with what PHP brings for development. */
const isPhp = memoize((file: DockerfileModel) => /xdebug|composer/.test(file.text));

/** Whether an image of a stage is one to build in: what it starts is what builds. */
function isToBuildIn({ root: { image } }: Stage): boolean {
  return isResolvable(image) && image.settled() && isBuildImage(knownName(image.reference));
}

/** Whether something is built in a stage, or the ones that it grows on (then its compiler is `single-stage-build`'s), or in its containers. */
const builds = memoize(
  (stage: Stage) =>
    isToBuildIn(stage) ||
    chainInstructions(stage).some(
      i => i.keyword === 'RUN' && runCommands(i).some(({ command }) => (buildOf(command) ?? nativeInstall(command)) !== null),
    ),
);

/** Packages that are kept in an image that starts something. */
function onPackages(stage: Stage, report: DevelopmentReport): void {
  if (!startsSomething(startOf(stage), stageProfile(stage))) return;
  for (const { name, word, run } of keptPackages(stage)) {
    const message = isDebugTool(name) ? 'tool' : isConnector(name) ? 'connector' : isCompiler(name) ? 'compiler' : null;
    if (message === null || (message === 'compiler' && builds(stage))) continue;
    const operation = removePackage(run, word);
    report(
      word.range,
      message,
      { package: name },
      operation ? report.fix('remove', () => [operation], { data: { package: name } }) : noFix('manual'),
    );
  }
}

/** A text in the quotes of another. */
function quotedAs(raw: string, text: string): string {
  const quote = /^(?:"[^]*"|'[^]*')$/.test(raw) ? raw[0]! : '';
  return quote + text + quote;
}

/** ENV that switches debugging on. */
function onVariables(instruction: Instruction, report: DevelopmentReport): void {
  for (const { name, value } of instruction.pairs) {
    const text = value && instruction.file.expand(value, instruction);
    if (text == null) continue;
    const good = productionValue(name, text);
    if (good !== null && value) {
      const replace = (): readonly Operation[] => [replaceText(value.range, quotedAs(value.raw, good))];
      report(
        value.range,
        'setting',
        { name, value: text },
        refusalAt(instruction, 'any', value) ?? report.fix('production', replace, { data: { name, good } }),
      );
    } else if (opensDebugger(text)) report(value!.range, 'debugger', {}, noFix('manual'));
  }
}

/** CMD or ENTRYPOINT that starts a development server. */
function onStart(instruction: Instruction, report: DevelopmentReport): void {
  for (const { commands } of scriptsOf(instruction)) {
    for (const command of commands) {
      const word = command.inner === null ? developmentWord(command) : null;
      if (word) report(word.range, word === debuggerWord(command) ? 'debugger' : 'server', {}, noFix('manual'));
    }
  }
}

/** `composer install` that takes the development packages along. */
function onComposer({ command, instruction, stage }: RunCommand, report: DevelopmentReport): void {
  const call = packageManagerCall(command);
  if (
    call?.manager !== 'composer' ||
    (call.verb !== 'install' && call.verb !== 'i') ||
    command.args.some(({ raw }) => raw.includes('--no-dev'))
  )
    return;
  const set =
    stage?.variable('COMPOSER_NO_DEV', instruction)?.value ??
    command.assignments.find(a => a.name === 'COMPOSER_NO_DEV')?.value?.text ??
    '';
  if (/^(?:1|true|yes|on)$/i.test(set)) return;
  const insert = (): readonly Operation[] => [insertWords(call.subcommand!.range.end, '--no-dev')];
  report(call.subcommand!.range, 'composer', {}, refusalAt(instruction, 'any') ?? report.fix('no-dev', insert));
}

/** How managers of Node.js leave development packages out. */
const withoutDevelopment: Readonly<Record<string, string>> = { npm: '--omit=dev', pnpm: '--prod', yarn: '--production' };

/** An install of development packages in an image that starts a file of JavaScript, and builds nothing. */
function onNode(stage: Stage, report: DevelopmentReport): void {
  const runs = chainInstructions(stage).flatMap(i => (i.keyword === 'RUN' ? [...runCommands(i)] : []));
  const installs = runs.flatMap(run => {
    const call = projectInstall(run);
    return call && run.stage === stage ? [{ run, call }] : [];
  });
  const { words } = startOf(stage);
  if (installs.length === 0 || words[0] !== 'node' || !/\.[cm]?js$/.test(words[1] ?? '')) return;
  if (runs.some(({ command }) => buildOf(command) !== null || packageManagerCall(command)?.action === 'run')) return;
  if (installs.some(({ run, call }) => productionOnly(call, run) !== null) || chainInstructions(stage).some(i => prunes(i))) return;
  for (const { run, call } of installs) {
    if (call.packages.length > 0 || !call.subcommand) continue;
    const flag = withoutDevelopment[call.manager]!;
    const { end } = call.subcommand.range;
    const insert = (): readonly Operation[] => [insertWords(end, flag)];
    const fix = refusalAt(run.instruction, 'any') ?? report.fix('without-dev', insert, { data: { flag } });
    report(call.subcommand.range, 'node', { flag }, fix);
  }
}

/** Whether an instruction throws packages away again, or brings them from elsewhere. */
function prunes(instruction: Instruction): boolean {
  return /\bprune\b|node_modules/.test(instruction.logical.text);
}

/** Variants of images with a shell for whoever looks around in them, by what their tags are without it. Sources: the projects' pages of images. */
const debugVariants: readonly { readonly name: RegExp; readonly tag: RegExp }[] = [
  { name: /^gcr\.io\/distroless\//, tag: /^(?:(?<plain>[\w.-]+)-)?debug(?:-(?<user>nonroot))?(?:-(?<platform>[a-z0-9]+))?$/ },
  { name: /^gcr\.io\/kaniko-project\//, tag: /^(?:(?<plain>[\w.-]+)-)?debug$/ },
];

/** A base image that is made for debugging. */
function onImage({ image }: Stage, report: DevelopmentReport): void {
  if (!isResolvable(image) || !image.settled()) return;
  const { ranges, tag } = image.reference;
  const name = image.text.slice(ranges.name.start, ranges.name.end);
  const found = tag === null ? null : debugVariants.find(one => one.name.test(name))?.tag.exec(tag);
  if (!found || !ranges.tag) return;
  const { plain, user, platform } = found.groups!;
  const to = [plain, user, platform].filter(Boolean).join('-') || 'latest';
  const operations = image.reference.digest === null ? image.rewrite([{ range: ranges.tag, text: to }]) : null;
  const fix = operations ? report.fix('plain', () => operations, { data: { to }, assumes: [{ id: 'shell' }] }) : noFix('manual');
  report(image.at(ranges.tag), 'image', { image: image.label }, fix);
}

/** A script in a heredoc that installs PHP's debugger. */
function onScript(instruction: Instruction, report: DevelopmentReport): void {
  for (const { content, bodyRange } of instruction.heredocs) {
    const found = content.includes('xdebug')
      ? /\b(?:pecl install|docker-php-ext-(?:install|enable)|install-php-extensions) (?:[\w-]+ ){0,20}xdebug\b/.exec(content)
      : null;
    if (found) report(range(bodyRange.start + found.index, bodyRange.start + found.index + found[0].length), 'xdebug', {}, noFix('manual'));
  }
}

export const rule = defineRule({
  id: 'dockerfile/development-in-final-stage',
  title: 'Development tool or debug setting in the final stage',
  severity: 'warning',
  category: 'surface',
  profile: 'recommended',
  references: { cisDocker: ['4.3'], nist800190: ['3.1.2', '4.1.2'], mitre: ['T1059'], cwe: ['CWE-489'] },
  peers: {
    tally: ['tally/php/composer-no-dev-in-production', 'tally/php/no-xdebug-in-final-image', 'tally/php/enable-opcache-in-production'],
  },
  messages: {
    tool: { text: '{package} helps anyone who gets into the container to explore it' },
    connector: {
      text: '{package} can reach any host: useful for a health check, but also for an attacker',
      severity: 'info',
      profile: 'strict',
    },
    compiler: { text: '{package} remains in the image, though no RUN instruction builds anything with it', severity: 'info' },
    setting: { text: "{name}={value} reveals the program's internals to its users" },
    server: { text: 'This is a development server: it reloads code, shows errors, and should not be exposed to a network' },
    debugger: { text: 'Anyone who reaches this debugger can run code in the container' },
    xdebug: { text: 'Xdebug slows PHP down and opens a debugger to anyone who requests it' },
    composer: { text: 'Without --no-dev, the development packages are installed too' },
    node: { text: 'Without {flag}, the development packages are installed too', severity: 'info' },
    image: { text: '"{image}" is a debug variant with a shell' },
  },
  fixes: {
    remove: { title: 'Remove {package} from the installed packages', class: 'attended' },
    production: { title: 'Set {name} to {good}', class: 'attended' },
    'no-dev': { title: 'Add --no-dev', class: 'attended' },
    'without-dev': { title: 'Add {flag}', class: 'attended' },
    plain: { title: 'Use the variant without a shell, "{to}"', class: 'attended' },
  },
  assumptions: { shell: 'Nothing needs a shell in the image, not even a health check' },
  on: {
    stage(stage, report, { path }) {
      if (stage.windows || !stage.reachable || isForDevelopment(stage.name ?? '') || isForDevelopment(path)) return;
      const shipped = isShipped(stage);
      if (stage.isFinal) {
        onImage(stage, report);
        onPackages(stage, report);
        onNode(stage, report);
        for (const start of [stage.state.entrypoint, stage.state.cmd]) if (start) onStart(start, report);
      }
      for (const instruction of stage.instructions) {
        if (instruction.keyword === 'RUN') {
          if (!isPhp(stage.file)) continue;
          for (const run of runCommands(instruction)) {
            if (run.command.name === 'composer' || run.command.name === 'composer.phar') onComposer(run, report);
            const word = shipped ? xdebugWord(run.command) : null;
            if (word) report(word.range, 'xdebug', {}, noFix('manual'));
          }
        } else if (!shipped) continue;
        else if (instruction.keyword === 'ENV') onVariables(instruction, report);
        else if (instruction.heredocs.length > 0) onScript(instruction, report);
      }
    },
  },
});
