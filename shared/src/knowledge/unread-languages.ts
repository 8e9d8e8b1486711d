/** Languages whose programs are not read, with the programs that build them, and those that run or serve them. */
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
];

const tableOf = (programs: 1 | 2): ReadonlyMap<string, string> =>
  new Map(languages.flatMap(row => row[programs].split(' ').flatMap(name => (name === '' ? [] : [[name, row[0]] as const]))));

const builders = tableOf(1);
const runners = tableOf(2);

/** The language that a program builds and that is not read; `undefined`: it builds none of these. */
export const languageBuiltBy = (program: string): string | undefined => builders.get(program);

/** The same of what it runs or serves. */
export const languageRunBy = (program: string): string | undefined => runners.get(program);
