import { deployment, longDockerfile, manyDocuments, riskyDeployment } from '../large-files';
import { ownServer, type ServerUnderTest } from '../server';
import { measureLatency, type Latency } from '../server-latency';
import { percentile } from '../timing';
import { versionOf } from './tools';

/** A language server that is compared. The others do other things: the Docker one reports syntax alone, the one for YAML what schemas say, after a pause. */
interface PeerServer extends ServerUnderTest {
  readonly name: string;
  /** Arguments that make it print its version; none: it is a package of npm. Absent: it is ours. */
  readonly version?: readonly string[];
  readonly language?: 'dockerfile' | 'yaml';
}

const servers: readonly PeerServer[] = [
  { name: 'bulkhead', ...ownServer },
  { name: 'docker-langserver', command: ['docker-langserver', '--stdio'], version: [], language: 'dockerfile', pushes: true },
  { name: 'tally lsp', command: ['tally', 'lsp', '--stdio'], version: ['version'], language: 'dockerfile', pushes: true, wholeTexts: true },
  { name: 'yaml-language-server', command: ['yaml-language-server', '--stdio'], version: [], language: 'yaml', pushes: true },
];

const documents = [
  ['Dockerfile of 50 lines', 'Dockerfile', 'dockerfile', longDockerfile(9)],
  ['Dockerfile of 300 lines', 'Dockerfile', 'dockerfile', longDockerfile(50)],
  ['manifest of 300 lines', 'manifest.yaml', 'yaml', Array.from({ length: 11 }, (_, i) => deployment(`web-${i}`)).join('---\n')],
  ['manifest of 12,600 lines', 'risky.yaml', 'yaml', manyDocuments(360, riskyDeployment)],
] as const;

/** Rounds in which all servers have their turn. */
const rounds = 3;

/** The tables of what an edit takes in language servers, each started anew in every round; medians of the rounds. */
export async function measureServers(): Promise<readonly string[]> {
  const tables: string[] = [];
  for (const [title, file, language, text] of documents) {
    const there = servers
      .filter(server => server.language === undefined || server.language === language)
      .map(server => ({
        server,
        version: server.version ? versionOf(server.command.slice(0, 1), server.version) : '',
      }));
    const results = new Map<PeerServer, Latency[]>(there.map(({ server }) => [server, []]));
    for (let round = 0; round < rounds; round++) {
      for (const { server, version } of there) {
        if (version === null || results.get(server)!.length < round) continue;
        const latency = await measureLatency(file, language, text, true, text.length > 100_000 ? 120 : 400, server).catch(() => null);
        if (latency) results.get(server)!.push(latency);
      }
    }
    const rows = there.map(({ server, version }) => {
      if (version === null) return `| ${server.name} | not installed | | | | | |`;
      const list = results.get(server)!;
      if (list.length === 0) return `| ${server.name} ${version} | no result | | | | | |`;
      const median = (of: (latency: Latency) => number): string => {
        const value = percentile(list.map(of), 0.5);
        return Number.isNaN(value) ? '' : value.toFixed(1);
      };
      const cells = [
        median(({ times }) => times.length).replace('.0', ''),
        median(({ firstP50 }) => firstP50),
        median(({ warmP50 }) => warmP50),
        median(({ warmP95 }) => warmP95),
        median(({ cpu }) => cpu ?? NaN),
        median(({ open }) => open),
      ];
      return `| ${[`${server.name} ${version}`.trim(), ...cells].join(' | ')} |`;
    });
    const head = `| ${title} | edits | p50 of the first 40, ms | p50 from the 51st | p95 from the 51st | processor, ms an edit | to open, ms |`;
    tables.push([head, '| --- | ---: | ---: | ---: | ---: | ---: | ---: |', ...rows].join('\n'));
  }
  return tables;
}
