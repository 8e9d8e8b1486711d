import { mayBeConfig } from './config-facts';

/** The file of a module of Python. */
const moduleFiles = (module: string): readonly string[] => {
  const path = module.split('.').join('/');
  return [`${path}.py`, `${path}/__main__.py`, `${path}/__init__.py`];
};

/** Configurations that servers look for by themselves. */
const usualConfigs: readonly string[] = (
  '/etc/apache2/apache2.conf /etc/apache2/sites-available/000-default.conf /etc/apache2/sites-enabled/000-default.conf ' +
  '/usr/local/apache2/conf/httpd.conf /etc/nginx/nginx.conf /etc/nginx/conf.d/default.conf /usr/local/etc/php-fpm.conf ' +
  '/usr/local/etc/php-fpm.d/www.conf /etc/supervisor/supervisord.conf /etc/supervisord.conf'
).split(' ');

/**
 * The files that words of a command may start, as paths of the image or relative to where it starts.
 * @param server the image that it starts from, and where it starts if a step says so
 */
export function namedFiles(
  words: readonly string[],
  variable: (name: string) => string | undefined,
  server: { readonly image: string; readonly workdir: string | null },
): readonly string[] {
  const has = (...names: readonly string[]): boolean => words.some(word => names.includes(word.slice(word.lastIndexOf('/') + 1)));
  const found: string[] = [];
  words.forEach((word, at) => {
    const before = words[at - 1] ?? '';
    const value = word.slice(word.lastIndexOf('=') + 1);
    if (mayBeConfig(value) && /^[\w./-]+$/.test(value)) found.push(value);
    else if (/\.(?:py|[cm]?js|ts|rb|ru|php|pl|sh)$/.test(word) && !word.startsWith('-')) found.push(word.replace(/^[\w-]+=/, ''));
    else if (before === '-m' && /^[\w.]+$/.test(word)) found.push(...moduleFiles(word));
    else if (/^[A-Za-z_][\w.]*:[A-Za-z_][\w.()]*$/.test(word)) found.push(...moduleFiles(word.slice(0, word.indexOf(':'))));
    else if (/^(?:node|nodejs|ts-node|tsx|bun|nodemon)$/.test(before) && /^[\w./-]+$/.test(word) && !word.startsWith('-'))
      found.push(...(word === '.' ? ['package.json', 'index.js'] : [`${word}.js`, `${word}/index.js`, word]));
    // programs without an ending, which their first line tells
    else if (/^(?:ruby|python3?|php|perl|exec)$/.test(before) && /^[\w./-]*\/[\w-]+$/.test(word)) found.push(word);
    else if (before === '-t' && has('php')) found.push(`${word}/index.php`, `${word}/router.php`);
    else if (before === '-A' && has('celery')) found.push(...moduleFiles(word), `${word.split('.').join('/')}/celery.py`);
    else if (/^(?:-c|--config)$/.test(before) && has('gunicorn', 'puma', 'unicorn') && /^[\w./-]+$/.test(word)) found.push(word);
    else if (/^(?:\.?\/[\w./-]*)?(?:docker-)?(?:entrypoint|start|run|boot|serve|launch)$/.test(word) && (at === 0 || /\//.test(word)))
      found.push(word);
    else if (at === 0 && /^(?:\.\/|bin\/|\/(?!s?bin\/|usr\/(?:local\/)?s?bin\/))[\w./-]*$/.test(word)) found.push(word);
  });
  if (has('flask'))
    found.push(
      ...(variable('FLASK_APP') ?? 'app.py wsgi.py')
        .split(' ')
        .flatMap(file => (file.endsWith('.py') ? file : moduleFiles(file.split(':')[0]!))),
    );
  if (has('npm', 'yarn', 'pnpm', 'bun')) found.push('package.json');
  if (has('puma', 'rackup', 'thin', 'unicorn', 'falcon', 'rails'))
    found.push('config/application.rb', 'config.ru', 'config/puma.rb', 'config/database.yml', 'app.rb');
  if (has('gunicorn')) found.push('gunicorn.conf.py');
  if (has('artisan')) found.push('artisan');
  // a command that a package of Python brings, which its manifest names
  if (found.length === 0 && words.length > 0) found.push('pyproject.toml', 'setup.cfg', 'setup.py');
  found.push(...usualConfigs);
  const { image, workdir } = server;
  if (
    /^(?:docker\.io\/)?(?:library\/)?php:.*(?:apache|fpm)/.test(image) &&
    !words.some(word => /\.php$/.test(word)) &&
    (has('apache2-foreground', 'php-fpm') || !words.some(word => word.endsWith('.sh')))
  )
    for (const root of ['/var/www/html', '/var/www/html/public', `${workdir ?? '/var/www/html'}/public`]) found.push(`${root}/index.php`);
  return found;
}
