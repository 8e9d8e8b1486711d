import type { NamedValue } from './folders';

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

/** Settings that an image makes of templates when it starts. */
interface RenderedSettings {
  readonly image: RegExp;
  /** The folder of the templates, and where the settings go; each with the variable that says otherwise. */
  readonly from: string;
  readonly fromVariable: string;
  readonly to: string;
  readonly toVariable: string;
}

const rendered: readonly RenderedSettings[] = [
  // nginx/docker-nginx, entrypoint/20-envsubst-on-templates.sh: where it cannot write it goes on without them
  {
    image: /^(?:nginx|nginxinc\/nginx-unprivileged)$/,
    from: '/etc/nginx/templates',
    fromVariable: 'NGINX_ENVSUBST_TEMPLATE_DIR',
    to: '/etc/nginx/conf.d',
    toVariable: 'NGINX_ENVSUBST_OUTPUT_DIR',
  },
];

/** Where an image makes settings of which templates, with the variables that it gets; `null`: it makes none. */
export function renderedSettings(image: string, variables: readonly NamedValue[]): { readonly from: string; readonly to: string } | null {
  const found = rendered.find(each => each.image.test(image));
  const valueOf = (variable: string): string | null => variables.find(({ name }) => name === variable)?.value ?? null;
  return found ? { from: valueOf(found.fromVariable) ?? found.from, to: valueOf(found.toVariable) ?? found.to } : null;
}

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
