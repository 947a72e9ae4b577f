import type { Span } from './slice.ts';

const QUARTER_HOUR = 900;
/** A day is looked at by the minute, less by the second. */
const LONG = 7_200;
/** So much of the rows that have not been seen is spread evenly: days differ. */
const EVEN_SHARE = 0.05;
/** How much fuller or emptier a slice may become by a cut at a round time, as a share of what it is to hold. */
const ROUNDING = 0.05;
const ROUND_SECONDS = [QUARTER_HOUR, 60];
/** A count may say what it likes: of a day of more parts than this, each is cut again. */
const MOST_PARTS = 400;

/** What is known of the rows of a span before they are all read. */
export interface Expected {
  readonly span: Span;
  /** As CareSoft counts them. */
  readonly rows: number;
  /** When those began that were read, in the order in which they came. */
  readonly starts: readonly number[];
}

/**
 * Cuts a span so that each part holds about as many rows as it should: at quarter hours where these fit, else at
 * minutes, else at seconds, since a server may drop seconds.
 *
 * @param most rows that a part is to hold
 * @param usual rows of each quarter of an hour of the whole day, as other days had them; null where that is not known
 * @param day the span that `usual` is of
 * @returns at least two parts, or none where the span is a single second, or one that is too full and its neighbours
 */
export function cutSpan(
  expected: Expected,
  most: number,
  usual: readonly number[] | null,
  day: Span,
): Span[] {
  const { span, rows } = expected;
  const beside = partsBesideCrowd(expected, most);
  if (beside !== null) return beside;
  const needed = Math.ceil(rows / most);
  // Without other days to go by, a day is first looked at in few parts: how busy its hours are is then known.
  const isBlind = usual === null && span.from === day.from && span.until === day.until;
  const first = isBlind ? Math.ceil(Math.sqrt(needed)) : needed;
  const parts = Math.min(Math.max(2, Math.min(first, needed)), span.until - span.from, MOST_PARTS);
  const curve = curveOf(expected, usual, day);
  const known = new Set(expected.starts);
  const cuts: number[] = [];
  for (let part = 1; part < parts; part += 1) {
    const after = cuts.at(-1) ?? span.from;
    const cut = roundCut(curve, (curve.total * part) / parts, (ROUNDING * curve.total) / parts, known);
    if (cut > after && cut < span.until) cuts.push(cut);
  }
  // All rows may lie in one second as far as is known: then the span is halved.
  if (cuts.length === 0 && parts > 1) cuts.push(Math.floor((span.from + span.until) / 2));
  return parts < 2 ? [] : partsBetween(span, cuts);
}

function partsBetween({ from, until }: Span, cuts: readonly number[]): Span[] {
  const inside = cuts.filter((cut) => cut > from && cut < until);
  return [from, ...inside].map((start, at) => ({ from: start, until: inside[at] ?? until }));
}

/**
 * A crowded second is parted from the rest at once, with those beside it: bounds may be included, so that either
 * neighbour would hold it too.
 *
 * @returns null where there is none
 */
function partsBesideCrowd({ span, starts }: Expected, most: number): Span[] | null {
  const crowd = crowdedSecond(starts, most);
  if (crowd === null) return null;
  const alone = { from: crowd - 1, until: crowd + 2 };
  const isAlone = span.from >= alone.from && span.until <= alone.until;
  if (!isAlone) return partsBetween(span, [alone.from, alone.until]);
  return starts.every((start) => start === crowd) ? [] : null;
}

/** The second in which half of the rows began that came, and as many as nearly fill a slice: it is asked for by itself. */
function crowdedSecond(starts: readonly number[], most: number): number | null {
  const rowsAt = new Map<number, number>();
  for (const start of starts) rowsAt.set(start, (rowsAt.get(start) ?? 0) + 1);
  const [fullest] = [...rowsAt].toSorted(([, one], [, other]) => other - one);
  if (fullest === undefined) return null;
  const [second, rows] = fullest;
  return rows > most / 2 && rows >= starts.length / 2 ? second : null;
}

/** How many rows are expected up to a second. */
interface Curve {
  readonly total: number;
  readonly upTo: (second: number) => number;
  readonly secondAt: (rows: number) => number;
}

function curveOf({ span, rows, starts }: Expected, usual: readonly number[] | null, day: Span): Curve {
  const length = span.until - span.from;
  const width = length > LONG ? 60 : 1;
  const buckets = Math.ceil(length / width);
  const seen = new Float64Array(buckets);
  const within = starts.filter((start) => start >= span.from && start < span.until);
  for (const start of within) {
    const bucket = Math.floor((start - span.from) / width);
    seen[bucket] = (seen[bucket] ?? 0) + 1;
  }
  const covered = coveredBy(within, span, rows);
  const unseen = Float64Array.from({ length: buckets }, (_, bucket) => {
    const second = span.from + bucket * width;
    const seconds = Math.min(width, span.until - second);
    const isCovered = covered !== null && second >= covered.from && second < covered.until;
    return isCovered ? 0 : seconds * usualAt(second, usual, day);
  });
  const weight = unseen.reduce((sum, one) => sum + one, 0);
  const left = weight > 0 ? Math.max(0, rows - within.length) / weight : 0;
  const sums = new Float64Array(buckets + 1);
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    sums[bucket + 1] = (sums[bucket] ?? 0) + (seen[bucket] ?? 0) + (unseen[bucket] ?? 0) * left;
  }
  const sumAt = (bucket: number): number => sums[bucket] ?? 0;
  return {
    total: sumAt(buckets),
    upTo(second) {
      const place = Math.min(Math.max(0, (second - span.from) / width), buckets);
      const bucket = Math.min(Math.floor(place), buckets - 1);
      return sumAt(bucket) + (sumAt(bucket + 1) - sumAt(bucket)) * (place - bucket);
    },
    secondAt(target) {
      const after = sums.findIndex((sum) => sum >= target);
      const bucket = Math.max(0, after - 1);
      const inBucket = sumAt(bucket + 1) - sumAt(bucket);
      const share = inBucket > 0 ? (target - sumAt(bucket)) / inBucket : 0;
      return span.from + Math.round((bucket + share) * width);
    },
  };
}

/** Rows a second, in any unit. */
function usualAt(second: number, usual: readonly number[] | null, day: Span): number {
  if (usual === null) return 1;
  const even = usual.reduce((sum, one) => sum + one, 0) / usual.length;
  const own = usual[Math.floor((second - day.from) / QUARTER_HOUR)] ?? even;
  return (1 - EVEN_SHARE) * own + EVEN_SHARE * even;
}

/**
 * What the rows that came leave nothing unread of: where they are in the order of time, the span from the end at which
 * they begin to the last of them.
 */
function coveredBy(starts: readonly number[], span: Span, rows: number): Span | null {
  const [first, last] = [starts.at(0), starts.at(-1)];
  if (first === undefined || last === undefined || starts.length >= rows) return null;
  const isDescending = starts.every((start, at) => at === 0 || start <= (starts[at - 1] ?? start));
  const isAscending = starts.every((start, at) => at === 0 || start >= (starts[at - 1] ?? start));
  if (isDescending && first !== last) return { from: last + 1, until: span.until };
  if (isAscending && first !== last) return { from: span.from, until: last };
  return null;
}

/** The roundest second near enough; of equals one about which no row is known to begin. */
function roundCut(curve: Curve, target: number, tolerance: number, known: ReadonlySet<number>): number {
  const exact = curve.secondAt(target);
  const isNear = (second: number): boolean => Math.abs(curve.upTo(second) - target) <= tolerance;
  const isQuiet = (second: number): boolean => !(known.has(second) || known.has(second - 1));
  for (const unit of ROUND_SECONDS) {
    const nearest = Math.round(exact / unit) * unit;
    const near = [nearest, nearest - unit, nearest + unit].filter(isNear);
    const round = near.find(isQuiet) ?? near[0];
    if (round !== undefined) return round;
  }
  const around = [0, 1, -1, 2, -2, 3, -3].map((off) => exact + off).filter(isNear);
  return around.find(isQuiet) ?? exact;
}

/** The shortest span that holds half of these; null where that is no part of the whole. */
export function densest(starts: readonly number[], span: Span): Span | null {
  const sorted = starts.toSorted((one, other) => one - other);
  const half = Math.ceil(sorted.length / 2);
  const [shortest] = sorted
    .slice(0, sorted.length - half + 1)
    .map((from, at) => ({ from, until: (sorted[at + half - 1] ?? from) + 1 }))
    .toSorted((one, other) => one.until - one.from - (other.until - other.from));
  return shortest && shortest.until - shortest.from < span.until - span.from ? shortest : null;
}
