import { budgets } from '../../base/limits/budgets';
import { commonEnds, isReparsable } from './reparse';
import type { YamlDocument } from './types';

/** Documents by their text. */
export interface DocumentCache extends Map<string, YamlDocument> {
  /** The document that a text is most likely an edit of; `null` where none has half of its text. Absent where nothing is kept that way. */
  readonly nearest?: (text: string) => YamlDocument | null;
}

/** So many documents are compared with a text. */
const mostCompared = 8;
/** A document that has all of a text but so many UTF-16 units is not bettered. */
const closest = 200;
/** A document with less text is read as fast as it is compared. */
const shortestCompared = 1500;

/** A map that forgets what was used longest ago. Hostile documents are all nodes: a hundred of them would fill the memory by their number alone. */
class BoundedCache extends Map<string, YamlDocument> implements DocumentCache {
  private nodes = 0;
  /** Those that were parsed last. */
  private recent: YamlDocument[] = [];

  constructor(private readonly limit: number) {
    super();
  }

  override get(key: string): YamlDocument | undefined {
    const value = super.get(key);
    if (value !== undefined) {
      super.delete(key);
      super.set(key, value);
    }
    return value;
  }

  override set(key: string, value: YamlDocument): this {
    this.delete(key);
    super.set(key, value);
    this.nodes += value.nodes ?? 0;
    if (key.length >= shortestCompared && isReparsable(value)) this.recent = [value, ...this.recent.slice(0, mostCompared - 1)];
    while (this.size > this.limit || (this.nodes > budgets.cachedNodes && this.size > 1)) this.delete(super.keys().next().value!);
    return this;
  }

  override delete(key: string): boolean {
    const gone = super.get(key);
    this.nodes -= gone?.nodes ?? 0;
    if (gone) this.recent = this.recent.filter(document => document !== gone);
    return super.delete(key);
  }

  nearest(text: string): YamlDocument | null {
    if (text.length < shortestCompared) return null;
    let found: YamlDocument | null = null;
    let most = text.length / 2;
    for (const document of this.recent) {
      const { start, end } = commonEnds(document.text, text);
      if (start + end < most) continue;
      found = document;
      most = start + end;
      if (most + closest > text.length) break;
    }
    return found;
  }
}

/** A cache for `parseStream` that keeps at most `limit` documents; those used longest ago go first. */
export function createDocumentCache(limit: number): DocumentCache {
  return new BoundedCache(Math.max(1, limit));
}
