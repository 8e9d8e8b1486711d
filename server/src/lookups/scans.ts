import { normalReference, type ScanReport } from '../../../shared/src/index';

/** An image that was scanned. */
export interface ScannedImage {
  /** As it is named where the scan was asked for. */
  readonly reference: string;
  /** The document that names it there: its folder says what is to be left out. */
  readonly uri: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Where it comes from: a scan of this session; an earlier one that still holds; one of an earlier session, of which nobody has asked whether it does. */
  readonly origin: 'scan' | 'kept' | 'session';
  readonly report: ScanReport;
}

/** Remembers what scans have found, by image: one store, which diagnostics, hover and views read. Asks nobody, and starts nothing. */
export interface Scans {
  readonly empty: boolean;
  /** The last scan of an image, whatever its name is spelled like. */
  of(reference: string): ScannedImage | null;
  all(): readonly ScannedImage[];
  add(image: ScannedImage): void;
  /** Takes what an earlier session has shown, where this one has not scanned. */
  restore(images: readonly ScannedImage[]): void;
  /** What is found is left out from now on, as a new scan would. `purl`: of the packages that are meant; `null`: of all. */
  hide(reference: string, id: string, isMeant: (purl: string | null) => boolean, reason: string): void;
  clear(): void;
  onChange(listener: () => void): void;
}

/** More images than these are of no more use to anybody. */
const remembered = 500;

/** Creates an empty store. */
export function createScans(): Scans {
  const images = new Map<string, ScannedImage>();
  const listeners: (() => void)[] = [];
  const changed = (): void => listeners.forEach(listener => listener());
  const keyOf = (reference: string): string => normalReference(reference) ?? reference;
  const put = (image: ScannedImage): void => {
    const key = keyOf(image.reference);
    images.delete(key);
    if (images.size >= remembered) images.delete(images.keys().next().value!);
    images.set(key, image);
    changed();
  };
  return {
    get empty() {
      return images.size === 0;
    },
    of: reference => images.get(keyOf(reference)) ?? null,
    all: () => [...images.values()],
    add: put,
    restore: earlier => {
      const wanted = earlier.filter(({ reference }) => !images.has(keyOf(reference)));
      if (wanted.length === 0) return;
      // the newest stay longest
      for (const image of wanted.toReversed()) images.set(keyOf(image.reference), image);
      changed();
    },
    hide: (reference, id, isMeant, reason) => {
      const image = images.get(keyOf(reference));
      if (!image) return;
      const { report } = image;
      const gone = report.vulnerabilities.filter(one => one.id === id && isMeant(one.purl));
      const left = report.vulnerabilities.filter(one => !gone.includes(one));
      const hidden = gone.map(({ id: own, package: name, severity }) => ({
        id: own,
        package: name,
        severity,
        by: '.trivyignore.yaml',
        reason,
      }));
      put({ ...image, report: { ...report, vulnerabilities: left, hidden: [...report.hidden, ...hidden] } });
    },
    clear: () => {
      if (images.size === 0) return;
      images.clear();
      changed();
    },
    onChange: listener => void listeners.push(listener),
  };
}
