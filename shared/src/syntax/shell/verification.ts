import type { ShellCommand, ShellWord } from './types';

const sums =
  /^(?:(?:md5|sha\d*|b2|b3|ck)sum|shasum|gpgv2?|rpmkeys|debsig-verify|dpkg-sig|minisign|signify|slsa-verifier|jarsigner|sigcheck)$/;

/** Whether a command compares a file with a digest or a signature. */
export function verifies({ name, args }: ShellCommand): boolean {
  if (name === null) return false;
  const has = (test: (text: string) => boolean): boolean => args.some(arg => test(arg.text ?? arg.raw));
  if (sums.test(name) || /verif|checksum|check_?sum|check_?sha/i.test(name)) return true;
  switch (name) {
    case 'gpg':
    case 'gpg2':
      return has(text => /^--(?:verify|decrypt)/.test(text) || text === '-d');
    case 'openssl':
      return has(text => /^(?:dgst|sha\d+|md5|cms|smime)$/.test(text));
    case 'cosign':
    case 'notation':
    case 'gh':
    case 'rekor-cli':
      return has(text => text.startsWith('verify') || text === 'attestation');
    case 'rpm':
      return has(text => text === '-K' || text === '--checksig');
    case 'aria2c':
      return has(text => text.startsWith('--checksum'));
    default:
      // Scripts that do both: `make verify`, `./fetch.sh --sha256 ...`, a file of sums that is looked through.
      return has(text => /^(?:verify|--verify|--checksum|--sha\d+)/.test(text));
  }
}

/** What a command does with a file that it is given. */
export type FileUse = 'extracted' | 'run' | 'installed' | 'made executable';

const unpackers = new Set('unzip gunzip bunzip2 unxz unzstd unlzma uncompress zcat bzcat xzcat zstdcat bsdtar unrar unsquashfs'.split(' '));
const interpreters = /^(?:(?:ba|da|a|z|k)?sh|(?:python|perl|ruby|node|php|lua)[\d.]*|java|source|\.)$/;

/** Whether `tar` is asked to extract. */
function extracts(args: readonly ShellWord[]): boolean {
  return args.some((arg, i) => {
    const text = arg.text ?? arg.raw;
    return (
      text === '--extract' ||
      text === '--get' ||
      ((text.startsWith('--') ? false : /^-/.test(text) || i === 0) && /^-?[a-zA-Z]*x/.test(text))
    );
  });
}

const decompressors = new Set('gunzip bunzip2 unxz unzstd unlzma zcat bzcat xzcat zstdcat'.split(' '));

/**
 * Whether a command fails where its standard input is empty or cut short: what is compressed, signed or summed has an end that it looks for.
 * Tried with GNU tar 1.34 and BusyBox 1.35 (gzip, xz, bzip2), Brotli 1.0, GnuPG 2.2 and coreutils 9.1, cut at every part of a file. A bare `tar x` accepts a cut archive.
 */
export function noticesCutInput({ name, args }: ShellCommand): boolean {
  const has = (pattern: RegExp): boolean => args.some(arg => pattern.test(arg.text ?? arg.raw));
  if (name === null) return false;
  if (/^(?:sha\d+|b2|md5)sum$|^shasum$/.test(name)) return has(/^(?:--check|-\w*c)$/);
  if (decompressors.has(name)) return true;
  switch (name) {
    case 'tar':
      return (
        extracts(args) &&
        (has(/^(?:-[a-zA-Z]*[zjJZ]|--(?:gzip|gunzip|ungzip|bzip2|xz|zstd|lzma)$)/) || /^[a-zA-Z]*[zjJZ]/.test(args[0]?.text ?? ''))
      );
    case 'gzip':
    case 'bzip2':
    case 'xz':
    case 'zstd':
    case 'brotli':
      return has(/^(?:--decompress|-[a-ce-z]*d[a-z]*)$/);
    case 'gpg':
    case 'gpg2':
      return has(/^--dearmor$/);
    default:
      return false;
  }
}

/** How a command uses files among its arguments; `null` where it does nothing that trusts what is in them. */
export function useOf(command: ShellCommand): FileUse | null {
  const { name, args } = command;
  if (name === null) return null;
  const has = (pattern: RegExp): boolean => args.some(arg => pattern.test(arg.text ?? arg.raw));
  if (unpackers.has(name)) return 'extracted';
  if (interpreters.test(name)) return 'run';
  switch (name) {
    case 'tar':
      return extracts(args) ? 'extracted' : null;
    case 'gzip':
    case 'bzip2':
    case 'xz':
    case 'zstd':
      return has(/^(?:--decompress|-[a-ce-z]*d[a-z]*)$/) ? 'extracted' : null;
    case '7z':
    case '7za':
    case 'jar':
    case 'ar':
    case 'cpio':
      return has(/^-?[a-z]*[xi]/) ? 'extracted' : null;
    case 'chmod':
      return has(/^[ugoa]*\+[rw]*x|^[0246]*[1357][0-7]*$|=r?w?x/) ? 'made executable' : null;
    case 'install':
      return has(/^-[a-zA-Z]*m|^--mode/) ? 'made executable' : null;
    case 'dpkg':
      return has(/^(?:-i|--install|--unpack|-x|--extract)$/) ? 'installed' : null;
    case 'rpm':
      return has(/^-[a-z]*[iUF]|^--(?:install|upgrade)$/) ? 'installed' : null;
    default:
      return command.packageCall?.action === 'install' ? 'installed' : null;
  }
}
