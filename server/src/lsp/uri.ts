/** The parts of a URI that the server looks at; query and fragment are dropped. */
export interface UriParts {
  readonly scheme: string;
  readonly authority: string;
  /** Percent-decoded; a Windows drive letter is lower-case. */
  readonly path: string;
}

/** Takes a URI apart. Never throws: a malformed escape stays as it is. */
export function parseUri(uri: string): UriParts {
  const colon = uri.indexOf(':');
  const scheme = colon < 0 ? '' : uri.slice(0, colon);
  let rest = uri.slice(colon + 1);
  for (const mark of ['#', '?']) {
    const at = rest.indexOf(mark);
    if (at >= 0) rest = rest.slice(0, at);
  }
  let authority = '';
  if (rest.startsWith('//')) {
    const slash = rest.indexOf('/', 2);
    authority = decode(slash < 0 ? rest.slice(2) : rest.slice(2, slash));
    rest = slash < 0 ? '' : rest.slice(slash);
  }
  const path = decode(rest).replace(/^\/([A-Za-z]):/, (_, drive: string) => `/${drive.toLowerCase()}:`);
  return { scheme, authority, path };
}

/** Puts a URI together, every segment percent-encoded. */
export function formatUri({ scheme, authority, path }: UriParts): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return authority !== '' || scheme === 'file' ? `${scheme}://${authority}${encoded}` : `${scheme}:${encoded}`;
}

/** One spelling for all spellings of a URI, so that it can be a key: clients differ in what they escape. */
export function canonicalUri(uri: string): string {
  return formatUri(parseUri(uri));
}

/** The folder that holds `uri`, without a final slash; `null` at the root and for URIs without a hierarchy (`untitled:Untitled-1`). */
export function parentUri(uri: string): string | null {
  const parts = parseUri(uri);
  const path = parts.path.endsWith('/') ? parts.path.slice(0, -1) : parts.path;
  const slash = path.lastIndexOf('/');
  if (slash < 0 || path === '') return null;
  return formatUri({ ...parts, path: path.slice(0, slash) });
}

/** The URI of a relative path below a folder; `..` and `.` are resolved. An absolute path replaces the folder's. */
export function joinUri(folder: string, relative: string): string {
  const parts = parseUri(folder);
  const segments = relative.startsWith('/') ? [] : parts.path.split('/').filter(segment => segment !== '');
  for (const segment of relative.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return formatUri({ ...parts, path: `/${segments.join('/')}` });
}

/** The path of `uri` relative to `folder`, decoded, with `/`; `null` where it lies outside; empty for the folder itself. */
export function relativePath(folder: string, uri: string): string | null {
  const outer = parseUri(folder);
  const inner = parseUri(uri);
  if (outer.scheme !== inner.scheme || outer.authority !== inner.authority) return null;
  const base = outer.path.endsWith('/') ? outer.path : `${outer.path}/`;
  if (inner.path.startsWith(base)) return inner.path.slice(base.length);
  return inner.path === outer.path ? '' : null;
}

/** The last segment of a URI's path, decoded. */
export function baseName(uri: string): string {
  const { path } = parseUri(uri);
  return path.slice(path.lastIndexOf('/') + 1);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
