import { describe, expect, test } from 'vitest';
import { maskEmail, maskName, maskPage, maskPhone } from '../../functions/metrics/masking.ts';
import { anyCharacter, fc } from '../property.ts';
import { DISGUISED, disguisedNumber, readAloud } from './disguises.ts';

describe('a phone number in a name', () => {
  test.each([
    // By what parts its digits.
    ...['0901 - 234 - 567', '0901/234/567', '090  123  4567', '0901–234–567', '0901·234·567', '0901_234_567'],
    ...['0901,234,567', '0901:234:567', '0901;234;567', '0901|234|567', '0901\\234\\567', '0901~234~567'],
    ...['0901*234*567', '0901+234+567', '0901=234=567', '0901#234#567', '0901 ❤️ 234 ❤️ 567', '0901\n234\n567'],
    ...['0901     234     567', '0901 -- (234) -- 567', '0901……234……567', '09/01/23/45/67', '09:01:23 45 67'],
    ...['0901 rồi 234 rồi 567', '0901 (viettel) 234567', '0x9x0x1x2x3x4x5x6x7'],
    // By what cannot be seen in it.
    ...[
      '090123\u200b4567',
      '0901\u00ad234\u2060567',
      '0901\u202e234\u202c567',
      '0901\u{e0020}234567',
      '0901\ufe0f234567',
    ],
    ...['0901\u3164234567', '0901\ud83d234567'],
    // By its digits.
    ...[
      '０９０１２３４５６７',
      '٠٩٠١٢٣٤٥٦٧',
      '๐๙๐๑๒๓๔๕๖๗',
      '०९०१२३४५६७',
      '𝟎𝟗𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕',
      '⓪⑨⓪①②③④⑤⑥⑦',
      '⓿➒⓿➊➋➌➍➎➏➐',
    ],
    ...['0️⃣9️⃣0️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣', '₀⁹₀¹₂³₄⁵₆⁷', '〇九〇一二三四五六七'],
    ...['零玖零壹貳參肆伍陸柒', '零玖零壹贰叁肆伍陆柒', '〇〩〇〡〢〣〤〥〦〧'],
    ...[
      'O9O1234567',
      '09O1 234 567',
      '0 9 O l 2 3 4 5 6 7',
      '09оI234567',
      'không chín không một hai ba bốn năm sáu bảy',
    ],
    ...['khongchinkhongmot 234 567', 'zero nine zero one 234 567', '0chin0mot2ba4567'],
    // By its escapes.
    ...[
      '%30%39%30%31234567',
      '0901%20234%20567',
      '&#48;901234567',
      '0901&nbsp;234&nbsp;567',
      '0901\\u0032\\x334567',
    ],
    ...['%2530901234567', '0901&zwj;234567', '%EF%BC%90901234567', '\\u{30}901\\u{000032}34567'],
    ...['&#48&#57&#48&#49&#50&#51&#52&#53&#54&#55', '&#48&#57&#48&#49 234567', '0901&#50&#51&#52%3B567'],
  ])('%j is shown as 090*****67', (number) => {
    expect(maskName(`Chị Ngọc ${number} Huế`)).toBe('Chị Ngọc 090*****67 Huế');
    expect(maskName(number)).toBe('090*****67');
  });

  test.each([
    ['(090) 123-4567', '(090*****67'],
    ['(+84) 901 234 567', '(+849******67'],
    ['+84901234567', '+849******67'],
    ['0084 901 234 567', '008********67'],
    ['028 3456 7890', '028******90'],
    ['901234567', '901*****7'],
    ['Nam 0901234567', 'Nam 090*****67'],
    ['Lan 03 zalo 0901234567', 'Lan 03 zalo 090*****67'],
    ['20/11/2026 0901234567', '20/11/2026 090*****67'],
    ['0901234567*', '090*****67*'],
    ['0901234567, khach1@example.com', '090*****67, kh****@example.com'],
  ])('%j is shown as %j', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });
});

describe('a name that only looks like it', () => {
  test.each([
    ...[
      'Anh, phòng 12 / 34',
      'Đơn 123456',
      'Shop 24/7',
      'Shop 24/7 - 100% - 50.000',
      'Căn hộ 1204 tầng 12 tòa 3',
    ],
    ...[
      '20/11/2026',
      '2026-11-20 09:00:00',
      'Hẹn 20/11/2026 - 5 khách',
      '08:00-21:00',
      '03/05/2026 10h30',
      '2025-2026',
    ],
    ...['Năm', 'Trần Thị Ba', 'Hai Bảy Chín', 'Nhà 12 đường 345 phường 6', 'Lô 10l'],
    ...[
      'Team A at Hanoi',
      'Team A at Hanoi. Thanks',
      'A Công',
      'Shop @tiki',
      '@ngoc',
      'Ngọc @',
      'Tư vấn (a) (b)',
    ],
    ...[
      'Nguyễn Thị Ánh Tuyết',
      'Trần A\u0301n',
      '👩‍👩‍👧 Gia đình Hà',
      '100 %',
      '50%20',
      '&amp;',
      '\\u',
      '\ud83d',
      '%',
      '&#',
    ],
  ])('%j stays as it is', (name) => {
    expect(maskName(name)).toBe(name);
  });

  test('or like nothing at all stays as it is', () => {
    // Digits are spelled by letters too.
    const unit = anyCharacter.filter((one) => !/[\p{N}\p{Lo}@＠﹫.。%&\\a-zA-Z]/u.test(one));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (name) => {
        expect(maskName(name)).toBe(name);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an e-mail address in a name', () => {
  test.each([
    ...[
      'khach1@example.com',
      'khach1＠example.com',
      'khach1﹫example.com',
      'khach1@example。com',
      'khach1@@example.com',
    ],
    ...[
      'khach1@gmail',
      'khach1 @ example.com',
      'khach1@ example.com',
      'khach1 @example.com',
      'khach1 @ example . com',
    ],
    ...[
      'khach1(at)example.com',
      'khach1 [at] example.com',
      'khach1{AT}example{DOT}com',
      'khach1(@)example.com',
    ],
    ...['khach1 (a) example.com', 'khach1ⓐexample.com', 'khach1⒜example.com', 'khach1 <at> example.com'],
    ...[
      'khach1 at example.com',
      'khach1_at_example.com',
      'khach1-at-example-dot-com',
      'khach1 at gmail dot com',
    ],
    ...['khach1 a còng example.com', 'khach1 a-còng gmail chấm com', 'khach1 (a còng) example (chấm) com'],
    ...['khach1 a móc gmail', 'khach1 a co\u0300ng example.com'],
    ...[
      'khach1%40example.com',
      'khach1%2540example.com',
      'khach1%25252540example.com',
      'khach1%4%30example.com',
    ],
    ...[
      'khach1&#64;example.com',
      'khach1&#x40;example.com',
      'khach1&commat;example.com',
      'khach1&amp;#64;example.com',
    ],
    ...[
      'khach1\\u0040example.com',
      'khach1\\x40example.com',
      'khach1%u0040example.com',
      'khach1%EF%BC%A0example.com',
    ],
    ...[
      'kha\u200bch1@example.com',
      'khach1\u00ad@\u2060example.com',
      'ｋｈａｃｈ１@example.com',
      '𝐤𝐡𝐚𝐜𝐡𝟏@example.com',
    ],
    ...['khach1&#64example.com', 'khach1&#64%65xample.com', 'khach1\\u{40}example.com'],
    ...[
      'khach1 "at" example.com',
      "khach1 'at' gmail 'dot' com",
      'khach1,at,gmail.com',
      'khach1😀at😀gmail.com',
    ],
    ...['khach1 a.còng gmail.com', 'khach1 a_còng gmail'],
    ...['k h a c h 1 @ example.com', 'k h a c h 1 @ e x a m p l e . c o m', 'k h a c h 1@example.com'],
  ])('%j is shown without whose it is', (address) => {
    const masked = maskName(`Lan (${address})`);
    expect(masked).toMatch(/^Lan \(kh\*{4}@[^*]*\)$/);
    expect(readAloud(masked)).not.toContain('khach1');
    expect(maskName(masked)).toBe(masked);
  });

  test.each([
    ['a@b@c@d', '*@*@*@d'],
    ['look at me@example.com', 'look at m*@example.com'],
    ['0901234567@gmail.com', '09********@gmail.com'],
    ['"ngoc tran"@example.com', '"n********@example.com'],
    ['Lan "ngoc tran"@example.com, "an"', 'Lan "n********@example.com, "an"'],
    // As short as a name, and in letters alone.
    ['lan at gmail', 'l**@gmail'],
    ['ngoc a cong yahoo', 'ng**@yahoo'],
    ['an ａt gmail', 'a*@gmail'],
    ['an@0901234567.vn', 'a*@090*****67.vn'],
  ])('%j is shown as %j', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });
});

describe('with any text around it, in any spelling', () => {
  const surrounding = fc.constantFrom(
    '',
    ' ',
    'Chị Ngọc ',
    ' (Huế)',
    ', gọi sau 17h ',
    'Ngọc',
    '; hẹn 20/11/2026, ',
    '!',
    '“',
    '\u200d',
  );

  test('a number is never shown', () => {
    fc.assert(
      fc.property(surrounding, disguisedNumber, surrounding, (before, { number, spelled }, after) => {
        const masked = maskName(before + spelled + after);
        const aloud = readAloud(masked).replaceAll(/[^\d*]/g, '');
        for (let at = 0; at + 7 <= number.length; at += 1) {
          expect(aloud).not.toContain(number.slice(at, at + 7));
        }
        expect(maskName(masked)).toBe(masked);
        if (!/\d/.test(before)) expect(masked.startsWith(before)).toBe(true);
      }),
      { numRuns: 1_500 },
    );
  });

  test('the local part of an address is never shown', () => {
    const local = fc.stringMatching(/^[a-z]{3,6}[a-z0-9._]{0,6}[a-z0-9]$/);
    const at = fc.constantFrom(...DISGUISED.at);
    const dot = fc.constantFrom(...DISGUISED.dot);
    fc.assert(
      fc.property(surrounding, local, at, dot, surrounding, (before, name, sign, stop, after) => {
        fc.pre(!/(^|[^a-z])(at|dot)([^a-z]|$)/.test(name));
        const masked = maskName(`${before}${name}${sign}example${stop}com${after}`);
        expect(readAloud(masked)).not.toContain(name);
        expect(maskName(masked)).toBe(masked);
      }),
      { numRuns: 1_000 },
    );
  });

  test('what was masked stays as it is', () => {
    const part = fc.constantFrom(
      ...[
        '0',
        '12',
        '0912',
        '345678',
        '2026',
        '20/11/2026',
        '09:12',
        '84',
        '+',
        '%',
        '%2',
        '%40',
        '@',
        ' at ',
        '(at)',
      ],
      ...[
        ' ',
        '*',
        '**',
        '****',
        '-',
        '/',
        'a',
        'l',
        'O',
        'ba',
        'năm',
        '.',
        'com',
        '&#',
        ';',
        '64',
        '\\u',
        '\u200b',
        '½',
        '⑳',
      ],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 24 }), (parts) => {
        const text = parts.join('');
        for (const mask of [maskName, maskPage, maskEmail, maskPhone]) {
          expect(mask(mask(text))).toBe(mask(text));
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('a phone or an e-mail of its own', () => {
  test('an address as most are is masked like one among other words', () => {
    const signs = (of: string, most: number) =>
      fc
        .array(fc.constantFrom(...of.split(' ')), { minLength: 1, maxLength: most })
        .map((parts) => parts.join(''));
    const local = signs('a b at dot cham a.cong khach 0 9 0901234567 x1 AN . +', 6);
    const label = signs('a chin khong Hai tam nam vn com gmail shop', 4);
    const domain = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'));
    fc.assert(
      fc.property(local, domain, (before, after) => {
        const [, alone = ''] = / (.*)$/.exec(maskName(`Lan ${before}@${after}`)) ?? [];
        if (after.length <= 17) expect(maskEmail(`${before}@${after}`)).toBe(alone);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['0901234567', '090*****67'],
    ['12345', '12***'],
    ['khach1@example.com', 'kha*************om'],
    ['gọi 0901234567 hoặc 0987654321', 'gọi*************************21'],
  ])('%j is shown as %j', (phone, masked) => {
    expect(maskPhone(phone)).toBe(masked);
  });

  test.each([
    ['khach1@example.com', 'kh****@example.com'],
    ['khach1', 'k*****'],
    ['khach1(at)example.com', 'kh****@example.com'],
    ['0901234567', '0*********'],
    ['khach1@example.com 0901234567', 'kh****@example.com 090*****67'],
    ['an@example.com khach1＠example.com', 'an*******************@example.com'],
  ])('%j is shown as %j', (email, masked) => {
    expect(maskEmail(email)).toBe(masked);
  });
});

describe('the key of a landing page', () => {
  test.each([
    ['shop.vn/don-hang/0901234567', 'shop.vn/don-hang/090*****67'],
    ['shop.vn/lien-he-0901-234-567.html', 'shop.vn/lien-he-090*****67.html'],
    ['shop.vn/+84%20901%20234%20567', 'shop.vn/+849******67'],
    ['shop.vn/%28090%29%20123%204567/x', 'shop.vn/%28090*****67/x'],
    ['shop.vn/0901/234/567', 'shop.vn/090*****67'],
    ['shop.vn/0901/234/567/x', 'shop.vn/090*****67/x'],
    ['shop.vn/901/234/567', 'shop.vn/901*****7'],
    ['shop.vn/%30%39%30%31%32%33%34%35%36%37', 'shop.vn/090*****67'],
    ['shop.vn/%2530%2539%30%31234567', 'shop.vn/090*****67'],
    ['shop.vn/%EF%BC%90%EF%BC%99%EF%BC%90%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94567', 'shop.vn/090*****67'],
    ['shop.vn/0901%E2%80%8B234567', 'shop.vn/090*****67'],
    ['shop.vn/0901_234~567;x', 'shop.vn/090*****67;x'],
    ['shop.vn/khong-chin-khong-mot-hai-ba-bon-nam-sau-bay', 'shop.vn/090*****67'],
    ['0901234567.shop.vn/', '090*****67.shop.vn/'],
    ['shop.vn/u/ngoc.tran@example.com/x', 'shop.vn/u/ng*******@example.com/x'],
    ['shop.vn/u/ngoc.tran%40example.com', 'shop.vn/u/ng*******@example.com'],
    ['shop.vn/u/ngoc.tran%252540example.com', 'shop.vn/u/ng*******@example.com'],
    ['shop.vn/u/ngoc.tran%26%2364%3Bexample.com', 'shop.vn/u/ng*******@example.com'],
    ['shop.vn/u/ngoc.tran(at)example.com', 'shop.vn/u/ng*******@example.com'],
    ['shop.vn/u/ngoc.tran-at-example-dot-com', 'shop.vn/u/ng*******@example-dot-com'],
    ['shop.vn/u/ngoc.tran%20a%20c%C3%B2ng%20gmail', 'shop.vn/u/ng*******@gmail'],
  ])('%j is shown as %j', (page, masked) => {
    expect(maskPage(page)).toBe(masked);
    expect(maskPage(masked)).toBe(masked);
  });

  test.each([
    ...[
      'shop.vn/ao-thun-nam/12/345',
      'localhost:5173/%E1%BA%A3o',
      '127.0.0.1:43111/x',
      'shop.vn/san-pham/ao-thun-2024',
    ],
    ...[
      'shop.vn/p/12345',
      'shop.vn/c/12/34567',
      'shop.vn/2024/05/12/top-10-ao-khoac-2025',
      'shop.vn/2026/11/1234',
    ],
    ...[
      'shop.vn/ao-2024-2025',
      'shop.vn/meet-at-hanoi.html',
      'shop.vn/chat-at-shop',
      'shop.vn/@ngoc',
      'shop.vn/%ff%fe',
    ],
  ])('%j stays as it is', (page) => {
    expect(maskPage(page)).toBe(page);
  });
});
