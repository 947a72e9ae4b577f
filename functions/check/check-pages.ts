import { LARGEST_PAGE } from '../capture/source.ts';
import { countOf, type Finding, note } from './finding.ts';
import type { Probe } from './probe.ts';
import type { Sample } from './sample.ts';

export interface PagesSeen {
  readonly finding: Finding;
  /** What a page holds that is not the last; null where pages hold now more and now fewer, or nobody knows. */
  readonly rowsPerPage: number | null;
}

const ID = 'pages';

/** How many rows a page holds when 500 are asked for. The walk copes with every answer; this says which it is. */
export async function checkPages(probe: Probe, { asked, numFound, rows }: Sample): Promise<PagesSeen> {
  const got = rows.length;
  if (got >= LARGEST_PAGE) {
    return {
      finding: note(ID, `A page holds the ${LARGEST_PAGE} rows that are asked for.`),
      rowsPerPage: got,
    };
  }
  if (got >= numFound) {
    return {
      finding: note(
        ID,
        `All of ${countOf(got, 'row')} came on one page; whether a page can hold ${LARGEST_PAGE} could not be seen.`,
      ),
      rowsPerPage: LARGEST_PAGE,
    };
  }
  const second = await probe.ask(asked, { page: 2, size: LARGEST_PAGE });
  if (second.rows.length === 0) {
    return {
      finding: note(
        ID,
        `The only page holds ${countOf(got, 'row')}, and ${numFound} are counted: its size says nothing.`,
      ),
      rowsPerPage: null,
    };
  }
  // A cap leaves a smaller page whole; a server that drops rows on the way shortens that one too.
  const half = Math.ceil(got / 2);
  const { rows: fewer } = await probe.ask(asked, { page: 1, size: half });
  if (fewer.length < half) {
    return {
      finding: note(
        ID,
        `Pages are shorter than asked: ${got} of ${LARGEST_PAGE} rows, ${fewer.length} of ${half}. They are read on until nothing new comes.`,
      ),
      rowsPerPage: null,
    };
  }
  return {
    finding: note(
      ID,
      `A page holds no more than ${countOf(got, 'row')}, though ${LARGEST_PAGE} are asked for. A day takes more requests; nothing is lost.`,
    ),
    rowsPerPage: got,
  };
}
