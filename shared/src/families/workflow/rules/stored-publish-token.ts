import type { ShellCommand } from '../../../syntax/shell/types';
import { memoize } from '../../../base/text/memoize';
import { defineRule } from '../../../rule/define-rule';
import { environmentsOf } from '../model/environments';
import { isCalled } from '../model/events';
import { levelOf } from '../model/permissions';
import { written } from '../../../rule/pipeline/commands';
import { commandsOf } from '../model/pipeline';
import { isSwitchedOff } from '../model/refs';
import { secretVariables } from '../model/secrets';
import type { JobView, NamedValue, StepView } from '../model/types';
import { textOf, valueOf } from '../model/values';

/** A registry that takes the identity of a job: which variable holds a token for it, and what says that another registry is meant. */
interface Publisher {
  readonly registry: string;
  readonly tokens: RegExp;
  /** Options with which something goes elsewhere, or nowhere. */
  readonly elsewhere: RegExp;
  /** Variables that say so. */
  readonly variables: RegExp;
}

/** The registries' own pages on trusted publishing (PyPI, npm, Cargo, RubyGems, NuGet; 2026-08). */
const publishers: Readonly<Record<'pypi' | 'npm' | 'crates' | 'rubygems' | 'nuget', Publisher>> = {
  pypi: {
    registry: 'PyPI',
    tokens:
      /^(?:TWINE_PASSWORD|UV_PUBLISH_(?:TOKEN|PASSWORD)|(?:HATCH_INDEX|PDM_PUBLISH|FLIT)_(?:AUTH|PASSWORD)|POETRY_PYPI_TOKEN_PYPI|PYPI_(?:API_)?TOKEN)$/,
    elsewhere: /^(?:-r|--repo|--repository|--repository-url|--publish-url|--index|--config-file)(?:=|$)|^--dry-run$/,
    variables: /^(?:TWINE_REPOSITORY|UV_PUBLISH_(?:URL|INDEX)|HATCH_INDEX_REPO|PDM_PUBLISH_REPO|FLIT_INDEX_URL|POETRY_REPOSITORIES_)/,
  },
  npm: {
    registry: 'npm',
    tokens: /^(?:NODE_AUTH_TOKEN|NPM_(?:AUTH_)?TOKEN|NPM_CONFIG_TOKEN|YARN_NPM_AUTH_TOKEN)$/,
    elsewhere: /^--registry(?:=|$)|^--dry-run$|^-n$/,
    variables: /^(?:npm_config_(?:_?\w{0,20})registry|yarn_npm_(?:publish_)?registry(?:_server)?)$/i,
  },
  crates: {
    registry: "Cargo's registry",
    tokens: /^CARGO_REGISTRY_TOKEN$/,
    elsewhere: /^--(?:registry|index)(?:=|$)|^(?:--dry-run|-n)$/,
    variables: /^CARGO_REGISTRY_DEFAULT$/,
  },
  rubygems: {
    registry: 'RubyGems',
    tokens: /^(?:GEM_HOST_API_KEY|RUBYGEMS_API_KEY)$/,
    elsewhere: /^--host(?:=|$)/,
    variables: /^RUBYGEMS_HOST$/,
  },
  nuget: {
    registry: 'NuGet',
    tokens: /^NUGET_(?:API_KEY|AUTH_TOKEN|TOKEN)$/,
    elsewhere: /^(?!)/,
    variables: /^(?!)/,
  },
};

const publishWords: readonly (readonly [words: RegExp, publisher: keyof typeof publishers])[] = [
  [/^cargo (?:\+\S+ )?publish(?= |$)/, 'crates'],
  [/^(?:uv|poetry|hatch|pdm|flit) publish(?= |$)/, 'pypi'],
  [/^(?:twine|uv run twine|(?:uvx|pipx run) twine\S*|python[\d.]* -m twine) upload(?= |$)/, 'pypi'],
  [/^(?:bundle exec )?gem push(?= |$)/, 'rubygems'],
  [/^(?:(?:npm|pnpm|bun|yarn) publish|yarn npm publish|bunx npm\S* publish)(?= |$)/, 'npm'],
  [/^(?:dotnet nuget|nuget(?:\.exe)?) push(?= |$)/, 'nuget'],
];

/** What a command publishes to, as far as its words tell; `null`: nothing, or to a registry of somebody else. */
function publisherOf(step: StepView, command: ShellCommand): Publisher | null {
  const words = command.args.map(word => written(step, word));
  const line = [command.name, ...words].join(' ');
  const found = publishWords.find(([pattern]) => pattern.test(line));
  const publisher = found && publishers[found[1]];
  if (!publisher || words.some(word => publisher.elsewhere.test(word))) return null;
  // without a source it is the one that some configuration names
  return found[1] !== 'nuget' || words.some(word => /^https:\/\/(?:api|www)\.nuget\.org\//.test(word)) ? publisher : null;
}

/** Registries of npm that a job speaks of, beside its own. */
const otherNpm = /npm\.pkg\.github\.com|(?:registry(?:-url|=|[ \t]+)|_authToken|--registry)[^\n]{0,20}https?:\/\/(?!registry\.npmjs\.org)/;

/** Whether something beside a command says that it publishes to a registry of somebody else. */
function goesElsewhere(step: StepView, { variables, registry }: Publisher): boolean {
  if (environmentsOf(step).some(({ values }) => values.some(({ name }) => variables.test(name)))) return true;
  if (registry !== 'npm') return false;
  return (step.job?.steps ?? []).some(
    ({ run, inputs }) =>
      otherNpm.test(run?.text ?? '') || !/^(?:https:\/\/registry\.npmjs\.org\/?)?$/.test(textOf(inputs, 'registry-url') ?? ''),
  );
}

/** Whether a job certainly has no identity that a registry would take. */
function lacksIdentity({ effective, workflow }: JobView): boolean {
  return effective ? levelOf(effective, 'id-token') !== 'write' : !isCalled(workflow);
}

/** The input of an action that holds a token, where its registry takes the identity of the job. */
function tokenInput({ uses, inputs }: StepView): { readonly value: NamedValue; readonly registry: string } | null {
  const found = (name: string, { registry }: Publisher): ReturnType<typeof tokenInput> => {
    const value = valueOf(inputs, name);
    return value?.node && value.text !== '' ? { value, registry } : null;
  };
  const isOwn = (name: string, host: RegExp): boolean => host.test(textOf(inputs, name) ?? '');
  switch (uses?.kind === 'repository' ? uses.name : '') {
    case 'pypa/gh-action-pypi-publish': {
      const pypi = /^(?:https:\/\/(?:upload|test)\.pypi\.org\/legacy\/?)?$/;
      return isOwn('repository-url', pypi) && isOwn('repository_url', pypi) ? found('password', publishers.pypi) : null;
    }
    case 'rubygems/configure-rubygems-credentials':
      return isOwn('gem-server', /^(?:https:\/\/rubygems\.org\/?)?$/) ? found('api-token', publishers.rubygems) : null;
    case 'js-devtools/npm-publish':
      return isOwn('registry', /^(?:https:\/\/registry\.npmjs\.org\/?)?$/) ? found('token', publishers.npm) : null;
    case 'katyo/publish-crates':
      return found('registry-token', publishers.crates);
    default:
      return null;
  }
}

/** The commands of a step that publish to a registry that takes the identity of the job, with the stored tokens that they use. */
const publishesOf = memoize((step: StepView) =>
  commandsOf(step, /\b(?:publish|push|upload)\b/).flatMap(command => {
    const publisher = isSwitchedOff(step) ? null : publisherOf(step, command);
    if (!publisher || goesElsewhere(step, publisher)) return [];
    const token = secretVariables(step).find(({ name }) => publisher.tokens.test(name))?.node ?? null;
    return [{ command, token, registry: publisher.registry }];
  }),
);

export const rule = defineRule({
  id: 'workflow/stored-publish-token',
  title: 'Package published with a stored token',
  severity: 'info',
  category: 'secrets',
  profile: 'recommended',
  references: { cwe: ['CWE-522'], links: ['https://repos.openssf.org/trusted-publishers-for-all-package-repositories.html'] },
  peers: { zizmor: ['use-trusted-publishing'] },
  messages: {
    token: { text: "Anyone with this token can publish until it is revoked; {registry} accepts the job's identity instead" },
    command: {
      text: '{registry} accepts the job\'s identity, but without "id-token: write", a stored token is used to publish here',
      severity: 'hint',
      profile: 'strict',
    },
  },
  on: {
    step(step, report) {
      if (isSwitchedOff(step)) return;
      const input = tokenInput(step);
      if (input) report(input.value.node!.range, 'token', { registry: input.registry });
      const said = new Set(step.job?.steps.slice(0, step.index).flatMap(other => publishesOf(other).map(({ token }) => token)));
      for (const { command, token, registry } of publishesOf(step)) {
        // one token is one finding, however many steps publish with it
        if (token) {
          if (!said.has(token)) report(token.range, 'token', { registry });
          said.add(token);
        }
        // a composite action has the permissions of the job that runs it
        else if (step.job && lacksIdentity(step.job)) report(command.range, 'command', { registry });
      }
    },
  },
});
