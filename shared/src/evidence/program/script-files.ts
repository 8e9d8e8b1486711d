import { importedFiles } from './imported-files';
import { wordFiles } from './named-files';
import { startedScript } from './started-command';

/** More files are not followed from one. */
const most = 80;

/**
 * The files that the commands of a script start, relative to its folder; absolute: in the image.
 * @param path the script's own, for modules that lie in folders around it
 */
export function commandFiles(script: string, path = ''): readonly string[] {
  const words = startedScript(script).commands.flatMap(({ name, nameWord, args }) => [
    nameWord?.text ?? name ?? '',
    // of a path that begins with a variable the rest
    ...args.map(({ text, raw }) => text ?? raw.replace(/^"?\$\{?\w{1,60}\}?\/?|"$/g, '')),
  ]);
  const found = wordFiles(
    words,
    () => undefined,
    module => importedFiles(module, path, 'python'),
  );
  return [...new Set(found.flatMap(file => (file === 'package.json' && path !== '' ? [file, `../${file}`] : file)))].slice(0, most);
}

/** The files that a manifest of Python, or the configuration of a server, starts. */
export function startedFiles(text: string, path: string): readonly string[] {
  const find = /(?:pyproject\.toml|setup\.(?:cfg|py))$/.test(path) ? pythonCommand : /\.(?:conf|ini)$/.test(path) ? served : null;
  if (find === null) return [];
  return [...new Set(text.split('\n').flatMap(line => find(line.slice(0, 300))))].slice(0, most);
}

/** Commands that a package of Python brings: `shop = "shop.cli:main"`. */
function pythonCommand(line: string): readonly string[] {
  const command = /^\W{0,20}[\w.-]{1,60}["']?\s?=\s?["']?([\w.]{1,100}):\w/.exec(line)?.[1];
  const files = command === undefined ? [] : importedFiles(command, '', 'python');
  return files.flatMap(file => [file, `src/${file}`]);
}

/** Programs of supervisord, and the pages of a server. */
function served(line: string): readonly string[] {
  const [, command] = /^\s*command\s*=(.*)/.exec(line) ?? [];
  const [, root] = /^\s*(?:DocumentRoot|root)\s+["']?(\/[\w./-]+)/.exec(line) ?? [];
  return [...(command === undefined ? [] : commandFiles(command)), ...(root === undefined ? [] : [`${root}/index.php`])];
}
