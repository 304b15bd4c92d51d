/**
 * What `cargo clippy --message-format=json` prints (https://doc.rust-lang.org/rustc/json.html). Rule: pure; an edit is there only
 * where the compiler calls its suggestion applicable by a machine, in one file, outside of macros, and offers no other.
 */
import type { Severity, SpecialistName } from '../../records/index.ts';
import type { Told } from './types.ts';

interface Span {
  file_name: string;
  byte_start: number;
  byte_end: number;
  is_primary: boolean;
  suggested_replacement: string | null;
  suggestion_applicability: string | null;
  expansion: unknown;
  text?: Array<{ text: string }>;
}

interface Diagnostic {
  message: string;
  level: string;
  code: { code: string } | null;
  spans: Span[];
  children: Array<{ message: string; spans: Span[] }>;
}

/** Lints of clippy's group `perf`. */
const PERF = new Set(
  `box_collection box_default boxed_local cmp_owned collapsible_str_replace double_ended_iterator_last drain_collect
  expect_fun_call extend_with_drain format_in_format_args iter_overeager_cloned large_const_arrays large_enum_variant
  manual_contains manual_ignore_case_cmp manual_memcpy manual_retain manual_str_repeat manual_try_fold map_entry
  missing_const_for_thread_local missing_spin_loop owned_cow readonly_write_lock redundant_allocation redundant_iter_cloned
  regex_creation_in_loops replace_box result_large_err sliced_string_as_bytes slow_vector_initialization to_string_in_format_args
  unbuffered_bytes unnecessary_to_owned useless_vec vec_init_then_push waker_clone_wake`.split(/\s+/),
);
const STRUCTURE = new Set([
  ...['cognitive_complexity', 'too_many_arguments', 'too_many_lines', 'type_complexity', 'module_inception'],
]);
const SECURITY = new Set(['non_octal_unix_permissions', 'permissions_set_readonly_false', 'suspicious_open_options']);

/** In the order of the output, without doubles: each target of a crate is compiled by itself. Null: it is no such output. */
export function readClippy(output: string): { told: Told[]; compiles: boolean } | null {
  const found = new Map<string, Told>();
  let [compiles, lines] = [true, 0];
  for (const line of output.split('\n')) {
    const entry = parsed(line);
    if (entry === null) continue;
    lines += 1;
    if (entry['reason'] === 'build-finished') compiles = entry['success'] === true;
    const diagnostic = entry['reason'] === 'compiler-message' ? (entry['message'] as Diagnostic) : null;
    const told = diagnostic === null ? null : toldBy(diagnostic);
    if (told !== null) found.set(JSON.stringify([told.path, told.rule, told.place]), told);
  }
  return lines === 0 ? null : { told: [...found.values()], compiles };
}

function toldBy({ message, level, code, spans, children }: Diagnostic): Told | null {
  const primary = spans?.find((span) => span.is_primary);
  const name = code?.code ?? '';
  const clippy = name.startsWith('clippy::');
  // Errors of the compiler have numbers, and are nobody's to mend by rule.
  if (primary === undefined || !/^(clippy::)?[a-z][a-z0-9_]*$/.test(name) || primary.expansion !== null) return null;
  if (level !== 'warning' && !(level === 'error' && clippy)) return null;
  const own = name.replace('clippy::', '');
  return {
    path: primary.file_name,
    rule: `rust/${own}`,
    tool: clippy ? 'clippy' : 'rustc',
    code: own,
    specialist: specialistFor(own),
    severity: severityOf(own, level),
    message: `${message.charAt(0).toUpperCase()}${message.slice(1)}.`,
    place: { start: primary.byte_start, end: primary.byte_end },
    ...(primary.text?.[0] === undefined ? {} : { line: primary.text[0].text }),
    edits: editsOf(primary.file_name, children ?? []),
  };
}

function editsOf(path: string, children: Diagnostic['children']): Told['edits'] {
  const suggested = children.filter(({ spans }) => spans.some((span) => span.suggested_replacement !== null));
  const [only, other] = suggested;
  const isSafe = (span: Span) =>
    span.suggestion_applicability === 'MachineApplicable' && span.expansion === null && span.file_name === path;
  if (only === undefined || other !== undefined || !only.spans.every(isSafe)) return [];
  return only.spans.map(({ byte_start, byte_end, suggested_replacement }) => ({
    ...{ start: byte_start, end: byte_end },
    text: suggested_replacement ?? '',
  }));
}

function specialistFor(lint: string): SpecialistName {
  if (PERF.has(lint)) return 'PerformanceOptimizer';
  if (STRUCTURE.has(lint)) return 'RefactorArchitect';
  return SECURITY.has(lint) ? 'SecurityGuardian' : 'StyleEnforcer';
}

/** What clippy denies by itself is wrong, not only unlovely. */
function severityOf(lint: string, level: string): Severity {
  return level === 'error' || SECURITY.has(lint) ? 'medium' : 'low';
}

function parsed(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}
