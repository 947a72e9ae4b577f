import { fc } from '../property.ts';

/** How strangers write what is not to be seen. Each form is read by a reader, and few of them by a simple search. */
const DIGITS: readonly ((digit: number) => string)[] = [
  (digit) => String(digit),
  (digit) => String.fromCodePoint(0xff10 + digit),
  (digit) => String.fromCodePoint(0x660 + digit),
  (digit) => String.fromCodePoint(0xe50 + digit),
  (digit) => String.fromCodePoint(0x1d7ce + digit),
  (digit) => (digit === 0 ? '⓪' : String.fromCodePoint(0x245f + digit)),
  (digit) => `${digit}\ufe0f\u20e3`,
  (digit) => `%3${digit}`,
  (digit) => `%253${digit}`,
  (digit) => `&#${48 + digit};`,
  (digit) => `\\u003${digit}`,
];
const WORDS = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'];

const PARTING = [
  ...[
    ' ',
    '  ',
    '\u00a0',
    '.',
    ',',
    ':',
    ';',
    '-',
    '–',
    '—',
    '_',
    '/',
    '|',
    '~',
    '*',
    '+',
    '=',
    '·',
    '•',
    '…',
  ],
  ...[
    '\u200b',
    '\u00ad',
    '\u2060',
    '\u{e0030}',
    ' - ',
    ' / ',
    '❤️',
    ' 🌸 ',
    '%20',
    '&nbsp;',
    '\n',
    ') ',
    ' rồi ',
    ' zalo ',
  ],
];

export const DISGUISED = {
  at: [
    ...[
      '@',
      '＠',
      '﹫',
      ' @ ',
      '@@',
      '(at)',
      ' (at) ',
      '[at]',
      '{AT}',
      ' <at> ',
      '(a)',
      'ⓐ',
      ' at ',
      '_at_',
      ' a còng ',
    ],
    ...[
      '(a còng)',
      '%40',
      '%2540',
      '%252540',
      '&#64;',
      '&#x40;',
      '&commat;',
      '&amp;#64;',
      '\\u0040',
      '\u200b@',
      '%EF%BC%A0',
    ],
  ],
  dot: ['.', '。', '．', '(dot)', '[dot]', ' dot ', ' chấm ', ' . ', '%2E', '&#46;', '\u00ad.'],
};

const digit = fc.integer({ min: 0, max: 9 });
/** Its digits each in a form, with something between some of them. */
const disguise = (value: number) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...DIGITS).map((form) => form(value)) },
    { weight: 1, arbitrary: fc.constant(` ${WORDS[value]} `) },
  );
const between = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom(...PARTING) },
);

/** A mobile number of this country, and how it is spelled. */
export const disguisedNumber = fc
  .tuple(fc.constantFrom(3, 5, 7, 8, 9), fc.array(digit, { minLength: 8, maxLength: 8 }))
  .chain(([second, others]) => {
    const digits = [0, second, ...others];
    return fc
      .tuple(fc.tuple(...digits.map(disguise)), fc.array(between, { minLength: 9, maxLength: 9 }))
      .map(([forms, gaps]) => ({
        number: digits.join(''),
        spelled: forms.map((form, place) => form + (gaps[place] ?? '')).join(''),
      }));
  });

/** A text as a patient reader would read it out, by another way than the program's. */
export function readAloud(text: string): string {
  let read = text.replaceAll('&nbsp;', ' ');
  for (let depth = 0; depth < 6; depth += 1) {
    read = read
      .replaceAll(/&amp;/g, '&')
      .replaceAll(/&commat;/g, '@')
      .replaceAll(/&#x([\da-f]+);/gi, (_, hex) => String.fromCodePoint(Number.parseInt(hex, 16)))
      .replaceAll(/&#(\d+);/g, (_, decimal) => String.fromCodePoint(Number(decimal)))
      .replaceAll(/\\u([\da-f]{4})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
      .replaceAll(/(?:%[\da-f]{2})+/gi, (encoded) => decodeURIComponent(encoded));
  }
  for (const [value, word] of WORDS.entries()) read = read.replaceAll(` ${word} `, ` ${value} `);
  for (const form of DIGITS)
    for (let value = 0; value < 10; value += 1) read = read.replaceAll(form(value), String(value));
  return read
    .normalize('NFKC')
    .replaceAll(/[\p{Cf}\p{M}]/gu, '')
    .toLowerCase();
}
