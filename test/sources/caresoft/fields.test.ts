import { describe, expect, test } from 'vitest';
import {
  chatsSchema,
  envelopeSchema,
  referenceDataSchemas,
} from '../../../functions/sources/caresoft/fields.ts';
import { parseExactJson } from '../../../functions/text/json.ts';
import { anyCharacter, fc } from '../../property.ts';

const read = (answer: unknown) => chatsSchema.safeParse(answer).data ?? null;
const rows = fc.array(fc.constantFrom<unknown>({ id: 1 }, { id: 2 }, null, 'x', 7), { maxLength: 8 });
const counts = fc.integer({ min: 0, max: 999_999 });
/** Places of a list, with gaps, in any order. */
const places = fc.uniqueArray(fc.nat({ max: 2 ** 40 }), { maxLength: 8 });

describe('a page of chats', () => {
  test('is the same whether its count is a number or in digits', () => {
    fc.assert(
      fc.property(rows, counts, fc.nat({ max: 3 }), (chats, numFound, zeros) => {
        expect(read({ numFound: `${'0'.repeat(zeros)}${numFound}`, chats })).toEqual({ numFound, chats });
        expect(read({ numFound, chats })).toEqual({ numFound, chats });
      }),
    );
  });

  test('is none where its count is anything else', () => {
    const others = fc.oneof(
      fc.string({ unit: anyCharacter }).filter((text) => !/^\d{1,15}$/.test(text)),
      fc.constantFrom<unknown>(
        '',
        '5 rows',
        '1e3',
        ' 5',
        '5\n',
        '-1',
        '+5',
        '5.0',
        '0x5',
        '٥',
        '9'.repeat(16),
      ),
      fc.constantFrom<unknown>(-1, 0.5, Number.NaN, 2n ** 60n, null, undefined, true, [], [5], { n: 5 }),
    );
    fc.assert(
      fc.property(rows, others, (chats, numFound) => {
        expect(read({ numFound, chats })).toBeNull();
      }),
    );
  });

  test.each([null, undefined])(
    'has no rows where these are %s and none is counted, and is none otherwise',
    (chats) => {
      for (const numFound of [0, '0']) expect(read({ numFound, chats })).toEqual({ numFound: 0, chats: [] });
      fc.assert(
        fc.property(fc.integer({ min: 1 }), (numFound) => {
          expect(read({ numFound, chats })).toBeNull();
        }),
      );
    },
  );

  test('is the same whether its rows are a list or an object with their places, in whichever order these come', () => {
    fc.assert(
      fc.property(places, (all) => {
        const written = `{${all.map((place) => `"${place}":"at ${place}"`).join(',')}}`;
        const inOrder = all.toSorted((one, other) => one - other).map((place) => `at ${place}`);
        expect(read({ numFound: 9, chats: parseExactJson(written) })?.chats).toEqual(inOrder);
      }),
    );
  });

  test('is none where a key is no place', () => {
    const names = fc.oneof(
      fc.string({ unit: anyCharacter }).filter((text) => !/^(0|[1-9]\d*)$/.test(text)),
      fc.constantFrom('', '-1', '01', '1.5', '1e3', ' 1', '__proto__', 'length', 'rows', '9'.repeat(16)),
    );
    fc.assert(
      fc.property(names, places, (name, all) => {
        const written = [...all.map(String), name].map((key) => `${JSON.stringify(key)}:{}`).join(',');
        expect(read({ numFound: 9, chats: JSON.parse(`{${written}}`) })).toBeNull();
      }),
    );
  });

  test.each(['', 'rows', 0, 5, true, false])('is none where its rows are %j', (chats) => {
    for (const numFound of [0, 5]) expect(read({ numFound, chats })).toBeNull();
  });
});

test('a list of names is read in the same forms', () => {
  const agents = (answer: unknown) => referenceDataSchemas.agents.safeParse(answer).data ?? null;
  expect(agents({ agents: { 4: 'b', 1: 'a' } })).toEqual(['a', 'b']);
  expect(agents({ agents: null, numFound: '0' })).toEqual([]);
  for (const answer of [{ agents: null }, {}, { agents: null, numFound: 2 }, { agents: { a: 1 } }]) {
    expect(agents(answer)).toBeNull();
  }
});

test('an answer may say nothing, or no text, in its message', () => {
  for (const message of [undefined, null, [], { field: ['x'] }, 0]) {
    expect(envelopeSchema.parse({ code: 'ok', message }).message).toBeUndefined();
  }
});
