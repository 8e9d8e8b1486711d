/** Programs that go on as another user: what they are given is who. */
export const userSwitchers: ReadonlySet<string> = new Set(
  'gosu su-exec setpriv s6-setuidgid s6-applyuidgid chpst setuidgid runuser su start-stop-daemon sudo'.split(' '),
);

/** Servers that start as root, bind their ports and serve as a user of their own. */
export const droppingServers: ReadonlySet<string> = new Set(
  'nginx nginx-debug openresty httpd-foreground apache2-foreground apache2 apache2ctl apachectl php-fpm exim exim4 postfix unbound named dnsmasq squid dovecot lighttpd varnishd nsd knotd pdns_server pdns_recursor smtpd snmpd avahi-daemon stunnel stunnel4'.split(
    ' ',
  ),
);

/** Those of them whose first process stays root, and leaves serving to others. */
export const rootMasters: ReadonlySet<string> = new Set(
  'nginx nginx-debug openresty httpd httpd-foreground apache2-foreground apache2 apache2ctl apachectl php-fpm'.split(' '),
);

/** Programs that start and watch others, as whatever user each needs. */
export const processManagers: ReadonlySet<string> = new Set(
  'init systemd my_init runsvdir runsvdir-start runit runit-init s6-svscan supervisord monit openrc-init circusd procd'.split(' '),
);

/** Programs that keep data, caches or environments in the home of whoever starts them: with another user, that of root is lost to them. */
export const homeDirectoryPrograms: ReadonlySet<string> = new Set(
  'ollama jupyter jupyter-lab jupyter-notebook code-server n8n node-red syncthing ipfs geth bitcoind lnd uv uvx poetry pipenv vagrant ansible ansible-playbook'.split(
    ' ',
  ),
);

/** Programs that write into that home as well, and complain or stop where there is none. */
export const homeUsers: ReadonlySet<string> = new Set([
  ...homeDirectoryPrograms,
  'streamlit',
  'pm2',
  'pm2-runtime',
  'bundle',
  'rails',
  'npm',
  'npx',
  'yarn',
  'pnpm',
]);

/** Programs that do nothing but wait for somebody to type: an image that starts one is a base or a tool. */
export const interactivePrograms: ReadonlySet<string> = new Set(
  'sh bash ash dash zsh fish busybox cmd powershell pwsh irb jshell ghci erl iex julia R scala swift groovysh sbt gradle mvn'.split(' '),
);

/** Interpreters that do so when they are given nothing to run. */
export const interpreters: ReadonlySet<string> = new Set('python python2 python3 node php ruby perl lua deno bun'.split(' '));

/**
 * Capabilities of the files of programs as their makers ship them, effective at once: without them in the bounding set the program does not start, wherever
 * its file has been copied to. php/frankenphp, Dockerfile; docs/docker.md takes them away with `setcap -r`.
 */
export const shippedCapabilities: Readonly<Record<string, readonly string[]>> = { frankenphp: ['NET_BIND_SERVICE'] };
