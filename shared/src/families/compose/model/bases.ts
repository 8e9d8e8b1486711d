import { folderOf, joinPath } from '../../../workspace/paths';
import { readAlone } from './read';
import { entriesOfValue, isNull, member, stringValue, type ComposeFile, type MapEntry, type Value } from './value';

/** Whether a service can be started as it is written, its bases left aside. */
export function hasImage(service: Value): boolean {
  return ['image', 'build', 'provider'].some(name => !isNull(member(service, name)));
}

/** Whether it can be started, or what it extends may be. */
export function isWhole(service: Value): boolean {
  return hasImage(service) || !isNull(member(service, 'extends'));
}

/** A service that others extend, as its file alone has it. */
interface Base {
  readonly hasImage: boolean;
  /** Whether what it lacks is reported there: in a file of whole services, of one that can be started, or of one that that extends. */
  readonly reports: boolean;
}

/** More bases of bases are not followed. */
const most = 100;

/**
 * Tells of services of a file whether what they lack is reported of a service that they extend, so that it is not told again of each heir.
 * @param read as `LoadOptions.read`
 * @returns a function that takes the path of a file and the value of `extends` in it; a base that is not known is taken for one that reports
 */
export function baseReports(
  read: (path: string) => readonly ComposeFile[] | null | undefined,
): (path: string, extended: Value | undefined) => boolean {
  const files = new Map<string, { readonly services: ReadonlyMap<string, MapEntry>; readonly isWhole: boolean } | null>();
  const servicesIn = (path: string): ReturnType<typeof files.get> => {
    let known = files.get(path);
    if (known !== undefined) return known;
    const file = read(path)?.[0];
    const root = file && readAlone(file).root;
    const services = new Map(entriesOfValue(root ? member(root, 'services') : undefined));
    known = root ? { services, isWhole: [...services.values()].every(({ value }) => isWhole(value)) } : null;
    files.set(path, known);
    return known;
  };
  const baseOf = (path: string, extended: Value | undefined, depth: number): Base => {
    const unknown: Base = { hasImage: true, reports: true };
    const named = stringValue(member(extended, 'file'));
    const target = named === null ? null : joinPath(folderOf(path), named);
    const inside = target === null || target === path || depth > most ? null : servicesIn(target);
    const service = inside?.services.get(stringValue(member(extended, 'service')) ?? '')?.value;
    if (target === null || !inside || !service) return unknown;
    const deeper = member(service, 'extends');
    const base = isNull(deeper) ? null : baseOf(target, deeper, depth + 1);
    const startable = hasImage(service) || base?.hasImage === true;
    return { hasImage: startable, reports: base?.reports === true || (startable && inside.isWhole) };
  };
  return (path, extended) => baseOf(path, extended, 0).reports;
}
