import type { CommandSpec, OptionSpec } from './usage';

/** The option of every command that reads files. */
export const followLinks: OptionSpec = {
  help: 'Also read files through links that point outside the directory; nothing is ever written there',
};

/** `prove`: trial runs of a service. */
export const proveCommand: CommandSpec = {
  name: 'prove',
  summary: 'Start a service in trial runs to find the strictest settings that it works with, and report them.',
  operands: 'FILE[:NAME]',
  minOperands: 1,
  maxOperands: 1,
  options: {
    engine: {
      value: 'NAME',
      values: ['podman', 'docker'],
      help: 'podman or docker (default: podman if it is on the PATH, otherwise docker)',
    },
    endpoint: {
      value: 'URL',
      help: 'Use the engine at this address, such as ssh://me@build.example.com: an engine on another machine is used only if you name it',
    },
    exercise: { value: 'COMMAND', help: 'Also run this command with /bin/sh inside the container after each start; it must exit with 0' },
    'exercise-image': {
      value: 'IMAGE',
      help: "Run the --exercise command in a container from this image on the service's network, because the service's own image may have no shell",
    },
    continue: { help: 'Also wait after each start until you press Enter, so that you can use the service' },
    pull: { help: 'Pull the image first (default: it must exist locally)' },
    'build-network': { help: 'Let a build use the network (default: no network)' },
    starts: { value: 'N', help: 'Start the service at most this many times (default and maximum: 12)' },
    timeout: { value: 'SECONDS', help: 'Stop starting containers after this many seconds (default: 300)' },
    yes: { help: 'Do not ask before starting containers' },
    write: { help: 'Also write the proof to .bulkhead/evidence, to be committed' },
    format: { value: 'FORMAT', values: ['text', 'json'], help: 'text (default) or json' },
    config: { value: 'FILE', help: 'Use this configuration instead of the nearest .bulkhead.yaml' },
    'follow-links': followLinks,
  },
  notes:
    'NAME is a service in a Compose file, a container in a manifest, a container that a docker run command starts, or a stage in a Dockerfile (the stage is built first).\n' +
    'Containers have fresh volumes, no network and no files from this machine; secrets in the file are replaced by random values. Everything is removed at the end.\n' +
    'Exit code 0: proved. 1: partly proved, or cannot be proved. 2: invalid usage, unreadable input or an internal error.',
};
