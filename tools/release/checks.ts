/** What has to hold of the files of the project before a release. */

/** The channels that a version is published on. */
export type Channel = 'marketplace' | 'openVsx' | 'npm' | 'image' | 'action' | 'preCommit' | 'gitlab';

/** What of package.json a release looks at. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly publisher?: string;
  readonly repository?: { readonly url?: string };
  readonly engines: { readonly vscode: string; readonly node: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  /** The name under which each channel has it; `null`: it has not. */
  readonly channels: Readonly<Record<Channel, string | null>>;
}

/** What is looked at. */
export interface Facts {
  readonly manifest: Manifest;
  readonly changelog: string;
  /** Versions that other files name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Names of the npm package that other files install. */
  readonly names: Readonly<Record<string, string>>;
}

/** What a release is to be. */
export interface Demands {
  readonly tag: string | null;
  /** OWNER/NAME where it runs. */
  readonly repository: string | null;
  /** Whether a channel takes it. A release without is a rehearsal in a fork. */
  readonly publishes: boolean;
}

/** The problems, in words. */
export function problemsOf({ manifest, changelog, versions, names }: Facts, { tag, repository, publishes }: Demands): readonly string[] {
  const { version, engines, devDependencies, channels } = manifest;
  const [newest] = [...changelog.matchAll(/^## (.*)$/gm)].map(match => match[1]!);
  const url = `https://github.com/${repository}.git`;
  const extension = `${manifest.publisher}.${manifest.name}`;
  const checks: readonly (readonly [boolean, string])[] = [
    [/^\d+\.\d+\.\d+$/.test(version), `the Marketplace takes versions of three numbers only, not ${version}`],
    ...Object.entries(versions).map(
      ([file, named]) => [named === version, `${file} names version ${named}, package.json ${version}`] as const,
    ),
    ...Object.entries(names).map(([file, installed]) => {
      const npm = channels.npm ?? manifest.name;
      return [installed === npm, `${file} installs "${installed}", npm has "${npm}"`] as const;
    }),
    // declarations newer than the oldest VS Code would let calls pass that it does not have
    [
      engines.vscode === `^${devDependencies['@types/vscode']}`,
      `engines.vscode is ${engines.vscode}, and its declarations are of ${devDependencies['@types/vscode']}`,
    ],
    [
      engines.node.startsWith(`>=${/\d+/.exec(devDependencies['@types/node'] ?? '')?.[0]}.`),
      `engines.node is ${engines.node}, and its declarations are of ${devDependencies['@types/node']}`,
    ],
    [tag === null || tag === `v${version}`, `the tag is ${tag}, the version ${version}`],
    [
      tag === null || new RegExp(`^${version.replaceAll('.', '\\.')} - \\d{4}-\\d{2}-\\d{2}$`).test(newest ?? ''),
      `CHANGELOG.md begins with "${newest}", not with "${version} - DATE"`,
    ],
    // npm and the Marketplace compare it letter by letter
    [!publishes || manifest.repository?.url === url, `repository.url is ${manifest.repository?.url ?? 'not set'}, not ${url}`],
    [!publishes || Boolean(manifest.publisher), 'publisher is not set'],
    ...(['marketplace', 'openVsx'] as const).map(
      channel =>
        [
          channels[channel] === null || channels[channel] === extension,
          `channels.${channel} is ${channels[channel]}, the extension ${extension}`,
        ] as const,
    ),
  ];
  return checks.flatMap(([holds, problem]) => (holds ? [] : [problem]));
}

/** What only a person decides, and is not decided yet. */
export function openChoices({ manifest }: Facts): readonly string[] {
  const none = Object.entries(manifest.channels).flatMap(([channel, name]) => (name === null ? [channel] : []));
  return [
    ...(manifest.repository === undefined ? ['repository is not set in package.json'] : []),
    ...(none.length === 0 ? [] : [`not published on: ${none.join(', ')} ("channels" in package.json, docs/releasing.md)`]),
  ];
}
