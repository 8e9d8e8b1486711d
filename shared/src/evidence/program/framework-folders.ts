/** What a framework writes, whatever the application does that is built with it. */
interface Framework {
  /** The name of a file by which it is known, with folders as far as they tell. */
  readonly file: RegExp;
  /** What stands in that file. */
  readonly mark: RegExp;
  /** Folders that it fills while it runs, from the file's own. */
  readonly folders: readonly string[];
}

/** The folders that the frameworks' own documentation has writable. */
const frameworks: readonly Framework[] = [
  // images and fetched data (nextjs.org: self-hosting, caching)
  { file: /(?:^|\/)package\.json$/, mark: /"next"\s{0,3}:/, folders: ['.next/cache'] },
  // uploads, and the database of a new project (docs.strapi.io: project structure)
  { file: /(?:^|\/)package\.json$/, mark: /"@strapi\/strapi"\s{0,3}:/, folders: ['public/uploads', '.tmp'] },
  // where libraries write unless they are told otherwise (their README files)
  { file: /(?:^|\/)package\.json$/, mark: /"session-file-store"\s{0,3}:/, folders: ['sessions'] },
  { file: /(?:^|\/)package\.json$/, mark: /"parse-server"\s{0,3}:/, folders: ['logs'] },
  { file: /(?:^|\/)package\.json$/, mark: /"node-persist"\s{0,3}:/, folders: ['.node-persist'] },
  { file: /(?:^|\/)package\.json$/, mark: /"whatsapp-web\.js"\s{0,3}:/, folders: ['.wwebjs_auth', '.wwebjs_cache'] },
  // laravel.com: installation, directory configuration
  { file: /(?:^|\/)artisan$/, mark: /Illuminate|LARAVEL_START/, folders: ['storage', 'bootstrap/cache'] },
  { file: /(?:^|\/)index\.php$/, mark: /LARAVEL_START|Illuminate\\/, folders: ['../storage', '../bootstrap/cache'] },
  // symfony.com: file permissions
  { file: /(?:^|\/)(?:index\.php|console)$/, mark: /autoload_runtime\.php|Symfony\\/, folders: ['../var'] },
  // codeigniter.com: application structure
  { file: /(?:^|\/)index\.php$/, mark: /CodeIgniter\\|\bFCPATH\b/, folders: ['../writable'] },
  // yiiframework.com: directory structure
  { file: /(?:^|\/)index\.php$/, mark: /yii\\web\\Application|yiisoft\/yii2/, folders: ['../runtime', 'assets'] },
  // book.cakephp.org: permissions
  { file: /(?:^|\/)index\.php$/, mark: /Cake\\/, folders: ['../tmp', '../logs'] },
  // what the Dockerfile of rails new gives to its user
  { file: /(?:^|\/)config\.ru$/, mark: /\bRails\.application\b/, folders: ['log', 'storage', 'tmp'] },
  { file: /(?:^|\/)config\/application\.rb$/, mark: /\bRails::Application\b/, folders: ['../log', '../storage', '../tmp'] },
];

/**
 * The folders that the framework of an application fills while it runs, relative to the folder of the file that shows which one that is. Linear.
 * @param text of which the caller has cut off what is too long
 */
export function frameworkFolders(text: string, path: string): readonly string[] {
  const found = frameworks.filter(({ file, mark }) => file.test(path) && mark.test(text));
  return [...new Set(found.flatMap(({ folders }) => folders))];
}

/** Whether a folder keeps what a framework makes anew where it is gone, so that a volume may hide what the image has there. */
export const isMadeAnew = (path: string): boolean => path.endsWith('/.next/cache');
