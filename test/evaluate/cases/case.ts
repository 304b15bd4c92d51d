/** One constructed verdict: a change of a small repository, and what must be said of it. */
export interface Case {
  what: string;
  /** Changed files; null deletes. A function gets the text of the base. */
  change: Record<string, string | null | ((text: string) => string)>;
  is: 'passed' | 'failed' | 'inconclusive';
  says?: RegExp;
  evidence?: 'tests' | 'analysis';
  /** Default: a person; proposals may do less. */
  maker?: 'proposal' | 'person';
  /** Break the new lines and see who notices: it costs further runs. */
  mutants?: true;
  /** Seconds that a check may take, where it matters. */
  timeout?: number;
}

/** Replaces text that must be there. */
export function swap(from: string | RegExp, to: string): (text: string) => string {
  return (text) => {
    const swapped = text.replace(from, to);
    if (swapped === text) throw new Error(`nothing to replace: ${from}`);
    return swapped;
  };
}

export function then(...steps: Array<(text: string) => string>): (text: string) => string {
  return (text) => steps.reduce((now, step) => step(now), text);
}

export function append(more: string): (text: string) => string {
  return (text) => text + more;
}
