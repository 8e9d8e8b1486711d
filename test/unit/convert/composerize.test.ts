import { describe, expect, it } from 'vitest';
import { readCommands } from '../../../shared/src/services/convert/read-commands';
import { toCompose } from '../../../shared/src/services/convert/to-compose';
import { loadProject } from '../../../shared/src/families/compose/model/load';
import type { Lookup } from '../../../shared/src/families/compose/model/template';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { corpusRows, hasCorpus, noCorpus } from '../../../tools/corpus-folder';
import { projectJson, type Json } from '../../support/compose-model';

// Commands as Compose files against those of composerize. What is compared is what Docker's loader makes of both, not their text.

interface Row {
  readonly id: string;
  readonly command: string;
  readonly expectedCompose?: string;
  /** A file that composerize adds the services to, in front of them. */
  readonly existingCompose?: string;
  readonly error?: string;
}

type JsonMap = { [key: string]: Json };

const refused = (what: string): string => `Docker's client refuses ${what}`;
const shell = 'the shell fills it in before Docker sees it; composerize hands the text on';
const gpu = 'composerize adds a driver that the command does not name';
const folder = 'with --mount the folder has to exist; composerize lets Compose make it';

/** Why a row differs, by the end of its id. */
const differing: Readonly<Record<string, string>> = {
  'index/fails-with-invalid-conversion': 'asks for a version of Compose that does not exist; nobody has to name one here',
  'index/basic-docker-service-create-command': 'a service of Swarm, which has other options',
  'index/testing-with-unknown-args': refused('-z'),
  'index/testing-malformed-command-line': refused('--bool'),
  'index/testing-with-env-special-chars-https-github-com-composerize-': 'composerize leaves a backslash that the shell takes away',
  'index/shell-expression-in-env-vars-744': shell,
  'mappings/w-working-dir': shell,
  'mappings/ulimit-https-github-com-magicmark-composerize-pull-262': refused('the ulimit "as"'),
  'mappings/gpus-all-https-github-com-magicmark-composerize-issues-550': gpu,
  'mappings/gpus-1-https-github-com-magicmark-composerize-issues-550': gpu,
  'mappings/mount-type-https-github-com-magicmark-composerize-issues-412': folder,
  'mappings/mount-type-multi-https-github-com-magicmark-composerize-issu': folder,
  'mappings/ip-mac-hostname-network-https-github-com-magicmark-composeri': refused('the address "xxxxx"'),
  'mappings/dns-link-add-host': 'links lead to services of the project alone: the loader refuses what composerize writes',
  'mappings/ipc-init-userns-uts-u-group-add-oom-kill-disable-oom-score-a': refused('--uts uuu, --oom-score-adj xxx and --stop-timeout 2s'),
  'mappings/deploy-limits': refused('--memory-swap yyy and numbers of the same kind'),
};

if (!hasCorpus) console.log(noCorpus);
const rows = hasCorpus ? corpusRows<Row>('corpus/docker-run/composerize.jsonl') : [];

interface Resolved {
  readonly services: readonly JsonMap[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
}

/** What the loader makes of a Compose file: services in their order, without names, since composerize calls them after the image. */
function resolved(text: string, lookup: Lookup = () => undefined): Resolved {
  const options = { lookup, open: true, profiles: ['*'], exists: () => undefined, read: () => undefined };
  const { canonical } = loadProject([{ path: 'compose.yaml', document: parseDocument(text) }], options);
  const project = projectJson(canonical!) as JsonMap;
  const names = (key: string): string[] => Object.keys((project[key] ?? {}) as JsonMap).sort();
  return {
    services: Object.values((project['services'] ?? {}) as JsonMap).map(alike),
    volumes: names('volumes'),
    networks: names('networks'),
  };
}

/** What composerize adds to a file that is there: the services behind those of the file, and what they need. */
function added(all: Resolved, before: Resolved): Resolved {
  const not = (names: readonly string[]) => (name: string) => !names.includes(name);
  return {
    services: all.services.slice(before.services.length),
    volumes: all.volumes.filter(not(before.volumes)),
    networks: all.networks.filter(not(before.networks)),
  };
}

/** A service with each limit in one of the two places that Compose has for it. */
function alike(service: Json): JsonMap {
  const { deploy, mem_limit: memory, mem_reservation: reserved, cpus, pids_limit: pids, ...rest } = service as JsonMap;
  const resources = ((deploy as JsonMap | undefined)?.['resources'] ?? {}) as { [key: string]: JsonMap | undefined };
  const { limits = {}, reservations = {} } = resources;
  const all = {
    memory: memory ?? limits['memory'],
    cpus: cpus ?? limits['cpus'],
    pids: pids ?? limits['pids'],
    reserved: reserved ?? reservations['memory'],
    devices: reservations['devices'],
  };
  return { ...rest, ...Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))) };
}

describe.skipIf(!hasCorpus)('commands as the services of composerize', () => {
  it.each(rows.map(row => [row.id.replace(/^composerize\//, ''), row] as const))('%s', (id, row) => {
    const read = readCommands(row.command);
    const reason = differing[id];
    if (row.error !== undefined && reason === undefined) return expect(read.ok).toBe(false);
    const whole = row.expectedCompose === undefined ? null : resolved(row.expectedCompose);
    const theirs = whole && isFile(row.existingCompose) ? added(whole, resolved(row.existingCompose)) : whole;
    // a secret stands in a variable of its own name: with the value of the command the services are equal
    const environment = Object.assign({}, ...(theirs?.services ?? []).map(service => service['environment'] ?? {})) as JsonMap;
    const value = (name: string): string | undefined => (typeof environment[name] === 'string' ? environment[name] : undefined);
    const ours = read.ok ? resolved(toCompose(read).text, value) : null;
    if (reason === undefined) expect(ours).toEqual(theirs);
    else expect(ours, reason).not.toEqual(theirs);
  });

  it('names no row that is not there', () => {
    const ids = rows.map(({ id }) => id.replace(/^composerize\//, ''));
    expect(ids).toHaveLength(90);
    expect(Object.keys(differing).filter(id => !ids.includes(id))).toEqual([]);
  });
});

function isFile(text: string | undefined): text is string {
  return text !== undefined && /^services:/m.test(text);
}
