#!/usr/bin/env node
// What podman-compose takes for podman: the images and settings of the tests, and one network of loopback alone for the whole project, in which the
// services find each other by name. What it says of users, capabilities, file systems and limits goes to podman as it is.
import { spawnSync } from 'node:child_process';

const { options, network, hosts } = JSON.parse(process.env.BULKHEAD_COMPOSE);
const [command, ...rest] = process.argv.slice(2);
// the network is there, and there is no pod
if (command === 'network' || command === 'pod') process.exit(0);

/** Options of a network of its own, each with a value. */
const dropped = new Set(['--net', '--network', '--network-alias', '--pod', '-p', '--publish']);
const kept = [];
if (command === 'run' || command === 'create') {
  for (let i = 0; i < rest.length; i++) {
    if (dropped.has(rest[i])) i++;
    else if (![...dropped].some(name => name.startsWith('--') && rest[i].startsWith(`${name}=`))) kept.push(rest[i]);
  }
  // podman has a tmpfs on /run, /tmp and /var/tmp of a read-only container by itself; Docker has not
  kept.unshift('--network', `container:${network}`, '--pull=never', '--read-only-tmpfs=false', '--volume', `${hosts}:/etc/hosts:ro`);
} else kept.push(...rest);
const { status } = spawnSync('podman', [...options, ...(command === undefined ? [] : [command]), ...kept], { stdio: 'inherit' });
process.exitCode = status ?? 1;
