/** What functions of libraries give, as far as that is a path, by their names with dots. */
type Gives =
  | 'join'
  | 'join-below'
  | 'resolve'
  | 'same'
  | 'folder'
  | 'base'
  | 'format'
  | 'memory'
  | 'cwd'
  | 'home'
  | 'temporary'
  | 'made-temporary'
  | 'url'
  | 'variable'
  | 'object';

const table: readonly (readonly [gives: Gives, names: string])[] = [
  [
    'join',
    'os.path.join posixpath.join pathlib.Path pathlib.PurePath pathlib.PosixPath pathlib.PurePosixPath anyio.Path aiopath.AsyncPath',
  ],
  ['join-below', 'path.join werkzeug.utils.safe_join flask.safe_join'],
  ['resolve', 'path.resolve'],
  [
    'same',
    'os.path.abspath os.path.realpath os.path.normpath os.path.normcase os.path.expanduser os.path.expandvars os.fspath os.fsencode os.fsdecode str String path.normalize url.fileURLToPath url.pathToFileURL fs.realpathSync fs.realpath Object.freeze types.MappingProxyType list tuple set frozenset sorted reversed iter Array.from util.promisify functools.partial Promise.resolve copy.copy copy.deepcopy structuredClone typing.cast asyncio.run',
  ],
  ['folder', 'os.path.dirname path.dirname'],
  ['base', 'os.path.basename path.basename'],
  ['format', 'path.format'],
  ['memory', 'io.BytesIO io.StringIO tempfile.SpooledTemporaryFile'],
  ['cwd', 'os.getcwd process.cwd pathlib.Path.cwd Deno.cwd'],
  ['home', 'os.homedir pathlib.Path.home'],
  ['temporary', 'tempfile.gettempdir os.tmpdir'],
  [
    'made-temporary',
    'tempfile.mkdtemp tempfile.mkstemp tempfile.TemporaryDirectory tempfile.NamedTemporaryFile tempfile.TemporaryFile Deno.makeTempDir',
  ],
  ['url', 'URL url.URL'],
  ['variable', 'os.getenv os.environ.get decouple.config Deno.env.get'],
  ['object', 'dict types.SimpleNamespace'],
];

const given: ReadonlyMap<string, Gives> = new Map(table.flatMap(([gives, names]) => names.split(' ').map(name => [name, gives] as const)));

/** What a function of a library gives; `undefined`: nothing that is followed. */
export const givenBy = (name: string): Gives | undefined => given.get(name);

/** Modules that are another one by another name. */
const renamed: readonly (readonly [from: RegExp, to: string])[] = [
  [/^node:/, ''],
  [/^(?:fs[/.]promises|fs-extra|graceful-fs)(?=\.|$)/, 'fs'],
  [/^path[/.]posix(?=\.|$)/, 'path'],
  [/\.default(?=\.|$)/, ''],
  [/^(?:globalThis|window|builtins|__builtins__)\./, ''],
  [/^process\.node:process/, 'process'],
];

/** The usual name of what a library has. */
export const usualName = (name: string): string => renamed.reduce((before, [from, to]) => before.replace(from, to), name);

/** Values of the language, as they are in a container. */
export const constants: Readonly<Record<string, string>> = {
  'os.devnull': '/dev/null',
  'os.sep': '/',
  'path.sep': '/',
  'os.name': 'posix',
  'sys.platform': 'linux',
  'process.platform': 'linux',
  'os.curdir': '.',
  'os.pardir': '..',
};

/** What is written to by name and is no file. */
export const streams: ReadonlySet<string> = new Set([
  'sys.stdout',
  'sys.stderr',
  'sys.stdout.buffer',
  'process.stdout',
  'process.stderr',
  'Bun.stdout',
  'Deno.stdout',
]);
