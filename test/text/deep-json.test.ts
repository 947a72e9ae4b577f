import { describe, expect, test } from 'vitest';
import {
  countValues,
  parseDeepJson,
  parseExactJson,
  toComparableText,
  toPlainBytes,
  writeDeepJson,
} from '../../functions/text/json.ts';
import { anyCharacter, anyJson, fc } from '../property.ts';

const same = (value: unknown): unknown => value;

describe('JSON that the stack is too small for', () => {
  test('is read and written as the rest', () => {
    fc.assert(
      fc.property(anyJson({ stringUnit: 'binary' }), fc.nat(3), (text, indent) => {
        const value: unknown = JSON.parse(text);
        const spaced = JSON.stringify(value, null, indent);
        expect(parseDeepJson(spaced, same)).toEqual(value);
        expect(writeDeepJson(value, same)).toBe(JSON.stringify(value));
      }),
    );
  });

  test.each([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"b":[],"__proto__":"\\"x\\\\","c":[-9007199254740993,', ']}'],
  ])('keeps every digit and every member of %s 20,000 deep', (open, close) => {
    const text = `{"id":90071992547409931,"x":${open.repeat(20_000)}{}${close.repeat(20_000)}}`;
    const written = toComparableText(parseExactJson(text));
    expect(written.replaceAll(/\{"bigint":"(-?\d+)"\}/g, '$1') === text).toBe(true);
  });
});

test('the text to compare by is what a replacer of bigints writes, after any other value', () => {
  const wire = (_name: string, part: unknown) => (typeof part === 'bigint' ? { bigint: String(part) } : part);
  const values = fc.array(fc.oneof(fc.bigInt(), fc.jsonValue({ stringUnit: 'binary' })), { maxLength: 4 });
  fc.assert(
    fc.property(values, (value) => {
      expect(toComparableText(value)).toBe(JSON.stringify(value, wire));
    }),
  );
});

describe('the bytes of an ordinary row', () => {
  const textOf = (row: unknown) => {
    const bytes = toPlainBytes(row);
    return bytes && Buffer.from(bytes).toString();
  };

  test('are its text to compare by, for each row that has them', () => {
    const odd = fc.constantFrom(
      '"',
      '\\',
      '\n',
      '\u007f',
      '\u2028',
      '\ud83d',
      '😀',
      'é',
      'ệ',
      '\ud7ff',
      '\ue000',
    );
    const text = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.array(odd, { maxLength: 3 }).map((all) => all.join('')),
    );
    const number = fc.oneof(
      fc.double(),
      fc.maxSafeNat(),
      fc.constantFrom(-0, 9_007_199_254_740_991, 2 ** 53, 1e21),
    );
    const member = fc.oneof(text, number, fc.jsonValue(), fc.bigInt());
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(text, member), member), (row) => {
        expect([null, toComparableText(row)]).toContain(textOf(row));
      }),
      { numRuns: 2_000 },
    );
  });

  test('are of its own names, with any names in the rows before', () => {
    const name = fc.constantFrom('id', 'name', 'ệ', '"', '\n', '😀', '');
    const rows = fc.array(fc.array(name, { minLength: 1, maxLength: 4 }), { maxLength: 12 });
    fc.assert(
      fc.property(rows, (all) => {
        for (const names of all) {
          const row = Object.fromEntries(names.map((one, place) => [one, place]));
          const isPlain = !names.some((one) => ['"', '\n', '😀'].includes(one));
          expect(textOf(row)).toBe(isPlain ? JSON.stringify(row) : null);
        }
      }),
    );
  });

  test('stand for all that most rows hold, up to some thousand letters', () => {
    const row = { id: 623_310_001_500, '7': 0, none: null, '': '', name: 'Nguyễn Thị Hồng Nhung ￼é' };
    expect(textOf(row)).toBe(JSON.stringify(row));
    const lengths = Array.from({ length: 4_200 }, (_, length) => length);
    const written = lengths.filter((length) => {
      const long = { a: 'x'.repeat(length), b: 1 };
      const bytes = textOf(long);
      if (bytes !== null) expect(bytes).toBe(JSON.stringify(long));
      return bytes !== null;
    });
    expect(written.length).toBeGreaterThan(1_000);
    expect(textOf(Object.fromEntries(lengths.map((name) => [name, null])))).toBeNull();
  });

  test('are none for other values', () => {
    for (const value of [
      null,
      'x',
      7,
      [],
      {},
      { a: [] },
      { a: '\n' },
      { a: 0.5 },
      { a: -1 },
      { a: '😀' },
      { a: 7n },
    ]) {
      expect(textOf(value)).toBeNull();
    }
  });
});

test('an integer of more digits than any id is a text, and no time is spent on it', () => {
  expect(parseExactJson(`[${'9'.repeat(40)},${'9'.repeat(41)}]`)).toEqual([
    BigInt('9'.repeat(40)),
    '9'.repeat(41),
  ]);
});

test('values are counted without what stands in texts', () => {
  fc.assert(
    fc.property(anyJson(), (text) => {
      let values = 0;
      JSON.parse(text, (_name, value) => {
        values += 1;
        return value;
      });
      expect(countValues(text)).toBeGreaterThanOrEqual(values);
      // What is empty counts for one that it does not hold.
      expect(countValues(text)).toBeLessThanOrEqual(2 * values);
    }),
  );
  expect(countValues('{"a,[{":"\\",\\\\"}')).toBe(2);
});
