import { expect, test } from 'vitest';
import { writeWorkbook } from '../../functions/report/formats/workbook/layout.ts';
import type { TableSheet } from '../../functions/report/formats/workbook/sheet.ts';
import { tableOf, type Value } from '../../functions/report/formats/workbook/sheet.ts';
import { openWorkbook } from './open-workbook.ts';

const KINDS = ['text', 'count', 'share', 'seconds', 'moment', 'hour'] as const;
const FORMATS = ['@', '#,##0', '0.0%', '[h]:mm:ss', 'dd/mm/yyyy hh:mm:ss', 'hh:mm'];

/** 30 columns: their letters go beyond Z. */
function tableWith(rows: number, of: (row: number, column: number) => Value, hasTotal: boolean): TableSheet {
  const columns = Array.from({ length: 30 }, (_, column) => ({
    title: `Cột ${column}`,
    kind: KINDS[column % KINDS.length] ?? 'text',
    width: 12,
    of: (row: number) => of(row, column),
  }));
  const numbers = Array.from({ length: rows }, (_, row) => row);
  return { name: 'Bảng', ...tableOf(columns, numbers, hasTotal ? { name: 'Tổng', of: rows } : null) };
}

async function sheetOf(...tables: TableSheet[]) {
  const overview = { name: 'Đầu', lines: [{ as: 'title', text: 'Ngày' } as const] };
  const named = tables.map((table, place) => ({ ...table, name: `${table.name} ${place}` }));
  const at = '2026-11-21T00:00:00Z';
  const file = await writeWorkbook({ title: 'Ngày', locale: 'vi', at, overview, sheets: named });
  return named.map(({ name }) => openWorkbook(file).sheet(name));
}

const TEXTS = [
  '',
  ' ',
  'a & <b> "c"',
  '#N/A',
  '=1+1',
  '_x0041_',
  'Nguyễn Văn An',
  '😀',
  ' x ',
  'Đầu',
  'Cột 3',
];

/** Texts that come again and again, numbers, what is no number, and nothing. */
function givenValue(row: number, column: number): Value {
  if (column % 6 !== 0) {
    const numbers: Value[] = [null, 0, -1.5, 86_400, row, Number.NaN, Number.POSITIVE_INFINITY];
    return numbers[(row + column) % numbers.length] ?? null;
  }
  const which = (row * 7 + column) % (TEXTS.length + 2);
  return TEXTS[which] ?? (which === TEXTS.length ? null : `${row}/${column}`);
}

/** The value as its cell holds it. */
function heldValue(row: number, column: number): string | number | null {
  const value = givenValue(row, column);
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
  if (value === null || !Number.isFinite(value)) return null;
  switch (KINDS[column % KINDS.length]) {
    case 'seconds':
      return value / 86_400;
    case 'moment':
      return 25_569 + value / 86_400;
    case 'hour':
      return value / 24;
    default:
      return value;
  }
}

test.each([0, 1, 3_000])('a table of %i rows holds each value in its place, and its format', async (rows) => {
  const [first, second] = await sheetOf(
    tableWith(rows, givenValue, true),
    tableWith(rows, givenValue, false),
  );
  for (const [sheet, last] of [
    [first, rows + 1],
    [second, rows],
  ] as const) {
    expect(sheet?.rows).toHaveLength(last + 1);
    expect(sheet?.xml).toContain(`<dimension ref="A1:AD${last + 1}"/>`);
    for (const [at, row] of (sheet?.rows ?? []).slice(1).entries()) {
      const isTotal = at === rows;
      expect(row.map(({ value }) => value)).toEqual(
        FORMATS.concat(...Array.from({ length: 4 }, () => FORMATS)).map((_, column) =>
          isTotal && column === 0 ? 'Tổng' : heldValue(at, column),
        ),
      );
      expect(row.map(({ format }) => format).slice(0, FORMATS.length)).toEqual(FORMATS);
    }
  }
});

test('texts are kept once, whichever sheet has them', async () => {
  const table = tableWith(500, (_, column) => (column === 0 ? 'Nguyễn Văn An' : null), false);
  const overview = { name: 'Đầu', lines: [] };
  const sheets = [table, { ...table, name: 'Khác' }];
  const at = '2026-11-21T00:00:00Z';
  const { parts } = openWorkbook(await writeWorkbook({ title: '', locale: 'en', at, overview, sheets }));
  const texts = parts.get('xl/sharedStrings.xml') ?? '';
  expect(texts.match(/Nguyễn Văn An/g)).toHaveLength(1);
  const { length } = texts.match(/<si>/g) ?? [];
  expect(texts).toContain(` count="${length}" uniqueCount="${length}"`);
});
