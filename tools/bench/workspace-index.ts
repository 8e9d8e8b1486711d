import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createEngine } from '../../shared/src/engine/create-engine';
import { commands, type DocumentInfo } from '../../shared/src/output/protocol/messages';
import { createWorkspaceIndex } from '../../shared/src/workspace/workspace-index';
import { deployment, manyDocuments } from './large-files';
import { withServer } from './server';
import { best, percentile } from './timing';

/** What the workspace index costs, in milliseconds. */
export interface IndexCost {
  /** From opening a document of a folder of 2,000 manifests until all are indexed. */
  readonly folder: number;
  /** From edit to findings while that goes on. */
  readonly p95: number;
  readonly worst: number;
  /** To bring the index up to date after an edit of one of those files, and of a manifest of 360 documents at its top. */
  readonly update: number;
  readonly updateLarge: number;
}

const count = 2000;

/** Measures the index: in the server over a folder, and update by update. */
export async function measureIndex(): Promise<IndexCost> {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
  try {
    mkdirSync(join(folder, '.git'));
    for (let i = 0; i < count; i++) {
      if (i < 50) mkdirSync(join(folder, `apps-${i}`));
      writeFileSync(join(folder, `apps-${i % 50}/web-${i}.yaml`), deployment(`web-${i}`));
    }
    return { ...(await measureServer(folder)), ...measureUpdates() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measureServer(folder: string): Promise<Pick<IndexCost, 'folder' | 'p95' | 'worst'>> {
  return withServer(folder, async connection => {
    const uri = pathToFileURL(join(folder, 'apps-0/web-0.yaml')).href;
    const started = performance.now();
    const textDocument = { uri, languageId: 'yaml', version: 1, text: deployment('web-0') };
    await connection.sendNotification('textDocument/didOpen', { textDocument });
    const pull = (): Promise<unknown> => connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
    await pull();
    const waits: number[] = [];
    for (let version = 2, indexed = 0; indexed < count; version++) {
      const asked = performance.now();
      const at = { line: 3, character: 13 };
      void connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ range: { start: at, end: at }, text: ' ' }],
      });
      await pull();
      waits.push(performance.now() - asked);
      // a person types ten characters a second at most
      await new Promise(resolve => setTimeout(resolve, 100));
      const info: DocumentInfo = await connection.sendRequest('workspace/executeCommand', { command: commands.showInfo, arguments: [uri] });
      indexed = info.indexedFiles;
      if (performance.now() - started > 60_000) throw new Error('the folder was not indexed within a minute');
    }
    return { folder: performance.now() - started, p95: percentile(waits, 0.95), worst: Math.max(...waits) };
  });
}

function measureUpdates(): Pick<IndexCost, 'update' | 'updateLarge'> {
  const engine = createEngine([]);
  const index = createWorkspaceIndex({ complete: true });
  for (let i = 0; i < count; i++)
    index.update(`web-${i}.yaml`, engine.open({ path: `web-${i}.yaml`, text: deployment(`web-${i}`) }).facts());
  let small = deployment('web-7');
  let large = manyDocuments();
  const edit = (path: string, text: string): void => void index.update(path, engine.open({ path, text }).facts());
  edit('many.yaml', large);
  return {
    update: best(15, () => edit('web-7.yaml', (small = `#\n${small}`))),
    updateLarge: best(15, () => edit('many.yaml', (large = `#\n${large}`))),
  };
}
