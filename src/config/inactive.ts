/**
 * Keys that files may say and that nothing obeys in this version. Rule: the reference says so, and a test compares this
 * list with the code: whoever begins to obey a key takes it out.
 */
export const inactive: ReadonlySet<string> = new Set([
  'telemetry.log_path',
  'telemetry.include_diffs',
  'share.enabled',
  'share.remote',
  ...['max_iterations', 'convergence_threshold', 'timeout_seconds'].map((name) => `loop.${name}`),
  ...['diagnose', 'fix', 'attack', 'validate'].flatMap((step) =>
    ['enabled', 'tool', 'args'].map((name) => `steps.${step}.${name}`),
  ),
  'events.webhook_url',
  'events.emit_interval',
]);

/** The inactive keys among those that a file says; a block that says nothing else is named as a whole. */
export function inactiveAmong(said: readonly string[]): string[] {
  const named = said.map((key) => {
    const block = key.split('.')[0] ?? key;
    const whole = said.filter((other) => other.startsWith(`${block}.`)).every((other) => inactive.has(other));
    return !inactive.has(key) ? null : whole ? block : key;
  });
  return [...new Set(named.filter((name) => name !== null))];
}
