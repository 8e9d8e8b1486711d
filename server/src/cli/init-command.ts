import { hookAgents } from './hook-agents';
import type { CommandSpec } from './usage';

/** `init`: what is written for a repository that does not have it yet. */
export const initCommand: CommandSpec = {
  name: 'init',
  summary:
    'Write a commented .bulkhead.yaml, a workflow that releases an image, policies for the images and the network of workloads, or files for coding agents.',
  operands: '[pipeline [DOCKERFILE] | image-policy [REPOSITORY...] | network-policy [PATH...] | agent]',
  minOperands: 0,
  maxOperands: Infinity,
  options: {
    gitlab: { help: 'pipeline: write .gitlab-ci.yml for GitLab (default: a workflow for GitHub)' },
    namespace: { value: 'NAME', help: 'network-policy: the namespace (default: the namespace of the workloads)' },
    engine: { value: 'ENGINE', values: ['kyverno', 'sigstore'], help: 'image-policy: for Kyverno (default), or for policy-controller' },
    key: { value: 'FILE', multiple: true, help: "image-policy: the signer's public key (PEM); may be repeated" },
    identity: { value: 'SUBJECT', help: 'image-policy: the keyless signing identity; * matches any number of characters' },
    issuer: { value: 'URL', help: "image-policy: the issuer that vouches for --identity (default: GitHub's workflows)" },
    enforce: { help: 'image-policy: reject from the start (default: only report at first)' },
    'no-transparency-log': { help: 'image-policy: do not require a transparency log entry for signatures made with the key' },
    'output-file': { value: 'FILE', help: 'image-policy, network-policy: write to this file' },
    hook: {
      value: 'AGENT',
      values: hookAgents,
      multiple: true,
      help: `agent: also write a hook for ${hookAgents.join(', ')}; may be repeated`,
    },
  },
  notes:
    'Without operands, writes .bulkhead.yaml in the working directory.\n' +
    'pipeline: .github/workflows/release.yml, which builds, scans, pushes, signs and attests the image of DOCKERFILE (default: Dockerfile); --gitlab: .gitlab-ci.yml, which builds without a privileged runner, scans, pushes, signs, and scans releases again on a schedule.\n' +
    'image-policy: image-policy.yaml, which lets images of REPOSITORY (such as ghcr.io/acme) run only if they are signed; without REPOSITORY, it covers the images that the workloads here use and that are built here or have signers named by "trustedSigners" in .bulkhead.yaml.\n' +
    'network-policy: network-policy-NAMESPACE.yaml, which allows the pods in the manifests (default: those in the working directory) only the connections that the manifests show.\n' +
    'agent: .agents/skills/container-hardening/SKILL.md and AGENTS.md; with --hook, settings that make the agent lint each file that it edits. Existing files are left unchanged, and the lines to add are printed.\n' +
    'Nothing is overwritten. Exit code 0: done. 2: invalid usage, unreadable input, a file that already exists or an internal error.',
};
