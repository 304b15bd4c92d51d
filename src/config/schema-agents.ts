/** The part of the schema that says what the specialists look for, and which others there are. */
import { commandLine, count, strings } from './schema-shapes.ts';

export const agents = {
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
