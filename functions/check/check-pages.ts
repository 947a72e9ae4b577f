import { LARGEST_PAGE } from '../capture/source.ts';
import { chatKeyOf } from '../chat/row-key.ts';
import { countOf, type Finding, note } from './finding.ts';
import type { Probe } from './probe.ts';
import type { Sample } from './sample.ts';
import type { Troubles } from './troubles.ts';

const ID = 'pages';
const CUT =
  'A day is read in parts of time that fit into one answer: it takes more requests; nothing is lost.';
const PAGED = 'As no times of day are heeded, a day that does not fit into one answer is read page by page.';

/** How many rows an answer holds when 500 are asked for, and whether rows stop at some number. A report copes with each. */
export async function checkPages(
  probe: Pick<Probe, 'ask'>,
  { asked, numFound, rows }: Sample,
  { isOfDates, troubles }: { readonly isOfDates: boolean; readonly troubles: Troubles },
): Promise<Finding> {
  const got = rows.length;
  const todo = isOfDates ? PAGED : CUT;
  const newOn = async (page: number): Promise<number> => {
    const { rows: found } = await probe.ask(asked, { page, size: LARGEST_PAGE });
    const known = new Set(page > 1 ? rows.map(chatKeyOf) : []);
    // A server may give its first page again in place of an empty one.
    return found.every((row) => known.has(chatKeyOf(row))) ? 0 : found.length;
  };
  if (got >= numFound) {
    return got >= LARGEST_PAGE
      ? note(ID, `A page holds the ${LARGEST_PAGE} rows that are asked for.`)
      : note(
          ID,
          `All of ${countOf(got, 'row')} came in one answer; whether it can hold ${LARGEST_PAGE} could not be seen.`,
        );
  }
  if (got >= LARGEST_PAGE) {
    const last = Math.ceil(numFound / LARGEST_PAGE);
    const holds = `A page holds the ${LARGEST_PAGE} rows that are asked for`;
    return await troubles.attempt(
      async () =>
        (await newOn(last)) > 0
          ? note(ID, `${holds}, and pages are given up to the last.`)
          : note(ID, `${holds}, and rows stop before page ${last}, though ${numFound} are counted. ${todo}`),
      ({ finding }) => note(ID, `${holds}, and page ${last} is not given: ${finding.says} ${todo}`),
    );
  }
  if ((await newOn(2)) === 0) {
    return note(
      ID,
      `No row beyond the ${got} of the first page is given, though ${numFound} are counted. ${todo}`,
    );
  }
  // A cap leaves a smaller page whole; a server that drops rows on the way shortens that one too.
  const half = Math.ceil(got / 2);
  const { rows: fewer } = await probe.ask(asked, { page: 1, size: half });
  return fewer.length < half
    ? note(
        ID,
        `Pages are shorter than asked: ${got} of ${LARGEST_PAGE} rows, ${fewer.length} of ${half}. ${todo}`,
      )
    : note(
        ID,
        `A page holds no more than ${countOf(got, 'row')}, though ${LARGEST_PAGE} are asked for. ${todo}`,
      );
}

/** In which order the chats came. */
export function checkOrder({ chats }: Pick<Sample, 'chats'>): Finding {
  const starts = chats.map(({ wireSeconds }) => wireSeconds);
  const steps = starts.slice(1).map((next, at) => next - (starts[at] ?? next));
  return note(
    'order',
    sayOrder(steps.filter((step) => step > 0).length, steps.filter((step) => step < 0).length),
  );
}

function sayOrder(rises: number, falls: number): string {
  if (rises + falls === 0) return 'In which order chats come could not be told: too few came.';
  const order =
    rises === 0 ? 'newest first' : falls === 0 ? 'oldest first' : 'neither newest nor oldest first';
  return `Chats come ${order}. No report hangs on it: whole parts of time are read.`;
}
