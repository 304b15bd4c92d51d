/**
 * Compares what one test insisted on with what it insists on now. Pure. Rule: what is the same word for word is set aside;
 * of the rest each old one must find a partner that claims at least as much.
 */
import type { Assertion } from './reading.ts';

export function compareAssertions(
  before: readonly Assertion[],
  after: readonly Assertion[],
): { reasons: string[]; other: string[] } {
  const reasons: string[] = [];
  const other: string[] = [];
  const left = before.filter(({ strength }) => strength > 0);
  const free = [...after];
  const take = (fits: (one: Assertion) => boolean): Assertion | undefined => {
    const at = free.findIndex(fits);
    return at === -1 ? undefined : free.splice(at, 1)[0];
  };
  const open: Assertion[] = [];
  for (const old of left)
    if (
      !take(
        (now) =>
          now.text === old.text && now.subject === old.subject && isNoWeaker(old, now) && sameConditions(old, now),
      )
    )
      open.push(old);
  for (const old of open.slice()) {
    const same =
      take((now) => now.text === old.text && now.subject === old.subject) ??
      take((now) => now.subject === old.subject && isNoWeaker(old, now)) ??
      take((now) => now.subject === old.subject);
    if (same === undefined) continue;
    open.splice(open.indexOf(old), 1);
    judge(old, same);
  }
  let missing = 0;
  // Without a word in common the strongest partners go to those that claim most.
  for (const old of open.sort((a, b) => b.strength - a.strength)) {
    const now = take((one) => isNoWeaker(old, one)) ?? take(({ strength }) => strength > 0) ?? take(() => true);
    if (now === undefined) missing += 1;
    else judge(old, now);
  }
  if (missing > 0) reasons.push(`removes ${missing} assertion${missing === 1 ? '' : 's'}`);
  return { reasons, other };

  function judge(old: Assertion, now: Assertion): void {
    if (now.strength === 0) reasons.push(`removes 1 assertion (${short(now.shown)} cannot fail)`);
    else if (now.strength < old.strength) reasons.push(`loosens ${short(old.shown)} to ${short(now.shown)}`);
    else if (isWider(old, now)) reasons.push(`widens the tolerance of ${short(old.shown)}`);
    else if (!sameConditions(old, now)) reasons.push(`asserts ${short(now.shown)} only under a condition`);
    else if (
      old.expected !== null &&
      now.expected !== null &&
      now.expected !== old.expected &&
      now.strength === old.strength &&
      old.tolerance === null
    )
      other.push(`expects ${short(now.expected)} instead of ${short(old.expected)}`);
  }
}

function isNoWeaker(old: Assertion, now: Assertion): boolean {
  return now.strength >= old.strength && !isWider(old, now);
}

function isWider(old: Assertion, now: Assertion): boolean {
  return (
    old.strength === now.strength && old.tolerance !== null && now.tolerance !== null && now.tolerance > old.tolerance
  );
}

/** More conditions than before mean that it is reached less often. */
function sameConditions(old: Assertion, now: Assertion): boolean {
  return now.conditions.length <= old.conditions.length;
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
