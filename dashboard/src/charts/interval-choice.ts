/** The current interval, and the other end of a selected range. Null means no interval, or a single one. */
export type IntervalChoice = { readonly at: number | null; readonly anchor: number | null };

export const NO_CHOICE: IntervalChoice = { at: null, anchor: null };

const PAGE = 10;
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -PAGE,
  PageUp: PAGE,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** The choice after a key press; null for keys that the chart does not handle. Shift extends the range. */
export function moveByKey(
  choice: IntervalChoice,
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
  intervals: number,
): IntervalChoice | null {
  const step = STEPS[key];
  if (step === undefined || intervals === 0) return null;
  const from = choice.at ?? intervals - 1;
  const at = Math.min(intervals - 1, Math.max(0, from + step));
  return { at, anchor: shiftKey ? (choice.anchor ?? from) : null };
}

/** The first and last interval of a choice, clipped to those that exist. */
export function chosenRange(
  { at, anchor }: IntervalChoice,
  intervals: number,
): { readonly first: number; readonly last: number } | null {
  if (at === null || intervals === 0) return null;
  const inside = (index: number) => Math.min(index, intervals - 1);
  const ends = [inside(at), inside(anchor ?? at)] as const;
  return { first: Math.min(...ends), last: Math.max(...ends) };
}
