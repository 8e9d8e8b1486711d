import { oddFiles } from '../../support/odd-spellings';
import type { Fixture } from '../generate/fixtures';

/** Files that were made to go wrong once, by the fuzzer or by hand, as small as they could be made. They stay, and are tried each time. */
export const fileSeeds: Readonly<Record<string, Fixture>> = {
  ...Object.fromEntries(oddFiles.map((file, i) => [`spelt oddly: ${i} ${file.path}`, file])),
  'a comment between objects of JSON': { path: 'pod.yaml', text: '{"apiVersion""v1","kind""ConfigMap",""{""}}{"\n{,k' },
  'an empty file': { path: 'Dockerfile', text: '' },
  'a flow left open above a comment': { path: 'manifest.yaml', text: 'kind: Pod\napiVersion: v1\nspec: [\n# x\n' },
  'a broken workload that `...` ends above a document without a start': {
    path: 'manifest.yaml',
    text: 'apiVersion: 1\nkind: Deployment\nmetadata:\n name: b\nspec:\n  selector:\n  template: {metadata{labels{: p}},spec{\n...\napiVersion: r\nkind: C\nmetadata: name: c',
  },
  'a script that YAML would read as one scalar': { path: 'run.sh', text: '2\ndocker run -d 2' },
  'a circle of bases': { path: 'compose.yaml', text: 'services:\n  a: {image: a, extends: b}\n  b: {image: b, extends: a}\n' },
  'a service that is an alias of all services': { path: 'compose.yaml', text: 'services: &s\n  a: *s\n  b: {image: b}\n' },
  'a merge key that merges itself': { path: 'compose.yaml', text: 'x-a: &a\n  <<: *a\n  image: a\nservices:\n  a:\n    <<: *a\n' },
  'half a service': { path: 'compose.yaml', text: 'services:\n  web:\n    image: nginx\n    ports: ["80:\n' },
  'defaults in defaults that never end': { path: 'compose.yaml', text: 'services:\n  a:\n    image: "${A:-${B:-${C:-"\n' },
  'a command that ends in a backslash': { path: 'run.sh', text: 'docker run -d -p 80:80 \\' },
  'a quote that is never closed behind a flag': { path: 'run.sh', text: 'docker run -e "A=1 nginx\ndocker run nginx\n' },
  'a variable that is set to itself': { path: 'run.sh', text: 'IMAGE=$IMAGE\nexport IMAGE=$IMAGE\ndocker run $IMAGE\n' },
  'defaults of secrets that never end': { path: 'Dockerfile', text: 'FROM a\nENV TOKEN="${A:-${B:-$(echo `x ${C:-\n' },
  'a secret in a substitution in a default': {
    path: 'run.sh',
    text: 'export PASSWORD="${A:-$(echo "hunter2-hunter2")}"\ndocker run -e PASSWORD nginx\n',
  },
  'a template of Docker in a workflow': {
    path: '.github/workflows/a.yml',
    text: "on: push\njobs: {a: {runs-on: x, steps: [{run: 'docker ps --format ''{{.Names}}'' {{'}]}}\n",
  },
  'an action that spans lines in a string': {
    path: 'templates/a.yaml',
    text: 'kind: Pod\napiVersion: v1\nspec: {containers: [{name: a, image: "{{ .Values.a\n  | quote }}:1"}]}\n',
  },
  'a name that turns around': {
    path: 'pod.yaml',
    text: 'kind: Pod\napiVersion: v1\nmetadata: {name: "a\u202e[x](command:y)"}\nspec: {hostPID: true}\n',
  },
  'a password as a label': {
    path: 'pod.yaml',
    text: 'kind: Pod\napiVersion: v1\nmetadata: {name: a, labels: {password: hunter2-hunter2}}\nspec: {containers: [{name: a, image: a}]}\n',
  },
  'an exported host without a value': { path: 'run.sh', text: 'export DOCKER_HOST= DOCKER_HOST\ndocker run -H tcp:// nginx\n' },
  'variables of make that hold nothing, and the next one often': {
    path: 'Makefile',
    text: `A = ${'$(B)'.repeat(99)}\nB = ${'$(C)'.repeat(99)}\nC = ${'$(D)'.repeat(99)}\nD = ${'$(E)'.repeat(99)}\nE =\nall:\n\tdocker run -d $(A) a\n`,
  },
  'a variable of make below the recipe, one that is set at once, and one that is not closed': {
    path: 'Makefile',
    text: 'B := $(A)\nall:\n\tdocker run -d $(A) $(B) $(C nginx\nA = --privileged\nC = $$(id) ${A}\n',
  },
  'brackets of a unit that close nothing': {
    path: 'web.service',
    text: '[Service]\nExecStart=/usr/bin/docker run }}} ${A} {} %% %n "} a\n',
  },
  'comments of Markdown on one line, above a fence': {
    path: 'README.md',
    text: '<!--x--><!--y-->  <!-- bulkhead-ignore run/privileged -->\n<!-- bulkhead-ignore run/privileged -->\n\n```sh\ndocker run --privileged a\n```\n<!--',
  },
  'services that are a base, a merge, and both': {
    path: 'compose.yaml',
    text: 'x-a: &a\n  image: a\n  ports: ["80:80"]\nservices:\n  a: *a\n  b:\n    <<: *a\n    extends: a\n  c: {extends: {service: b}, <<: *a}\n  d: {depends_on: {b: {condition: service_healthy}}, image: a}\n',
  },
  'a file that includes itself by two names': {
    path: 'compose.yaml',
    text: 'include: [compose.yaml, ./compose.yaml, {path: [compose.yaml, a.yaml]}]\nservices: {a: {image: a}}\n',
  },
  'commands among comments and continuations': {
    path: 'run.sh',
    text: '# bulkhead-ignore run/privileged\n# b\ndocker run -d \\\n  -e A=$(docker ps) \\\n  # c\n  --privileged a\n# d',
  },
};
