export { type Clock, isoTime, systemClock } from './clock.ts';
export { AmbientError, type ErrorKind, exitCodeOf } from './errors.ts';
export { canonicalJson, digest, randomId } from './ids.ts';
export type { Log } from './log.ts';
export { packageRoot } from './package-root.ts';
export { isRunning, ownMark, type ProcessMark } from './process.ts';
export { CREDENTIALS, redact } from './redact.ts';
export { killGroup, type SpawnOptions, type SpawnResult, spawn } from './spawn.ts';
export { createTurns, type Turns } from './turns.ts';
