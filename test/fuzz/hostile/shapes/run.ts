import { repeat, shapesOf, type HostileShape } from './types';

const half = (size: number, piece: string | ((i: number) => string)): string => repeat(size / 2, piece);

const scripts: Readonly<Record<string, (size: number) => string>> = {
  commands: size => repeat(size, i => `docker run -d --privileged a${i}\n`),
  'commands as small as it gets': size => repeat(size, 'docker run a\n'),
  'commands on one line': size => repeat(size, 'docker run -d a;'),
  'options of one command': size => `docker run -d ${repeat(size, i => `-e A${i}=b `)}a\n`,
  'options that nobody knows': size => `docker run -d ${repeat(size, '-a ')}a\n`,
  'ports of one command': size => `docker run -d ${repeat(size, '-p 1:1 ')}a\n`,
  'mounts of one command': size => `docker run -d ${repeat(size, '-v /:/a ')}a\n`,
  'arguments of one command': size => `docker run -d a ${repeat(size, 'a ')}\n`,
  'secrets of one command': size => `docker run -d ${repeat(size, i => `-e PASSWORD${i}=hunter2 `)}a\n`,
  'comments above one command': size => `${repeat(size, '# a\n')}docker run -d a\n`,
  'directives above one command': size => `${repeat(size, '# bulkhead-ignore run/privileged -- a\n')}docker run -d --privileged a\n`,
  'a directive above each command': size => repeat(size, '# trivy:ignore:KSV-1\ndocker run -d a\n'),
  'directives, and commands below them': size => half(size, '# hadolint ignore=DL3008\n') + half(size, 'docker run -d a\n'),
  'a substitution on each line of one command': size => `docker run -d \\\n${repeat(size, '  -e A=$(docker ps) \\\n')}  a\n`,
  'here-documents that are open': size => `docker run -d ${repeat(size, '<<: ')}a\n`,
  'here-documents': size => repeat(size, 'docker run -d a <<E\nb\nE\n'),
  'variables that hold each other': size => `${repeat(size, i => `A${i}=$A${i - 1}\n`)}docker run -d $A9\n`,
};

const makefiles: Readonly<Record<string, (size: number) => string>> = {
  'variables that hold nothing, a hundred times each': size =>
    `${repeat(size, i => `V${i} = ${`$(V${i + 1})`.repeat(40)}\n`)}a:\n\tdocker run -d $(V0) a\n`,
  'recipes without a variable': size => `a:\n${repeat(size, '\tdocker run -d a\n')}`,
  'recipes of one long value': size => `A = ${'a'.repeat(390)}\na:\n${repeat(size, '\tdocker run -d $(A)$(A)$(A)$(A)\n')}`,
  'references of one recipe': size => `A = ${'a'.repeat(390)}\na:\n\tdocker run -d ${repeat(size, '$(A)')} a\n`,
  'references that are not closed': size => `a:\n\tdocker run -d ${repeat(size, '$(a')} a\n`,
  'a variable that is set again above each recipe': size => repeat(size, i => `A = ${i}\na${i}:\n\tdocker run -d $(A)\n`),
  'options of one recipe': size => `a:\n\tdocker run -d ${repeat(size, '-a ')}a\n`,
  'comments among recipes': size => `a:\n${repeat(size, '\t# a\n')}\tdocker run -d a\n`,
};

const units: Readonly<Record<string, (size: number) => string>> = {
  'brackets that close': size => `[Service]\n${repeat(size, `ExecStart=/usr/bin/docker run ${'}'.repeat(500)} a\n`)}`,
  'brackets that close one command': size => `[Service]\nExecStart=/usr/bin/docker run ${'}'.repeat(size)} a\n`,
  specifiers: size => `[Service]\nExecStart=/usr/bin/docker run ${repeat(size, '%n')} a\n`,
  commands: size => `[Service]\n${repeat(size, 'ExecStart=/usr/bin/docker run a\n')}`,
  comments: size => `[Service]\n${repeat(size, '# trivy:ignore:KSV-1\n')}ExecStart=/usr/bin/docker run a\n`,
};

const pages: Readonly<Record<string, (size: number) => string>> = {
  'comments of one line': size => `${repeat(size, '<!--x-->')}\n\`\`\`sh\ndocker run -d a\n\`\`\`\n`,
  'comments above one fence': size => `${repeat(size, '<!-- bulkhead-ignore run/x -->\n')}\`\`\`sh\ndocker run -d --privileged a\n\`\`\`\n`,
  'comments, and fences below them': size =>
    half(size, '<!-- bulkhead-ignore run/x -->\n') + half(size, '```sh\ndocker run -d --privileged a\n```\n'),
  'a comment above each fence': size =>
    repeat(size, '<!-- bulkhead-ignore run/privileged -->\n\n```sh\ndocker run -d --privileged a\n```\n'),
  'fences that are not closed': size => repeat(size, '```sh\n~~~\ndocker run -d a\n'),
  'one fence': size => `\`\`\`sh\n${repeat(size, '$ docker run -d a\n')}\`\`\`\n`,
  'one fence of options': size => `\`\`\`sh\ndocker run -d ${repeat(size, '-a ')}a\n\`\`\`\n`,
};

/** Files with commands of container engines. */
export const runShapes: readonly HostileShape[] = [
  ...shapesOf('run.sh', scripts),
  ...shapesOf('Makefile', makefiles),
  ...shapesOf('web.service', units),
  ...shapesOf('README.md', pages),
];
