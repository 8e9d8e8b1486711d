import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../setup.mjs';
import { must, run } from './run';

/** A fake for the base image, which no dry run pulls: Debian's Node without a shell, as the user 65532, for two platforms. */

/** The environment in which podman, buildah and skopeo keep images below a folder. */
export function storage(folder: string): Readonly<Record<string, string>> {
  const file = join(folder, 'storage.conf');
  const place = join(folder, 'storage');
  mkdirSync(place, { recursive: true });
  writeFileSync(file, `[storage]\ndriver = "overlay"\ngraphroot = "${place}/graph"\nrunroot = "${place}/run"\n`);
  const settings = join(folder, 'containers.conf');
  writeFileSync(
    settings,
    '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "none"\nlock_type = "file"\n',
  );
  return { CONTAINERS_STORAGE_CONF: file, CONTAINERS_CONF: settings, BUILDAH_ISOLATION: 'chroot' };
}

/** Unmounts what podman and buildah leave mounted there, so that the folder can be removed. */
export const releaseStorage = (folder: string): void => void run('umount', [join(folder, 'storage/graph/overlay')], root);

/** The files of the image, made once. Packages are unpacked, and nothing of them is run: that leaves out shells. */
function rootFiles(): string {
  const file = join(root, '.vscode-test/release-base.tar');
  if (existsSync(file)) return file;
  mkdirSync(join(root, '.vscode-test'), { recursive: true });
  const packages = ['--include=nodejs,ca-certificates', '--aptopt=APT::Install-Recommends "false"'];
  const suite = must('sh', ['-c', '. /etc/os-release && echo "$VERSION_CODENAME"'], root);
  must('mmdebstrap', ['--variant=extract', '--mode=root', ...packages, suite, `${file}.new.tar`], root);
  // as distroless images have it
  const more = mkdtempSync(join(tmpdir(), 'bulkhead-base-'));
  mkdirSync(join(more, 'nodejs/bin'), { recursive: true });
  mkdirSync(join(more, 'home/nonroot'), { recursive: true });
  symlinkSync('/usr/bin/node', join(more, 'nodejs/bin/node'));
  must('tar', ['-rf', `${file}.new.tar`, '-C', more, './nodejs', './home'], root);
  rmSync(more, { recursive: true });
  renameSync(`${file}.new.tar`, file);
  return file;
}

/** Makes the image in the storage of a folder; gives its name. The second platform has the files of the first: nothing of them is run in a build. */
export function baseImage(folder: string): string {
  const name = 'localhost/release-base';
  const buildah = (...args: readonly string[]): string => must('buildah', args, folder, { ...process.env, ...storage(folder) });
  const files = rootFiles();
  buildah('manifest', 'create', name);
  for (const arch of ['amd64', 'arm64']) {
    const container = buildah('from', 'scratch');
    buildah('add', '--quiet', container, files, '/');
    buildah('config', '--arch', arch, '--user', '65532', '--env', 'HOME=/home/nonroot', container);
    buildah('commit', '--quiet', '--manifest', name, '--rm', container);
  }
  return name;
}
