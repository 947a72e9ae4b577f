import { expect, test } from 'vitest';
import { toJson } from '../../functions/sources/caresoft/simulator/json.ts';
import { parseExactJson, parsePage } from '../../functions/text/json.ts';
import { fc } from '../property.ts';

/** What could be taken for the end of a row, or be changed by a cut. */
const odd = ['},{', '}]', '[{', '"},{"', 'Nguyễn', '😀', '12345678901234567890', ''];
const text = fc.oneof(
  fc.constantFrom(...odd, '\\', '\\"},{'),
  fc.string(),
  fc.string().map((one) => one.repeat(900)),
);
const value = fc.oneof(
  ...[text, fc.integer(), fc.constant(null), fc.bigInt({ min: 10n ** 16n, max: 10n ** 30n })],
  fc.array(fc.record({ name: text, more: fc.array(fc.record({ name: text })) }), { maxLength: 3 }),
);
/** Without backslashes, so that `JSON.parse` of the whole is right: see `anyJson`. */
const name = fc.constantFrom(...odd, 'a', 'b', 'chats');
const row = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.dictionary(name, value).map((fields) => ({ id: 1, ...fields })),
  },
  { weight: 1, arbitrary: value },
);
const chats = fc.array(row, { maxLength: 60, size: 'max' });
const pages = fc.oneof(
  { weight: 3, arbitrary: fc.record({ code: fc.constant('ok'), chats, numFound: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record(
      { code: text, more: fc.array(row, { maxLength: 2 }), chats, numFound: value },
      { requiredKeys: [] },
    ),
  },
);

const written = (page: object): Buffer => Buffer.from(toJson(page));

/** Like the reader of raw, which parses the whole where the pieces do not fit. */
function hold(body: Buffer): 'pieces' | 'whole' {
  const page = parsePage(body, 'chats');
  if (page === null) return 'whole';
  expect(page).toEqual(parseExactJson(new TextDecoder().decode(body)));
  return 'pieces';
}

/** `RUNS=50000` takes more pages. */
const RUNS = { numRuns: Number(process.env.RUNS ?? 100) };

test('a page that is parsed by pieces is the same as a whole', () => {
  const seen = { pieces: 0, whole: 0 };
  fc.assert(
    fc.property(pages, (page) => {
      seen[hold(written(page))] += 1;
    }),
    RUNS,
  );
  expect(Math.min(seen.pieces, seen.whole)).toBeGreaterThan(0);
});

test('so is one with bytes that were changed, cut out or put in, unless it is no JSON', () => {
  fc.assert(
    fc.property(
      pages,
      fc.nat(),
      fc.nat({ max: 3 }),
      fc.constantFrom('"', '}', '{', '[', ']', ',', '\\', 'é'),
      (page, at, out, put) => {
        const body = written(page);
        const place = at % body.length;
        hold(Buffer.concat([body.subarray(0, place), Buffer.from(put), body.subarray(place + out)]));
      },
    ),
    RUNS,
  );
});

test('a page of the ordinary kind is parsed by pieces, also one of many rows and one with a mark before it', () => {
  const chats = Array.from({ length: 500 }, (_, at) => ({ id: at, name: 'Nguyễn'.repeat(40) }));
  for (const mark of ['', '\ufeff']) {
    const body = Buffer.from(mark + JSON.stringify({ code: 'ok', numFound: 500, chats }));
    expect(parsePage(body, 'chats')).toEqual({ code: 'ok', numFound: 500, chats });
  }
});
