import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import * as tls from 'node:tls';
import type { HttpClient, HttpFailure, HttpRequest, HttpResult } from '../../../src/base/ports/http-client';
import { requestsPerHost } from '../../../src/services/registry/resolver';
import { localRefusal, type HostGuard } from './host-guard';
import type { FindProxy, Proxy } from './proxy';

/** How connections are made. */
export interface ConnectionOptions {
  readonly findProxy: FindProxy;
  /** Certificates in PEM that are trusted beside those that Node comes with; `null`: none. Asked for each host (with its port) once. */
  readonly certificates: (host: string) => readonly string[] | null;
  /** Keeps requests from hosts that nobody may choose; absent: every host may be asked. Where a proxy connects, it decides about names. */
  readonly guard?: HostGuard | null;
}

/** Failures in connecting that Node has no code for. */
class ConnectError extends Error {
  constructor(
    readonly kind: HttpFailure['kind'],
    message: string,
  ) {
    super(message);
  }
}

/** A client on Node's own modules: connections are kept for the next request, at most 8 for a host. */
export function createHttpClient({ findProxy, certificates, guard = null }: ConnectionOptions): HttpClient {
  const common = { keepAlive: true, maxSockets: requestsPerHost, maxFreeSockets: requestsPerHost, timeout: 30_000 } as const;
  const direct = { ...common, ...(guard && { lookup: guard.lookup }) };
  const plain = new http.Agent(direct);
  const toProxy = new http.Agent(common);
  const secure = new Map<string, https.Agent>();

  const agentFor = (url: URL, proxy: Proxy | null): https.Agent => {
    const key = `${url.host} ${proxy?.url.href ?? ''}`;
    let agent = secure.get(key);
    if (!agent) {
      const extra = certificates(url.host);
      const ca = extra && extra.length > 0 ? { ca: [...tls.rootCertificates, ...extra] } : {};
      agent = proxy ? tunnel(new https.Agent({ ...common, ...ca }), proxy, ca) : new https.Agent({ ...direct, ...ca });
      secure.set(key, agent);
    }
    return agent;
  };

  const start = (request: HttpRequest, url: URL): http.ClientRequest => {
    if (guard?.refuses(url.hostname, url.port) === true) throw new ConnectError('failed', localRefusal);
    const proxy = findProxy(url);
    if (typeof proxy === 'string') throw new ConnectError('proxy', proxy);
    const options = { method: request.method, headers: request.headers };
    if (url.protocol === 'https:') return https.request(url, { ...options, agent: agentFor(url, proxy) });
    if (!proxy) return http.request(url, { ...options, agent: plain });
    const headers = {
      ...request.headers,
      host: url.host,
      ...(proxy.authorization !== null && { 'proxy-authorization': proxy.authorization }),
    };
    const { hostname: host, port } = proxy.url;
    return http.request({ ...options, host, port: port || 80, path: url.href, headers, agent: toProxy });
  };

  return { send: request => send(request, start) };
}

/** Node's modules as an editor gives them to its extensions: with its own proxy and certificates put in. */
export interface HostModules {
  readonly http: Pick<typeof http, 'request'>;
  readonly https: Pick<typeof https, 'request'>;
}

/** A client on modules that see to proxies and certificates by themselves. */
export function createHostedHttpClient({ http, https }: HostModules, guard: HostGuard | null = null): HttpClient {
  const start: Start = ({ method, headers }, url) => {
    if (guard?.refuses(url.hostname, url.port) === true) throw new ConnectError('failed', localRefusal);
    return (url.protocol === 'https:' ? https : http).request(url, { method, headers, ...(guard && { lookup: guard.lookup }) });
  };
  return { send: request => send(request, start) };
}

/** Starts a request; what `send` then does with it is the same for every kind of connection. */
type Start = (request: HttpRequest, url: URL) => http.ClientRequest;

function send(request: HttpRequest, start: Start): Promise<HttpResult> {
  return new Promise(resolve => {
    let sent: http.ClientRequest | null = null;
    const finish = (result: HttpResult): void => {
      clearTimeout(timer);
      release();
      resolve(result);
    };
    const stop = (kind: 'timeout' | 'cancelled'): void => {
      finish({ ok: false, failure: { kind, message: kind === 'timeout' ? 'no answer in time' : 'cancelled' } });
      sent?.destroy();
    };
    const timer = setTimeout(() => stop('timeout'), request.timeoutMs);
    let release = (): void => undefined;
    const broken = (error: unknown): void => finish({ ok: false, failure: failureOf(error) });
    release = request.cancellation.onCancel(() => stop('cancelled'));
    if (request.cancellation.cancelled) return;
    try {
      sent = start(request, new URL(request.url));
    } catch (error) {
      broken(error);
      return;
    }
    sent.on('error', broken);
    sent.on('response', response => {
      const chunks: Buffer[] = [];
      let length = 0;
      const most = (response.statusCode === 200 ? request.maxWholeBytes : undefined) ?? request.maxBytes;
      const answer = (truncated: boolean): void => {
        const headers: Record<string, string | undefined> = {};
        for (const [name, value] of Object.entries(response.headersDistinct)) headers[name] = value?.join(', ');
        const body = Buffer.concat(chunks).subarray(0, most);
        finish({ ok: true, response: { status: response.statusCode ?? 0, headers, body, truncated } });
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length <= most) return;
        answer(true);
        response.destroy();
      });
      response.on('end', () => {
        if (response.complete) answer(false);
        else finish({ ok: false, failure: { kind: 'reset', message: 'the connection was lost' } });
      });
      response.on('error', broken);
    });
    sent.end(request.body);
  });
}

/** Makes an agent connect through a proxy: CONNECT, then TLS within. */
function tunnel(agent: https.Agent, proxy: Proxy, ca: { readonly ca?: readonly string[] }): https.Agent {
  const connect = (
    options: net.TcpNetConnectOpts & tls.ConnectionOptions,
    done: (error: Error | null, socket?: net.Socket) => void,
  ): undefined => {
    const { hostname, port, protocol } = proxy.url;
    const host = net.isIPv6(options.host ?? '') ? `[${options.host}]` : (options.host ?? '');
    const target = `${host}:${options.port}`;
    const request = (protocol === 'https:' ? https : http).request({
      method: 'CONNECT',
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port || (protocol === 'https:' ? 443 : 80),
      path: target,
      headers: { host: target, ...(proxy.authorization !== null && { 'proxy-authorization': proxy.authorization }) },
      agent: false,
      timeout: 10_000,
    });
    request.on('timeout', () => request.destroy(new ConnectError('proxy', 'the proxy does not answer')));
    request.on('error', error => done(new ConnectError('proxy', `the proxy ${proxy.url.host}: ${failureOf(error).message}`)));
    request.on('response', response => {
      response.destroy();
      done(new ConnectError('proxy', `the proxy ${proxy.url.host} answers ${response.statusCode ?? 0}`));
    });
    request.on('connect', (response, socket) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        done(new ConnectError('proxy', `the proxy ${proxy.url.host} answers ${response.statusCode ?? 0}`));
        return;
      }
      // the time limit was for the proxy alone
      socket.setTimeout(0);
      const servername = net.isIP(options.host ?? '') ? {} : { servername: options.servername ?? options.host ?? '' };
      const secure = tls.connect({ socket, host: options.host ?? '', ...servername, ...(ca.ca && { ca: [...ca.ca] }) });
      secure.once('secureConnect', () => done(null, secure));
      secure.once('error', (error: Error) => done(error));
    });
    request.end();
    return undefined;
  };
  return Object.assign(agent, { createConnection: connect });
}

const words: Readonly<Record<string, readonly [HttpFailure['kind'], string]>> = {
  ENOTFOUND: ['unknown-host', 'no such host'],
  EAI_AGAIN: ['unknown-host', 'the name cannot be resolved at the moment'],
  ECONNREFUSED: ['refused', 'the connection was refused'],
  ECONNRESET: ['reset', 'the connection was lost'],
  EPIPE: ['reset', 'the connection was lost'],
  ETIMEDOUT: ['timeout', 'no answer in time'],
  EHOSTUNREACH: ['failed', 'the host cannot be reached'],
  ENETUNREACH: ['failed', 'the network cannot be reached'],
  EPROTO: ['protocol', 'does not speak TLS'],
};

/** What went wrong, from an error of Node. */
export function failureOf(error: unknown): HttpFailure {
  if (error instanceof ConnectError) return { kind: error.kind, message: error.message };
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = words[code];
  const message = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error);
  if (known) return { kind: known[0], message: known[1] };
  if (/CERT|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH/.test(code)) return { kind: 'certificate', message };
  if (code.startsWith('ERR_SSL') || code.startsWith('HPE_')) return { kind: 'protocol', message: 'does not speak the protocol' };
  // several addresses were tried: the first failure tells most
  if (error instanceof AggregateError && error.errors.length > 0) return failureOf(error.errors[0]);
  return { kind: 'failed', message };
}
