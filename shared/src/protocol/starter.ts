export { configFileName } from '../config/types';

/** The configuration file that `bulkhead init` and the editor's command write: valid as it is, and changes nothing until it is edited. */
export const starterConfiguration = `# Bulkhead: what is checked in this folder and below. Editor, command line and CI read this file.

# baseline | restricted | recommended | strict: each includes the ones before it.
profile: recommended

# Kubernetes version that the manifests are for.
# kubernetesVersion: "1.33"

# Registries that images may come from.
# trustedRegistries:
#   - registry.example.com

# A severity (error, warning, info, hint, off) by rule.
# rules:
#   kubernetes/missing-requests: off

# Files that are not checked.
# exclude:
#   - "**/vendor/**"

# Values that fixes write where nothing else is known.
# defaults:
#   uid: 10001

# Accepted findings, with the reason.
# exceptions:
#   - rule: kubernetes/host-network
#     path: deploy/cni/**
#     reason: the CNI agent configures the node's network
#     until: 2027-12-31
`;
