/** Reads what a probe saw, one `layer=state` a line. Rule: a layer that was not seen is missing. */

/** Prints one line per layer. Only the shell and /proc are needed. */
export const LOOK = `
sed -n 's/^\\(Seccomp\\|NoNewPrivs\\|CapEff\\):[[:space:]]*/\\1=/p' /proc/self/status
echo "interfaces=$(sed 1,2d /proc/net/dev | sed 's/:.*//; s/ //g' | tr '\\n' ,)"
(echo x > /proc/sys/kernel/hostname) 2>/dev/null && echo sys=writable || echo sys=closed
(echo x > /usr/.ambient-probe) 2>/dev/null && echo usr=writable || echo usr=closed
(echo x > "$PWD/written") 2>/dev/null && echo slot=writable || echo slot=closed
unshare --user true 2>/dev/null && echo userns=open || echo userns=closed
`;
/** What each line must say, whatever isolates. */
export const LAYERS: Readonly<Record<string, string>> = {
  Seccomp: '2',
  NoNewPrivs: '1',
  CapEff: '0000000000000000',
  interfaces: 'lo,',
  sys: 'closed',
  usr: 'closed',
  slot: 'writable',
  userns: 'closed',
};

/** Names the layers whose line is not as it must be. */
export function missingLayers(output: string, expected: Readonly<Record<string, string>>): string[] {
  const seen = new Map(output.split('\n').map((line) => line.split('=', 2) as [string, string]));
  return Object.entries(expected).flatMap(([name, value]) =>
    seen.get(name) === value ? [] : [`${name} is ${seen.get(name) ?? 'unknown'}, not ${value}`],
  );
}
