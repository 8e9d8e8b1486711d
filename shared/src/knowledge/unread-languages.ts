/** Languages whose programs are read where their sources are at hand. */
const readable = ['Python', 'JavaScript'];

/** Languages, with the programs that build them where they are not read, and those that run or serve them. */
const languages: readonly (readonly [language: string, builds: string, runs: string])[] = [
  ['Go', 'go', ''],
  ['Rust', 'cargo rustc', ''],
  ['Java', 'javac mvn mvnw gradle gradlew', 'java'],
  ['C#', 'dotnet', 'dotnet'],
  ['C', 'gcc cc clang tcc', ''],
  ['C++', 'g++ c++ clang++', ''],
  ['Ruby', '', 'ruby bundle puma rackup rails unicorn thin falcon sidekiq'],
  ['PHP', '', 'php php-fpm apache2-foreground artisan'],
  ['Perl', '', 'perl plackup starman'],
  ['Python', '', 'python gunicorn uvicorn hypercorn daphne waitress-serve granian flask fastapi celery streamlit'],
  ['JavaScript', '', 'node nodejs npm yarn pnpm bun tsx ts-node nodemon next pm2-runtime'],
];

const tableOf = (programs: 1 | 2): ReadonlyMap<string, string> =>
  new Map(languages.flatMap(row => row[programs].split(' ').flatMap(name => (name === '' ? [] : [[name, row[0]] as const]))));

const builders = tableOf(1);
const runners = tableOf(2);

/** Whether programs in a language are read where their sources are at hand. */
export const isReadable = (language: string): boolean => readable.includes(language);

/** The language that a program builds; `undefined`: it builds none of these. */
export const languageBuiltBy = (program: string): string | undefined => builders.get(program);

/** The same of what it runs or serves. */
export const languageRunBy = (program: string): string | undefined => runners.get(program.replace(/^python[\d.]{1,6}$/, 'python'));
