import { mayBeConfig } from './config-facts';
import { importedFiles } from './imported-files';

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

/** A path without variables. */
const plain = /^[\w./-]+$/;

/** Servers of Python, which are given the module of an application. */
const pythonServers = ['gunicorn', 'uvicorn', 'hypercorn', 'daphne', 'waitress-serve', 'granian'];

/**
 * The files that words of a command may start, as paths of the image or relative to where it starts.
 * @param modules the files that a module of Python may be
 */
export function wordFiles(
  words: readonly string[],
  variable: (name: string) => string | undefined,
  modules: (module: string) => readonly string[] = moduleFiles,
): readonly string[] {
  const has = (...names: readonly string[]): boolean => words.some(word => names.includes(word.slice(word.lastIndexOf('/') + 1)));
  const isServed = has(...pythonServers);
  const found: string[] = [];
  words.forEach((word, at) => {
    const before = words[at - 1] ?? '';
    const value = word.slice(word.lastIndexOf('=') + 1);
    if (mayBeConfig(value) && plain.test(value)) found.push(value);
    else if (/\.(?:py|[cm]?js|ts|rb|ru|php|pl|sh)$/.test(word) && !word.startsWith('-')) found.push(word.replace(/^[\w-]+=/, ''));
    else if (before === '-m' && /^[\w.]+$/.test(word)) found.push(...modules(word));
    else if (/^[A-Za-z_][\w.]*:[A-Za-z_][\w.()]*$/.test(word)) found.push(...modules(word.slice(0, word.indexOf(':'))));
    else if (isServed && /^[A-Za-z_]\w*(?:\.\w+)+$/.test(word)) found.push(...modules(word));
    else if (['node', 'nodejs', 'ts-node', 'tsx', 'bun', 'nodemon'].includes(before) && plain.test(word) && !word.startsWith('-'))
      found.push(...(word === '.' ? ['package.json', 'index.js'] : importedFiles(`./${word}`, '', 'script').map(file => file.slice(2))));
    // programs without an ending, which their first line tells
    else if (['ruby', 'python', 'python3', 'php', 'perl', 'exec'].includes(before) && /^[\w./-]*\/[\w-]+$/.test(word)) found.push(word);
    else if (before === '-t' && has('php')) found.push(`${word}/index.php`, `${word}/router.php`);
    else if (before === '--app' && has('flask') && /^[\w.]+$/.test(word)) found.push(...modules(word));
    else if (before === '-A' && has('celery')) found.push(...modules(word), `${word.split('.').join('/')}/celery.py`);
    else if ((before === '-c' || before === '--config') && has('gunicorn', 'puma', 'unicorn') && plain.test(word)) found.push(word);
    else if (/^(?:\.?\/[\w./-]*)?(?:docker-)?(?:entrypoint|start|run|boot|serve|launch)$/.test(word) && (at === 0 || word.includes('/')))
      found.push(word);
    else if (at === 0 && /^(?:\.\/|bin\/|\/(?!s?bin\/|usr\/(?:local\/)?s?bin\/))[\w./-]*$/.test(word)) found.push(word);
  });
  if (has('flask'))
    found.push(
      ...(variable('FLASK_APP') ?? 'app.py wsgi.py')
        .split(' ')
        .flatMap(file => (file.endsWith('.py') ? file : modules(file.split(':')[0]!))),
    );
  if (has('npm', 'yarn', 'pnpm', 'bun')) found.push('package.json');
  if (has('puma', 'rackup', 'thin', 'unicorn', 'falcon', 'rails'))
    found.push('config/application.rb', 'config.ru', 'config/puma.rb', 'config/database.yml', 'app.rb');
  if (has('gunicorn')) found.push('gunicorn.conf.py');
  if (has('artisan')) found.push('artisan');
  return found;
}

/**
 * The files that the words with which an image starts may start.
 * @param server the image that it starts from, and where it starts if a step says so
 */
export function namedFiles(
  words: readonly string[],
  variable: (name: string) => string | undefined,
  { image, workdir }: { readonly image: string; readonly workdir: string | null },
): readonly string[] {
  const found = [...wordFiles(words, variable)];
  // a command that a package of Python brings, which its manifest names
  if (found.length === 0 && words.length > 0) found.push('pyproject.toml', 'setup.cfg', 'setup.py');
  found.push(...usualConfigs);
  const starts = words.map(word => word.slice(word.lastIndexOf('/') + 1));
  if (
    /^(?:docker\.io\/)?(?:library\/)?php:.*(?:apache|fpm)/.test(image) &&
    !starts.some(word => word.endsWith('.php')) &&
    (starts.some(word => word === 'apache2-foreground' || word === 'php-fpm') || !starts.some(word => word.endsWith('.sh')))
  )
    for (const root of ['/var/www/html', '/var/www/html/public', `${workdir ?? '/var/www/html'}/public`]) found.push(`${root}/index.php`);
  return found;
}
