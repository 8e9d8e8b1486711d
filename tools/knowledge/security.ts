import { readFacts, writeData } from './files';

interface RawFile {
  readonly retrieved: string;
  readonly capabilities: {
    readonly all: readonly {
      readonly name: string;
      readonly dockerDefault: boolean;
      readonly pssBaselineAdd: boolean;
      readonly escapeGrade: boolean;
      readonly severity: string;
      readonly risk: string;
    }[];
  };
  readonly dangerousHostPaths: readonly { readonly prefix: string; readonly severity: string; readonly why: string }[];
  readonly runtimeSockets: readonly { readonly path: string; readonly runtime: string }[];
  readonly sources: readonly { readonly repo: string; readonly commit: string | null; readonly path: string }[];
}

/** Folders below those of the facts that hold something else: the engine keeps a folder of each container there, apart from its layers. */
const furtherPaths = [{ path: '/var/lib/docker/containers', severity: 'critical', why: 'logs and configuration of all containers' }];

/** Makes `security.json`: capabilities, host paths and runtime sockets. */
export function makeSecurity(): void {
  const raw = readFacts('security-constants.json') as RawFile;
  writeData('security.json', {
    retrieved: raw.retrieved,
    sources: raw.sources.map(({ repo, commit, path }) => [repo, commit, path]),
    capabilities: raw.capabilities.all.map(({ name, dockerDefault, pssBaselineAdd, escapeGrade, severity, risk }) => ({
      name,
      dockerDefault,
      baseline: pssBaselineAdd,
      escape: escapeGrade,
      severity,
      risk,
    })),
    hostPaths: [...raw.dangerousHostPaths.map(({ prefix, severity, why }) => ({ path: prefix, severity, why })), ...furtherPaths],
    sockets: raw.runtimeSockets
      .filter(({ path }) => !path.includes('UID') && !path.endsWith('/fifo'))
      .map(({ path, runtime }) => ({ path, runtime: runtime.replace(/ \(same file\)$/, '') })),
  });
}
