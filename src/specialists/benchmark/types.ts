/** The contract of a generated benchmark. Rule: one program for every run, told by its argument what to do. */
export interface Benchmark {
  language: 'python' | 'javascript';
  /** `total() of src/report.py`. */
  what: string;
  /**
   * Run at the top of a slot with one argument, JSON: `{"do": "calibrate"}` prints the plan; `{"do": "sample", …plan}`
   * prints `{"ns": …}` for the best of a few batches; `{"do": "calls", "calls": n, "call": …, …plan}` makes
   * arguments n times and calls with them or does not, for counting. What cannot be called prints nothing.
   */
  program: string;
}

/** Kinds of arguments, the likeliest first. */
export type Shape = 'ints' | 'words' | 'pairs' | 'dict' | 'text' | 'number' | 'record';
