/** Runs a program on a pseudo-terminal, as a person sits before it: waits for a text, types, goes on. Uses python3's pty. */
import { spawnSync } from 'node:child_process';

export interface Sitting {
  argv: string[];
  cwd: string;
  env: Record<string, string>;
  rows?: number;
  columns?: number;
  /** Waits until `expect` appears after what the step before saw, then types `send`. */
  steps: Array<{ expect: string; send?: string }>;
}

export interface Seen {
  code: number | null;
  output: string;
  /** The step that waited in vain, or null. */
  stuck: string | null;
  /** Did the program leave the terminal in its ordinary state (echo, lines)? */
  restored: boolean;
}

const PROGRAM = `
import fcntl, json, os, pty, select, struct, sys, termios, time
spec = json.load(sys.stdin)
pid, fd = pty.fork()
if pid == 0:
    os.chdir(spec['cwd'])
    os.execvpe(spec['argv'][0], spec['argv'], spec['env'])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', spec['rows'], spec['columns'], 0, 0))
output, seen, stuck, restored = b'', 0, None, False
def read(seconds):
    global output, restored
    if not select.select([fd], [], [], seconds)[0]: return True
    try:
        flags = termios.tcgetattr(fd)[3]
        restored = bool(flags & termios.ECHO) and bool(flags & termios.ICANON)
        chunk = os.read(fd, 65536)
    except OSError: return False
    output += chunk
    return chunk != b''
for step in spec['steps']:
    end, alive = time.time() + spec['seconds'], True
    while output.find(step['expect'].encode(), seen) < 0 and time.time() < end and alive: alive = read(0.2)
    at = output.find(step['expect'].encode(), seen)
    if at < 0:
        stuck = step['expect']
        break
    seen = at + len(step['expect'].encode())
    if 'send' in step: os.write(fd, step['send'].encode())
end = time.time() + spec['seconds']
while time.time() < end and read(0.2): pass
done, status = os.waitpid(pid, os.WNOHANG)
end = time.time() + 5
while done == 0 and time.time() < end:
    time.sleep(0.05)
    done, status = os.waitpid(pid, os.WNOHANG)
if done == 0:
    os.kill(pid, 9)
    os.waitpid(pid, 0)
code = os.waitstatus_to_exitcode(status) if done else None
json.dump({'code': code, 'output': output.decode('utf8', 'replace'), 'stuck': stuck, 'restored': restored}, sys.stdout)
`;

export function hasPty(): boolean {
  return spawnSync('python3', ['-c', 'import pty, termios']).status === 0;
}

/** @param seconds How long to wait for each step, and for the end. */
export function sit(sitting: Sitting, seconds = 30): Seen {
  const spec = { rows: 40, columns: 100, seconds, ...sitting };
  const result = spawnSync('python3', ['-c', PROGRAM], { input: JSON.stringify(spec), encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`the pty program failed: ${result.stderr}`);
  return JSON.parse(result.stdout) as Seen;
}
