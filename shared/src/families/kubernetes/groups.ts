import type { FindingGroup } from '../../rule/finding/group';

/** What is reported at the name of a container: what it may do, and what is not known of its health; and at its pod, what all containers may do. */
export const groups: readonly FindingGroup[] = [
  {
    id: 'kubernetes/container',
    text: 'Container "{container}" may {list}',
    rules: {
      'kubernetes/run-as-root': 'run as root',
      'kubernetes/privilege-escalation': 'gain privileges',
      'kubernetes/capabilities-not-dropped': 'use the default capabilities',
      'kubernetes/writable-root-filesystem': 'change its own programs',
      'kubernetes/low-uid': 'share a user ID with its node',
      'kubernetes/missing-memory-limit': 'use all the memory',
      'kubernetes/missing-cpu-limit': 'use all the CPU time',
      'kubernetes/missing-storage-limit': 'fill the disk',
      'kubernetes/missing-requests': 'be scheduled on a full node',
    },
  },
  {
    id: 'kubernetes/health',
    text: 'Container "{container}" may {list}',
    rules: {
      'kubernetes/missing-liveness-probe': 'hang unnoticed',
      'kubernetes/missing-readiness-probe': 'get requests before it is ready',
    },
  },
  {
    id: 'kubernetes/pod',
    text: '{object} may {list}',
    rules: {
      'kubernetes/seccomp-profile': 'make any system call',
      'kubernetes/service-account-token': 'authenticate to the API server',
      'kubernetes/default-service-account': 'share a service account with other pods',
      'kubernetes/host-users': 'share user IDs with its node',
      'kubernetes/apparmor-profile': 'run without AppArmor',
    },
  },
];
