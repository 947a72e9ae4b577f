import { describe, expect, it } from 'vitest';
import type { UnprovenReason } from '../../functions/capture/completeness.ts';
import { renderNotice } from '../../functions/report/render-notice.ts';
import { type Locale, wordsFor } from '../../functions/report/words.ts';
import { unproven } from './fixture.ts';

const REASONS = Object.keys(wordsFor('en').reasons) as UnprovenReason[];
const CASES = REASONS.flatMap((reason) => (['vi', 'en'] as const).map((locale) => ({ reason, locale })));

function notice(reason: UnprovenReason, locale: Locale, more?: Parameters<typeof unproven>[1]) {
  return renderNotice({ unproven: unproven(reason, more), locale, timeZone: 'Asia/Ho_Chi_Minh' });
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

  it('tells what was found, with a dash for what is not known', () => {
    expect(notice('rows-missing', 'en').text).toContain(
      'CareSoft states: 317 chats at first, 319 at the end.',
    );
    const { text } = notice('unavailable', 'en', {
      numFoundBefore: null,
      numFoundAfter: null,
      unique: 0,
      pages: 0,
    });
    expect(text).toContain('CareSoft states: – chats at first, – at the end. Read: 0 different');
  });

  it('puts the channel that stands in the way first', () => {
    const { text } = notice('banned', 'en');
    expect(text.indexOf('MESSENGER')).toBeLessThan(text.indexOf('LIVECHAT'));
    expect(text).toContain('This channel is proven.');
  });

  it('names the time before which not to try, on the account’s clock', () => {
    const { text } = notice('banned', 'vi', { notBefore: '2026-11-21T23:17:00Z' });
    expect(text.replace(/\s+/g, ' ')).toContain('Không thử lại trước 06:17 GMT+7, 22/11/2026.');
    const elsewhere = renderNotice({
      unproven: unproven('banned', { notBefore: '2026-11-21T23:17:00Z' }),
      locale: 'en',
    });
    expect(elsewhere.text).toContain('Not before 23:17 GMT+0, 21 Nov');
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
    expect(renderNotice({ unproven: day, locale: 'en' }).text).toContain('It is not known why');
  });
});
