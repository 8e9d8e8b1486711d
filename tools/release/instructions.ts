import type { MarkedParts } from '../rules/marked';
import type { Channel, Manifest } from './checks';

/** How each page says that Bulkhead is installed: of what `channels` in package.json names, so that no page has anyone run a name that is not ours. */
export function installParts(manifest: Manifest): Readonly<Record<string, MarkedParts>> {
  const { channels } = manifest;
  const isPublished = Object.values(channels).some(name => name !== null);
  const program = channels.npm === null && channels.image === null ? 'built and installed' : 'installed';
  return {
    'README.md': { install: block(installation(manifest)) },
    'docs/cli.md': {
      'in-ci': `In CI, \`bulkhead\` is what you have [${program}](../README.md#install)${isPublished ? '' : ': it is not published yet'}.`,
    },
    'docs/agents.md': {
      install:
        channels.npm === null
          ? `Bulkhead is not on npm yet: a package of this name there would be somebody else's. The recipes start the command that you have [installed](../README.md#install) from a file, \`bulkhead-${manifest.version}.tgz\`: what runs is that version`
          : 'The recipes start the command that you have [installed](../README.md#install): what runs is that version',
    },
    'docs/ja/cli.md': {
      'in-ci': `CI では、[${isPublished ? 'インストール' : 'ビルドしてインストール'}](../README.md#install)した \`bulkhead\` を使います${isPublished ? '' : ' (まだ公開していません)'}。`,
    },
    'docs/ja/agents.md': {
      install: `${
        channels.npm === null
          ? 'Bulkhead はまだ npm で公開していません。この名前のパッケージがあっても、このプロジェクトのものではありません。'
          : ''
      }次の設定例は[インストール](../README.md#install)したコマンドを起動し、起動時には何もダウンロードしません。実行されるのはそのバージョンです (\`bulkhead --version\`)。`,
    },
    'action/README.md': { install: block(actionUse(manifest)), harden: block(hardenUse(manifest)) },
    'integrations/pre-commit/README.md': { install: block(preCommitUse(manifest)) },
    'integrations/gitlab/README.md': { install: block(componentUse(manifest)) },
  };
}

const block = (text: string): string => `\n\n${text}\n\n`;

/** As long as the npm package is not ours, the action takes it from the reader's registry. */
const privateRegistry = (indent: string, { npm }: Manifest['channels']): readonly string[] =>
  npm === null ? [`${indent}env:`, `${indent}  npm_config_registry: https://packages.example.com/ # yours`] : [];

const fenced = (language: string, lines: readonly string[]): string => `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``;

/** Commands of a block, each followed by what it is for, in a column. */
function commands(rows: readonly (readonly [command: string, comment: string])[]): string {
  const width = Math.max(...rows.map(([command]) => command.length));
  return fenced(
    '',
    rows.map(([command, comment]) => `${command.padEnd(width)}  # ${comment}`),
  );
}

/** What installs Bulkhead by the name of a channel. */
const ways: readonly (readonly [Channel, (name: string, version: string) => readonly (readonly [string, string])[]])[] = [
  ['marketplace', name => [[`code --install-extension ${name}`, 'VS Code 1.91 or newer; or search for it in Extensions']]],
  ['openVsx', name => [[`codium --install-extension ${name}`, 'VSCodium and other editors that use Open VSX']]],
  [
    'npm',
    (name, version) => [
      [`npm install --global ${name}@${version}`, 'the command bulkhead, with Node.js 20 or newer'],
      [`npx --yes ${name}@${version} lint .`, 'once, without installing it'],
    ],
  ],
  [
    'image',
    (name, version) => [
      [
        `docker run --rm --read-only --network none -v "$PWD:/src:ro" ${name}:${version} lint .`,
        'no Node.js; not root, and it needs to write nothing',
      ],
    ],
  ],
];

function installation({ channels, version, repository }: Manifest): string {
  const published = ways.flatMap(([channel, way]) => (channels[channel] === null ? [] : way(channels[channel], version)));
  const owner = /github\.com\/(.+?)(?:\.git)?$/.exec(repository?.url ?? '')?.[1];
  const files =
    owner === undefined || published.length === 0
      ? []
      : [
          `Each [release](https://github.com/${owner}/releases) also has the \`.vsix\`, a tarball that runs where it is unpacked (\`bulkhead-${version}/bulkhead\`, with Node.js 20 or newer), an SBOM, and checksums (\`sha256sum --ignore-missing -c SHA256SUMS\`). What our workflow built for this tag, and nothing else, passes:`,
          fenced('', [
            `gh attestation verify bulkhead-${version}.vsix --repo ${owner} --signer-workflow ${owner}/.github/workflows/build-release.yml --source-ref refs/tags/v${version}`,
          ]),
        ];
  const clone = commands([
    ['npm ci && npm run package', ''],
    ['code --install-extension dist/bulkhead.vsix', 'VS Code 1.91 or newer; or Extensions: Install from VSIX...'],
    [`npm pack ./dist/npm && npm install -g ./bulkhead-${version}.tgz`, 'the command bulkhead; the file installs on other machines, too'],
  ]).replace(/ +# $/m, '');
  const caution =
    channels.marketplace === null ? ['Leave **Auto Update** off for the extension: VS Code looks for updates by its name.'] : [];
  const lead =
    published.length === 0
      ? [`Nothing is published yet: a \`bulkhead\` on npm, an image or an extension of that name would not be ours.`]
      : [commands(published), ...files];
  return [...lead, 'From a clone, with Node.js 20 or newer:', clone, ...caution].join('\n\n');
}

/** An action of this repository, by its commit: under our name once it and what it installs are published. */
const actionName = ({ channels, version }: Manifest, folder: string): string =>
  channels.action !== null && channels.npm !== null
    ? `${channels.action}/${folder}@COMMIT # v${version}`
    : `YOUR-ORGANISATION/YOUR-COPY/${folder}@COMMIT`;

function hardenUse(manifest: Manifest): string {
  return fenced('yaml', [
    'on:',
    '  schedule:',
    "    - cron: '17 5 * * 1'",
    '',
    'jobs:',
    '  harden:',
    '    runs-on: ubuntu-latest',
    '    permissions:',
    '      contents: write # the branch',
    '      pull-requests: write',
    '    steps:',
    '      - uses: actions/checkout@v4',
    '        with:',
    '          persist-credentials: false',
    `      - uses: ${actionName(manifest, 'action/harden')}`,
    ...privateRegistry('        ', manifest.channels),
    '        with:',
    '          integrity: sha512-...',
  ]);
}

function actionUse(manifest: Manifest): string {
  const { channels } = manifest;
  const isReady = channels.action !== null && channels.npm !== null;
  const lead = isReady
    ? 'By the commit of the tag, and with the integrity that its release notes give: neither can be moved.'
    : 'Neither this action nor the npm package that it installs is published yet. Until then, put the package that you [build](../README.md#install) into a registry of your own, and use the action from your copy of this repository, by commit:';
  const steps = [
    'permissions:',
    '  contents: read',
    '  security-events: write # for the upload',
    '',
    'steps:',
    '  - uses: actions/checkout@v4',
    `  - uses: ${actionName(manifest, 'action')}`,
    '    id: bulkhead',
    ...privateRegistry('    ', channels),
    '    with:',
    `      integrity: sha512-... # ${isReady ? 'of the release notes' : '"integrity" of npm pack --json'}`,
    '      fail-on: error',
    '  - uses: github/codeql-action/upload-sarif@v3',
    '    if: ${{ !cancelled() }} # the report is wanted most when the step before has failed',
    '    with:',
    '      sarif_file: ${{ steps.bulkhead.outputs.sarif-file }}',
  ];
  return `${lead}\n\n${fenced('yaml', steps)}`;
}

function preCommitUse({ channels, version }: Manifest): string {
  const ready = channels.preCommit !== null && channels.npm !== null;
  const files = "'(^|/)((Docker|Container)file[^/]*|Makefile|[^/]+\\.(dockerfile|ya?ml|json|sh|bash|mk|service))$'";
  const lines = ready
    ? [
        `  - repo: https://github.com/${channels.preCommit}`,
        `    rev: v${version}`,
        '    hooks:',
        '      - id: bulkhead # the commit fails at warnings and errors',
        `        additional_dependencies: ['${channels.npm}@${version}']`,
      ]
    : [
        '  - repo: local',
        '    hooks:',
        '      - id: bulkhead # the commit fails at warnings and errors',
        '        name: bulkhead',
        '        entry: bulkhead lint --quiet --ignore-unknown',
        '        language: system',
        `        files: ${files}`,
        '        require_serial: true',
      ];
  const lead = ready
    ? 'pre-commit installs Bulkhead by itself:'
    : 'The hooks are not published yet. With [`bulkhead` on the path](../../README.md#install) your configuration can hold them itself:';
  return `${lead}\n\n${fenced('yaml', ['# .pre-commit-config.yaml', 'repos:', ...lines])}`;
}

function componentUse({ channels, version }: Manifest): string {
  const isReady = channels.gitlab !== null && channels.npm !== null;
  const lead = isReady
    ? 'By version, with the integrity that the release notes give:'
    : 'The component is not published yet. Put `templates/bulkhead.yml` into a project of yours, and the package that you [build](../../README.md#install) into a registry of yours:';
  const lines = [
    'include:',
    `  - component: ${isReady ? `${channels.gitlab}/bulkhead@${version}` : '$CI_SERVER_FQDN/YOUR-GROUP/YOUR-PROJECT/bulkhead@COMMIT'}`,
    '    inputs:',
    `      package: ${isReady ? `'${channels.npm}@${version}'` : `https://packages.example.com/bulkhead-${version}.tgz`}`,
    '      integrity: sha512-...',
    '      image: node:24-slim@sha256:...',
  ];
  return `${lead}\n\n${fenced('yaml', lines)}`;
}
