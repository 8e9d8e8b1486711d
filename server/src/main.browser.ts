import { BrowserMessageReader, BrowserMessageWriter, createConnection, ProposedFeatures } from 'vscode-languageserver/browser';
import { createEngine, rules } from '../../shared/src/index';
import { workingMethod } from '../../shared/src/output/protocol/messages';
import { createClientFiles, noFiles } from './host/browser/client-files';
import { joinUri } from './lsp/uri';
import { startSession } from './session/session';
import { createSentMarker, silentMarker } from './watch/sent-mark';
import { pagesAddress } from '../../shared/host/product';
import { translatePages } from '../../shared/src/output/protocol/language';
import { version } from '../../shared/host/version';

declare const self: DedicatedWorkerGlobalScope;

const connection = createConnection(ProposedFeatures.all, new BrowserMessageReader(self), new BrowserMessageWriter(self));
startSession(connection, {
  engine: createEngine(rules),
  marker: options =>
    options.watched === true
      ? createSentMarker(mark => self.postMessage({ jsonrpc: '2.0', method: workingMethod, params: mark }))
      : silentMarker,
  version,
  pagesAddress,
  home: null,
  files: options => (options.files === true ? createClientFiles(connection) : noFiles),
  // registries refuse calls from other sites
  digests: () => null,
  scanner: null,
  askEngines: null,
  openArchive: null,
  factCache: null,
  trials: null,
  ownTrials: null,
  earlier: null,
  seenScans: null,
  // the client has them, and hands them over
  words: () => null,
  pages: async (options, files, tags) => {
    const { assets } = options;
    if (assets === undefined) return null;
    const read = async (name: string): Promise<Record<string, string> | null> => {
      const { text } = await files.read(joinUri(assets, name), { root: assets, maxBytes: 8 << 20 });
      return text === null ? null : (JSON.parse(text) as Record<string, string>);
    };
    const pages = await read('rules.json');
    let translated: Record<string, string> | null = null;
    for (const tag of tags) translated ??= await read(`rules.${tag}.json`);
    return pages && translatePages(pages, translated);
  },
});
connection.listen();
