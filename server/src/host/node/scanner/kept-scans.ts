import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { trusted } from '../../../../../shared/src/early';
import { maskAlone, purlOfPackage, type ScanReport } from '../../../../../shared/src/index';
import { userCacheFolder } from '../../../../../shared/host/node/cache-folder';
import { version } from '../../../../../shared/host/version';
import type { ScannedImage } from '../../../lookups/scans';
import type { KeptScans, ScanRequest, SeenScans } from '../../../lookups/scanner';
import { type KeptBytes, keptBytes, openPacks, type Packs } from '../kept/packs';

/** Bytes of one report, and of all: those that nobody has asked for longest go first. */
const limits = { pack: 16 << 20, folder: 64 << 20 };

/** The packs of scans below a folder, sealed as everything is that is kept between runs. `folder`: of all that is kept, if not the user's own cache folder. */
export function openScanPacks(env: NodeJS.ProcessEnv, folder: string | null = null): Packs {
  const keyFolder = userCacheFolder('kept', env);
  return openPacks({ folder: join(folder ?? keyFolder, 'scans'), keyFolder, version, limits });
}

type Head = readonly [digest: string, basis: string, at: number];

/** What scans have found, in packs: the last report of each image. */
export function createKeptScans(packs: Packs): KeptScans {
  const nameOf = (image: readonly string[]) => ({ what: 'scan', under: ['image', ...image] }) as const;
  return {
    find: (image, basis) => {
      const row = packs.read(nameOf(image))?.rows.get('report');
      const [digest, own, at] = (row?.head ?? []) as unknown as Head;
      const report = row && own === basis ? readReport(row.body()) : null;
      return report && { digest, at, report };
    },
    keep: (image, basis, { digest, at, report }) =>
      packs.write(nameOf(image), [{ key: 'report', head: [digest, basis, at] satisfies Head, body: bytesOf(report) }], null),
  };
}

/** So many images of a workspace are remembered, and for so long. */
const mostSeen = 200;
const seenMs = 7 * 86_400_000;

/** What an editor has shown of the images of a workspace, in packs. */
export function createSeenScans(packs: Packs, now: () => number): SeenScans {
  const nameOf = (folders: readonly string[]) => ({ what: 'scan', under: ['seen', ...[...folders].sort()] }) as const;
  return {
    load: folders =>
      [...(packs.read(nameOf(folders))?.rows ?? [])].flatMap(([reference, { head, body }]): ScannedImage | [] => {
        const [uri, at] = head as [string, number];
        const report = at > now() - seenMs ? readReport(body()) : null;
        return report ? { reference, uri, at, origin: 'session', report } : [];
      }),
    save: (folders, images) => {
      const newest = [...images].sort((a, b) => b.at - a.at).slice(0, mostSeen);
      const rows = newest.map(({ reference, uri, at, report }) => ({ key: reference, head: [uri, at], body: bytesOf(report) }));
      packs.write(nameOf(folders), rows, null);
    },
    forgetAll: () => packs.forgetAll(),
  };
}

function readReport(body: Uint8Array): ScanReport | null {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as ScanReport;
  } catch {
    return null;
  }
}

/** A report as it is written to the disk: what strangers wrote in it may hold credentials. */
function bytesOf(report: ScanReport): KeptBytes {
  const own: ScanReport = {
    ...report,
    vulnerabilities: report.vulnerabilities.map(one => ({
      ...one,
      title: maskAlone(one.title),
      package: maskAlone(one.package),
      installed: maskAlone(one.installed),
      fixed: one.fixed === null ? null : maskAlone(one.fixed),
      purl: purlOfPackage(one.purl),
    })),
    hidden: report.hidden.map(one => ({
      ...one,
      package: maskAlone(one.package),
      reason: one.reason === null ? null : maskAlone(one.reason),
    })),
  };
  return keptBytes(trusted(JSON.stringify(own)));
}

/** What beside image and digest decides what a scan finds, in one word: it holds only where all of it is the same. */
export function basisOf(
  parts: readonly (string | boolean | null)[],
  { ignore, vex }: Pick<ScanRequest, 'ignore' | 'vex'>,
  now: number,
): string {
  // entries of an ignore file end with a day
  const day = ignore === null ? null : new Date(now).toISOString().slice(0, 10);
  const all = [...parts, day, ignore?.name ?? null, ignore?.text ?? null, ...vex.map(({ text }) => text)];
  return createHash('sha256').update(JSON.stringify(all)).digest('base64url');
}
