/** The WORKDIR that official images end with, by a start of their names: as their Dockerfiles say (github.com/docker-library and the projects' own). */
const folders: readonly (readonly [image: RegExp, folder: string])[] = [
  [/^php:.{0,60}(?:apache|fpm)/, '/var/www/html'],
  [/^(?:wordpress|nextcloud|joomla)(?::|@|$)/, '/var/www/html'],
  [/^golang(?::|@|$)/, '/go'],
  [/^httpd(?::|@|$)/, '/usr/local/apache2'],
  [/^tomcat(?::|@|$)/, '/usr/local/tomcat'],
  [/^redis(?::|@|$)/, '/data'],
  [/^composer(?::|@|$)/, '/app'],
  [/^ghost(?::|@|$)/, '/var/lib/ghost'],
  [/^gradle(?::|@|$)/, '/home/gradle'],
  [/^oven\/bun(?::|@|$)/, '/home/bun/app'],
  [/^(?:php|node|python|ruby|rust|eclipse-temurin|amazoncorretto)(?::|@|$)/, '/'],
];

/** The folder that an image starts in where a file that grows on it says nothing else; `null`: not known. */
export function knownWorkdir(image: string | null): string | null {
  const name = (image ?? '').slice(0, 200).replace(/^(?:docker\.io\/)?(?:library\/)?/, '');
  return folders.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** The same, `/` where none is known. */
export function baseWorkdir(image: string | null): string {
  return knownWorkdir(image) ?? '/';
}
