import type { Rule } from '../../rule/define-rule';
import { profiles, severities, type OptionDefinition } from '../../base/terms/types';
import { customFamilies } from './custom-rule';
import { lockedKeys } from './base';
import { rulesVersions } from './rules-versions';
import { answerWords } from './types';
import { severityWords } from './values';

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const customId = '^custom/[a-z0-9]+(-[a-z0-9]+)*$';

/** The id of a rule of ours, or of one of the configuration's own. */
function ruleId(rules: readonly Rule[]): { readonly [key: string]: Json } {
  return { anyOf: [{ enum: rules.map(({ id }) => id) }, { type: 'string', pattern: customId }] };
}

const globs = { type: 'array', items: { type: 'string', minLength: 1 } } as const;
const quantity = { type: ['string', 'number'], pattern: '^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$' } as const;
const userId = { type: 'integer', minimum: 1, maximum: 2147483647 } as const;

/** The JSON schema (draft-07) of `.bulkhead.yaml`, for completion and checks in editors. */
export function configSchema(rules: readonly Rule[]): { readonly [key: string]: Json } {
  const section = sectionSchema(rules);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of Bulkhead (.bulkhead.yaml)',
    type: 'object',
    additionalProperties: false,
    patternProperties: { '^x-': { description: 'Ignored; a place for anchors.' } },
    properties: {
      ...section,
      overrides: {
        description: 'Settings for some files. All that match apply, in order; a later one wins.',
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['files'],
          properties: {
            files: {
              description: 'Globs of the files, relative to the folder of this file.',
              anyOf: [{ type: 'string', minLength: 1 }, globs],
            },
            ...Object.fromEntries(Object.keys(section).map(key => [key, { $ref: `#/properties/${key}` }])),
          },
        },
      },
      ...sharedSchema,
      exclude: {
        description: 'Globs of files that are not checked at all, relative to the folder of this file. `!` includes a file again.',
        ...globs,
      },
      trustedSigners: {
        description: 'Whose signatures images must have: checked when you ask, by `bulkhead verify` or Verify Signature.',
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['images'],
          properties: {
            images: {
              description: 'Registries, or the first segments of image names, such as "ghcr.io/acme"; "*" matches any characters.',
              anyOf: [
                { type: 'string', minLength: 1 },
                { type: 'array', items: { type: 'string', minLength: 1 } },
              ],
            },
            key: { description: 'A file with a public key in PEM, relative to the folder of this file.', type: 'string', minLength: 1 },
            identity: {
              description: 'Who signs: the subject of the certificate, such as the address of a workflow; "*" matches any characters.',
              type: 'string',
              minLength: 1,
            },
            issuer: {
              description: 'Who vouches for the identity, such as "https://token.actions.githubusercontent.com".',
              type: 'string',
              minLength: 1,
            },
          },
        },
      },
      customRules: customRulesSchema,
      answers: answersSchema(rules),
      rulesVersion: {
        description: 'The version whose severities count, where those of a newer one are not wanted yet. Without it those of the newest.',
        enum: [...rulesVersions],
      },
      images: {
        description:
          'Images that Dockerfiles here build: image name and path of its Dockerfile, followed by "#stage" for a stage other than the last.',
        type: 'object',
        additionalProperties: { type: 'string', minLength: 1 },
      },
    },
    definitions: { severity: { enum: [...severityWords] } },
  };
}

/** What ties a configuration to one of an organisation, and what holds for pins. */
const sharedSchema: Readonly<Record<string, Json>> = {
  pinMinAge: {
    description:
      'What "pin" leaves as it is, on the command line and in the editor: what was made more recently, such as "7d", "36h" or "2w".',
    type: 'string',
    pattern: '^\\d{1,4}[hdw]$',
  },
  extends: {
    description: 'A configuration of the organisation, as a file of this repository: what is set here comes on top of it.',
    type: 'object',
    additionalProperties: false,
    required: ['file', 'sha256'],
    properties: {
      file: { description: 'The file, in the folder of this one or below it.', type: 'string', minLength: 1 },
      sha256: {
        description: 'What sha256sum prints of it: a file that is another one is refused.',
        type: 'string',
        pattern: '^[0-9a-fA-F]{64}$',
      },
    },
  },
  locked: {
    description: 'Rules, and keys of this list, that configurations which extend this one cannot weaken.',
    type: 'array',
    items: { anyOf: [{ enum: [...lockedKeys] }, { type: 'string', pattern: '^[a-z]+/[a-z0-9-]+$' }] },
  },
};

const text = { type: 'string', minLength: 1 } as const;
const texts = { anyOf: [text, { type: 'array', items: text }] } as const;

const customRulesSchema: Json = {
  description: 'Rules of your own: what has to hold, in CEL, of objects of Kubernetes, services, jobs or stages.',
  type: 'array',
  maxItems: 100,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'cel', 'message'],
    properties: {
      id: { description: 'Its name, such as "custom/team-label".', type: 'string', pattern: customId },
      kind: { description: 'What it is asked about: kinds of objects, such as "Deployment", or "service", "job", "stage".', ...texts },
      family: { description: 'What kind of files it is asked about.', enum: [...customFamilies] },
      files: { description: 'Globs of the files, relative to the folder of this file.', ...texts },
      cel: { description: 'An expression in CEL that has to be true: of "object", "kind", "name" and "path".', ...text },
      message: { description: 'What a finding says, as plain text.', type: 'string', minLength: 1, maxLength: 200 },
      severity: { description: 'How severe a finding is.', enum: [...severities], default: 'warning' },
      at: { description: 'The field that is reported, such as "spec.replicas". Without it the one that decides.', ...text },
      tests: {
        description: 'Texts that "bulkhead rules --test" tries it on.',
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['text', 'reports'],
          properties: {
            text: { description: 'A file.', ...text },
            reports: { description: 'Whether the rule reports something in it.', type: 'boolean' },
          },
        },
      },
    },
  },
};

const defaultsSchema: Json = {
  description: 'Values that fixes write.',
  type: 'object',
  additionalProperties: false,
  properties: {
    uid: { description: 'The UID of a user that a fix creates or guesses.', default: 10001, ...userId },
    gid: { description: 'The GID of a user that a fix creates or guesses.', default: 10001, ...userId },
    tmpSize: {
      description: 'sizeLimit of an emptyDir for temporary files that a fix adds, such as 64Mi. Without it there is none.',
      ...quantity,
    },
    tmpfsSize: {
      description: 'Size of a tmpfs that a fix adds to a Compose service or a command, such as 64m.',
      type: 'string',
      pattern: '^[0-9]+[bkmgBKMG]?$',
      default: '64m',
    },
    pidsLimit: {
      description:
        'Processes that a fix allows a Compose service or a command. Without it 256 or 1024 where that is enough by far for a known image; elsewhere the fix asks.',
      type: 'integer',
      minimum: 1,
    },
    resources: {
      description: 'Resources that fixes may write. Fixes never invent any.',
      type: 'object',
      additionalProperties: false,
      properties: {
        memoryLimit: { description: 'Such as 256Mi.', ...quantity },
        memoryRequest: { description: 'Such as 128Mi.', ...quantity },
        cpuRequest: { description: 'Such as 100m.', ...quantity },
        cpuLimit: { description: 'Such as 1. Only the strict profile requires it.', ...quantity },
        storageLimit: { description: 'The limit of ephemeral-storage, such as 1Gi. Only the strict profile requires it.', ...quantity },
      },
    },
  },
};

function exceptionsSchema(rules: readonly Rule[]): Json {
  return {
    description: 'Accepted findings. Every field that is set must match.',
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['rule'],
      properties: {
        rule: { description: 'The rule that the exception applies to.', ...ruleId(rules) },
        path: { description: 'Glob of the file.', type: 'string' },
        kind: { description: 'Kind of the object, such as DaemonSet; service in a Compose file.', type: 'string' },
        name: { description: 'Name of the object, or a glob.', type: 'string' },
        container: { description: 'Name of the container.', type: 'string' },
        reason: { description: 'Why it is accepted.', type: 'string' },
        until: {
          description: 'The last day of the exception, such as 2026-11-24.',
          type: 'string',
          pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
        },
      },
    },
  };
}

function answersSchema(rules: readonly Rule[]): Json {
  const rule = ruleId(rules);
  return {
    description: 'What was answered when harden asked: it is not asked again. What is needed is suppressed, with its reason.',
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['question', 'where', 'answer', 'date'],
      properties: {
        question: { description: 'The rules whose findings were asked about.', anyOf: [rule, { type: 'array', items: rule }] },
        where: {
          description: 'Where these findings are.',
          type: 'array',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['path'],
            properties: {
              path: { description: 'The file, relative to the folder of this one.', ...text },
              kind: { description: 'Kind of the object, such as DaemonSet; service in a Compose file.', ...text },
              name: { description: 'Name of the object.', ...text },
              container: { description: 'Name of the container.', ...text },
            },
          },
        },
        image: { description: 'The image that they run, without its tag: with another the answer does not hold.', ...text },
        answer: { description: 'needed: it stays as it is. later: ask again in 30 days.', enum: [...answerWords] },
        reason: { description: 'Why it is needed.', ...text },
        date: { description: 'The day of the answer.', type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
      },
    },
  };
}

function sectionSchema(rules: readonly Rule[]): { readonly [key: string]: Json } {
  return {
    profile: {
      description: 'How much is required. Each profile includes those before it.',
      enum: [...profiles],
      default: 'recommended',
    },
    rules: {
      description:
        'The severity of individual rules: off, on (the default severity, whatever the profile), hint, info, warning or error; or severity and options.',
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(rules.map(rule => [rule.id, ruleSchema(rule)])),
      patternProperties: { [customId]: { anyOf: [{ $ref: '#/definitions/severity' }, { type: 'object' }] } },
    },
    trustedRegistries: {
      description:
        'Registries, or paths in them, that images may come from, such as "ghcr.io/acme"; "*" matches any characters, a leading "!" denies.',
      type: 'array',
      items: { type: 'string', minLength: 1 },
    },
    kubernetesVersion: {
      description: 'The Kubernetes version of the cluster, such as "1.37".',
      type: ['string', 'number'],
      pattern: '^v?1\\.[0-9]{1,3}(\\.[0-9]{1,4})?$',
    },
    defaults: defaultsSchema,
    peerDirectives: {
      description:
        'Whether suppressions written for other tools apply too: hadolint, BuildKit, Trivy, Checkov, KICS, semgrep, tally, kube-linter, kube-score, Polaris.',
      type: 'boolean',
      default: true,
    },
    requireReason: {
      description:
        'Whether suppressions must give a reason: directives, those of other tools, and exceptions. One that gives none is a finding itself, and still applies.',
      type: 'boolean',
      default: false,
    },
    maxFileSize: {
      description: 'The size of the largest file that is checked, up to 64Mi. Without it 4Mi, and in editors what their setting says.',
      type: ['string', 'integer'],
      pattern: '^[0-9]{1,9}([KkMm]i?B?)?$',
      minimum: 1,
    },
    podPaths: {
      description:
        'Where objects of other kinds hold their pod, as the path of the map that has "containers": "acme.example/Widget: spec.worker.pod".',
      type: 'object',
      additionalProperties: { type: 'string', minLength: 1 },
    },
    exceptions: exceptionsSchema(rules),
  };
}

function ruleSchema(rule: Rule): Json {
  const options = Object.entries(rule.options);
  const severity = { $ref: '#/definitions/severity' };
  return {
    description: rule.title,
    anyOf: [
      severity,
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          severity,
          ...(options.length > 0 && {
            options: {
              type: 'object',
              additionalProperties: false,
              properties: Object.fromEntries(options.map(([name, option]) => [name, optionSchema(option)])),
            },
          }),
        },
      },
    ],
  };
}

function optionSchema(option: OptionDefinition): Json {
  const { description } = option;
  switch (option.type) {
    case 'string':
      return { description, type: 'string', default: option.default, ...(option.enum && { enum: option.enum }) };
    case 'number':
      return { description, type: 'number', default: option.default, ...(option.minimum !== undefined && { minimum: option.minimum }) };
    case 'boolean':
      return { description, type: 'boolean', default: option.default };
    case 'strings':
      return { description, type: 'array', items: { type: 'string' }, default: option.default };
  }
}
