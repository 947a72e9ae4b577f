import { describe, expect, test } from 'vitest';
import { isPlaceholder, normalizePhone } from '../../functions/chats/customer-identity.ts';
import { People, type PersonalChat } from '../../functions/chats/people.ts';
import { canonicalName } from '../../functions/text/bounds.ts';
import { anyCharacter, fc } from '../property.ts';

let made = 0;

/** A chat of a customer. An id alone, `#1`, or what the object says. */
function chat(of: Partial<PersonalChat> | string): PersonalChat {
  made += 1;
  return {
    channel: 'zalo',
    conversationId: String(made),
    customerName: null,
    customerPhone: null,
    customerEmail: null,
    ...(typeof of === 'string' ? { customerId: of } : { customerId: null, ...of }),
  };
}

const PHONE = '0912345678';
const named = (
  customerName: string | null,
  customerId: string | null,
  customerPhone: string | null = PHONE,
) => chat({ customerName, customerId, customerPhone });

/** Each person's chats, by their places in the list. */
function joinedOf(chats: readonly PersonalChat[]): number[][] {
  const { persons } = keysOf(chats);
  return [...persons.values()].sort(([one = 0], [other = 0]) => one - other);
}

function keysOf(chats: readonly PersonalChat[]) {
  const people = new People();
  const nodes = chats.map((one) => people.add(one));
  const joined = people.join();
  const persons = new Map<number, number[]>();
  for (const [place, node] of nodes.entries()) {
    const person = joined.personOf(node);
    persons.set(person, [...(persons.get(person) ?? []), place]);
  }
  return { persons, keys: nodes.map((node) => joined.keyOf(joined.personOf(node))) };
}

describe('people', () => {
  test('are one over their ids by a phone, however it is written, and by an e-mail', () => {
    expect(
      joinedOf([
        named('Khách 1', '111'),
        named('khách  1', '222', '+84 (0)912 345 678'),
        named(null, '333', '912345678'),
        chat({ customerId: '444', customerEmail: 'K1@example.com', customerName: 'Khách 1' }),
        chat({ customerId: '222', customerEmail: 'k1@Example.com' }),
        named('Khách 1', null),
        named('Khách 1', '555', '0912345679'),
      ]),
    ).toEqual([[0, 1, 2, 3, 4, 5], [6]]);
  });

  test('are not one where names disagree, and then nobody without a name is either of them', () => {
    expect(joinedOf([named('A', '1'), named('B', '2'), named(null, '3'), named('a', '4')])).toEqual([
      [0, 3],
      [1],
      [2],
    ]);
  });

  test('who are called two names are joined with none, and neither is who has no name beside them', () => {
    expect(
      joinedOf([named('A', '1'), named('B', '1', null), named('A', '2'), named('A', '3'), named(null, '4')]),
    ).toEqual([[0, 1], [2, 3], [4]]);
  });

  test('are parted again where two names meet over several contacts', () => {
    const other = '0987000111';
    expect(
      joinedOf([
        named('A', '1'),
        named(null, '2'),
        named(null, '2', other),
        named('B', '3', other),
        named('b', '4', other),
      ]),
    ).toEqual([[0], [1, 2], [3, 4]]);
  });

  test('have four ids at most: a contact of more is none, and so is a chain of contacts', () => {
    expect(joinedOf(['1', '2', '3', '4'].map((id) => named('A', id)))).toHaveLength(1);
    expect(joinedOf(['1', '2', '3', '4', '5'].map((id) => named('A', id)))).toHaveLength(5);
    // Of another name it tells nothing either.
    expect(
      joinedOf([...['1', '2', '3', '4', '5'].map((id) => named('A', id)), named('B', '6'), named('B', '7')]),
    ).toHaveLength(7);
    const second = '0912000222';
    const chain = [
      named('A', '1'),
      named('A', '2'),
      named('A', '3'),
      named('A', '3', second),
      named('A', '4', second),
    ];
    expect(joinedOf(chain)).toHaveLength(1);
    expect(joinedOf([...chain, named('A', '5', second)])).toHaveLength(5);
  });

  test.each([
    '0123456789',
    '0000000000',
    '999999999',
    '0999999999',
    '12345678',
    '123456789',
    '+84 123456789',
  ])('are not joined by %s', (phone) => {
    expect(
      joinedOf([
        named('A', '1', phone),
        named('A', '2', phone),
        named('A', null, phone),
        named('A', null, phone),
      ]),
    ).toHaveLength(4);
  });

  test('are called by the least id, without one by a hash of the phone, and of the name where two have it', () => {
    expect(keysOf([named('A', '20'), named('A', '9'), named('A', null)]).keys).toEqual([
      'id:9',
      'id:9',
      'id:9',
    ]);
    expect(keysOf([named('A', 'a1'), named('A', '10')]).keys).toEqual(['id:10', 'id:10']);
    const [one] = keysOf([named('A', null)]).keys;
    expect(one).toMatch(/^phone:[0-9a-f]{16}$/);
    expect(keysOf([named('B', null), named(null, null)]).keys).toEqual([one, one]);
    const [a, b, nameless] = keysOf([named('A', null), named('B', null), named(null, null)]).keys;
    expect(new Set([a, b, nameless]).size).toBe(3);
    for (const key of [a, b, nameless]) expect(key).toMatch(new RegExp(`^${one}[0-9a-f]{8}$`));
    const [mail, alone] = keysOf([
      chat({ customerEmail: 'a@example.com' }),
      chat({ conversationId: '7' }),
    ]).keys;
    expect(mail).toMatch(/^email:[0-9a-f]{16}$/);
    expect(alone).toBe('chat:zalo:7');
  });
});

const fewPhones = fc.constantFrom(
  ...['0912345678', '+84912345678', '0987000111', '0912000222', '0123456789', '１２３'],
);
const anyPersonal: fc.Arbitrary<PersonalChat[]> = fc.array(
  fc
    .record({
      customerId: fc.option(fc.constantFrom('1', '2', '3', '03', '003', 'x', 'id:5', '1234567890'), {
        freq: 3,
      }),
      customerName: fc.option(fc.constantFrom('A', 'a', 'A\u200b', 'B', '\u00ad')),
      customerPhone: fc.option(fewPhones),
      customerEmail: fc.option(fc.constantFrom('a@example.com', 'B@example.com')),
    })
    .map((of) => chat(of)),
  { maxLength: 24 },
);

describe('any people', () => {
  test('have no two names that disagree, nor more than four ids', () => {
    fc.assert(
      fc.property(anyPersonal, (chats) => {
        for (const places of keysOf(chats).persons.values()) {
          const theirs = places.map((place) => chats[place]);
          const ids = new Set(theirs.map((one) => one?.customerId ?? null));
          ids.delete(null);
          expect(ids.size).toBeLessThan(5);
          const names = new Set(theirs.map((one) => canonicalName(one?.customerName ?? '')));
          names.delete('');
          // One id is one customer, whatever they are called.
          if (ids.size > 1 || theirs.some((one) => one?.customerId === null))
            expect(names.size).toBeLessThan(2);
        }
      }),
    );
  });

  test('are the same in whatever order their chats come', () => {
    const shuffled = anyPersonal.chain((chats) =>
      fc.tuple(fc.constant(chats), fc.shuffledSubarray(chats, { minLength: chats.length })),
    );
    fc.assert(
      fc.property(shuffled, ([chats, others]) => {
        const keys = keysOf(others).keys;
        expect(chats.map((one) => keys[others.indexOf(one)])).toEqual(keysOf(chats).keys);
      }),
    );
  });

  test('are found again once they are joined for good', () => {
    fc.assert(
      fc.property(anyPersonal, (chats) => {
        const people = new People();
        const nodes = chats.map((one) => people.add(one));
        const joined = people.close();
        expect(nodes.map((node) => joined.keyOf(joined.personOf(node)))).toEqual(keysOf(chats).keys);
        expect(chats.map((one) => people.add(one))).toEqual(nodes);
        expect(nodes.map((node) => joined.keyOf(joined.personOf(node)))).toEqual(keysOf(chats).keys);
      }),
    );
  });

  test('have a key of their own', () => {
    fc.assert(
      fc.property(anyPersonal, (chats) => {
        const { persons, keys } = keysOf(chats);
        expect(new Set(keys).size).toBe(persons.size);
      }),
    );
  });
});

describe('a phone number', () => {
  test.each([
    [
      '0912345678',
      '+84912345678',
      '0084912345678',
      '84912345678',
      '0912.345.678',
      '+84 (0)912 345 678',
      '912345678',
      '０９１２３４５６７８',
      '٠٩١٢٣٤٥٦٧٨',
      '84 (0) 912-345-678',
    ],
    ['02438251234', '+84 24 3825 1234', '842438251234', '(024) 3825 1234'],
    ['0841234567', '+84 84 1234567', '84841234567', '841234567'],
    ['12025550123', '+1 202 555 0123'],
  ])('is %s in every spelling', (number, ...spellings) => {
    expect(spellings.map(normalizePhone)).toEqual(spellings.map(() => number));
    expect(normalizePhone(number)).toBe(number);
    expect(isPlaceholder(number)).toBe(false);
  });

  test.each(['', '12 34', '1234567890123456', 'Khách'])('is not %j', (text) => {
    expect(normalizePhone(text)).toBeNull();
  });

  test('stays what it is once it is normal', () => {
    const written = fc.string({ unit: fc.oneof(fc.constantFrom(...'0123456789+()84 '), anyCharacter) });
    fc.assert(
      fc.property(written, (text) => {
        const number = normalizePhone(text);
        if (number !== null) expect(normalizePhone(number)).toBe(number);
      }),
    );
  });
});
