import { describe, expect, test } from 'vitest';
import { findEntries } from '../../bin/settings/listed-names.ts';

const LIST = [
  { id: '7', name: 'Bán hàng' },
  { id: '8', name: 'Bảo hành, đổi trả' },
  { id: '9', name: 'Kho' },
  { id: '10', name: 'Kho' },
];

describe('a list of names', () => {
  test.each([
    ['7,9', ['7', '9']],
    ['BÁN  HÀNG', ['7']],
    ['Bán hàng'.normalize('NFD'), ['7']],
    ['Bảo hành, đổi trả, 10, 7,', ['8', '10', '7']],
  ])('finds %s', (text, ids) => {
    const { entries, problems } = findEntries(text, LIST);
    expect([entries.map(({ id }) => id), problems]).toEqual([ids, []]);
  });

  test.each([
    ['Ban hang', 'holds "Ban hang", which is not in the list; write "Bán hàng" or 7'],
    ['Kho', 'holds "Kho", which the list has 2 times; write its id instead: 9 or 10'],
    [
      '11',
      'holds "11", which is not in the list; it can hold 7 Bán hàng, 8 Bảo hành, đổi trả, 9 Kho, 10 Kho',
    ],
    [',', 'names none; it can hold 7 Bán hàng, 8 Bảo hành, đổi trả, 9 Kho, 10 Kho'],
  ])('says what is wrong with %s', (text, says) => {
    expect(findEntries(text, LIST)).toEqual({ entries: [], problems: [says] });
  });
});
