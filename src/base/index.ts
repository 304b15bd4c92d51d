export { type Clock, isoTime, systemClock } from './clock.ts';
export { AmbientError, type ErrorKind, exitCodeOf } from './errors.ts';
export { canonicalJson, digest, randomId } from './ids.ts';
export { type Log, silentLog } from './log.ts';
export { killGroup, type SpawnResult, spawn } from './spawn.ts';
