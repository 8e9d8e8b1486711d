import type { Fixture } from '../generate/fixtures';

/** Files that were made to go wrong once, by the fuzzer or by hand, as small as they could be made. They stay, and are tried each time. */
export const fileSeeds: Readonly<Record<string, Fixture>> = {
  'an empty file': { path: 'Dockerfile', text: '' },
  'a flow left open above a comment': { path: 'manifest.yaml', text: 'kind: Pod\napiVersion: v1\nspec: [\n# x\n' },
  'a broken workload that `...` ends above a document without a start': {
    path: 'manifest.yaml',
    text: 'apiVersion: 1\nkind: Deployment\nmetadata:\n name: b\nspec:\n  selector:\n  template: {metadata{labels{: p}},spec{\n...\napiVersion: r\nkind: C\nmetadata: name: c',
  },
  'a script that YAML would read as one scalar': { path: 'run.sh', text: '2\ndocker run -d 2' },
};
