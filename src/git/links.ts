/** Whether a link of a tree leads out of it, by following it inside the tree only. Pure. Rule: in doubt, it does. */
export function leadsOutside(link: string, targets: ReadonlyMap<string, string>): boolean {
  let pending = link.split('/');
  let place: string[] = [];
  let followed = 0;
  while (pending.length > 0) {
    const part = pending.shift() as string;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (place.pop() === undefined) return true;
      continue;
    }
    const here = [...place, part].join('/');
    const target = targets.get(here);
    if (target === undefined) {
      place = [...place, part];
      continue;
    }
    followed += 1;
    if (followed > 40 || target === '' || target.startsWith('/')) return true;
    pending = [...target.split('/'), ...pending];
  }
  return place[0]?.toLowerCase() === '.git';
}
