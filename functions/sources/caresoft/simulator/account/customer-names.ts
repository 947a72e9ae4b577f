import { pick, share } from '../draw.ts';

const FAMILY = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Huỳnh', 'Võ', 'Đặng', 'Bùi', 'Đỗ', 'Ngô', 'Dương'];
const MIDDLE = ['Thị', 'Văn', 'Ngọc', 'Minh', 'Thanh', 'Đức', 'Hữu', 'Quốc', 'Thuỳ', 'Xuân'];
const GIVEN = [
  'Anh',
  'Bích',
  'Châu',
  'Dũng',
  'Hạnh',
  'Hương',
  'Khôi',
  'Lệ',
  'Mỹ',
  'Phượng',
  'Quỳnh',
  'Thảo',
  'Trọng',
  'Yến',
];

/** Customers choose their own names: markup, formulas, right-to-left text, or very long text. */
const ODD_NAMES = [
  '<script>alert(1)</script>Trần Đình Trọng',
  '=HYPERLINK("http://example.invalid","x")',
  'Bé Na 🌸👩‍👩‍👧',
  'مريم الزهراء',
  '\u202eđảo ngược\u202c',
  '"><img src=x onerror=alert(1)>',
  '+1+1',
  'O\'Brien & Sơn \\ "Shop"',
  `Công ty ${'Rất '.repeat(120)}Dài`,
  'Dòng một\r\nBcc: ai-do@example.invalid',
  '@SUM(1)',
  '   ',
];

const ODD_EVERY = 24;
const AspectOf = { family: 1, middle: 2, given: 3 } as const;

/** Odd names also go to low numbers, because these customers write most often. */
export function customerName(state: number, number: number): string {
  if (number % ODD_EVERY === 5) return ODD_NAMES[Math.floor(number / ODD_EVERY) % ODD_NAMES.length] ?? '';
  return [
    pick(FAMILY, share(state, AspectOf.family)),
    pick(MIDDLE, share(state, AspectOf.middle)),
    pick(GIVEN, share(state, AspectOf.given)),
  ].join(' ');
}
