import { importedFiles } from './imported-files';

/** More files are not followed from one. */
const most = 80;

/** Words of a command that name programs. */
const programWord = /(?:^|[\s"'/=])((?:\.{0,2}\/)?[\w./-]{0,80}\w\.(?:py|[cm]?js|ts|rb|ru|php|sh))(?=$|[\s"';&|)])/g;

/** The module that a server of Python, or Python itself, is told to start. */
const startedModule =
  /(?:(?:gunicorn|uvicorn|hypercorn|daphne|waitress-serve|granian)\b.{0,120}?\s["']?|python[\d.]* -m )([\w.]+)(?::\w+)?/;

/** The files of a project that a script of its package.json starts, as far as they may be there. */
export function commandFiles(command: string): readonly string[] {
  const line = command.slice(0, 500);
  const found = [...line.matchAll(programWord)].map(match => match[1]!);
  const alone = /(?:^|[\s"'])(?:node|tsx|ts-node|nodemon)\s+([\w./-]{1,100})$/.exec(line)?.[1];
  return alone === undefined || found.includes(alone)
    ? found
    : [...found, ...importedFiles(`./${alone}`, '', 'script').map(file => file.replace(/^\.\//, ''))];
}

/** The files that a script, a manifest or the configuration of a server starts, relative to its folder; absolute: in the image. */
export function startedFiles(text: string, path: string): readonly string[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const found = new Set<string>();
  for (const whole of text.split('\n')) {
    if (found.size >= most) break;
    for (const file of filesIn(whole.slice(0, 300), name, path)) found.add(file);
  }
  return [...found].slice(0, most);
}

function filesIn(line: string, name: string, path: string): readonly string[] {
  if (/^(?:pyproject\.toml|setup\.(?:cfg|py))$/.test(name)) {
    // commands that a package of Python brings: `shop = "shop.cli:main"`
    const command = /^\W{0,20}[\w.-]{1,60}["']?\s?=\s?["']?([\w.]{1,100}):\w/.exec(line)?.[1];
    const files = command === undefined ? [] : importedFiles(command, '', 'python');
    return files.flatMap(file => [file, `src/${file}`]);
  }
  if (name === 'package.json') {
    const start = /"(?:start|main|serve)(?::\w+)?"\s*:\s*"([^"]{1,120})"/.exec(line)?.[1];
    return start === undefined ? [] : commandFiles(start);
  }
  if (/\.(?:conf|ini)$/.test(name)) {
    const command = /^\s*command\s*=(.*)/.exec(line)?.[1]?.split(/\s+/) ?? [];
    const root = /^\s*(?:DocumentRoot|root)\s+["']?(\/[\w./-]+)/.exec(line)?.[1];
    return [
      ...command.filter(word => /^\/[\w./-]+$/.test(word) && !/^\/(?:usr\/)?s?bin\//.test(word)),
      ...(root === undefined ? [] : [`${root}/index.php`]),
    ];
  }
  if (!/\.sh$|^[\w-]+$/.test(name)) return [];
  const module = startedModule.exec(line)?.[1];
  return [
    ...[...line.matchAll(programWord)].map(match => match[1]!),
    ...(/\b(?:npm|pnpm|yarn|bun)\b/.test(line) ? ['package.json', '../package.json'] : []),
    ...(module === undefined ? [] : importedFiles(module, path, 'python')),
  ];
}
