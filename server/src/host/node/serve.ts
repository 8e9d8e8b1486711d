import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Engine } from '../../../../shared/src/index';
import type { InitializationOptions } from '../../../../shared/src/output/protocol/messages';
import { homeFolder, userCacheFolder } from '../../../../shared/host/node/cache-folder';
import { canonicalUri } from '../../lsp/uri';
import { startSession } from '../../session/session';
import { pagesAddress } from '../../../../shared/host/product';
import { translatePages } from '../../../../shared/src/output/protocol/language';
import { version } from '../../../../shared/host/version';
import { createClientFiles } from '../browser/client-files';
import { createNodeSource } from './digest-source';
import { openArchive } from './archives';
import { askEngines } from './engines';
import { createFactCache } from './kept/fact-cache';
import { openOwnTrials } from './kept/own-trials';
import { createSeenScans, openScanPacks } from './scanner/kept-scans';
import { openServerScanner } from './scanner/server-scanner';
import { createServerTrials } from '../../prove/server-trials';
import { openWorkerSession } from './worker';
import { openEarlier } from './earlier';
import { readTranslatedPages, readTranslation } from './translations';
import { createWorkspaceFiles, pathOf } from './workspace-files';

/** Serves the client of the supervisor that has started this worker. */
export function serveWorker(engine: Engine, pages = readPages, address = pagesAddress): void {
  const session = openWorkerSession();
  if (!session) throw new Error('This script is a worker of the server, and no program.');
  const { connection, marker } = session;
  const trials = openOwnTrials([], process.env);
  startSession(connection, {
    engine,
    marker: () => marker,
    version,
    pagesAddress: address,
    home: canonicalUri(pathToFileURL(homeFolder(process.env)).href),
    files: (options, warn) => createWorkspaceFiles(options.files === true ? createClientFiles(connection) : null, warn),
    digests: (options, log, folders) => createNodeSource(connection, options, log, folders),
    scanner: openServerScanner,
    askEngines,
    openArchive,
    factCache: createFactCache(userCacheFolder('facts', process.env)),
    trials: createServerTrials(trials),
    ownTrials: uri => (uri.startsWith('file:') ? trials.of(fileURLToPath(uri)) : []),
    earlier: async (top, folders) => {
      const path = pathOf(top);
      return path === null
        ? null
        : await openEarlier(
            path,
            folders.flatMap(folder => pathOf(folder) ?? []),
          );
    },
    seenScans: createSeenScans(openScanPacks(process.env), () => Date.now()),
    pages,
    words: readTranslation,
  });
  connection.listen();
}

/** The pages lie beside the bundle. */
async function readPages(
  _options: InitializationOptions,
  _files: unknown,
  tags: readonly string[],
): Promise<Readonly<Record<string, string>> | null> {
  try {
    const pages = JSON.parse(await readFile(join(__dirname, 'rules.json'), 'utf8')) as Record<string, string>;
    return translatePages(pages, readTranslatedPages(tags));
  } catch {
    return null;
  }
}
