import type { Manifest, ManifestPage } from '../../functions/capture/captures.ts';
import type { ChatStatus } from '../../functions/chats/chat.ts';
import type { SeenRequest } from '../../functions/sources/caresoft/simulator/door/request-log.ts';
import type { Simulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { type ReadRow, readHeld, toChats } from './held-chats.ts';

/** What may be told of each chat by its id; undefined among them where it may be left out. */
export type MayBeTold = ReadonlyMap<string, ReadonlySet<ChatStatus | undefined>>;

const [SINCE, TO] = ['start_time_since', 'start_time_to'];
/** Clocks of one machine tell a moment apart by so much at most. */
const CLOCKS_APART_MS = 50;

/**
 * What is claimed of a server that moves: each slice as it was when its answer was given, and of what several answers
 * hold the latest; of one that was read page by page, each chat as it was at some moment of that. A row whose word is
 * not known has the status by which it was found, when it was asked for by that.
 */
export function heldAtItsMoments(
  simulator: Simulator,
  manifest: Manifest,
  {
    day,
    offset,
    faults,
  }: { readonly day: string; readonly offset: number; readonly faults: readonly string[] },
): MayBeTold {
  const numbers = numbersOf(simulator, manifest);
  const rowsAt = ({ params }: ManifestPage, number: number): ReadRow[] => {
    const asked = { params: asTaken(new URLSearchParams(params), faults), number, heeds: [] };
    return readHeld(simulator, asked).filter(({ start }) => dayOf(start, offset) === day);
  };
  const standing = standingAnswers(manifest).flatMap((pages) => {
    const of = pages.map(({ page }) => numbers.get(page) ?? Number.NaN);
    const [first, last] = [Math.min(...of), Math.max(...of)];
    const changed = simulator.changes(manifest.channel, day).map(({ before }) => before);
    const moments = [first, ...changed.filter((number) => number > first && number <= last)];
    return pages.slice(-1).map((page) => ({ page, moments }));
  });
  const statuses = manifest.pages
    .filter(({ use }) => use === 'status')
    .flatMap((page) =>
      rowsAt(page, numbers.get(page.page) ?? Number.NaN).map((row) => ({
        key: keyOf(row),
        status: page.slice?.status ?? 'missed',
      })),
    );
  const toldAt = (moment: number) => {
    const rows = new Map<string, ReadRow[]>();
    for (const { page, moments } of standing) {
      const number = moments[Math.min(moment, moments.length - 1)] ?? Number.NaN;
      for (const [key, same] of Map.groupBy(rowsAt(page, number), keyOf)) rows.set(key, same);
    }
    for (const { key, status } of statuses) {
      const same = rows.get(key)?.map((one) => (one.isToldByWord ? one : { ...one, status }));
      if (same) rows.set(key, same);
    }
    return toChats([...rows.values()].flat());
  };
  const most = Math.max(0, ...standing.map(({ moments }) => moments.length));
  const told = Array.from({ length: most }, (_, moment) => toldAt(moment));
  const ids = new Set(told.flatMap((chats) => [...chats.keys()]));
  return new Map([...ids].map((id) => [id, new Set(told.map((chats) => chats.get(id)))]));
}

/** The bounds as such a server takes them: what it leaves out at one moment it may hold at another. */
function asTaken(asked: URLSearchParams, faults: readonly string[]): URLSearchParams {
  const params = new URLSearchParams(asked);
  const move = (name: string, by: (at: number) => number): void => {
    const at = by(Date.parse(params.get(name) ?? '') / 1_000);
    params.set(name, new Date(at * 1_000).toISOString().replace('.000', ''));
  };
  if (faults.includes('seconds-dropped')) {
    for (const name of [SINCE, TO]) move(name, (at) => at - (at % 60));
  }
  if (faults.includes('bounds-exclusive')) {
    move(SINCE, (at) => at + 1);
    move(TO, (at) => at - 1);
  }
  return params;
}

function keyOf({ id, start }: ReadRow): string {
  return `${id} ${start}`;
}

function dayOf(start: string, offsetSeconds: number): string {
  const wall = Date.parse(`${start.replace(' ', 'T')}Z`) + offsetSeconds * 1_000;
  return new Date(wall).toISOString().slice(0, 10);
}

/** Those whose rows count, in the order in which they came: each a page, or the pages of a reading page by page. */
function standingAnswers({ pages }: Manifest): ManifestPage[][] {
  const counting = pages.filter(({ use }) => use === 'rows');
  return [...Map.groupBy(counting, ({ page, answer = page }) => answer).values()];
}

/** Which request each answer was given to. */
function numbersOf({ seen }: Simulator, { pages, startedAt, endedAt }: Manifest): Map<number, number> {
  const timeOf = ({ at }: SeenRequest): number => performance.timeOrigin + at;
  const given = seen.entries.filter(
    (request) =>
      request.said &&
      timeOf(request) > Date.parse(startedAt) - CLOCKS_APART_MS &&
      timeOf(request) < Date.parse(endedAt) + CLOCKS_APART_MS,
  );
  const byQuestion = Map.groupBy(given, ({ params }) => params.toString());
  const numbers = new Map<number, number>();
  for (const [question, kept] of Map.groupBy(pages, ({ params }) => params)) {
    const answered = byQuestion.get(new URLSearchParams(question).toString()) ?? [];
    for (const [place, { page, askedAt, answeredAt, numFound, rows }] of kept.entries()) {
      const fits = (request: SeenRequest): boolean =>
        request.said?.numFound === numFound && request.said.rows === rows;
      const middle = (Date.parse(askedAt) + Date.parse(answeredAt)) / 2;
      const nearest = answered
        .filter(fits)
        .toSorted((one, other) => Math.abs(timeOf(one) - middle) - Math.abs(timeOf(other) - middle));
      // What was kept of a run that was killed may be less than was given.
      const found = kept.length === answered.length ? answered[place] : nearest[0];
      if (found) numbers.set(page, found.number);
    }
  }
  return numbers;
}
