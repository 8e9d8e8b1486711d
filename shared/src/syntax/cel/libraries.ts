import { parseImageReference, type ImageReference } from '../image/reference';
import { holdsAddress, isKind, masked, parseAddress, parseNetwork, showAddress, type Network } from '../scalars/network';
import { addQuantities, compareQuantities, parseQuantity, wholeOf, type Quantity } from '../scalars/quantity';
import { parseVersion, type Version } from '../scalars/semver';
import type { Run } from './run';
import { CelError, compare, numeric, objectOf, typeName, type CelObject, type CelValue } from './values';

type LibraryFunction = (args: readonly CelValue[], run: Run) => CelValue;

const wrong = (name: string, value: CelValue | undefined): never => {
  throw new CelError(`no such overload: ${name}(${value === undefined ? '' : typeName(value)})`);
};

/** A value of a library, or an error. */
function the<K extends CelObject['is']>(value: CelValue | undefined, is: K, name: string): Extract<CelObject, { readonly is: K }> {
  return (value === undefined ? null : objectOf(value, is)) ?? wrong(name, value);
}

function text(value: CelValue | undefined, name: string): string {
  return typeof value === 'string' ? value : wrong(name, value);
}

/** What reads a text as a value, and what says whether it is one. */
function readers<T>(is: CelObject['is'], test: string, read: (text: string) => T | null): Readonly<Record<string, LibraryFunction>> {
  return {
    [is]: ([value]) => {
      const local = value === undefined ? null : objectOf(value, is);
      if (local) return local;
      const written = text(value, is);
      const found = read(written);
      if (found === null) throw new CelError(`${is}: cannot read "${written.slice(0, 60)}"`);
      return { is, value: found, text: written } as unknown as CelValue;
    },
    [test]: ([value]) => read(text(value, test)) !== null,
  };
}

/** Comparisons that quantities and versions have. */
const ordered: Readonly<Record<string, LibraryFunction>> = {
  isGreaterThan: ([a, b]) => compare(a!, b!) > 0,
  isLessThan: ([a, b]) => compare(a!, b!) < 0,
  compareTo: ([a, b]) => BigInt(Math.sign(compare(a!, b!))),
};

const asQuantity = (value: CelValue | undefined, name: string): Quantity => {
  const local = value === undefined ? null : objectOf(value, 'quantity');
  const number = value === undefined ? null : numeric(value);
  return local ? local.value : typeof number === 'bigint' ? { digits: number, exponent: 0 } : wrong(name, value);
};

const quantities: Readonly<Record<string, LibraryFunction>> = {
  ...readers('quantity', 'isQuantity', parseQuantity),
  sign: ([value]) => BigInt(compareQuantities(the(value, 'quantity', 'sign').value, { digits: 0n, exponent: 0 })),
  isInteger: ([value]) => wholeOf(the(value, 'quantity', 'isInteger').value) !== null,
  asInteger: ([value]) => {
    const found = wholeOf(the(value, 'quantity', 'asInteger').value);
    if (found === null) throw new CelError('cannot convert value to integer');
    return found;
  },
  asApproximateFloat: ([value]) => {
    const { digits, exponent } = the(value, 'quantity', 'asApproximateFloat').value;
    return Number(`${digits}e${exponent}`);
  },
  add: ([a, b]) => ({ is: 'quantity', value: addQuantities(asQuantity(a, 'add'), asQuantity(b, 'add')) }),
  sub: ([a, b]) => ({ is: 'quantity', value: addQuantities(asQuantity(a, 'sub'), asQuantity(b, 'sub'), -1n) }),
};

const addresses = readers('ip', 'isIP', parseAddress);

/** What Go's `url.ParseRequestURI` takes: an absolute address, or an absolute path. */
function toUrl(value: string): true | null {
  if (/[\s<>"\\^`{|}]/.test(value)) return null;
  if (value.startsWith('/')) return true;
  const host = /^[a-zA-Z][a-zA-Z0-9+.-]*:(?:\/\/(?:[^/?#@]*@)?(\[[0-9a-fA-F:.]+\]|[^/?#:[\]]*)(:\d*)?(?=[/?#]|$)|(?!\/\/))/.exec(value);
  return host ? true : null;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}

const authority = (value: string): string => /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(value)?.[1] ?? '';

const urls: Readonly<Record<string, LibraryFunction>> = {
  ...readers('url', 'isURL', toUrl),
  getScheme: ([value]) => {
    const { text: written } = the(value, 'url', 'getScheme');
    return /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(written)?.[1]?.toLowerCase() ?? '';
  },
  getHost: ([value]) => authority(the(value, 'url', 'getHost').text),
  getHostname: ([value]) =>
    authority(the(value, 'url', 'getHostname').text)
      .replace(/:\d*$/, '')
      .replace(/^\[(.*)\]$/, '$1'),
  getPort: ([value]) => /:(\d*)$/.exec(authority(the(value, 'url', 'getPort').text))?.[1] ?? '',
  getEscapedPath: ([value]) => {
    const { text: written } = the(value, 'url', 'getEscapedPath');
    return /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:(?:\/\/[^/?#]*)?)?([^?#]*)/.exec(written)?.[1] ?? '';
  },
  getQuery: ([value]) => {
    const found = new Map<string, string[]>();
    const query = /\?([^#]*)/.exec(the(value, 'url', 'getQuery').text)?.[1] ?? '';
    for (const pair of query.split('&')) {
      const [key = '', item = ''] = pair.split(/=(.*)/s).map(unescaped);
      if (key !== '') found.set(key, [...(found.get(key) ?? []), item]);
    }
    return found;
  },
};

const asNetwork = (value: CelValue | undefined, name: string): Network => {
  if (typeof value !== 'string') return the(value, 'cidr', name).value;
  const found = parseNetwork(value);
  if (!found) throw new CelError(`${name}: no network`);
  return found;
};

const addressKinds = ['isUnspecified', 'isLoopback', 'isLinkLocalMulticast', 'isLinkLocalUnicast', 'isGlobalUnicast'];

const networks: Readonly<Record<string, LibraryFunction>> = {
  ...addresses,
  // the address of a network, beside the one that a text says
  ip: (args, run) => {
    const network = args[0] === undefined ? null : objectOf(args[0], 'cidr');
    return network ? { is: 'ip', value: network.value.address } : addresses['ip']!(args, run);
  },
  ...readers('cidr', 'isCIDR', parseNetwork),
  'ip.isCanonical': ([value]) => {
    const found = parseAddress(text(value, 'ip.isCanonical'));
    if (!found) throw new CelError('ip.isCanonical: no address');
    return showAddress(found) === value;
  },
  family: ([value]) => (the(value, 'ip', 'family').value.bits === 32 ? 4n : 6n),
  ...Object.fromEntries(
    addressKinds.map(kind => [kind, (([value]) => isKind(the(value, 'ip', kind).value, kind)) satisfies LibraryFunction]),
  ),
  containsIP: ([network, value]) => {
    const address = typeof value === 'string' ? parseAddress(value) : the(value, 'ip', 'containsIP').value;
    if (!address) throw new CelError('containsIP: no address');
    return holdsAddress(the(network, 'cidr', 'containsIP').value, address);
  },
  containsCIDR: ([network, value]) => {
    const outer = the(network, 'cidr', 'containsCIDR').value;
    const inner = asNetwork(value, 'containsCIDR');
    return outer.prefix <= inner.prefix && holdsAddress(outer, inner.address);
  },
  prefixLength: ([value]) => BigInt(the(value, 'cidr', 'prefixLength').value.prefix),
  masked: ([value]) => {
    const { value: network } = the(value, 'cidr', 'masked');
    return { is: 'cidr', value: { address: masked(network), prefix: network.prefix } };
  },
};

const part = (value: CelValue | undefined, name: string, index: 0 | 1 | 2): bigint => the(value, 'semver', name).value.numbers[index];

/** A version where `semver(text, true)` may leave parts out, and have a `v`. */
function normal(value: string): Version | null {
  const numbers = value.replace(/^v/, '').split(/(?=[-+])/);
  const parts = numbers[0]!.split('.').map(each => each.replace(/^0+(?=\d)/, ''));
  while (parts.length < 3) parts.push('0');
  return parseVersion(parts.join('.') + numbers.slice(1).join(''));
}

const versions: Readonly<Record<string, LibraryFunction>> = {
  semver: ([value, isLoose]) => {
    const found = isLoose === true ? normal(text(value, 'semver')) : parseVersion(text(value, 'semver'));
    if (!found) throw new CelError('semver: no version');
    return { is: 'semver', value: found };
  },
  isSemver: ([value, isLoose]) => (isLoose === true ? normal(text(value, 'isSemver')) : parseVersion(text(value, 'isSemver'))) !== null,
  major: ([value]) => part(value, 'major', 0),
  minor: ([value]) => part(value, 'minor', 1),
  patch: ([value]) => part(value, 'patch', 2),
};

function toImage(value: string): ImageReference | null {
  const found = parseImageReference(value);
  return found.invalid === null ? found : null;
}

/** What Kyverno adds for images; a short name is of Docker Hub. */
const images: Readonly<Record<string, LibraryFunction>> = {
  ...readers('image', 'isImage', toImage),
  registry: ([value]) => the(value, 'image', 'registry').value.registry ?? 'index.docker.io',
  repository: ([value]) => {
    const { registry, repository } = the(value, 'image', 'repository').value;
    return registry === null && !repository.includes('/') ? `library/${repository}` : repository;
  },
  tag: ([value]) => {
    const { tag, digest } = the(value, 'image', 'tag').value;
    return tag ?? (digest === null ? 'latest' : '');
  },
  digest: ([value]) => the(value, 'image', 'digest').value.digest ?? '',
  identifier: ([value]) => {
    const { tag, digest } = the(value, 'image', 'identifier').value;
    return digest ?? tag ?? 'latest';
  },
  containsDigest: ([value]) => the(value, 'image', 'containsDigest').value.digest !== null,
};

/** `isIP` and `masked` of Kubernetes, `quantity`, `url`, `semver`, and images of Kyverno. */
export const libraryFunctions: Readonly<Record<string, LibraryFunction>> = {
  ...ordered,
  ...quantities,
  ...urls,
  ...networks,
  ...versions,
  ...images,
};
