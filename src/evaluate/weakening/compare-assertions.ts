/**
 * Compares what one test insisted on with what it insists on now. Pure. Rule: what is the same word for word is set aside;
 * of the rest each old one must find a partner that claims at least as much.
 */
import type { Assertion } from './reading.ts';

export function compareAssertions(
  before: readonly Assertion[],
  after: readonly Assertion[],
  /** How many rows of tables there are more than before: a loop over a table insists once for each. */
  rows = 0,
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
      take((now) => now.subject === old.subject) ??
      take((now) => blurs(old, now));
    if (same === undefined) continue;
    open.splice(open.indexOf(old), 1);
    judge(old, same);
  }
  let missing = 0;
  let spare = rows - 1;
  // Without a word in common the strongest partners go to those that claim most.
  for (const old of open.sort((a, b) => b.strength - a.strength)) {
    const now = take((one) => isNoWeaker(old, one)) ?? take(({ strength }) => strength > 0) ?? take(() => true);
    if (now === undefined && spare > 0 && after.some((one) => isSameCall(old, one) && isNoWeaker(old, one))) spare -= 1;
    else if (now === undefined) missing += 1;
    else judge(old, now);
  }
  if (missing > 0) reasons.push(`removes ${missing} assertion${missing === 1 ? '' : 's'}`);
  return { reasons, other };

  function judge(old: Assertion, now: Assertion): void {
    if (now.strength === 0) reasons.push(`removes 1 assertion (${short(now.shown)} cannot fail)`);
    else if (now.strength < old.strength || blurs(old, now))
      reasons.push(`loosens ${short(old.shown)} to ${short(now.shown)}`);
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

const BLURS =
  /^(round|int|bool|abs|set|frozenset|sorted|math\.(floor|ceil|trunc|fabs)|Math\.(round|floor|ceil|trunc|abs)|Boolean|(Number\.)?parseInt)\(/;

/** Is the same value rounded, sorted or shortened before it is looked at? Many values pass then where one did. */
function blurs(old: Assertion, now: Assertion): boolean {
  const rest = now.subject.replace(BLURS, '');
  return rest !== now.subject && rest.startsWith(old.subject) && /^[,)]/.test(rest.slice(old.subject.length));
}

function isSameCall(old: Assertion, now: Assertion): boolean {
  const called = ({ subject }: Assertion) => /^[\w.]+\(/.exec(subject)?.[0] ?? subject;
  return called(old) === called(now);
}

/** More conditions than before mean that it is reached less often. */
function sameConditions(old: Assertion, now: Assertion): boolean {
  return now.conditions.length <= old.conditions.length;
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
