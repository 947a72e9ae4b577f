/** What cannot be seen by itself: marks, joiners, marks of direction and of form. */
const UNSEEN = /^[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]$/u;
const BLANK = /^[\s\p{Cc}]$/u;
const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{Nd}$/u;

/** They look like these, and are compatible with none. Of the letters the first two rows are Cyrillic, the third Greek. */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map([
  ...([
    ['\u0430', 'a'],
    ['\u0435', 'e'],
    ['\u043e', 'o'],
    ['\u0441', 'c'],
    ['\u0456', 'i'],
  ] as const),
  ...([
    ['\u041e', 'O'],
    ['\u0421', 'C'],
    ['\u0406', 'I'],
    ['\u04c0', 'I'],
  ] as const),
  ...([
    ['\u03bf', 'o'],
    ['\u039f', 'O'],
  ] as const),
  ...([
    ['\u3002', '.'],
    ['ⓐ', '(a)'],
    ['Ⓐ', '(a)'],
  ] as const),
]);

/** Digits that no normal form knows as such, each series by its first, its last, and the value of the first. */
const CIRCLED_DIGITS: readonly (readonly [first: number, last: number, value: number])[] = [
  [0x2776, 0x277f, 1],
  [0x2780, 0x2789, 1],
  [0x278a, 0x2793, 1],
  [0x24eb, 0x24f4, 11],
  [0x24f5, 0x24fe, 1],
  [0x24ff, 0x24ff, 0],
  [0x1f10b, 0x1f10c, 0],
  [0x1f51f, 0x1f51f, 10],
];
/** In Chinese: as they are read, and as they stand on bills and price tags. */
const IDEOGRAPHS = [
  '〇一二三四五六七八九',
  '零壹贰叁肆伍陆柒捌玖',
  '零壹貳參肆伍陸柒捌玖',
  '〇〡〢〣〤〥〦〧〨〩',
];

/** Stands for a byte of an escape while the rest of its character is awaited: in a row that is for private use. */
export const BYTE = 0xf700;

/** Of characters that are not ASCII: texts repeat them, and a normal form costs much. */
const known = new Map<string, string>();
const MOST_KNOWN = 50_000;

/** The signs that a reader takes a character for, each one unit long; none for what cannot be seen. */
export function signsOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x80) return code <= 0x20 || code === 0x7f ? ' ' : character;
  let signs = known.get(character);
  if (signs === undefined) {
    signs = readCharacter(character);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(character, signs);
  }
  return signs;
}

function readCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= BYTE && code <= BYTE + 0xff) return '·';
  const number = numberOf(character, code) ?? LOOK_ALIKES.get(character);
  if (number !== undefined) return number;
  return [...character.normalize('NFKD')].map(readPart).join('');
}

function readPart(character: string): string {
  if (UNSEEN.test(character)) return '';
  if (BLANK.test(character)) return ' ';
  const alike = LOOK_ALIKES.get(character);
  if (alike !== undefined) return alike;
  if (DIGIT.test(character)) return String(digitOf(character.codePointAt(0) ?? 0));
  if (character.length === 1) return character;
  return LETTER.test(character) ? 'ƿ' : '·';
}

function numberOf(character: string, code: number): string | undefined {
  const digits = IDEOGRAPHS.find((row) => row.includes(character));
  if (digits !== undefined) return String(digits.indexOf(character));
  const series = CIRCLED_DIGITS.find(([first, last]) => code >= first && code <= last);
  return series && String(series[2] + code - series[0]);
}

/** Each script has its ten digits in a row, and rows that touch are whole. */
function digitOf(code: number): number {
  if (code < 0x80) return code - 0x30;
  let first = code;
  while (DIGIT.test(String.fromCodePoint(first - 1))) first -= 1;
  return (code - first) % 10;
}

const OTHER_DIGITS = /(?![0-9])\p{N}/u;
const OTHER_DECIMALS = /(?![0-9])\p{Nd}/gu;

/** The text with its digits, of any script and width, in ASCII. */
export function toAsciiDigits(text: string): string {
  if (!OTHER_DIGITS.test(text)) return text;
  return text
    .normalize('NFKC')
    .replaceAll(OTHER_DECIMALS, (digit) => String(digitOf(digit.codePointAt(0) ?? 0)));
}
