import type { CellStyle } from 'hucre/xlsx';
import type { Locale } from '../words.ts';
import type { Kind } from './sheet.ts';

/** Excel writes separators and months as whoever opens the file has them; the order of a date is ours. */
const MOMENTS: Readonly<Record<Locale, string>> = {
  vi: 'dd/mm/yyyy hh:mm:ss',
  en: 'dd mmm yyyy hh:mm:ss',
};

/** How a cell of each kind is shown. */
export type Styles = Readonly<Record<Kind, CellStyle>>;

export function stylesFor(locale: Locale): Styles {
  return {
    // What begins with `=` stays text also where somebody goes into the cell and out again.
    text: { numFmt: '@' },
    count: { numFmt: '#,##0' },
    share: { numFmt: '0.0%' },
    seconds: { numFmt: '[h]:mm:ss' },
    moment: { numFmt: MOMENTS[locale] },
    hour: { numFmt: 'hh:mm' },
  };
}

/** A font without a name is whichever a program likes. */
const BOLD = { name: 'Calibri', size: 11, bold: true } as const;

/** A title stands where what is below it does: text to the left, figures to the right. */
export function headStyle(kind: Kind): CellStyle {
  return {
    numFmt: '@',
    font: BOLD,
    fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'E9EDF2' } },
    border: { bottom: { style: 'thin' } },
    alignment: { horizontal: kind === 'text' ? 'left' : 'right', wrapText: true, vertical: 'center' },
  };
}

export function totalsStyle(style: CellStyle): CellStyle {
  return { ...style, font: BOLD, border: { top: { style: 'thin' } } };
}

const EDGE = { style: 'thin', color: { rgb: 'A6A6A6' } } as const;

/** Of a cell that is to be filled in. */
export function roomStyle(style: CellStyle): CellStyle {
  return {
    ...style,
    border: { top: EDGE, right: EDGE, bottom: EDGE, left: EDGE },
    alignment: { wrapText: true, vertical: 'top' },
  };
}

const WRAPPED = { wrapText: true, vertical: 'top' } as const;

/** What is said across a sheet. */
export const SAID = {
  title: { font: { ...BOLD, size: 16 }, alignment: WRAPPED },
  verdict: { font: { ...BOLD, size: 13 }, alignment: WRAPPED },
  alert: { font: { ...BOLD, color: { rgb: 'B3261E' } }, alignment: WRAPPED },
  heading: { font: { ...BOLD, size: 12 }, alignment: WRAPPED },
  note: { alignment: WRAPPED },
} as const satisfies Readonly<Record<string, CellStyle>>;
