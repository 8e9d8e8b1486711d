// What the bundles contain of other people's work, and the notices that their licences ask to be passed on.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of the package that a bundled module comes from, as esbuild writes it: `node_modules/a/node_modules/@b/c`. */
const packageFolder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** Files of a package that say under which terms it may be passed on, and what it contains itself. */
const noticeFile = /^(?:licen[cs]e|copying|notice|third-?party-?notices?)(?:[-.].*)?$/i;

const byCodeUnit = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Everything of which at least one byte is in a bundle, as one metafile: what `common` marks is in another bundle, whose own metafile names it; VS Code's own modules, and Node's (`late`) are not bundled. */
export function bundledInputs(metafiles) {
  const outputs = metafiles
    .flatMap(metafile => Object.entries(metafile.outputs))
    .map(([name, { inputs, ...output }]) => {
      const bundled = Object.entries(inputs).filter(
        ([path, { bytesInOutput }]) => bytesInOutput > 0 && !/^(?:common|vscode|late)(?::|$)/.test(path),
      );
      return [name, { ...output, inputs: Object.fromEntries(bundled) }];
    });
  return { inputs: Object.assign({}, ...metafiles.map(metafile => metafile.inputs)), outputs: Object.fromEntries(outputs) };
}

/** The folders of all packages of which at least one byte is in a bundle, sorted. */
export function bundledFolders(metafiles) {
  const modules = Object.values(bundledInputs(metafiles).outputs).flatMap(({ inputs }) => Object.keys(inputs));
  return [...new Set(modules.flatMap(path => packageFolder.exec(path)?.[0] ?? []))].sort(byCodeUnit);
}

/** Reads the name, version, licence and notices of packages. Throws where one has none: it could not be passed on. */
export async function readPackages(root, folders) {
  return Promise.all(
    folders.map(async folder => {
      const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
      const names = (await readdir(join(root, folder))).filter(file => noticeFile.test(file)).sort(byCodeUnit);
      const texts = await Promise.all(names.map(file => readFile(join(root, folder, file), 'utf8')));
      if (texts.length === 0 || !license) throw new Error(`${folder} has no licence that could be passed on with the bundles`);
      return {
        name,
        version,
        license,
        folder,
        notices: texts.map(text =>
          text
            .replace(/^\uFEFF/, '')
            .replace(/\r\n?/g, '\n')
            .trim(),
        ),
      };
    }),
  );
}

/** The notices of packages as one text. A package that is bundled in two versions is there twice. */
export function printNotices(packages) {
  const sorted = [...packages].sort((a, b) => byCodeUnit(a.name, b.name) || byCodeUnit(a.version, b.version));
  const rule = '='.repeat(80);
  const parts = sorted.map(({ name, version, license, notices }) => {
    const texts = [...new Set(notices)].join(`\n\n${'-'.repeat(80)}\n\n`);
    return `${rule}\n${name} ${version} (${license})\n${rule}\n\n${texts}\n`;
  });
  return `Bulkhead contains the following packages. Their licences and notices:\n\n${parts.join('\n')}`;
}
