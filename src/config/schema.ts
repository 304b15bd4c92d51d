/**
 * The configuration, described once: types, defaults, documentation and the validator all come from this value.
 * Rule: every key has a description; every leaf has a default; nothing but these keys is accepted, except the settings
 * of a specialist that the repository adds itself.
 */
import { events, loop, steps } from './schema-converge.ts';
import { model, refine } from './schema-model.ts';

const strings = { type: 'array', items: { type: 'string', minLength: 1 }, uniqueItems: true } as const;
const count = { type: 'integer', minimum: 1 } as const;
const risks = {
  type: 'array',
  items: { type: 'string', enum: ['low', 'medium', 'high', 'critical'] },
  uniqueItems: true,
} as const;
const commandLine = { type: 'string', minLength: 1, maxLength: 4096 } as const;

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

const agents = {
  type: 'object',
  description:
    'The specialists. A name that is not built in declares a specialist of the repository: a program, with `command`.',
  additionalProperties: false,
  properties: {
    enabled: {
      description: 'Specialists that run.',
      ...strings,
      default: ['SecurityGuardian', 'RefactorArchitect', 'StyleEnforcer', 'PerformanceOptimizer', 'TestEnhancer'],
    },
    SecurityGuardian: {
      type: 'object',
      description: 'Weaknesses that an attacker could use.',
      additionalProperties: false,
      properties: {
        severity_threshold: {
          description: 'Findings below this severity are left out.',
          type: 'string',
          enum: ['low', 'medium', 'high', 'critical'],
          default: 'medium',
        },
        scan_dependencies: {
          description: 'Whether changed lock files are compared with `osv_snapshot` and what `osv_mirror` gave.',
          type: 'boolean',
          default: true,
        },
        osv_snapshot: {
          description:
            'Advisories of OSV: a file or folder of its JSON, absolute or in `.ambient/`. Nothing is fetched. Empty: none.',
          type: 'string',
          pattern: '^(?:(?:/|\\.ambient/)\\P{Cc}+)?$',
          maxLength: 1000,
          default: '',
        },
        osv_mirror: {
          description:
            'Zip archives of OSV, by address or absolute path, that `git ambient advisories --update` fetches; nothing else does.',
          type: 'array',
          items: { type: 'string', pattern: '^(?:https?://[^\\s@]+|/\\P{Cc}+)$', maxLength: 1000 },
          uniqueItems: true,
          maxItems: 20,
          default: [],
        },
      },
    },
    RefactorArchitect: {
      type: 'object',
      description: 'Structure that makes change hard.',
      additionalProperties: false,
      properties: {
        complexity_threshold: {
          description: 'Cyclomatic complexity above which a function is reported.',
          ...count,
          default: 15,
        },
        max_function_lines: { description: 'Lines above which a function is reported.', ...count, default: 100 },
      },
    },
    StyleEnforcer: {
      type: 'object',
      description: 'Readability, without a change of behaviour.',
      additionalProperties: false,
      properties: {
        defer_to_formatter: {
          description:
            "Whether layout is left to the repository's own formatter; if not, Python without one is formatted as `ruff format` does.",
          type: 'boolean',
          default: true,
        },
      },
    },
    PerformanceOptimizer: {
      type: 'object',
      description: 'Measured waste of time or memory.',
      additionalProperties: false,
      properties: {
        min_speedup_percent: {
          description: 'Smallest measured gain that is worth a proposal.',
          type: 'number',
          minimum: 0,
          maximum: 100,
          default: 10,
        },
      },
    },
    TestEnhancer: {
      type: 'object',
      description: 'Missing and weak tests.',
      additionalProperties: false,
      properties: {
        coverage_threshold: {
          description: 'Share of the lines of a function, in percent, that a test written for it must reach.',
          type: 'number',
          minimum: 0,
          maximum: 100,
          default: 80,
        },
        prioritize_paths: {
          description: 'Files and folders for whose functions tests are written first.',
          ...strings,
          default: [],
        },
      },
    },
  },
  patternProperties: {
    '^[A-Z][A-Za-z0-9]{1,63}$': {
      type: 'object',
      description:
        'A specialist that the repository adds: `command` is a program that is told what to look at as JSON, and answers so. Other keys are handed to it.',
      properties: {
        command: commandLine,
        files: {
          description: 'Paths that it is shown, in the syntax of `.gitignore`; empty: source files.',
          ...strings,
        },
        timeout_seconds: { description: 'Longest run for one question.', ...count, maximum: 3600 },
      },
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
