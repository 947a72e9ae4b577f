import type { Manifest, ManifestPage } from '../../functions/storage/manifest.ts';
import type { SeenRequest } from '../simulator/door/request-log.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { type HeldChats, type ReadRow, readHeld, toChats } from './held-chats.ts';

/** Clocks of one machine tell a moment apart by so much at most. */
const CLOCKS_APART_MS = 50;

/**
 * What is claimed of a server that moves: each slice as it was when its answer was given, and of what several answers
 * hold the latest. A row whose word is not known has the status by which it was found, when it was asked for by that.
 */
export function heldAtItsMoments(
  simulator: Simulator,
  manifest: Manifest,
  { day, offset }: { readonly day: string; readonly offset: number },
): HeldChats {
  const numbers = numbersOf(simulator, manifest);
  const rowsOf = ({ page, params }: ManifestPage): ReadRow[] => {
    const asked = { params: new URLSearchParams(params), number: numbers.get(page) ?? Number.NaN, heeds: [] };
    return readHeld(simulator, asked).filter(({ start }) => dayOf(start, offset) === day);
  };
  const keyOf = ({ id, start }: ReadRow): string => `${id} ${start}`;
  const rows = new Map<string, ReadRow[]>();
  for (const page of standingPages(manifest)) {
    for (const [key, same] of Map.groupBy(rowsOf(page), keyOf)) rows.set(key, same);
  }
  for (const page of manifest.pages.filter(({ use }) => use === 'status')) {
    const status = page.slice?.status ?? 'missed';
    for (const row of rowsOf(page)) {
      const same = rows.get(keyOf(row)) ?? [];
      rows.set(
        keyOf(row),
        same.map((one) => (one.isToldByWord ? one : { ...one, status })),
      );
    }
  }
  return toChats([...rows.values()].flat());
}

function dayOf(start: string, offsetSeconds: number): string {
  const wall = Date.parse(`${start.replace(' ', 'T')}Z`) + offsetSeconds * 1_000;
  return new Date(wall).toISOString().slice(0, 10);
}

/** Those whose rows count, in the order in which they came; of a reading page by page the last. */
function standingPages({ pages }: Manifest): ManifestPage[] {
  const counting = pages.filter(({ use }) => use === 'rows');
  return [...Map.groupBy(counting, ({ page, answer = page }) => answer).values()].flatMap((pass) =>
    pass.slice(-1),
  );
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
