import { textValue, unknown, type Value } from './values';
import { libraryWrites } from './write-calls';

/** What functions of libraries give, as far as that is a path. */
type Gives =
  'join' | 'join-below' | 'resolve' | 'same' | 'folder' | 'base' | 'memory' | 'cwd' | 'home' | 'temporary' | 'url' | 'variable' | 'object';

/** Their names with dots, as the documentation of the languages and libraries has them. */
const table: Readonly<Record<Gives, string>> = {
  join: 'os.path.join posixpath.join pathlib.Path pathlib.PurePath pathlib.PosixPath pathlib.PurePosixPath anyio.Path',
  'join-below': 'path.join werkzeug.utils.safe_join',
  resolve: 'path.resolve',
  same:
    'os.path.abspath os.path.realpath os.path.normpath os.path.expanduser os.path.expandvars os.fspath str String path.normalize url.fileURLToPath ' +
    'url.pathToFileURL fs.realpathSync Object.freeze list tuple set frozenset sorted Array.from util.promisify typing.cast asyncio.run',
  folder: 'os.path.dirname path.dirname',
  base: 'os.path.basename path.basename',
  memory: 'io.BytesIO io.StringIO tempfile.SpooledTemporaryFile',
  cwd: 'os.getcwd process.cwd pathlib.Path.cwd',
  home: 'os.homedir pathlib.Path.home',
  temporary: 'tempfile.gettempdir os.tmpdir tempfile.mkdtemp tempfile.mkstemp tempfile.TemporaryDirectory tempfile.NamedTemporaryFile',
  url: 'URL url.URL',
  variable: 'os.getenv os.environ.get os.environ.setdefault os.environ.pop decouple.config Deno.env.get',
  object: 'dict types.SimpleNamespace',
};

const given: ReadonlyMap<string, Gives> = new Map(
  (Object.entries(table) as [Gives, string][]).flatMap(([gives, names]) => names.split(' ').map(name => [name, gives] as const)),
);

/** What a function of a library gives; `undefined`: nothing that is followed. */
export const givenBy = (name: string): Gives | undefined => given.get(name);

/** Whether something is known of what a library has by this name. */
export const isKnown = (name: string): boolean => given.has(name) || libraryWrites(name).length > 0;

/** Modules that are another one by another name. */
const renamed: readonly (readonly [from: RegExp, to: string])[] = [
  [/^node:/, ''],
  [/^(?:fs[/.]promises|fs-extra|graceful-fs)(?=\.|$)/, 'fs'],
  [/^path[/.]posix(?=\.|$)/, 'path'],
  [/\.default(?=\.|$)/, ''],
  [/^(?:globalThis|builtins)\./, ''],
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
};

/** What is written to by name and is no file. */
export const streams: ReadonlySet<string> = new Set(['sys.stdout', 'sys.stderr', 'sys.stdout.buffer', 'process.stdout', 'process.stderr']);

/** The last part of a path. */
export const baseName = ({ text, isOpen }: Value & { k: 'text' }): Value =>
  isOpen ? unknown : textValue(text.slice(text.lastIndexOf('/') + 1));
