import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { RawCapture } from '../../functions/erasure/erase-captures.ts';
import { findDataSubject, RawPages } from '../../functions/erasure/find-subject.ts';
import { redactPage } from '../../functions/privacy/redact-row.ts';
import { SuppressionList, ValueSieve } from '../../functions/privacy/suppression-list.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import { anyCharacter, fc } from '../property.ts';
import { memoryLake } from '../web/memory-lake.ts';

const ID = '165644057';
const PHONE = '0987650123';
const EMAIL = 'kim.an@example.com';
const GIVEN = [`id:${ID}`, `phone:${PHONE}`, `email:${EMAIL}`];

/** A sign before each digit or none, and the digits in one script or another. */
const signs = fc.array(fc.constantFrom('', '', '', ' ', '.', '-', '(', ')', '+', ' / ', 'x', 'số'), {
  minLength: 15,
  maxLength: 15,
});
const zeros = fc.constantFrom(0x30, 0x30, 0x30, 0xff10, 0x0660, 0x1d7ce);
const phones = fc
  .tuple(fc.constantFrom('0', '+84', '0084', '84', '+84 (0)', '', '00084', '+'), signs, zeros, zeros)
  .map(([prefix, between, zero, other]) =>
    [...`${prefix}${PHONE.slice(1)}`]
      .map((sign, at) => `${between[at] ?? ''}${inScript(sign, at % 5 === 0 ? other : zero)}`)
      .join(''),
  );
const inScript = (sign: string, zero: number): string =>
  /\d/.test(sign) ? String.fromCodePoint(zero + Number(sign)) : sign;
const emails = fc
  .array(fc.boolean(), { minLength: EMAIL.length, maxLength: EMAIL.length })
  .chain((isUpper) => {
    const written = [...EMAIL].map((sign, at) => (isUpper[at] ? sign.toUpperCase() : sign)).join('');
    return fc.constantFrom(written, `${written}.`, ` ${written}`, written.replace(/k/i, '\u212a'));
  });
const numbers = fc.constantFrom(
  ...[ID, `${ID}.0`, '1.65644057e8', '16564405700E-2', '165644056.99999999999999', '0', '5', '12.5'],
  ...['987650123', '9.87650123e8', '84987650123', '987650122.99999999999', '123456789012345678901234567890'],
);
const values = fc.oneof(phones, emails, fc.constantFrom(ID, ` ${ID} `, `${ID}1`, `KH-${ID}`, 'Trần An', ''));
const texts = fc
  .tuple(
    fc.constantFrom('', 'gọi ', 'https://a.example/b?x=', '\u0001', 'tel:', '\ud83d', '23', '[', '"'),
    values,
    fc.constantFrom('', ' nhé', '&y=1#z', '.', '\u0301', '0', '"', ']'),
    fc.nat(3),
  )
  .map(([before, value, after, times]) => {
    let text = value;
    // Once or twice as in a web address, the first time each sign.
    if (times > 1)
      text = [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
    if (times > 2) text = encodeURIComponent(text);
    return `${before}${text}${after}`;
  });
/** A text in JSON, each sign as it is or as an escape. */
const written = fc
  .tuple(fc.oneof(texts, fc.string({ unit: anyCharacter, maxLength: 9 })), fc.nat(4))
  .map(([text, every]) => {
    const units = Array.from({ length: text.length }, (_, at) => text.charAt(at));
    const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
    const plain = (unit: string) =>
      JSON.stringify(unit)
        .slice(1, -1)
        .replace('/', every === 1 ? '\\/' : '/');
    return `"${units.map((unit, at) => (every > 2 && at % every === 0 ? escaped(unit) : plain(unit))).join('')}"`;
  });
const scalars = fc.oneof(written, numbers, fc.constantFrom('null', 'true', '""'));
const members = fc.oneof(
  scalars,
  scalars.map((value) => `[ ${value} ]`),
  fc.tuple(written, scalars).map(([name, value]) => `{${name} : ${value}}`),
);
const names = fc.oneof(
  fc.constantFrom('"customer_id"', '"cus_phone"', '"cus_email"', '"cus_name"', '"cus_ph\\u006fne"'),
  fc.constantFrom('"landing_page"', '"referrer"', '"note"', '"start_time"', '"chat_status"'),
  written,
);
const rows = fc
  .array(fc.tuple(names, members), { maxLength: 4 })
  .map((all) => `{"conversation_id":"c",${all.map(([name, value]) => `${name}: ${value}`).join(' ,')}`)
  .map((row) => `${row.replace(/,$/, '')}}`);
const pages = fc
  .tuple(fc.array(rows, { minLength: 1, maxLength: 3 }), fc.boolean(), written, scalars)
  .map(([all, isList, name, beside]) => {
    const keyed = all.map((row, at) => `${at === 0 ? name : `"${at}"`}:${row}`).join(',');
    const list = isList ? `[${all.join(',')}]` : `{${keyed}}`;
    return `{"code":"ok","numFound":${all.length},"beside":${beside},"chats":${list}}`;
  });

const key = Buffer.alloc(32, 7);
const { hash } = new SuppressionList(key, []);
const hashed = (value: string) => hash.call(new SuppressionList(key, []), value);
const listOf = (value: string) =>
  new SuppressionList(key, [{ hash: hashed(value), customer: 'erased-0000000000000000', given: true }]);

/** Holds no page back. */
class AllPages extends RawPages {
  override open(pageKey: string) {
    return super.open(pageKey, null);
  }
}

async function lakeOf(bodies: readonly Uint8Array[]) {
  const lake = memoryLake();
  const keys = bodies.map((_, at) => `raw/chats/page-${at}`);
  for (const [at, pageKey] of keys.entries()) await lake.put(pageKey, gzipSync(bodies[at] ?? ''));
  const capture = (day: string, of: string[]): RawCapture => ({
    ...{ day, channel: 'zalo', captureId: 'a', hasManifest: false, pages: of },
  });
  return { lake, captures: [capture('2026-11-20', keys.slice(0, 2)), capture('2026-11-21', keys.slice(2))] };
}

test('A page that a search holds back has no value that a reader of the page finds', () => {
  fc.assert(
    fc.property(pages, fc.constantFrom(...GIVEN), (json, given) => {
      const isHeldBack = !new ValueSieve(new Set([given])).mayPass(json.toWellFormed());
      const redacted = redactPage(Buffer.from(json), 'zalo', listOf(given), DIALECT);
      if (isHeldBack) expect(redacted && String(redacted.body)).toBeNull();
    }),
    { numRuns: 1_000 },
  );
});

test('A search that holds pages back finds the same person as one that reads them all', async () => {
  const encodings = fc.constantFrom(
    'utf8',
    'utf8',
    'utf8',
    'utf16le',
    'latin1',
  ) as fc.Arbitrary<BufferEncoding>;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(pages, encodings), { maxLength: 5 }),
      fc.constantFrom(...GIVEN),
      async (drawn, given) => {
        const { lake, captures } = await lakeOf(drawn.map(([json, encoding]) => Buffer.from(json, encoding)));
        const [some, all] = [new RawPages(lake), new AllPages(lake)];
        const found = await findDataSubject(some, captures, given, []);
        const { values: expected, customers, sharing } = await findDataSubject(all, captures, given, []);
        expect({ ...found, sameAs: null, sought: null }).toEqual({
          ...{ values: expected, customers, sharing, sameAs: null, sought: null },
        });
        expect(some.unreadable).toEqual(all.unreadable);
      },
    ),
    { numRuns: 300 },
  );
});

test.each([
  [`id:${ID}`, '{"customer_id":1.65644057e8}'],
  [`id:${ID}`, '{"customer_id" : 165644056.99999999999999}'],
  [`phone:${PHONE}`, '{"customer_id":null,"cus_phone":"098 số 765-01x23"}'],
  [`phone:${PHONE}`, '{"cus_phone":[9.87650123e8]}'],
  // As a text the list has an escape with the letter b.
  [`email:b${EMAIL}`, `{"cus_email":["\\u0008${EMAIL}"]}`],
])('A search for %s opens a page with the row %s', async (given, row) => {
  const { lake, captures } = await lakeOf([
    Buffer.from(
      `{"code":"ok","numFound":1,"chats":[{"customer_id":7,"cus_email":"other@example.com",${row.slice(1)}]}`,
    ),
  ]);
  const all = await findDataSubject(new AllPages(lake), captures, given, []);
  expect(all.values.size).toBeGreaterThan(1);
  expect((await findDataSubject(new RawPages(lake), captures, given, [])).values).toEqual(all.values);
});

test('Usual pages without the person are held back, also with escapes, and each is unpacked once', async () => {
  const row = { conversation_id: 'c', customer_id: 5, cus_name: 'Đặng Ánh 🎉', cus_phone: '+84900000358' };
  const page = (more: object, from = /$^/g) =>
    Buffer.from(
      JSON.stringify({ code: 'ok', numFound: 1, chats: [{ ...row, ...more }] }).replace(
        from,
        (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    );
  const { lake, captures } = await lakeOf([
    page({}),
    page({ start_time: '2026-11-20 08:15:30', landing_page: 'https://a.example/m%C3%A1y?x=1' }),
    page({}, /[\u0080-\uffff]/g),
    Buffer.from('no page'),
    page({ customer_id: 165_644_057, cus_phone: PHONE }, /(?<=cus_phone":"\d*)\d/g),
  ]);
  const reads: string[] = [];
  const raw = new RawPages({
    get(pageKey) {
      reads.push(pageKey.slice(-1));
      return lake.get(pageKey);
    },
  });
  const { values: found, sought } = await findDataSubject(raw, captures, `phone:${PHONE}`, []);
  expect([...found].sort()).toEqual([`id:${ID}`, `phone:${PHONE}`]);
  expect(raw.unreadable).toEqual(['raw/chats/page-3']);
  // Once it is known that they have an id, the first pages have to be searched for it.
  expect(reads.join('')).toBe('012340124');
  expect(await raw.open('raw/chats/page-2', sought)).toBeNull();
  expect(await raw.open('raw/chats/page-4', sought)).not.toBeNull();
  expect(reads.join('')).toBe('0123401244');
});

test('No digit of any script and no letter that becomes an ASCII letter is overlooked', () => {
  const sieve = new ValueSieve(new Set([`phone:${PHONE}`]));
  const overlooked: string[] = [];
  for (let point = 0x80; point <= 0x10ffff; point += 1) {
    const character = String.fromCodePoint(point);
    const isOdd = /\p{N}/u.test(character) || /^[a-z]$/.test(character.toLowerCase());
    if (isOdd && !sieve.mayPass(`{"a":"${character}"}`)) overlooked.push(point.toString(16));
  }
  expect(overlooked).toEqual([]);
});
