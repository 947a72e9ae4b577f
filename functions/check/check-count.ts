import { LARGEST_PAGE } from '../capture/source.ts';
import { chatKeyOf } from '../chat/row-key.ts';
import { type Finding, fail, note, ok } from './finding.ts';
import type { NarrowLook } from './narrow-look.ts';
import type { Probe } from './probe.ts';
import type { Sample } from './sample.ts';

const ID = 'count';
const TELL = 'a day is proven only where the count is right: show this line to CareSoft';

/** Whether CareSoft's own count is what it gives, which is what a day is proven by. */
export async function checkCount(
  probe: Probe,
  sample: Sample,
  { narrow, rowsPerPage }: { readonly narrow: NarrowLook | null; readonly rowsPerPage: number | null },
): Promise<Finding> {
  const { asked, numFound, rows } = sample;
  if (rows.length > numFound) return wrong(numFound, `${rows.length} on the first page alone`);

  const [counted = 0, ...later] = narrow?.numFounds ?? [];
  const isSteady = later.every((count) => count === counted);
  if (narrow?.isWhole && isSteady && narrow.rows !== counted) return wrong(counted, String(narrow.rows));

  const last = rowsPerPage === null ? null : await askLastPage(probe, sample, rowsPerPage);
  const again = last?.numFound ?? (await probe.count(asked));
  if (again !== numFound || !isSteady) {
    return note(
      ID,
      `CareSoft's count changed while it was asked, from ${numFound} to ${again}: chats still arrive.`,
      'report somewhat later in the day; what arrives while it is read is read again',
    );
  }
  if (last !== null && last.got > last.expected)
    return wrong(numFound, `${last.got - last.expected} beyond that`);
  if (last !== null && last.got < last.expected) {
    return wrong(numFound, `${last.expected - last.got} fewer`);
  }
  return ok(ID, `CareSoft's count stands: ${numFound} when asked twice, and as many rows as counted.`);
}

/** The page that the count ends on; where it ends with a full page, the one after that, which has to be empty. */
async function askLastPage(probe: Probe, { asked, numFound, rows: first }: Sample, rowsPerPage: number) {
  const page = Math.floor(numFound / rowsPerPage) + 1;
  const { numFound: again, rows } = await probe.ask(asked, { page, size: LARGEST_PAGE });
  const known = new Set(page > 1 ? first.map(chatKeyOf) : []);
  // A server may give its first page again instead of an empty one.
  const got = rows.every((row) => known.has(chatKeyOf(row))) ? 0 : rows.length;
  return { numFound: again, got, expected: numFound % rowsPerPage };
}

function wrong(counted: number, came: string): Finding {
  return fail(ID, `CareSoft's count is wrong: it counts ${counted} and gives ${came}.`, TELL);
}
