import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Session {
  id: string;
  user: string;
  expires: number;
}

export interface SessionStore {
  save(session: Session): void;
  find(id: string): Session | undefined;
}

/** @deprecated Removed in 3.0, only here for the migration guide. */
export class SingleFileStore implements SessionStore {
  private readonly file = '/var/lib/legacy-sessions/all.json';

  private all(): Record<string, Session> {
    return existsSync(this.file) ? JSON.parse(readFileSync(this.file, 'utf8')) : {};
  }

  save(session: Session): void {
    writeFileSync(this.file, JSON.stringify({ ...this.all(), [session.id]: session }));
  }

  find(id: string): Session | undefined {
    return this.all()[id];
  }
}

export class DirectoryStore implements SessionStore {
  static readonly directory: string = '/var/lib/sessions';

  constructor() {
    mkdirSync(DirectoryStore.directory, { recursive: true });
  }

  private path(id: string): string {
    return join(DirectoryStore.directory, `${id}.json`);
  }

  save(session: Session): void {
    writeFileSync(this.path(session.id), JSON.stringify(session), { mode: 0o600 });
  }

  find(id: string): Session | undefined {
    const path = this.path(id);
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Session) : undefined;
  }
}
