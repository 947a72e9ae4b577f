import { describe, expect, test } from 'vitest';
import {
  countValues,
  parseDeepJson,
  parseExactJson,
  toComparableText,
  writeDeepJson,
} from '../../functions/text/json.ts';
import { fc } from '../property.ts';

const same = (value: unknown): unknown => value;

describe('JSON that the stack is too small for', () => {
  test('is read and written as the rest', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.nat(3), (text, indent) => {
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

test('an integer of more digits than any id is a text, and no time is spent on it', () => {
  expect(parseExactJson(`[${'9'.repeat(40)},${'9'.repeat(41)}]`)).toEqual([
    BigInt('9'.repeat(40)),
    '9'.repeat(41),
  ]);
});

test('values are counted without what stands in texts', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
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
