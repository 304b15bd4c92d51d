export { type Benchmark, makeBenchmarks } from './benchmark/index.ts';
export { embedded, loadSpecialist } from './registry.ts';
export type * from './types.ts';
export { makeWitness } from './witness/index.ts';
