import { describe, expect, test } from 'vitest';
import { parseDeepJson } from '../../functions/text/json.ts';
import { toJsonPieces, toJsonText, toStrictJson, wellFormed } from '../../functions/text/write-json.ts';
import { fc } from '../property.ts';

/** Halves of pairs, and what may be taken for the escape of one. */
const unit = fc.constantFrom(
  '\ud83d',
  '\ude00',
  '😀',
  '\\',
  '\\ud83d',
  '"',
  'u',
  'd',
  '\u0000',
  '\u2028',
  'é',
);
const text = fc.string({ unit, maxLength: 8 });
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.constantFrom(null, true, 0, -0.5, 1e21),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(text, fc.constant('__proto__')), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
}));

/** Not `JSON.parse`, which takes a name with an escape for another with a backslash: see `anyJson`. */
const parse = (json: string): unknown => parseDeepJson(json, (number) => number);

/** All texts of a value, and how many members its objects have. */
function textsOf(of: unknown): readonly string[] {
  if (typeof of === 'string') return [of];
  if (typeof of !== 'object' || of === null) return [];
  return Object.entries(of).flatMap(([name, member]) => [name, ...textsOf(member)]);
}

describe('JSON text', () => {
  test('holds no half of a pair, as many members as the value, and all that was well-formed', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (of, indent) => {
        const json = toJsonText(of, indent);
        const read = textsOf(parse(json));
        expect(read.filter((one) => !one.isWellFormed())).toEqual([]);
        expect(read).toHaveLength(textsOf(of).length);
        if (textsOf(of).every((one) => one.isWellFormed()))
          expect(json).toBe(JSON.stringify(of, null, indent));
        expect(parse(toStrictJson(JSON.stringify(of)))).toEqual(parse(json));
        expect(JSON.stringify(of, wellFormed, indent)).toBe(json);
      }),
    );
  });

  test.each<[string, unknown, string]>([
    ['a value', 'a\ud83d', '"a\ufffd"'],
    ['a name', { '\ude00a': 1 }, '{"\ufffda":1}'],
    ['a pair the wrong way round', '\ude00\ud83d', '"\ufffd\ufffd"'],
    [
      'names that become the same',
      { '\ud83d': 1, '\ud83e': 2, '\ufffd (2)': 3 },
      '{"\ufffd":1,"\ufffd (3)":2,"\ufffd (2)":3}',
    ],
    [
      'a name that is no name of an object’s own',
      JSON.parse('{"__proto__":"\ud83d"}'),
      '{"__proto__":"\ufffd"}',
    ],
    ['what only looks like an escape', '\\ud83d \\\\ud83d \\', '"\\\\ud83d \\\\\\\\ud83d \\\\"'],
    ['both, side by side', '\\ud83d\ud83d', '"\\\\ud83d\ufffd"'],
    ['nothing', undefined, 'null'],
    ['what JSON has no number for', [Number.NaN, Number.POSITIVE_INFINITY], '[null,null]'],
  ])('of %s', (_case, of, json) => {
    expect(toJsonText(of)).toBe(json);
  });

  test('holds no half as it is either, as some libraries write it', () => {
    expect(toStrictJson('{"a\ud83d":"\\ud83d"}')).toBe('{"a\ufffd":"\ufffd"}');
  });

  test('that is none is left as it is', () => {
    for (const json of ['', '{"a":"\\ud83d', 'null']) expect(toStrictJson(json)).toBe(json);
  });
});

describe('JSON in pieces', () => {
  test('is the same text, with and without lines', () => {
    const long = fc.tuple(value, fc.integer({ min: 250, max: 600 }), value).map(([item, length, other]) => {
      return Array.from({ length }, (_, at) => (at % 7 === 0 ? other : item));
    });
    const record = fc.record({ name: text, list: long, nested: fc.record({ list: long, value }) });
    fc.assert(
      fc.property(fc.oneof(value, long, record), fc.constantFrom(0, 2), (given, indent) => {
        expect([...toJsonPieces(given, indent)].join('')).toBe(toJsonText(given, indent));
      }),
    );
  });

  test('leaves out what JSON does, and a list keeps its places', () => {
    const given = {
      a: undefined,
      b: [undefined, ...Array.from({ length: 300 }, () => null)],
      c: { d: undefined },
    };
    expect([...toJsonPieces(given, 2)].join('')).toBe(toJsonText(given, 2));
  });

  test('comes in many pieces where a list is long', () => {
    const list = Array.from({ length: 10_000 }, (_, at) => ({ at }));
    expect([...toJsonPieces({ list })].length).toBeGreaterThan(30);
  });
});
