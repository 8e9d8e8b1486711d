/** The folders that the documentation of a framework or library has writable, by the dependency that names it, from the folder of the manifest. */
const dependencies: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'package.json': {
    // nextjs.org: self-hosting, caching; docs.strapi.io: project structure; docs.directus.io: files; ghost.org/docs: content; sailsjs.com: .tmp
    next: '.next/cache',
    '@strapi/strapi': 'public/uploads .tmp',
    directus: 'uploads',
    ghost: 'content',
    sails: '.tmp',
    // where libraries write unless they are set otherwise (their README files)
    'session-file-store': 'sessions',
    'parse-server': 'logs',
    'node-persist': '.node-persist',
    'whatsapp-web.js': '.wwebjs_auth .wwebjs_cache',
  },
  'composer.json': {
    // laravel.com: directory configuration; lumen.laravel.com: installation
    'laravel/framework': 'storage bootstrap/cache',
    'laravel/lumen-framework': 'storage',
    // symfony.com: file permissions, and what is built on it: docs.sylius.com, docs.sulu.io, pimcore.com/docs, developer.shopware.com
    'symfony/framework-bundle': 'var',
    'sylius/sylius': 'var public/media',
    'sulu/sulu': 'var public/uploads',
    'pimcore/pimcore': 'var public/var',
    'shopware/core': 'var files public/media public/thumbnail',
    // codeigniter.com: application structure; yiiframework.com: directory structure; book.cakephp.org: permissions; spiral.dev: runtime
    'codeigniter4/framework': 'writable',
    'yiisoft/yii2': 'runtime web/assets',
    'cakephp/cakephp': 'tmp logs',
    'spiral/framework': 'runtime',
    // craftcms.com/docs: directory structure; drupal.org/docs: file permissions; docs.typo3.org: directory structure; docs.flarum.org: folder ownership
    'craftcms/cms': 'storage web/cpresources',
    'drupal/core-recommended': 'web/sites/default/files',
    'typo3/cms-core': 'var public/fileadmin public/typo3temp',
    'flarum/core': 'storage public/assets',
    // docs.silverstripe.org: file security; getkirby.com/docs: permissions; experienceleague.adobe.com: file system access permissions
    'silverstripe/framework': 'public/assets',
    'getkirby/cms': 'content media site/accounts site/cache site/sessions',
    'magento/product-community-edition': 'var generated pub/static pub/media',
  },
  // guides.rubyonrails.org: what the Dockerfile of rails new gives to its user; jekyllrb.com: default configuration
  Gemfile: { rails: 'log storage tmp', jekyll: '_site .jekyll-cache' },
};

/** The names of the packages that a manifest depends on. */
function dependenciesOf(text: string, name: string): readonly string[] {
  if (name === 'Gemfile') return [...text.matchAll(/^\s{0,20}gem\s{1,5}["']([\w-]{1,60})["']/gm)].map(match => match[1]!);
  try {
    const { dependencies, require } = JSON.parse(text) as Record<string, unknown>;
    return [dependencies, require].flatMap(packages => (typeof packages === 'object' && packages !== null ? Object.keys(packages) : []));
  } catch {
    // a file that is being written
    return [];
  }
}

/** The manifests that name what a program in a language that is not read is built with. */
export const manifestsOf: Readonly<Record<string, readonly string[]>> = {
  PHP: ['composer.json', '../composer.json'],
  Ruby: ['Gemfile', '../Gemfile'],
};

/** The folders that the frameworks of an application fill while it runs, relative to the folder of its manifest. Linear. */
export function frameworkFolders(text: string, path: string): readonly string[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const rows = Object.hasOwn(dependencies, name) ? dependencies[name]! : null;
  const named = rows === null ? [] : dependenciesOf(text, name);
  return [...new Set(named.flatMap(each => (Object.hasOwn(rows!, each) ? rows![each]!.split(' ') : [])))];
}

/** Whether a folder keeps what a framework makes anew where it is gone, so that a volume may hide what the image has there. */
export const isMadeAnew = (path: string): boolean => path.endsWith('/.next/cache');
