import { describe, expect, it } from 'vitest';
import {
  type Completeness,
  NOTHING_READ,
  type UnprovenReason,
} from '../../functions/capture/completeness.ts';
import { renderNotice } from '../../functions/report/render-notice.ts';
import { type Locale, wordsFor } from '../../functions/report/words.ts';
import { unproven } from './fixture.ts';

const ENGLISH = { locale: 'en', account: null, timeZone: 'UTC', next: null } as const;

const REASONS = Object.keys(wordsFor('en').reasons) as UnprovenReason[];
const CASES = REASONS.flatMap((reason) => (['vi', 'en'] as const).map((locale) => ({ reason, locale })));

function notice(reason: UnprovenReason, locale: Locale, more?: Parameters<typeof unproven>[1]) {
  return renderNotice({
    unproven: unproven(reason, more),
    locale,
    account: null,
    timeZone: 'Asia/Ho_Chi_Minh',
    next: null,
  });
}

describe.each(CASES)('The notice for $reason in $locale', ({ reason, locale }) => {
  it('says what happened, what to do and when to try again, in both forms', () => {
    const { html, text } = notice(reason, locale);
    const { what, todo, next } = wordsFor(locale).reasons[reason];
    for (const sentence of [what, todo, next]) {
      expect(html.replace(/\s+/g, ' ')).toContain(sentence);
      expect(text.replace(/\s+/g, ' ')).toContain(sentence);
    }
    expect(html + text).not.toMatch(/undefined|NaN|\[object|null/);
  });
});

describe('The notice', () => {
  it('has the date in its subject and no figure of the report', () => {
    expect(notice('banned', 'vi').subject).toBe('Chat 21/11/2026: chưa có báo cáo, dữ liệu chưa đủ');
    expect(notice('banned', 'en').subject).toBe('Chats 21 Nov 2026: no report yet, the data is not complete');
    expect(notice('banned', 'en').html).not.toContain('%)');
  });

  it.each([
    [
      'broke off at page 21',
      { numFoundBefore: 11_000, numFoundAfter: null, pages: 20, rows: 10_000, unique: 10_000 },
      'Read: 20 pages, 10,000 rows; CareSoft counts 11,000. Then it broke off. Detail: page 21: HTTP 500',
      'Đã đọc: 20 trang, 10.000 dòng; CareSoft báo có 11.000 dòng. Sau đó bị ngắt giữa chừng. Chi tiết (tiếng Anh): page 21: HTTP 500',
    ],
    [
      'broke off at page 2 with copies',
      { numFoundBefore: 900, numFoundAfter: null, pages: 1, rows: 500, unique: 499 },
      'Read: 1 page, 500 rows, 499 of them different; CareSoft counts 900. Then it broke off.',
      'Đã đọc: 1 trang, 500 dòng, trong đó 499 dòng khác nhau; CareSoft báo có 900 dòng.',
    ],
    [
      'came to its end',
      { numFoundBefore: 317, numFoundAfter: 319, pages: 1, rows: 317, unique: 317 },
      'Read: 1 page, 317 rows; CareSoft counted 317 at first and 319 at the end. Detail:',
      'Đã đọc: 1 trang, 317 dòng; CareSoft báo lúc đầu có 317 dòng, lúc cuối 319 dòng.',
    ],
    [
      'came to its end with fewer rows',
      { numFoundBefore: 320, numFoundAfter: 320, pages: 1, rows: 318, unique: 318 },
      'Read: 1 page, 318 rows; CareSoft counts 320. Detail:',
      'Đã đọc: 1 trang, 318 dòng; CareSoft báo có 320 dòng.',
    ],
    [
      'never began',
      { numFoundBefore: null, numFoundAfter: null, pages: 0, rows: 0, unique: 0 },
      'Read: nothing. Detail:',
      'Đã đọc: chưa đọc được gì. Chi tiết',
    ],
  ])('tells what was read of a channel that %s', (_, found, en, vi) => {
    const counts = { ...found, duplicates: found.rows - found.unique, detail: 'page 21: HTTP 500' };
    const texts = (['en', 'vi'] as const).map((locale) => notice('unavailable', locale, counts));
    expect(texts.map(({ text }) => text.replace(/\s+/g, ' '))).toEqual([
      expect.stringContaining(en),
      expect.stringContaining(vi),
    ]);
    expect(texts[0]?.html.replaceAll(/<[^>]*>|\s+/g, ' ').replaceAll(/ +/g, ' ')).toContain(
      en.replace('Read:', 'Read: ').replaceAll(/ +/g, ' '),
    );
  });

  it.each([
    ['token-refused', undefined, 'CARESOFT_TOKEN, or into the secret that CARESOFT_TOKEN_SECRET names'],
    ['refused', 'CARESOFT_TOKEN', 'puts it into CARESOFT_TOKEN'],
    ['refused', 'CARESOFT_BASE_URL', 'checks CARESOFT_BASE_URL'],
    ['unavailable', 'CARESOFT_BASE_URL', 'checks CARESOFT_BASE_URL'],
    ['unavailable', undefined, 'looks whether CareSoft is down'],
  ] as const)('says who acts on %s with %s at fault', (reason, setting, says) => {
    const text = notice(reason, 'en', setting && { setting }).text.replace(/\s+/g, ' ');
    expect(text).toContain('Who acts: The engineer who runs the system');
    expect(text).toContain(says);
  });

  it('takes a channel that is refused alone, from the first question on, for one that is not there', () => {
    const refused = { ...NOTHING_READ, reason: 'refused', detail: 'Kênh Zalo chưa được đăng ký' } as const;
    const { messenger = NOTHING_READ, livechat = NOTHING_READ } = unproven('banned').completeness.channels;
    const says = (channels: Completeness['channels']) => {
      const completeness = { verdict: 'unproven', channels } as const;
      const { text } = renderNotice({ unproven: { day: '2026-11-21', completeness }, ...ENGLISH });
      return text.replace(/\s+/g, ' ');
    };
    const alone = says({ livechat, messenger, zalo: refused });
    expect(alone).toContain(
      'CareSoft refused the request. CareSoft answers: Kênh Zalo chưa được đăng ký Read: nothing.',
    );
    expect(alone).toContain('They take it out of CHANNELS, or have CareSoft open it.');
    for (const channels of [
      { zalo: refused },
      { livechat, messenger: refused, zalo: refused },
      { livechat, messenger, zalo: { ...refused, pages: 1 } },
    ]) {
      expect(says(channels)).toContain('checks CHANNELS and the filters');
    }
  });

  it.each(['vi', 'en'] as const)('begins what is to be done with who does it, in %s', (locale) => {
    const { reasons, reasonUnknown, wrongAddress, channelRefused } = wordsFor(locale);
    const who =
      locale === 'vi' ? /^Người quản (lý|trị hệ thống) / : /^The (manager|engineer who runs the system) /;
    for (const { todo } of [...Object.values(reasons), reasonUnknown, wrongAddress])
      expect(todo).toMatch(who);
    expect(channelRefused).toMatch(who);
  });

  it('tells of several channels at once where the same is to be said of them', () => {
    const { messenger = NOTHING_READ } = unproven('token-refused').completeness.channels;
    const completeness = {
      verdict: 'unproven',
      channels: { livechat: messenger, messenger, zalo: messenger },
    } as const;
    const { text } = renderNotice({ unproven: { day: '2026-11-21', completeness }, ...ENGLISH });
    expect(text.match(/CareSoft does not accept the token/g)).toHaveLength(1);
    expect(text).toContain('LIVECHAT, MESSENGER, ZALO\n');
  });

  it('puts the channel that stands in the way first', () => {
    const { text } = notice('banned', 'en');
    expect(text.indexOf('MESSENGER')).toBeLessThan(text.indexOf('LIVECHAT'));
    expect(text).toContain('This channel is proven.');
  });

  it('names the time before which not to try, on the account’s clock', () => {
    const { text } = notice('banned', 'vi', { notBefore: '2026-11-21T23:17:00Z' });
    expect(text.replace(/\s+/g, ' ')).toContain('Không thử lại trước 06:17 ngày 22/11/2026, giờ Việt Nam.');
    const elsewhere = renderNotice({
      unproven: unproven('banned', { notBefore: '2026-11-21T23:17:00Z' }),
      ...ENGLISH,
    });
    expect(elsewhere.text.replace(/\s+/g, ' ')).toContain('Not before 23:17 on 21 Nov 2026, UTC time');
  });

  it('asks for a refresh where the stored data is at fault', () => {
    expect(notice('raw-damaged', 'en').text).toContain('chat-report run --day 2026-11-21 --refresh\n');
    expect(notice('banned', 'en').text).toContain('chat-report run --day 2026-11-21\n');
  });

  it('escapes the detail and does without a reason', () => {
    const { html } = notice('refused', 'en', { detail: '<b>422</b>\r\nX' });
    expect(html).toContain('&lt;b&gt;422&lt;/b&gt; X');
    const { messenger, ...others } = unproven('refused').completeness.channels;
    if (messenger === undefined) throw new Error('the fixture has this channel');
    const { reason: _, detail: __, ...silent } = messenger;
    const day = {
      day: '2026-11-21',
      completeness: { verdict: 'unproven', channels: { ...others, messenger: silent } },
    } as const;
    expect(renderNotice({ unproven: day, ...ENGLISH }).text).toContain('It is not known why');
  });
});
