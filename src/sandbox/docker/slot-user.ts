/**
 * Decides as whom a command runs. Rule: as the owner of the slot, never as root: a slot of root's is given to the user
 * nobody first, and stays so until it is thrown away.
 */
import { spawn } from '../../base/index.ts';

const NOBODY = 65534;

export interface SlotUser {
  uid: number;
  gid: number;
}

/** Who owns the slot while the command runs. */
export function userOf({ uid, gid }: SlotUser): SlotUser {
  if (uid === 0) return { uid: NOBODY, gid: NOBODY };
  return { uid, gid: gid === 0 ? NOBODY : gid };
}

/**
 * Hands what root has put into the slot to `user`. Links are changed themselves, never what they lead to, and a file with a
 * second name keeps its owner: that name may be outside.
 * @returns why it could not be done, or null.
 */
export async function lend(dir: string, user: SlotUser): Promise<string | null> {
  if (process.getuid?.() !== 0) return null;
  const whose = `${user.uid}:${user.gid}`;
  const chosen = ['-xdev', '-uid', '0', '(', '-type', 'd', '-o', '-links', '1', ')'];
  const argv = ['find', dir, ...chosen, '-exec', 'chown', '-h', whose, '{}', '+'];
  const result = await spawn(argv, { env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' }, timeout: 120_000 });
  return result.code === 0 ? null : `the slot could not be given to ${whose}: ${result.stderr.toString().trim()}`;
}
