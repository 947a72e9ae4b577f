import { describe, expect, test } from 'vitest';
import { readSettingsText, toSettingsLine } from '../../bin/settings/settings-text.ts';
import { anyCharacter, fc } from '../property.ts';

function valuesIn(text: string): Record<string, string> {
  return Object.fromEntries([...readSettingsText(text).entries].map(([name, { value }]) => [name, value]));
}

describe('the text of a settings file', () => {
  test('reads back each value that was written, of any letters', () => {
    const value = fc.array(anyCharacter).map((letters) => letters.join('').replaceAll(/[\r\n]/g, ''));
    const awkward = fc.constantFrom(
      '',
      ' ',
      '"',
      "'",
      '#',
      ' # no',
      '\\',
      'a\\',
      '"a" <b@c>',
      "'",
      '=',
      '""',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(value, awkward), { maxLength: 8 }), (values) => {
        const named = values.map((one, place) => [`NAME_${place}`, one] as const);
        const { entries, problems } = readSettingsText(
          named.map(([name, one]) => toSettingsLine(name, one)).join('\n'),
        );
        expect(problems).toEqual([]);
        expect([...entries].map(([name, entry]) => [name, entry.value])).toEqual(named);
      }),
    );
  });

  test('a name without a value is a name, also a long one', () => {
    const names = ['CARESOFT_BASE_URL', 'caresoft_base_url', 'AWS_ENDPOINT_URL_S3', 'A1'];
    const { entries, problems } = readSettingsText(names.map((name) => `${name}=`).join('\n'));
    expect([[...entries.keys()], problems]).toEqual([names, []]);
  });

  test.each([
    ['blanks and an export', '  export LOCALE = en  ', 'en'],
    ['double quotes', 'LOCALE="e\\"n\\\\"', 'e"n\\'],
    ['single quotes', "LOCALE='e\"n\\'", 'e"n\\'],
    ['a name in quotes before an address', 'LOCALE="Shop 1, Hà Nội" <a@b.vn>', '"Shop 1, Hà Nội" <a@b.vn>'],
    ['a mark of Windows at the start, and its line ends', '\uFEFFLOCALE=en\r\n\r\n', 'en'],
    [
      'a # within an address',
      'LOCALE=https://web.vn/#/ticket/{ticket_id}',
      'https://web.vn/#/ticket/{ticket_id}',
    ],
    ['no value', 'LOCALE=', ''],
  ])('takes %s', (_title, text, value) => {
    expect(readSettingsText(text).problems).toEqual([]);
    expect(valuesIn(text)).toEqual({ LOCALE: value });
  });

  test('passes comments and blank lines over, and counts lines from 1', () => {
    const { entries, problems } = readSettingsText('# LOCALE=vi\n\n   # more\nLOCALE=en\n');
    expect([entries.get('LOCALE'), problems]).toEqual([{ value: 'en', line: 4 }, []]);
  });

  test.each([
    ['no equals sign', 'token-1', [{ line: 1, says: expect.stringContaining('is no setting') }]],
    ['no name', '=token-1', [{ line: 1, says: expect.stringContaining('is no setting') }]],
    [
      'a name twice',
      'A=1\nB=1\nA=2',
      [{ line: 3, name: 'A', says: 'is set twice, in lines 1 and 3; keep one' }],
    ],
    [
      'a comment after a value',
      'A=en # English',
      [{ line: 1, name: 'A', says: expect.stringContaining('#') }],
    ],
    [
      'a line that goes on',
      'A=b \\\n  # c',
      [{ line: 1, name: 'A', says: expect.stringContaining('backslash') }],
    ],
  ])('refuses %s, and shows no value', (_title, text, problems) => {
    const found = readSettingsText(text).problems;
    expect(found).toEqual(problems);
    expect(JSON.stringify(found)).not.toContain('token-1');
  });
});
