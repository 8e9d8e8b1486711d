import type { Endpoint } from '../../knowledge/endpoints';
import type { Range } from '../../base/text/range';
import type { LabelSelector, Labels } from '../../workspace/selector';

/** Something that takes part in a namespace's traffic. Names are as written; `''` where they are filled in later. */
interface NetworkObject {
  readonly kind: string;
  readonly name: string;
  /** `null`: the manifest names none, so that it may be any. */
  readonly namespace: string | null;
  /** Its name, in the text of the piece; of an opened file, in the file. */
  readonly range: Range;
}

/** Where something says that it connects to, and the variable, option or key that says so (`''`: no name to show). */
export type SeenEndpoint = Endpoint & { readonly seen: string };

/** What runs pods. */
export interface NetworkWorkload extends NetworkObject {
  readonly is: 'workload';
  readonly labels: Labels;
  /** The labels by which it selects its own pods, else those of its pods; `null`: they are not known, or there are none. */
  readonly own: Readonly<Record<string, string>> | null;
  readonly hostNetwork: boolean;
  /** `null`: the account `default`. */
  readonly serviceAccount: string | null;
  readonly ports: readonly { readonly name: string | null; readonly port: number; readonly protocol: string }[];
  readonly endpoints: readonly SeenEndpoint[];
  /** ConfigMaps and Secrets that its variables come from; a `key` of `null` is all of them. */
  readonly takes: readonly {
    readonly kind: 'ConfigMap' | 'Secret';
    readonly name: string;
    readonly key: string | null;
    readonly as: string;
  }[];
  /** The port at which Prometheus is told to ask it, if it is. */
  readonly scraped: string | null;
}

/** A Service. */
export interface NetworkService extends NetworkObject {
  readonly is: 'service';
  readonly type: string;
  /** Whether its name leads to the pods themselves, not to an address of its own. */
  readonly headless: boolean;
  /** `null`: it selects no pods. */
  readonly selector: LabelSelector | null;
  readonly externalName: string | null;
  readonly ports: readonly {
    readonly name: string | null;
    readonly port: number;
    readonly target: string | null;
    readonly protocol: string;
  }[];
}

/** What lets traffic from outside in: an Ingress, a route of the Gateway API. `className`: of an Ingress, its class. */
export interface NetworkEntrance extends NetworkObject {
  readonly is: 'entrance';
  readonly className: string | null;
  readonly backends: readonly { readonly service: string; readonly namespace: string | null; readonly port: string | null }[];
}

/** A ConfigMap or Secret: by key, where its values say to connect to. */
export interface NetworkData extends NetworkObject {
  readonly is: 'data';
  readonly values: ReadonlyMap<string, string>;
}

/** What of a file decides who speaks to whom. */
export type NetworkPart = NetworkWorkload | NetworkService | NetworkEntrance | NetworkData;
