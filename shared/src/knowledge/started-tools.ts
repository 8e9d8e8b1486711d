import { packageManagerCall } from '../syntax/shell/package-manager';
import { baseName } from '../syntax/shell/interpreter';
import type { ShellCommand } from '../syntax/shell/types';
import { developmentWord } from './development';

/** Tools that build from sources, or keep caches among them, before they serve or instead of it. */
const builders: ReadonlySet<string> = new Set(
  (
    'react-scripts vite vitepress webpack webpack-cli rollup parcel tsc tsup babel swc ng nest gatsby docusaurus astro eleventy hexo ember storybook gulp grunt ' +
    'turbo nx lerna vue-cli-service expo ionic quasar hugo jekyll middleman bridgetown mvn mvnw gradle gradlew sbt lein mix stack cabal swift json-server'
  ).split(' '),
);

/** Programs that do so with one of these words. */
const building: Readonly<Record<string, RegExp>> = {
  go: /^(?:run|build|test|generate)$/,
  cargo: /^(?:run|build|test|watch)$/,
  dotnet: /^(?:run|build|watch|test|publish)$/,
  deno: /^compile$/,
  next: /^(?:build|dev)$/,
  nuxt: /^(?:build|dev|generate)$/,
  nuxi: /^(?:build|dev|generate)$/,
  remix: /^(?:build|dev|vite:build|vite:dev)$/,
  strapi: /^(?:build|develop|dev)$/,
  prisma: /^generate$/,
  mkdocs: /^build$/,
  rails: /^assets:/,
  rake: /^assets:/,
  console: /^(?:cache:|assets:install)/,
  artisan: /^(?:(?:config|route|view|event):cache|optimize|key:generate|storage:link)$/,
};

/** Programs that run what a file of recipes says. */
const recipes: ReadonlySet<string> = new Set('make gmake just task rake invoke inv fab tox nox'.split(' '));

/** Words that bring a database up to date, or collect files. */
const migrating =
  /^(?:migrate|makemigrations|collectstatic|loaddata|createcachetable|createsuperuser|init-?_?db|create-?_?db|db:(?:migrate|prepare|setup|create|seed|push|reset|schema:load)|migrate:(?:latest|up|deploy|fresh|refresh)|migrations?:(?:run|migrate)|doctrine:migrations:migrate|doctrine:schema:\w+)$/;

/** What a program that prepares, or is not done with building, does where it starts, as it is read behind `it` or `its script`; `null`: nothing is known. */
export interface StartedTool {
  readonly does: string;
  /** Whether it brings a database up to date, which may be a server. */
  readonly migrates: boolean;
}

/** Programs that start another one, which follows their options and words of their own. */
const starters: ReadonlySet<string> = new Set(
  'npx bunx cross-env cross-env-shell env-cmd dotenv bundle poetry uv pipenv pnpm yarn npm python python3 php ruby'.split(' '),
);

/** The program that a command starts at last, without folders, its arguments, and whether it goes by its folder. */
function atLast({ nameWord, name, args }: ShellCommand): readonly [name: string, words: readonly string[], isOwn: boolean] {
  const words = [nameWord?.text ?? name ?? '', ...args.map(({ text }) => text ?? '')];
  let at = 0;
  while (at + 1 < words.length && starters.has(baseName(words[at]!))) {
    at++;
    while (at + 1 < words.length && /^(?:-.*|exec|run|\w+=.*)$/.test(words[at]!)) at++;
  }
  return [baseName(words[at]!), words.slice(at + 1), words[at]!.includes('/')];
}

/** What a command does that starts an image, which folders of root keep another user from; `null`: nothing is known. */
export function startedTool(command: ShellCommand): StartedTool | null {
  const [name, words, isOwn] = atLast(command);
  const known = (does: string): StartedTool => ({ does, migrates: false });
  const isUpgrade = words.includes('upgrade') && [name, ...words].some(word => /^(?:alembic|db)$/.test(word));
  // a program of one's own by that name has sources that tell more
  if (
    isUpgrade ||
    (!isOwn && migrating.test(name)) ||
    words.some(word => migrating.test(word)) ||
    (name === 'prisma' && words.includes('db'))
  )
    return { does: 'migrates a database, which may be a file next to the sources', migrates: true };
  const call = packageManagerCall(command);
  if (call?.action === 'install') return known('installs packages when it starts');
  const telling = Object.hasOwn(building, name) ? building[name]! : null;
  const builds =
    builders.has(name) ||
    (call?.action === 'run' && words.length === 0 && /^(?:build|compile|generate)(?::|$)/.test(name)) ||
    developmentWord(command) !== null ||
    words.some(word => telling?.test(word)) ||
    keepsSchedule(name, words);
  if (builds) return known('writes files next to the sources that it runs from');
  return recipes.has(name) ? known(`runs ${name}, whose recipes may write files next to the sources`) : null;
}

/** Programs that do one thing and end. */
const tasks: ReadonlySet<string> = new Set(
  'tar gzip unzip cp mv rm mkdir touch ln chown chmod curl wget rsync pg_dump pg_dumpall pg_restore mysqldump mariadb-dump mongodump mongorestore'.split(
    ' ',
  ),
);

/** Whether a command does one thing and ends: it copies, dumps, or brings a database up to date. */
export function isTask(command: ShellCommand): boolean {
  return tasks.has(atLast(command)[0]) || startedTool(command)?.migrates === true;
}

const schedulers: ReadonlySet<string> = new Set('cron crond anacron fcron dcron supercronic yacron go-crond'.split(' '));

/** Whether a command only starts others by the clock: it answers nothing by which its health could be checked. */
export function isScheduler(command: ShellCommand): boolean {
  return schedulers.has(atLast(command)[0]);
}

/** A URL of a database that is a server. */
export const serverUrl = /\b(?:postgres(?:ql)?|mysql2?|mariadb|mongodb(?:\+srv)?|sqlserver|cockroachdb)(?:\+\w+)?:\/\//;

/** What the first command does that does more than serve; a database that is a server may be brought up to date by anybody. */
export function firstTool(commands: readonly ShellCommand[], hasServer: boolean): StartedTool | null {
  for (const command of commands) {
    const tool = startedTool(command);
    if (tool && !(tool.migrates && hasServer)) return tool;
  }
  return null;
}

/** Whether Celery keeps the times of its last runs in the folder where it starts, as it does unless it is told where (docs.celeryq.dev: periodic tasks). */
function keepsSchedule(name: string, words: readonly string[]): boolean {
  if (name !== 'celery' || !words.some(word => /^(?:beat|-B|--beat)$/.test(word))) return false;
  return !words.some(
    (word, at) =>
      /^(?:--schedule=|--scheduler=|-S|--scheduler$)/.test(word) ||
      (/^(?:-s|--schedule)$/.test(word) && words[at + 1]?.startsWith('/tmp/')),
  );
}

/** Programs that keep files in the home of whoever starts them and cannot do without, and the variable that says where else. */
const atHome: Readonly<Record<string, string>> = {
  pm2: 'PM2_HOME',
  'pm2-runtime': 'PM2_HOME',
  'pm2-docker': 'PM2_HOME',
  streamlit: 'HOME',
  npx: 'npm_config_cache',
  bunx: 'HOME',
};

/**
 * The program of some words that keeps files in the home directory of its user, which a read-only root file system does not let it do; `null`: none.
 * pm2 ends without a home that it can write, Streamlit writes an id there at its first session (its metrics_util.py); npx starts what is installed, and fetches what is not.
 * @param isSet whether a variable is set
 */
export function homeKeeper(words: readonly string[], isSet: (variable: string) => boolean): string | null {
  return words.find(word => Object.hasOwn(atHome, word) && !isSet(atHome[word]!)) ?? null;
}

/** Words behind package managers of JavaScript that are no scripts. */
const own = new Set(
  'install i ci add remove exec x dlx create init run-script test pkg config cache publish pack link why list ls outdated update upgrade up store env'.split(
    ' ',
  ),
);

/** The scripts of package.json that words of commands run, by name: `npm start`, `yarn serve`, `pnpm run build`. */
export function packageScriptsRun(words: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    if (!/^(?:npm|pnpm|yarn|bun)$/.test(baseName(word))) return [];
    const rest = words.slice(at + 1, at + 8).filter(each => !each.startsWith('-'));
    const [first = '', second = ''] = rest;
    if (/^run(?:-script)?$/.test(first)) return /^[\w:.-]+$/.test(second) ? second : [];
    if (baseName(word) === 'npm') return /^(?:re)?start$/.test(first) ? 'start' : [];
    return /^[\w:.-]+$/.test(first) && !own.has(first) && !/\.[cm]?[jt]s$/.test(first) ? first : [];
  });
}
