import { expect, test } from 'vitest';
import { toTable, wrap } from '../../bin/table.ts';

const COLUMNS = [{ title: 'day' }, { title: 'chats', align: 'right' }, { title: 'mail' }] as const;

test('A table has texts at the left, numbers at the right, and notes in lines below their row', () => {
  const rows = [
    { cells: ['2026-11-20', '7', 'sent'] },
    { cells: ['2026-11-19', '12,004', ''], notes: ['Zalo could not be read.', 'It is read again at noon.'] },
  ];
  expect(toTable(COLUMNS, rows, 24)).toBe(
    [
      'day          chats  mail',
      '2026-11-20       7  sent',
      '2026-11-19  12,004',
      '    Zalo could not be',
      '    read.',
      '    It is read again at',
      '    noon.',
      '',
    ].join('\n'),
  );
  expect(toTable(COLUMNS, [])).toBe('');
});

test('Letters with marks take one place, and a word that is too long stays whole', () => {
  const decomposed = 'Bán hàng'.normalize('NFD');
  expect(toTable([{ title: 'group' }, { title: 'n', align: 'right' }], [{ cells: [decomposed, '1'] }])).toBe(
    `group     n\n${decomposed}  1\n`,
  );
  expect(wrap('see https://example.com/a/long/address here', 12, '  ')).toBe(
    '  see\n  https://example.com/a/long/address\n  here',
  );
});
