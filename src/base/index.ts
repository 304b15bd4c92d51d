export { type Clock, isoTime, systemClock } from './clock.ts';
export { AmbientError, type ErrorKind, exitCodeOf } from './errors.ts';
export { canonicalJson, digest, randomId } from './ids.ts';
export { type Log, silentLog } from './log.ts';
export { packageRoot } from './package-root.ts';
export { isRunning, ownMark, type ProcessMark } from './process.ts';
export { killGroup, type SpawnResult, spawn } from './spawn.ts';
