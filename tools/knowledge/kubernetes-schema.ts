import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readFacts, writeData } from './files';

/**
 * Makes `kubernetes-schema.json` from the generated models of the official JavaScript client, which follow the cluster's OpenAPI document.
 * They are read as text, so that nothing of the client runs. Get it with
 * `npm install --no-save --ignore-scripts @kubernetes/client-node@2.0.1`, then run `npx tsx tools/knowledge/kubernetes-schema.ts`.
 */
const models = join(process.argv[2] ?? 'node_modules', '@kubernetes/client-node/dist/gen/models');

interface Attribute {
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

interface Served {
  readonly served: readonly { readonly group: string; readonly kind: string; readonly versions: readonly { readonly version: string }[] }[];
}

/** Fields whose values are quantities: the models call them strings, and the API takes numbers too. */
const quantities = new Set(
  [
    'ResourceRequirements.limits',
    'ResourceRequirements.requests',
    'VolumeResourceRequirements.limits',
    'VolumeResourceRequirements.requests',
    'EmptyDirVolumeSource.sizeLimit',
    'PersistentVolumeSpec.capacity',
    'ResourceQuotaSpec.hard',
    'ResourceFieldSelector.divisor',
    'LimitRangeItem.default',
    'LimitRangeItem.defaultRequest',
    'LimitRangeItem.max',
    'LimitRangeItem.min',
    'LimitRangeItem.maxLimitRequestRatio',
    'PodSpec.overhead',
    'Overhead.podFixed',
    'MetricTarget.averageValue',
    'MetricTarget.value',
    'HPAScalingRules.tolerance',
    'CSIStorageCapacity.capacity',
    'CSIStorageCapacity.maximumVolumeSize',
  ].map(name => `V1${name}`),
);

const scalars: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'boolean',
  any: 'any',
  object: 'any',
  Date: 'string',
  V1MicroTime: 'string',
  IntOrString: 'intOrString',
};

function fieldType(type: string, format: string, wanted: (name: string) => void): string {
  const list = /^Array<(.*)>$/.exec(type);
  if (list) return `[${fieldType(list[1]!, format, wanted)}]`;
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (map) return `{${fieldType(map[1]!, format, wanted)}}`;
  if (type === 'number') return format === 'double' ? 'number' : 'integer';
  if (Object.hasOwn(scalars, type)) return scalars[type]!;
  if (type.endsWith('Status')) return 'any';
  wanted(type);
  return type;
}

function readModel(name: string, wanted: (name: string) => void): Record<string, string> {
  const code = readFileSync(join(models, `${name}.js`), 'utf8');
  const start = code.indexOf('.attributeTypeMap = [');
  const attributes = JSON.parse(code.slice(code.indexOf('[', start), code.indexOf('];', start) + 1)) as Attribute[];
  const declared = readFileSync(join(models, `${name}.d.ts`), 'utf8');
  const required = new Set([...declared.matchAll(/^ {4}'([^']+)': /gm)].map(match => match[1]!));
  return Object.fromEntries(
    attributes.map(({ baseName, type, format }) => {
      const quantity = quantities.has(`${name.replace(/^V2/, 'V1')}.${baseName}`);
      const plain = fieldType(type, format, wanted);
      const written = quantity ? plain.replace('string', 'quantity') : plain;
      return [baseName, required.has(baseName) ? `${written}!` : written];
    }),
  );
}

/**
 * What Kubernetes 1.37 added to these types, by the documentation that comes with `k8s.io/api` v0.37.2 (`types_swagger_doc_generated.go`, and
 * the types in `types.go`): the client follows 1.36. To be emptied when a client of 1.37 is out.
 */
const addedBy137: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  V1ClusterTrustBundleProjection: { user: 'integer' },
  V1ConfigMapVolumeSource: { defaultUser: 'integer' },
  V1CSINode: { status: 'any' },
  V1Device: { nodeAllocatableResources: 'any' },
  V1DeviceCounterConsumption: { compatibilityGroups: 'any' },
  V1DeviceSubRequest: { derivedAttributes: 'any' },
  V1DownwardAPIVolumeFile: { user: 'integer' },
  V1DownwardAPIVolumeSource: { defaultUser: 'integer' },
  V1EmptyDirVolumeSource: { mode: 'integer' },
  V1ExactDeviceRequest: { derivedAttributes: 'any' },
  V1GRPCAction: { mode: 'string' },
  V1HTTPGetAction: { protocol: 'string' },
  V1JobSpec: { scheduling: 'any' },
  V1KeyToPath: { user: 'integer' },
  V1NodeSpec: { podPreemptionPolicy: 'any' },
  V1PodCertificateProjection: { user: 'integer' },
  V1PodSpec: { evictionResponders: '[any]' },
  V1ProjectedVolumeSource: { defaultUser: 'integer' },
  V1ResourceSliceSpec: { partitionTypeAttribute: 'any', skipNodeOperations: 'any' },
  V1SecretVolumeSource: { defaultUser: 'integer' },
  V1ServiceAccountTokenProjection: { user: 'integer' },
  V1VolumeAttachmentSource: { inlineVolumeSpec: 'V1PersistentVolumeSpec' },
  V1VolumeMount: { bindMountOptions: '[string]' },
};

function makeSchema(): void {
  const { served } = readFacts('kubernetes-apis.json') as Served;
  const kinds: Record<string, string> = {};
  const types: Record<string, Record<string, string>> = {};
  const queue: string[] = [];
  const want = (name: string): void => {
    if (!Object.hasOwn(types, name) && !queue.includes(name)) queue.push(name);
  };
  for (const { group, kind, versions } of served) {
    for (const { version } of versions) {
      const name = `V${version.slice(1)}${kind}`;
      if (!/^v\d+$/.test(version) || !existsSync(join(models, `${name}.js`))) continue;
      kinds[`${group === '' ? '' : `${group}/`}${version} ${kind}`] = name;
      want(name);
    }
  }
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) types[name] = { ...readModel(name, want), ...addedBy137[name] };
  const release = /OpenAPI spec version: release-1\.(\d+)/.exec(readFileSync(join(models, 'V1Pod.js'), 'utf8'));
  writeData('kubernetes-schema.json', {
    source: { package: '@kubernetes/client-node', models: readdirSync(models).filter(file => file.endsWith('.d.ts')).length },
    minor: Math.max(Number(release![1]), 37),
    kinds,
    types,
  });
}

makeSchema();
