import { packageManagerCall } from '../syntax/shell/package-manager';
import type { ShellCommand } from '../syntax/shell/types';

/** Packages that compile: compilers, what drives them, development kits. */
const compilers =
  /^(?:build-essential|build-base|@?development-tools|gcc(?:-\d+)?|g\+\+(?:-\d+)?|gcc-c\+\+|clang(?:-?\d+)?|make|cmake|ninja-build|golang(?:-[\d.]+)?(?:-go)?|go|rustc|rust|cargo|maven|gradle|(?:default|openjdk-?\d+|java-[\d.]+-openjdk)-(?:jdk(?:-headless)?|devel))$/;
const headers = /(?:-dev|-devel|-headers)$/;

/** Whether a package is a compiler or what drives one. */
export function isCompiler(name: string): boolean {
  return compilers.test(name);
}

/** Whether a package is there for builds alone: a compiler, or what one compiles against. */
export function isBuildPackage(name: string): boolean {
  return headers.test(name) || isCompiler(name);
}

const images: ReadonlySet<string> = new Set(
  'golang rust maven gradle gcc haskell sbtscala/scala-sbt mcr.microsoft.com/dotnet/sdk mcr.microsoft.com/dotnet/core/sdk cgr.dev/chainguard/go cgr.dev/chainguard/rust cgr.dev/chainguard/maven cgr.dev/chainguard/gradle'.split(
    ' ',
  ),
);

/** Whether an image, by the name under which knowledge is kept, is one to build in. */
export function isBuildImage(name: string): boolean {
  return images.has(name);
}

const nodeTools = new Set(['tsc', 'vite', 'webpack', 'rollup', 'esbuild', 'parcel', 'ng', 'next', 'nuxt', 'nuxi', 'turbo', 'nx', 'gulp', 'grunt', 'vue-cli-service', 'react-scripts', 'astro', 'svelte-kit', 'nest']); // prettier-ignore
const runners = new Set(['npx', 'pnpx', 'bunx', 'yarn', 'pnpm']);

/** The words of a command that builds with the packages of a Node.js project, for a message; `null` for any other. */
export function nodeBuild(command: ShellCommand): string | null {
  const { name } = command;
  if (name === null) return null;
  if (nodeTools.has(name)) return name;
  if (runners.has(name)) {
    const tool = command.args.find(({ raw }) => !raw.startsWith('-'))?.text;
    if (tool != null && (nodeTools.has(tool) || tool === 'build')) return `${name} ${tool}`;
  }
  const call = packageManagerCall(command);
  const script =
    call?.action === 'run' ? command.args.find(({ text }) => /^(?:build|compile|bundle)(?::|$)/.test(text ?? ''))?.text : undefined;
  return script == null ? null : `${name} ${call!.verb === script ? '' : `${call!.verb.split(' ')[0]} `}${script}`;
}

/** Programs that compile with whatever they are given. */
const builders: ReadonlySet<string> = new Set('make cmake ninja gcc g++ cc c++ clang clang++ rustc javac ghc msbuild xbuild'.split(' '));
/** Programs that compile with some of their sub-commands. */
const verbs: Readonly<Record<string, RegExp>> = {
  go: /^(?:build|install)$/,
  cargo: /^(?:build|b|install)$/,
  mvn: /^(?:package|install|verify|compile|deploy)$/,
  mvnw: /^(?:package|install|verify|compile|deploy)$/,
  gradle: /^:?(?:[\w-]+:)*(?:build|assemble|bootJar|jar|shadowJar|installDist|war)$/,
  gradlew: /^:?(?:[\w-]+:)*(?:build|assemble|bootJar|jar|shadowJar|installDist|war)$/,
  dotnet: /^(?:build|publish|msbuild)$/,
  sbt: /^(?:assembly|package|stage|compile|dist|.*:packageBin)$/,
  stack: /^(?:build|install)$/,
  cabal: /^(?:v2-)?(?:build|install)$/,
  swift: /^build$/,
  lein: /^(?:uberjar|jar|compile)$/,
};

/** The words of a command that compiles, in any language, for a message; `null` for any other. */
export function buildOf(command: ShellCommand): string | null {
  const { name, args } = command;
  if (name === null) return null;
  if (builders.has(name)) return args.some(({ text }) => /^(?:--version|-v|clean|distclean)$/.test(text ?? '')) ? null : name;
  const verb = Object.hasOwn(verbs, name) ? args.find(({ text }) => text !== null && verbs[name]!.test(text))?.text : undefined;
  return verb == null ? nodeBuild(command) : `${name} ${verb}`;
}

/** Managers whose packages may hold code to be compiled on the spot. */
const nativeManagers: ReadonlySet<string> = new Set(['pip', 'uv', 'poetry', 'npm', 'yarn', 'pnpm', 'gem', 'bundle']);

/** The words of an install whose packages may be compiled on the spot, for a message; `null` for any other command. */
export function nativeInstall(command: ShellCommand): string | null {
  if (command.name === 'pecl' || command.name === 'docker-php-ext-install') return command.name;
  const call = packageManagerCall(command);
  return call?.action === 'install' && nativeManagers.has(call.manager) ? `${call.program} ${call.verb}`.trim() : null;
}
