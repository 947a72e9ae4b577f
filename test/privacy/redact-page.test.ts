import { describe, expect, test } from 'vitest';
import { elementsOf, literalsOf, membersOf, rowSpans, textOf } from '../../functions/privacy/json-edit.ts';
import { redactPage } from '../../functions/privacy/redact-row.ts';
import { contactsIn, SuppressionList, valuesIn } from '../../functions/privacy/suppression-list.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import { chatsSchema } from '../../functions/sources/caresoft/fields.ts';
import { parseExactJson } from '../../functions/text/json.ts';
import { anyCharacter, fc } from '../property.ts';

const key = Buffer.alloc(32, 7);
const listed = (given: boolean, ...values: string[]) => {
  const { hash } = new SuppressionList(key, []);
  const of = (value: string) => hash.call(new SuppressionList(key, []), value);
  return new SuppressionList(
    key,
    values.map((value, index) => ({ hash: of(value), customer: `erased-000000000000000${index}`, given })),
  );
};
const suppressed = listed(false, 'id:165644057', 'phone:0901234567', 'email:an@example.com');
const page = (...rows: string[]) =>
  Buffer.from(`{"code":"ok","numFound":${rows.length},"chats":[${rows.join(',')}]}`);
const redact = (row: string, list = suppressed) => {
  const redacted = redactPage(page(row), 'zalo', list, DIALECT);
  return redacted && rowSpans(redacted.body, 'chats').map((span) => textOf(redacted.body, span))[0];
};

/** JSON with blanks in all places, characters as escapes, long numbers and members of one name. */
const blanks = fc.stringMatching(/^[ \t\r\n]{0,2}$/);
const texts = fc
  .string({ unit: anyCharacter, maxLength: 12 })
  .chain((text) => fc.constantFrom(JSON.stringify(text), escaped(text), `"{[\\"\\\\,:]}${'x'.repeat(3)}"`));
const scalars = fc.oneof(
  texts,
  fc.constantFrom(
    'null',
    'true',
    '-0',
    '1e400',
    '9007199254740993',
    '-1.5E+3',
    '123456789012345678901234567890',
  ),
);
const names = fc.oneof(
  texts,
  fc.constantFrom('"customer_id"', '"cus_name"', '"note"', '"chats"', '"__proto__"'),
);
const { value: values } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalars,
    fc
      .array(fc.tuple(blanks, tie('value'), blanks), { maxLength: 3 })
      .map((all) => `[${all.map((one) => one.join('')).join(',')}]`),
    fc
      .array(fc.tuple(blanks, names, blanks, tie('value'), blanks), { maxLength: 4 })
      .map((all) => `{${all.map(([a, name, b, value, c]) => `${a}${name}${b}:${value}${c}`).join(',')}}`),
  ),
}));

function escaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}

/** The same by way of members and elements. */
function literalsBelow(bytes: Buffer, at: number): string[] {
  const rest = bytes.toString('latin1', at);
  if (rest.startsWith('"')) return literalsOf(bytes, { from: at, to: bytes.length }).slice(0, 1);
  const number = /^[-+.\dEe]+/.exec(rest)?.[0];
  if (number !== undefined && /^[-\d]/.test(number)) return [number];
  return [
    ...membersOf(bytes, at).flatMap(({ name, value }) => [name, ...literalsBelow(bytes, value.from)]),
    ...elementsOf(bytes, at).flatMap(({ from }) => literalsBelow(bytes, from)),
  ];
}

describe('a number that is on a list', () => {
  const theirs = '{"customer_id":7,"cus_name":"Khách 1","cus_phone":"+84 (0)912 345 678"}';

  test.each(['00912345678', '0912345678'])(
    'is found in the form %s, which this or an earlier version gave it',
    (form) => {
      const list = listed(true, `phone:${form}`);
      expect(redact(theirs, list)).not.toContain('912');
      expect(redact(theirs.replace('7', 'null'), listed(false, `phone:${form}`))).not.toContain('912');
    },
  );

  test('is found without its zero, as it was hashed before, and with it', () => {
    for (const form of ['912345678', '0912345678']) {
      const row = '{"customer_id":null,"cus_name":"Khách 1","cus_phone":"912345678"}';
      expect(redact(row, listed(false, `phone:${form}`))).toContain('"customer_id":"erased-');
    }
  });

  test('is found in digits of any script', () => {
    const row = theirs.replace('+84 (0)912 345 678', '０９１２ ٣٤٥ 678');
    expect(redact(row, listed(true, 'phone:0912345678'))).toContain('"customer_id":"erased-');
  });
});

describe('a page', () => {
  test('is taken apart where its rows are, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(values), blanks, fc.boolean(), (rows, blank, hasMark) => {
        const text = `${blank}{"chats":[1]${blank},"a":{"chats":[2]},"ch\\u0061ts"${blank}:${blank}[${blank}${rows.join(`${blank},${blank}`)}${blank}]${blank}}`;
        const body = Buffer.concat([Buffer.from(hasMark ? '\ufeff' : ''), Buffer.from(text)]);
        const found = rowSpans(body, 'chats').map((span) => textOf(body, span));
        // What half of a character is in a text has no bytes of its own.
        expect(found).toEqual(rows.map((row) => Buffer.from(row).toString()));
        expect(found.map((row) => JSON.parse(row))).toEqual(JSON.parse(text).chats);
      }),
    );
  });

  test('gives every text and number of a value', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = Buffer.from(value);
        expect(literalsOf(bytes, { from: 0, to: bytes.length })).toEqual(literalsBelow(bytes, 0));
      }),
    );
  });

  test('changes in the rows of who is kept out, and in no other byte', () => {
    const theirs = '{"conversation_id":"c","customer_id": 165644057 ,"cus_name":"An"}';
    fc.assert(
      fc.property(fc.array(values), fc.array(values), (before, after) => {
        const body = page(...before, theirs, ...after);
        const redacted = redactPage(body, 'zalo', suppressed, DIALECT);
        if (redacted === null) expect.unreachable();
        const replaced = '{"conversation_id":"c","customer_id": "erased-0000000000000000" ,"cus_name":null}';
        expect(Buffer.from(redacted.body)).toEqual(page(...before, replaced, ...after));
        expect(redacted.erased).toBe(1);
        expect(redactPage(redacted.body, 'zalo', suppressed, DIALECT)).toBeNull();
      }),
    );
  });

  test('whose rows are an object becomes what it would as a list, in the same order', () => {
    const rows = fc.array(
      fc.constantFrom(
        '{"conversation_id":"c","customer_id":165644057,"cus_name":"An"}',
        '{"conversation_id":"d","customer_id":5,"note":"0901234567"}',
        '{"conversation_id":"e","customer_id":6}',
      ),
      { minLength: 1, maxLength: 6 },
    );
    const places = fc.uniqueArray(fc.oneof(fc.nat(), fc.constant(165_644_057)), { minLength: 6 });
    const rowsOf = (body: Uint8Array | undefined) => {
      const { chats } = chatsSchema.parse(parseExactJson(String(body)));
      return chats;
    };
    fc.assert(
      fc.property(rows, places, (all, keys) => {
        const written = all.map((row, at) => [keys[at] ?? 0, row] as const);
        const members = written.map(([key, row]) => `"${key}":${row}`).join(',');
        const asObject = Buffer.from(`{"code":"ok","numFound":9,"chats":{${members}}}`);
        const inOrder = written.toSorted(([one], [other]) => one - other).map(([, row]) => row);
        const redacted = redactPage(asObject, 'zalo', suppressed, DIALECT);
        const asList = redactPage(page(...inOrder), 'zalo', suppressed, DIALECT);
        expect(rowsOf(redacted?.body ?? asObject)).toEqual(rowsOf(asList?.body ?? page(...inOrder)));
        expect(redacted?.erased ?? 0).toBe(asList?.erased ?? 0);
        expect(String(redacted?.body)).not.toMatch(/165644057|0901234567/);
        if (redacted) expect(redactPage(redacted.body, 'zalo', suppressed, DIALECT)).toBeNull();
      }),
    );
  });

  test('whose rows stand under the ids of their customers loses these, however short', () => {
    const body = Buffer.from(
      '{"code":"ok","numFound":2,"chats":{"51":{"conversation_id":"c","customer_id":51},"7":{"customer_id":7}}}',
    );
    const redacted = redactPage(body, 'zalo', listed(true, 'id:51'), DIALECT);
    expect(String(redacted?.body)).toBe(
      '{"code":"ok","numFound":2,"chats":{"1":{"conversation_id":"c","customer_id":"erased-0000000000000000"},"0":{"customer_id":7}}}',
    );
  });

  test('loses what stands beside its rows', () => {
    const said = (beside: string, list: string) =>
      Buffer.from(`{"code":"OK","numFound":165644057,${beside},"chats":${list},"chats":[{"customer_id":5}]}`);
    const redacted = redactPage(
      said('"who":{"tel":["0901234567"]},"of":1', '["165644057"]'),
      'zalo',
      suppressed,
      DIALECT,
    );
    expect(redacted).toEqual({ body: said('"who":null,"of":1', 'null'), erased: 0 });
  });

  test('is the same page, not a copy of it, where nobody is met', () => {
    fc.assert(
      fc.property(fc.array(values), (rows) => {
        expect(redactPage(page(...rows), 'zalo', suppressed, DIALECT)).toBeNull();
      }),
    );
  });
});

describe('a row', () => {
  const own = (fields: string) => `{"conversation_id":"c","customer_id":165644057${fields}}`;
  const erased = (fields: string) =>
    `{"conversation_id":"c","customer_id":"erased-0000000000000000"${fields}}`;

  test.each([
    [
      'each of several members of one name',
      ',"cus_phone":"0901","cus_phone":null',
      ',"cus_phone":null,"cus_phone":null',
    ],
    ['what nobody knows', ',"x":{"y":[1]},"ok":true,"z":""', ',"x":null,"ok":true,"z":""'],
    ['its ticket', ',"ticket_id":9007199254740993,"ticket_no":17', ',"ticket_id":null,"ticket_no":null'],
    [
      'the query of its page',
      ',"landing_page":"https://a.example/b?q=1#x"',
      ',"landing_page":"https://a.example/b"',
    ],
    [
      'a page that is called after them',
      ',"cus_name":"Trần An","landing_page":"https://a.example/Tr%E1%BA%A7n%20An"',
      ',"cus_name":null,"landing_page":"https://a.example/erased"',
    ],
    ['what is no page', ',"landing_page":42,"referrer":"x"', ',"landing_page":null,"referrer":null'],
    ['a time that is none', ',"end_time":"gọi 0901234567"', ',"end_time":null'],
    [
      'what else is not what its field is, and tells who they are',
      ',"cus_name":"Trần An","ring_time":"hỏi Trần An","waitTime":["0901234567"],"is_trigger":"an@example.com","chat_status":"TRẦN AN","agent_name":[165644057]',
      ',"cus_name":null,"ring_time":null,"waitTime":null,"is_trigger":null,"chat_status":null,"agent_name":null',
    ],
    [
      'nothing that is only unknown',
      ',"ring_time":"soon","is_trigger":"MAYBE","chat_status":"LBL_CHAT_STATUS_LEFT"',
      ',"ring_time":"soon","is_trigger":"MAYBE","chat_status":"LBL_CHAT_STATUS_LEFT"',
    ],
    [
      'nothing that is counted',
      ',"waitTime":"00:00:12","chat_duration":39,"agent_name":"An"',
      ',"waitTime":"00:00:12","chat_duration":39,"agent_name":"An"',
    ],
  ])('of theirs loses %s', (_title, fields, left) => {
    expect(redact(own(fields))).toBe(erased(left));
  });

  test('of theirs without an id gets one, by which they stay one customer', () => {
    expect(redact('{"conversation_id":"c","cus_phone":"+84 901 234 567"}')).toBe(
      '{"customer_id":"erased-0000000000000001","conversation_id":"c","cus_phone":null}',
    );
  });

  test('of theirs keeps what tells it from another, where that is all it says', () => {
    const rows = ['0901234567', '+84901234567', '0901234567'].map((phone) => `{"cus_phone":"${phone}"}`);
    const redacted = redactPage(page(...rows), 'zalo', suppressed, DIALECT);
    const { chats } = parseExactJson(String(redacted?.body)) as { chats: { ticket_id: string }[] };
    const ids = chats.map((chat) => chat.ticket_id);
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toBe(ids[2]);
  });

  test('of theirs loses an id of the chat that is none, and stays another than its like', () => {
    const rows = ['0901234567', '+84901234567'].map(
      (phone) => `{"conversation_id":["${phone}"],"cus_phone":"${phone}"}`,
    );
    const redacted = rows.map((row) => redact(row));
    for (const row of redacted) {
      expect(row).toMatch(/"ticket_id":"erased-[0-9a-f]{16}".*"conversation_id":null,"cus_phone":null\}$/);
    }
    expect(redacted[0]).not.toBe(redacted[1]);
  });

  test('of theirs has no field that is called after them', () => {
    expect(redact(own(',"cus_name":"Trần An","tran %54r%E1%BA%A7n an":true'))).toMatch(
      /,"cus_name":null,"erased-[0-9a-f]{16}":true\}$/,
    );
  });

  test('whose chat is called after them is called otherwise, each in its own way', () => {
    const called = (id: string) => redact(`{"conversation_id":"${id}","customer_id":165644057}`) ?? '';
    expect(called('zalo-0901234567-1')).toMatch(/"conversation_id":"erased-[0-9a-f]{16}"/);
    expect(called('zalo-0901234567-1')).not.toBe(called('zalo-0901234567-2'));
  });

  test.each([
    [
      '{"customer_id":5,"conversation_id":"c","cus_phone":"0901234567","cus_name":"An"}',
      '{"customer_id":5,"conversation_id":"c","cus_phone":null,"cus_name":null}',
    ],
    ['{"customer_id":5,"conversation_id":"c","cus_name":"Nguyễn An"}', null],
    [
      '{"customer_id":5,"conversation_id":"c","landing_page":"https://a.example/b?id=165644057&x=1"}',
      '{"customer_id":5,"conversation_id":"c","landing_page":"https://a.example/b"}',
    ],
    [
      '{"customer_id":5,"conversation_id":"c","x":{"0901234567":1},"an@example.com":2}',
      /^\{"customer_id":5,"conversation_id":"c","x":null,"erased-[0-9a-f]{16}":2\}$/,
    ],
    ['{"customer_id":1656440570,"conversation_id":"c","x":"1656440571"}', null],
    ['{"customer_id":5,"conversation_id":"c","service_id":165644057,"ticket_id":165644057}', null],
    [
      '{"customer_id":165644057,"customer_id":5,"conversation_id":"c"}',
      /^\{"customer_id":"erased-[0-9a-f]{16}","customer_id":5,/,
    ],
    [
      '{"customer_id":5,"conversation_id":"c","end_time":"0901234567","agent_name":["an@example.com"],"chat_status":"?"}',
      '{"customer_id":5,"conversation_id":"c","end_time":null,"agent_name":null,"chat_status":"?"}',
    ],
    ['["0901234567"]', /^"erased-[0-9a-f]{16}"$/],
    ['17', null],
  ])('of somebody else loses what of it is theirs: %s', (row, left) => {
    const redacted = redact(row);
    if (left instanceof RegExp) expect(redacted).toMatch(left);
    else expect(redacted).toBe(left);
  });

  test('is theirs where it has what was given, whatever its id', () => {
    const given = listed(true, 'phone:0901234567');
    expect(
      redact('{"customer_id":5,"conversation_id":"c","cus_phone":"0901234567 / 0912345678"}', given),
    ).toBe('{"customer_id":"erased-0000000000000000","conversation_id":"c","cus_phone":null}');
  });

  test('of nobody who can be told stays a customer of its own, also by what was given', () => {
    const given = listed(true, 'phone:0901234567');
    const [one, other] = ['c', 'd'].map((id) =>
      redact(`{"conversation_id":"${id}","cus_phone":"0901234567 / 0912345678"}`, given),
    );
    expect(one).toMatch(
      /^\{"customer_id":"erased-(?!0{16})[0-9a-f]{16}","conversation_id":"c","cus_phone":null\}$/,
    );
    expect(one?.slice(0, 40)).not.toBe(other?.slice(0, 40));
  });
});

test.each([
  ['gọi 0901 234 567 nhé', 'phone:0901234567'],
  ['2026-11-20 0901234567', 'phone:0901234567'],
  ['tel=%2B84%20901%20234%20567', 'phone:0901234567'],
  ['tel=%252B84901234567&x', 'phone:0901234567'],
  ['901234567', 'phone:0901234567'],
  ['(0084) 901-234-567.', 'phone:0901234567'],
  ['mailto:An@Example.com?x', 'email:an@example.com'],
  ['e=an%40example.com.', 'email:an@example.com'],
])('In “%s” there is %s', (text, value) => {
  expect([...contactsIn(text)]).toContain(value);
});

test('An id stands for itself in a text, and not in a longer one', () => {
  expect([...valuesIn('?ref=165644057&x=KH-12345')]).toEqual(
    expect.arrayContaining(['id:165644057', 'id:KH-12345']),
  );
  expect([...valuesIn('1656440579')]).not.toContain('id:165644057');
});
