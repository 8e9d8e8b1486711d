/** Settings that an image writes among its own files when it starts. */
interface WrittenSettings {
  readonly image: RegExp;
  /** What makes it do so. */
  readonly variable: string;
  readonly path: string;
}

const images: readonly WrittenSettings[] = [
  // nextcloud/docker, docker-entrypoint.sh: the folder of PHP's settings belongs to root, and the script ends where it cannot write
  { image: /^nextcloud$/, variable: 'REDIS_HOST', path: '/usr/local/etc/php/conf.d' },
  { image: /^nextcloud$/, variable: 'APACHE_DISABLE_REWRITE_IP', path: '/etc/apache2/conf-enabled' },
  // elastic/elasticsearch, distribution/docker/src/docker/bin/docker-entrypoint.sh
  { image: /^elasticsearch$/, variable: 'ELASTIC_PASSWORD', path: '/usr/share/elasticsearch/config' },
];

/** What an image writes among its own files because of a variable that is set; `null`: nothing is known. */
export function writtenSettings(image: string, variables: readonly string[]): WrittenSettings | null {
  return images.find(each => each.image.test(image) && variables.includes(each.variable)) ?? null;
}

/**
 * The file of settings that a command has its server write again and again, beside itself at first: Sentinel keeps there what it sees
 * (redis.io, Sentinel: "Sentinel will not start if the configuration file is not writable"). `null`: none.
 */
export function rewrittenSettings(words: readonly string[]): string | null {
  const names = words.map(word => word.slice(word.lastIndexOf('/') + 1));
  const isSentinel =
    /^(?:redis|valkey)-sentinel$/.test(names[0] ?? '') || (/-server$/.test(names[0] ?? '') && words.includes('--sentinel'));
  return isSentinel ? (words.find((word, at) => at > 0 && !word.startsWith('-')) ?? null) : null;
}
