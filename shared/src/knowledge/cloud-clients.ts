import type { ImageReference } from '../syntax/image/reference';
import { asReference, knownName } from './image-profiles';

/**
 * Annotations and labels by which a ServiceAccount or a pod gets an identity of a cloud: Workload Identity of GKE, IAM roles of EKS, Workload Identity
 * and pod-managed identities of AKS, kiam and kube2iam, RRSA of Alibaba Cloud (each from its own documentation, 2026). Ends with `/` where any key below counts.
 */
const identityKeys: readonly string[] = [
  'iam.gke.io/gcp-service-account',
  'eks.amazonaws.com/',
  'azure.workload.identity/',
  'aadpodidbinding',
  'iam.amazonaws.com/role',
  'pod-identity.alibabacloud.com/',
];

/** Whether an annotation or label gives whoever has it an identity of a cloud. */
export function isCloudIdentity(key: string): boolean {
  return identityKeys.some(known => (known.endsWith('/') ? key.startsWith(known) : key === known));
}

/** Whole words in the last part of an image's name that stand for a cloud, or for one of its services. */
const words = new Set(
  'aws amazon ec2 ecr ecs eks gce gcp gcs gke gcloud azure aks acr cloudsql cloudwatch stackdriver alicloud'.split(' '),
);

/** Software that asks a cloud although its name does not say so, by the last part of the image's name. */
const names = new Set(
  (
    'cloud-sql-proxy alloydb-auth-proxy cloud-sdk google-cloud-cli azure-cli xray-daemon cloud-controller-manager cluster-autoscaler karpenter external-dns ' +
    'external-secrets cert-manager-controller velero kube2iam kiam prometheus-to-sd heapster heapster-amd64 terraform pulumi packer'
  ).split(' '),
);

/** Whether an image is known, or reads like, a client of a cloud's API: many get their credentials from the metadata service, so that it rather says yes. */
export function isCloudClient(reference: ImageReference | string): boolean {
  const image = asReference(reference);
  if (!image) return false;
  const name = knownName(image);
  const last = name.slice(name.lastIndexOf('/') + 1);
  return names.has(last) || last.split(/[-_.]/).some(word => words.has(word));
}

/** How the names of variables begin that the SDKs and tools of clouds read. */
const variables = /^(?:(?:AWS|AZURE|ARM|GCP|GCE|GCLOUD|CLOUDSDK|ALIBABA_CLOUD)_[A-Z]|GOOGLE_(?:APPLICATION_CREDENTIALS$|CLOUD_|PROJECT))/;

/** Whether a variable of the environment is one that clients of clouds read. */
export function isCloudVariable(name: string): boolean {
  return variables.test(name) || /(?:^|_)(?:S3|GCS)_BUCKET(?:_|$)/.test(name);
}

/** What only a client of a cloud is told: addresses of its services, of buckets and of the metadata service, and its command-line tools. */
const told =
  /169\.254\.169\.254|metadata\.google\.internal|\b(?:s3|gs|abfss?|wasbs?):\/\/|\.amazonaws\.com\b|\.googleapis\.com\b|\.(?:blob|queue|table|dfs)\.core\.windows\.net\b|\.vault\.azure\.net\b|(?:^|[\s;&|(/])(?:aws|gcloud|gsutil|az)(?=[ \t\n]+[a-z])|--cloud-provider\b/;

/** What in an argument or value only a client of a cloud is told, such as `s3://`; `null` where nothing is. */
export function cloudWord(text: string): string | null {
  const match = told.exec(text.slice(0, 10_000));
  return match ? match[0].replace(/^[\s;&|(/.]+/, '') : null;
}
