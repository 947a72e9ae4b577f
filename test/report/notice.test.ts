import { describe, expect, it } from 'vitest';
import { toZonedIso } from '../../functions/calendar/time-zone.ts';
import { type Coverage, NOTHING_READ, type UnprovenReason } from '../../functions/capture/coverage.ts';
import { type Locale, messagesFor } from '../../functions/report/i18n/messages.ts';
import { noticeView, renderNotice, type StillOpen } from '../../functions/report/notice.ts';
import type { NextAttempt } from '../../functions/report/report-input.ts';
import { fc } from '../property.ts';
import { unproven } from './fixture.ts';
import { stillOpen, stillWaits } from './still-open-list.ts';

const ENGLISH = { locale: 'en', account: null, timeZone: 'UTC', next: null } as const;

const REASONS = Object.keys(messagesFor('en').reasons) as UnprovenReason[];
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
    const { plain, what, todo, next } = messagesFor(locale).reasons[reason];
    for (const sentence of [plain, reason, what, todo, next]) {
      expect(html.replace(/\s+/g, ' ')).toContain(sentence);
      expect(text.replace(/\s+/g, ' ')).toContain(sentence);
    }
    expect(html + text).not.toMatch(/undefined|NaN|\[object|null/);
  });

  it('has no code, setting, command or detail above the part for operators', () => {
    const { html, text } = notice(reason, locale, { notBefore: '2026-11-21T23:17:00Z' });
    const { forOperators } = messagesFor(locale);
    for (const form of [text, html.replaceAll(/<style>.*?<\/style>|<[^>]*>/gs, '')]) {
      const [manager = '', operators] = form.split(
        new RegExp(`^ *${forOperators}$`, form === text ? 'im' : 'm'),
      );
      expect(operators).toContain('walk 3 of 3');
      expect(manager).not.toMatch(
        /walk 3|chat-report run|chat-report check|--|[A-Z]{4,}_[A-Z]|CHANNELS|API|token|GMT|Asia\/|\b[a-z]+-[a-z]+-[a-z]+\b(?!-1)/,
      );
    }
  });
});

describe('The notice', () => {
  it('has the date in its subject and no figure of the report', () => {
    expect(notice('banned', 'vi').subject).toBe(
      'Chat T7 21/11/2026: chưa có báo cáo, cần người quản trị chạy lại',
    );
    expect(notice('banned', 'en').subject).toBe(
      'Chats Sat 21 Nov 2026: no report yet, the engineer has to run it again',
    );
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
    ['secret-unreadable', 'CARESOFT_TOKEN_SECRET', 'mends the secret that CARESOFT_TOKEN_SECRET names'],
    ['refused', 'CARESOFT_TOKEN', 'puts it into CARESOFT_TOKEN'],
    ['refused', 'CARESOFT_BASE_URL', 'checks CARESOFT_BASE_URL'],
    ['unavailable', 'CARESOFT_BASE_URL', 'checks CARESOFT_BASE_URL'],
    ['unavailable', undefined, 'looks whether CareSoft is down'],
  ] as const)('says who acts on %s with %s at fault', (reason, setting, says) => {
    const text = notice(reason, 'en', setting && { setting }).text.replace(/\s+/g, ' ');
    expect(text).toContain('What to do: The engineer who runs the system');
    expect(text).toContain(says);
  });

  it('takes a channel that is refused alone, from the first question on, for one that is not there', () => {
    const refused = { ...NOTHING_READ, reason: 'refused', detail: 'Kênh Zalo chưa được đăng ký' } as const;
    const { messenger = NOTHING_READ, livechat = NOTHING_READ } = unproven('banned').completeness.channels;
    const says = (channels: Coverage['channels']) => {
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
    const { reasons, reasonUnknown, wrongAddress, channelRefused } = messagesFor(locale);
    const who = locale === 'vi' ? /^Người quản trị hệ thống / : /^The engineer who runs the system /;
    for (const { todo, plain } of [...Object.values(reasons), reasonUnknown, wrongAddress, channelRefused]) {
      expect(todo).toMatch(who);
      expect(plain).toMatch(/^\p{Lu}.*[^.]$/u);
    }
  });

  it('tells of several channels at once where the same is to be said of them', () => {
    const { messenger = NOTHING_READ } = unproven('token-refused').completeness.channels;
    const completeness = {
      verdict: 'unproven',
      channels: { livechat: messenger, messenger, zalo: messenger },
    } as const;
    const { text } = renderNotice({ unproven: { day: '2026-11-21', completeness }, ...ENGLISH });
    expect(text.match(/CareSoft does not accept the token/g)).toHaveLength(1);
    expect(text).toContain('  LiveChat, Messenger, Zalo (token-refused)\n');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'CareSoft does not accept the access key of the report system, so no channel has been read in full yet.',
    );
  });

  it('puts the channel that stands in the way first', () => {
    const { text } = notice('banned', 'en');
    expect(text.indexOf('  Messenger (banned)')).toBeLessThan(text.indexOf('  LiveChat\n'));
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

/** The morning after: six o'clock of 22 November in Vietnam. */
const MORNING = Date.parse('2026-11-21T23:00:00Z');

function seen(next: NextAttempt, locale: Locale, list: StillOpen | null = null, seenAt = MORNING) {
  return noticeView({
    unproven: unproven('banned'),
    ...{ locale, account: null, timeZone: 'Asia/Ho_Chi_Minh', next, seenAt, stillOpen: list },
  });
}

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('The headline of a notice', () => {
  it.each<[NextAttempt, string, string]>([
    [
      { at: '2026-11-22T00:19:01.000Z' },
      'Hệ thống tự đọc lại lúc 07:20 hôm nay, 22/11.',
      'Chat T7 21/11: chưa có báo cáo, đọc lại lúc 07:20',
    ],
    [
      { at: '2026-11-22T17:30:00.000Z' },
      'Hệ thống tự đọc lại lúc 00:30 mai, 23/11.',
      'Chat T7 21/11: chưa có báo cáo, đọc lại lúc 00:30 mai, 23/11',
    ],
    [
      'next-run',
      'Hệ thống tự đọc lại ở lần chạy hằng ngày kế tiếp.',
      'Chat T7 21/11: chưa có báo cáo, đọc lại ở lần chạy sau',
    ],
    [
      null,
      'Hệ thống không tự đọc lại: người quản trị hệ thống cần chạy lại.',
      'Chat T7 21/11: chưa có báo cáo, cần người quản trị chạy lại',
    ],
  ])('says the next try with its day, or who has to run it: %j', (next, headline, subject) => {
    const { lead, subject: found } = seen(next, 'vi');
    expect(lead.missing).toBe('Chưa có báo cáo chat T7 21/11.');
    expect(plain(lead.next)).toBe(headline);
    expect(found).toBe(subject);
  });

  it('says that a person has to act where no try helps, whatever is said of the next one', () => {
    const refused = { ...unproven('token-refused') };
    for (const next of [{ at: '2026-11-22T00:20:00.000Z' }, 'next-run', null] as const) {
      const view = noticeView({ unproven: refused, ...ENGLISH, next, seenAt: MORNING });
      expect(view.lead.next).toBe('The engineer who runs the system has to act.');
      expect(view.subject).toBe('Chats Sat 21 Nov: no report yet, the engineer has to act');
      expect(view.duty).toMatch(/^Please tell the engineer/);
    }
    expect(seen('next-run', 'en').duty).toMatch(/^You need do nothing with the system/);
  });

  it('tells of each trouble once, and which channels are not read again', () => {
    const { messenger = NOTHING_READ } = unproven('unavailable').completeness.channels;
    const refused = { ...NOTHING_READ, reason: 'refused' } as const;
    const completeness = {
      verdict: 'unproven',
      channels: { livechat: messenger, messenger, zalo: refused },
    } as const;
    const { why, noFigures } = noticeView({
      unproven: { day: '2026-11-21', completeness },
      ...{ ...ENGLISH, next: 'next-run' },
    });
    expect(why).toBe(
      'CareSoft did not answer, or kept answering with errors, so the chats of LiveChat and Messenger have not all been read yet. CareSoft refuses one channel, perhaps because the account does not have it, so the chats of Zalo have not all been read yet.',
    );
    expect(noFigures).toContain('The system does not read Zalo again until this has been mended.');
  });
});

describe('Who still waited when the last list was made', () => {
  const at = (minutes: number): string => toZonedIso(MORNING / 1_000 + minutes * 60, 'Asia/Ho_Chi_Minh');

  it('is named with the deadline, what is left, when they were missed, and the ticket', () => {
    const { now } = seen('next-run', 'vi', stillOpen([stillWaits('Dương Văn O', { attempts: 3 })]));
    expect(plain(now.stillOpen?.text ?? '')).toBe(
      '1 khách còn hạn trả lời, theo danh sách chờ của báo cáo T6 20/11. Danh sách lập lúc 06:05 hôm qua, 21/11; khách có thể đã được trả lời sau đó: xem phiếu ghi trước khi liên hệ.',
    );
    const [row] = now.stillOpen?.groups[0]?.rows ?? [];
    expect(JSON.parse(plain(JSON.stringify(row)))).toMatchObject({
      deadline: { time: '19:26', day: 'hôm nay', left: 'còn 13 giờ 26 phút', isOpen: true },
      name: 'Dương Văn O',
      ...{ channels: 'Zalo', contacts: ['0912***678'], reach: null },
      sentence: expect.stringMatching(
        /^Nhỡ 3 lần, lần đầu 14:10, lần cuối 19:26 \S.*20\/11, chờ 1 phút 35 giây/,
      ),
      ticket: { text: 'phiếu ghi #204817', url: null },
      action: null,
    });
  });

  it('can be dialled where the number is whole', () => {
    const customer = { key: 'id:1', name: 'A', phone: '0900 000 054', email: 'a@example.com' };
    const list = { ...stillOpen([stillWaits('A', { customer })]), contacts: 'full' } as const;
    expect(seen(null, 'en', list).now.stillOpen?.groups[0]?.rows[0]).toMatchObject({
      action: { kind: 'call', text: 'Call 0900 000 054', url: 'tel:0900000054' },
      contacts: ['a@example.com'],
    });
  });

  it('is not told where the list is not there, no deadline is open, or it is not known when it is read', () => {
    const over = stillOpen([stillWaits('A', { replyBy: at(0) }), stillWaits('B', { replyBy: null })]);
    expect(seen(null, 'vi', over).now.stillOpen).toBeNull();
    expect(seen(null, 'vi').now.stillOpen).toBeNull();
    const list = stillOpen([stillWaits('A')]);
    const unseen = { unproven: unproven('banned'), ...ENGLISH, stillOpen: list };
    expect(noticeView(unseen).now.stillOpen).toBeNull();
  });

  it('are ten at most, the soonest deadlines in their order, and the rest is counted', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: -2_000, max: 4_000 })), { maxLength: 30 }), (ends) => {
        const waiting = ends.map((minutes, place) =>
          stillWaits(`Khách ${place}`, { replyBy: minutes === null ? null : at(minutes) }),
        );
        const { stillOpen: section } = seen(null, 'en', stillOpen(waiting)).now;
        const open = ends
          .flatMap((minutes, place) => (minutes !== null && minutes > 0 ? [{ minutes, place }] : []))
          .toSorted((one, other) => one.minutes - other.minutes || one.place - other.place);
        expect(section?.groups[0]?.rows.map(({ name }) => name) ?? []).toEqual(
          open.slice(0, 10).map(({ place }) => `Khách ${place}`),
        );
        for (const { deadline } of section?.groups[0]?.rows ?? [])
          expect(deadline?.day).toMatch(/today|\d+.Nov/);
        const rest = open.length - 10;
        if (rest > 0) expect(section?.more).toMatch(new RegExp(`^${rest} more `));
        else expect(section?.more ?? null).toBeNull();
        if (section) expect(section.text).toMatch(new RegExp(`^${open.length} customer`));
      }),
    );
  });
});
