import type { Connection } from 'vscode-languageserver';
import { readSettings, type Settings } from '../../../shared/src/output/protocol/settings';
import type { ClientSupport } from '../lsp/capabilities';
import type { Log } from '../lsp/log';

/** The editor's settings per resource. */
export interface SettingsStore {
  /** The settings in force for a document; asked from the client once, then kept until `forget`. Never rejects. */
  of(uri: string): Promise<Settings>;
  /** The settings changed: `pushed` is what the client sent along, for clients that cannot be asked. */
  forget(pushed?: unknown): void;
  /** A document was closed. */
  drop(uri: string): void;
}

const section = 'bulkhead';

/** Reads settings so that equal ones are the same object: what is derived from them is kept by identity. */
function createReader(): (value: unknown) => Settings {
  const known = new Map<string, Settings>();
  return value => {
    const settings = readSettings(value);
    const key = JSON.stringify(settings);
    const same = known.get(key);
    if (same) return same;
    if (known.size > 100) known.clear();
    known.set(key, settings);
    return settings;
  };
}

/** Keeps settings; clients that do not answer `workspace/configuration` hand theirs over as initialization options or pushed. */
export function createSettingsStore(connection: Connection, support: ClientSupport, initial: unknown, log: Log): SettingsStore {
  const read = createReader();
  let pushed = read(initial);
  const cache = new Map<string, Promise<Settings>>();

  const ask = async (uri: string): Promise<Settings> => {
    try {
      const value: unknown = await connection.workspace.getConfiguration({ scopeUri: uri, section });
      // `null` is how clients say that they have no such section
      return value === null || value === undefined ? pushed : read(value);
    } catch (error) {
      log.failure('settings could not be read', error);
      return pushed;
    }
  };

  return {
    of: uri => {
      if (!support.configuration) return Promise.resolve(pushed);
      let settings = cache.get(uri);
      if (!settings) cache.set(uri, (settings = ask(uri)));
      return settings;
    },
    forget: value => {
      cache.clear();
      if (typeof value === 'object' && value !== null && section in value) pushed = read((value as Record<string, unknown>)[section]);
    },
    drop: uri => void cache.delete(uri),
  };
}
