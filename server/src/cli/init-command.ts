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
    gitlab: { help: 'pipeline: for GitLab, .gitlab-ci.yml (default: for GitHub)' },
    namespace: { value: 'NAME', help: 'network-policy: the namespace (default: the one that the workloads are in)' },
    engine: { value: 'ENGINE', values: ['kyverno', 'sigstore'], help: 'image-policy: for Kyverno (default), or for policy-controller' },
    key: { value: 'FILE', multiple: true, help: 'image-policy: the public key of who signs, in PEM; may be repeated' },
    identity: { value: 'SUBJECT', help: 'image-policy: who signs without a key; * is any characters' },
    issuer: { value: 'URL', help: "image-policy: who vouches for --identity (default: GitHub's workflows)" },
    enforce: { help: 'image-policy: refuse from the start (default: report at first)' },
    'no-transparency-log': { help: 'image-policy: signatures with the key are in no transparency log' },
    'output-file': { value: 'FILE', help: 'image-policy, network-policy: write this file' },
    hook: { value: 'AGENT', values: hookAgents, multiple: true, help: `agent: a hook too, of ${hookAgents.join(', ')}; may be repeated` },
  },
  notes:
    'Without operands: .bulkhead.yaml in the working directory.\n' +
    'pipeline: .github/workflows/release.yml, which builds, scans, pushes, signs and attests the image of DOCKERFILE (default: Dockerfile); --gitlab: .gitlab-ci.yml, which builds without a privileged runner, scans, pushes, signs, and scans releases again on a schedule.\n' +
    'image-policy: image-policy.yaml, under which images of REPOSITORY (ghcr.io/acme) run only if they are signed; without one, the images of the workloads here that are built here, or that "trustedSigners" in .bulkhead.yaml names signers of.\n' +
    'network-policy: network-policy-NAMESPACE.yaml, under which the pods of the manifests (default: those of the working directory) may do what these show, and nothing else.\n' +
    'agent: .agents/skills/container-hardening/SKILL.md and AGENTS.md; with --hook, settings under which the agent lints each file that it edits. What exists stays, and the lines for it are printed.\n' +
    'Nothing is overwritten. Exit code 0: done. 2: wrong usage, unreadable input, a file that is there already or an internal error.',
};
