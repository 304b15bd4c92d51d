/** Reads what a probe saw, one `layer=state` a line. Rule: a layer that was not seen is missing. */

/** Names the layers whose line is not as it must be. */
export function missingLayers(output: string, expected: Readonly<Record<string, string>>): string[] {
  const seen = new Map(output.split('\n').map((line) => line.split('=', 2) as [string, string]));
  return Object.entries(expected).flatMap(([name, value]) =>
    seen.get(name) === value ? [] : [`${name} is ${seen.get(name) ?? 'unknown'}, not ${value}`],
  );
}
