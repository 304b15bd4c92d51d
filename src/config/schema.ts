/**
 * The configuration, described once: types, defaults, documentation and the validator all come from this value.
 * Rule: every key has a description; every leaf has a default; nothing but these keys is accepted, except the settings
 * of a specialist that the repository adds itself.
 */
import { agents } from './schema-agents.ts';
import { events, loop, steps } from './schema-converge.ts';
import { model, refine } from './schema-model.ts';
import { commandLine, count, strings } from './schema-shapes.ts';

const risks = {
  type: 'array',
  items: { type: 'string', enum: ['low', 'medium', 'high', 'critical'] },
  uniqueItems: true,
} as const;

const monitoring = {
  type: 'object',
  description: 'What wakes the crew, and which files it looks at.',
  additionalProperties: false,
  properties: {
    enabled: { description: 'Whether commits wake the crew, beside a schedule.', type: 'boolean', default: true },
    watch_paths: { description: 'Files and folders to look at; empty means all.', ...strings, default: [] },
    ignore_patterns: { description: 'Paths to leave alone, in the syntax of `.gitignore`.', ...strings, default: [] },
    debounce_seconds: {
      description: 'Quiet time after a file change before work starts.',
      type: 'number',
      minimum: 0,
      maximum: 3600,
      default: 5,
    },
    check_interval_seconds: { description: 'Time between two scheduled looks of `watch`.', ...count, default: 300 },
    quiet_hours: {
      description: 'Local time in which commits wait, as `22:00-07:00`; `run` works all the same. Empty: none.',
      type: 'string',
      pattern: '^(?:(?:[01]\\d|2[0-3]):[0-5]\\d-(?:[01]\\d|2[0-3]):[0-5]\\d)?$',
      default: '',
    },
  },
} as const;

const checks = {
  description:
    "Commands that judge a change, as `npm test` or `{name, command, kind}`; empty means the repository's own are detected.",
  type: 'array',
  maxItems: 50,
  items: {
    anyOf: [
      commandLine,
      {
        type: 'object',
        additionalProperties: false,
        required: ['command'],
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 100 },
          command: commandLine,
          kind: { type: 'string', enum: ['tests', 'types', 'lint'] },
        },
      },
    ],
  },
  default: [],
} as const;

const riskPolicy = {
  type: 'object',
  description: 'What may happen without a person, and how large a change may be.',
  additionalProperties: false,
  properties: {
    auto_apply: {
      description: 'Risk levels that may land by themselves when `commit_on_success` is on.',
      ...risks,
      default: ['low', 'medium'],
    },
    require_approval: {
      description: 'Risk levels that always wait for a person.',
      ...risks,
      default: ['high', 'critical'],
    },
    file_change_limit: { description: 'Most files that one proposal may touch.', ...count, default: 10 },
    loc_change_limit: {
      description: 'Most lines (added and removed) that one proposal may change.',
      ...count,
      default: 500,
    },
    max_open_proposals: {
      description: 'Most proposals that wait for a decision at a time.',
      ...count,
      maximum: 1000,
      default: 10,
    },
    custom_gates: {
      description:
        'Programs that are told of a proposal as JSON and answer whether it may land by itself; one that fails or hangs denies.',
      type: 'array',
      items: commandLine,
      uniqueItems: true,
      maxItems: 20,
      default: [],
    },
  },
} as const;

const sandbox = {
  type: 'object',
  description: "Where the repository's own code runs while a change is judged.",
  additionalProperties: false,
  properties: {
    driver: {
      description: 'What isolates; `auto` takes the first that works. Nothing runs without one.',
      type: 'string',
      enum: ['auto', 'bubblewrap', 'docker'],
      default: 'auto',
    },
    image: {
      description: 'Image for the `docker` driver.',
      type: 'string',
      minLength: 1,
      default: 'ambient-sandbox:latest',
    },
    network_mode: {
      description:
        'Network inside the sandbox. Any but `none` works only while `git ambient sandbox grant host` (or `bridge`) holds in this clone.',
      type: 'string',
      enum: ['none', 'bridge', 'host'],
      default: 'none',
    },
    resources: {
      type: 'object',
      description: 'Limits of one command.',
      additionalProperties: false,
      properties: {
        memory: {
          description: 'Memory, with a unit: `512m`, `2g`.',
          type: 'string',
          pattern: '^[1-9]\\d{0,9}[bkmgBKMG]?$',
          default: '2g',
        },
        cpus: {
          description: 'Processors, as quoted text: `"2.0"`.',
          type: 'string',
          pattern: '^(?=.*[1-9])\\d{1,4}(?:\\.\\d{1,3})?$',
          default: '2.0',
        },
        pids_limit: { description: 'Processes and threads.', ...count, maximum: 100000, default: 100 },
      },
    },
    timeout_seconds: { description: 'Longest run of one check.', ...count, maximum: 86400, default: 900 },
    allowed_commands: {
      description: 'Regular expressions of the commands that may run, each matched from the first word to a word end.',
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: 500 },
      maxItems: 200,
      default: [
        '^pytest',
        '^python3?\\s+-m\\s+(pytest|unittest|mypy|flake8|ruff\\s+(check|format))',
        '^ruff\\s+(check|format)',
        '^mypy',
        '^flake8',
        '^(npm|yarn)\\s+(test|run\\s+(test|lint|check|typecheck|type-check|check-types|types|tsc|build))',
        '^(npx\\s+(--no-install\\s+)?)?tsc',
        '^node\\s+--test',
        '^eslint',
        '^go\\s+(test|vet|build)',
        '^cargo\\s+(test|check|clippy)',
        '^(gofmt|rustfmt|staticcheck)',
        '^make\\s+(test|lint|check|build|clean)$',
        '^git\\s+(status|diff|log|show|rev-parse)',
      ],
    },
    read_only_paths: {
      description: 'Further absolute paths of this machine that commands may read, such as a toolchain.',
      type: 'array',
      items: { type: 'string', pattern: '^/' },
      uniqueItems: true,
      default: [],
    },
    git: {
      description:
        "What commands see of the repository's history. Nothing: it holds remotes, tokens and other branches.",
      type: 'string',
      enum: ['none'],
      default: 'none',
    },
  },
} as const;

const telemetry = {
  type: 'object',
  description: 'The local log of what the crew did. It never leaves this clone.',
  additionalProperties: false,
  properties: {
    enabled: { description: 'Whether the log is kept.', type: 'boolean', default: true },
    log_path: {
      description: 'Accepted for older files and not used: the log is a branch under `refs/ambient/telemetry/`.',
      type: 'string',
      default: '.ambient/telemetry.jsonl',
    },
    include_diffs: { description: 'Whether diffs go into the log.', type: 'boolean', default: false },
    retention_days: { description: 'Days after which lines are dropped.', ...count, maximum: 3650, default: 30 },
  },
} as const;

const share = {
  type: 'object',
  description: 'Proposals and evaluations for the rest of the team.',
  additionalProperties: false,
  properties: {
    enabled: { description: 'Whether `refs/ambient/` is synchronised.', type: 'boolean', default: false },
    remote: {
      description: 'Name of the remote to synchronise with.',
      type: 'string',
      pattern: '^[A-Za-z0-9._/][A-Za-z0-9._/-]*$',
      default: 'origin',
    },
  },
} as const;

const learning = {
  type: 'object',
  description: 'What past decisions change. Rejected fixes are never repeated, whatever stands here.',
  additionalProperties: false,
  properties: {
    enabled: {
      description:
        'Whether the record of a rule decides how often it speaks: one that people mostly turn down offers one fix at a time.',
      type: 'boolean',
      default: false,
    },
    track_revert_rate: { description: 'Whether reverts and rewrites count.', type: 'boolean', default: true },
    track_agent_success: { description: 'Whether merges and rejections count.', type: 'boolean', default: true },
  },
} as const;

export const configSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    model,
    refine,
    monitoring,
    agents,
    checks,
    commit_on_success: {
      description:
        'Whether a change may land by itself: only risk levels in `auto_apply`, only with tests that ran, only on a clean tree.',
      type: 'boolean',
      default: false,
    },
    risk_policy: riskPolicy,
    pre_push: {
      description:
        'What `git push` does when open security proposals touch what is pushed: nothing, name them, or stop the push.',
      type: 'string',
      enum: ['off', 'warn', 'block'],
      default: 'warn',
    },
    sandbox,
    telemetry,
    share,
    learning,
    loop,
    steps,
    events,
  },
} as const;
