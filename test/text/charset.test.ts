import { expect, test } from 'vitest';
import { declaredCharset, decodeBody, guessCharset } from '../../functions/text/charset.ts';
import { anyCharacter, fc } from '../property.ts';

test.each([
  ['application/json', null],
  ['application/json; charset=utf-8', 'utf-8'],
  ['application/json;CHARSET="Windows-1258"', 'Windows-1258'],
  ["application/json ; charset = 'UTF8' ; x=1", 'UTF8'],
  ['application/json; charset=', null],
  ['application/json; charset=""', null],
  ['application/json; notcharset=x', null],
])('%s tells %s', (contentType, charset) => {
  expect(declaredCharset(contentType)).toBe(charset);
});

test('a text in UTF-8 is read as it is, also where single bytes are told', () => {
  const told = fc.constantFrom(
    null,
    'utf-8',
    'iso-8859-1',
    'windows-1258',
    'koi8-r',
    'macintosh',
    'us-ascii',
  );
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), told, (text, charset) => {
      const json = `{"x":${JSON.stringify(text)}}`;
      expect(decodeBody(Buffer.from(json), charset)).toEqual({ text: json, charset: 'utf-8' });
    }),
  );
});

test('a page of which nothing is written down is read so that ASCII is right', () => {
  const text = '{"cus_name":"Hà","cus_phone":"0912345678"}';
  const bodies = [Buffer.from(text), Buffer.from(text, 'latin1'), Buffer.from(text, 'utf16le')];
  expect(bodies.map(guessCharset)).toEqual(['utf-8', 'windows-1252', 'utf-16le']);
  expect(guessCharset(Buffer.from(text, 'utf16le').swap16())).toBe('utf-16be');
});
