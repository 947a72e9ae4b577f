import { describe, expect, it } from 'vitest';
import { reportNotification } from '../../functions/delivery/notification.ts';
import { isStatusUnknown, summaryWithKnownRates } from '../../functions/metrics/rates.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { renderHtml } from '../../functions/report/formats/html.ts';
import { renderText } from '../../functions/report/formats/text.ts';
import { contentHashOf } from '../../functions/report/formats/workbook/workbook.ts';
import { reportView } from '../../functions/report/report-view.ts';
import { fc } from '../property.ts';
import { ALONE, byHour, callback, earlier, figures, proven, type SummaryParts, summary } from './fixture.ts';

const WORD = 'LBL_CHAT_STATUS_MISSED';
const day = (chats: number, missed: number, other: number, more?: SummaryParts) =>
  summary({
    totals: figures(chats, missed, other),
    byChannel: { messenger: figures(chats, missed, other), zalo: figures(0, 0) },
    byHour: byHour({ 9: [chats, missed] }),
    completeness: {
      verdict: 'proven',
      channels: { messenger: proven(chats, { unknownStatuses: { [WORD]: other } }), zalo: proven(0) },
    },
    callbacks: [],
    ...more,
  });
const view = (of: Summary, history = [earlier('2026-11-20', 500, 300), earlier('2026-11-19', 500, 300)]) =>
  reportView({ ...ALONE, summary: of, locale: 'en', history });
const sentence = ({ lead }: ReturnType<typeof view>) => [lead.sentence, lead.rest].join(' ').trim();

describe('A day on which the status of one chat in a hundred or more is not known', () => {
  it('says so first, with the word, and tells no rate and no calm', () => {
    const said = view(day(200, 0, 2));
    expect(said.subject).toContain(`: 2 of 200 chats have a status that is not known (${WORD})`);
    expect(sentence(said)).toBe(
      `2 of 200 chats have a status that is not known (${WORD}), so it is not known how many were missed, or who is waiting.`,
    );
    expect(said.preheader).toMatch(
      /^CareSoft writes a status that is not known here: LBL_CHAT_STATUS_MISSED\./,
    );
    expect(said.keyFigures.body[1]).toMatchObject({
      value: '–',
      notes: ['not known'],
      isBad: false,
    });
    expect(said.keyFigures.body[3]).toMatchObject({ value: '–', isBad: false });
    expect(said.work).toMatchObject({ counts: null, groups: [], none: expect.stringMatching(/not known/) });
    expect(said.days.body.at(-1)).toMatchObject({ bar: null, text: '–' });
    expect(said.days.note).toContain('Many chats of a status that is not known: 21 Nov.');
  });

  it('tells what is known to be missed as the least', () => {
    const said = view(day(200, 3, 2, { callbacks: [callback('An', 1, '09:10')] }));
    expect(said.subject).toContain('not known (LBL_CHAT_STATUS_MISSED), at least 3 missed; 1 not answered');
    expect(sentence(said)).toContain(
      'how many were missed: at least 3 missed. 1 customer was not answered on the day.',
    );
    expect(said.work.facts[0]).toContain('There may be more');
    expect(said.channels.body[0]).toMatchObject({ rate: '–', ratio: '≥\u00a03' });
  });

  it('begins at one in a hundred', () => {
    fc.assert(
      fc.property(fc.nat(3_000), fc.nat(60), (decided, other) => {
        const chats = decided + other;
        expect(isStatusUnknown({ chats, other })).toBe(other > 0 && other / chats >= 0.01);
      }),
    );
    const below = view(day(201, 0, 2));
    expect(sentence(below)).toMatch(/^None of the 199 chats was missed/);
    expect(below.notes.body).toContain(
      `2 chats with a status that is not known (${WORD}), counted neither as answered nor as missed.`,
    );
  });

  it('is no day that others are compared with by a rate', () => {
    const { totals, byChannel } = day(200, 0, 100);
    const unknown = { ...earlier('2026-11-20', 200, 0), totals, byChannel };
    const said = view(day(500, 100, 0), [unknown, earlier('2026-11-19', 500, 100)]);
    const [chats, missed] = said.changes.body;
    expect(chats?.cells[1]?.value).toBe('200');
    expect(missed?.cells.map(({ value }) => value)).toEqual(['20%', '', '20%']);
  });

  it('is the same without a word, as of chats that have no status', () => {
    const said = view(
      day(10, 0, 5, { completeness: { verdict: 'proven', channels: { messenger: proven(10) } } }),
    );
    expect(sentence(said)).toMatch(/^5 of 10 chats have a status that is not known, so it is not known/);
    expect(said.alerts).toEqual([]);
  });

  it('shows words of strangers cut, masked and on one line', () => {
    const messages = {
      [`x${'y'.repeat(300)}`]: 3,
      'gọi 0912 345 678\n\u202e<b>': 9,
      ...{ a: 1, b: 1, c: 1, d: 1, e: 1 },
    };
    const channels = { messenger: proven(10, { unknownStatuses: messages }) };
    const of = day(10, 0, 5, { completeness: { verdict: 'proven', channels } });
    const input = { ...ALONE, summary: of, locale: 'vi' } as const;
    for (const form of [renderHtml(input), renderText(input), view(of).subject]) {
      expect(form).not.toMatch(/0912 345 678|<b>\)|\u202e|y{41}/);
      expect(form).toContain('091*****78');
    }
    expect(view(of).subject).toMatch(/, …\)$/);
  });

  it('tells other programs no rate either, and how many chats it is about', () => {
    const { headline } = reportNotification(day(200, 0, 2), [], { account: 'a', lake: 'out/lake' });
    expect(headline).toMatchObject({ other: 2, missed: 0, missedRate: null, serviceLevelRate: null });
    expect(
      reportNotification(day(200, 4, 1), [], { account: 'a', lake: 'out/lake' }).headline,
    ).not.toHaveProperty('other');
  });

  it('has its figures in the JSON as they are defined', () => {
    const of = day(200, 0, 2);
    expect(of.totals.missedRate).toBe(0);
    expect(summaryWithKnownRates(of)).toEqual(summaryWithKnownRates(summaryWithKnownRates(of)));
    expect(contentHashOf({ ...ALONE, summary: of, locale: 'en' })).not.toBe(
      contentHashOf({ ...ALONE, summary: day(201, 0, 2), locale: 'en' }),
    );
  });
});

describe('The notes', () => {
  it('tell statuses that CareSoft’s filter gave, and counts that were not compared', () => {
    const channels = {
      messenger: proven(100, { unknownStatuses: { [WORD]: 7 }, statusByFilter: 7, notHeeded: ['answered'] }),
      zalo: proven(0, { notHeeded: ['answered'] }),
      livechat: proven(9, { notHeeded: ['missed', 'answered'] }),
    } as const;
    const of = day(100, 7, 0, { completeness: { verdict: 'proven', channels } });
    const [en, vi] = (['en', 'vi'] as const).map((locale) =>
      reportView({ ...ALONE, summary: of, locale }).notes.body.join('\n'),
    );
    expect(en).toContain(
      `7 chats have a status that is not known (${WORD}); whether answered or missed is what CareSoft’s own filter chat_status says.`,
    );
    expect(en).toContain('CareSoft does not count by status (missed, answered) on LiveChat, so');
    expect(en).toContain('CareSoft does not count by status (answered) on Messenger, Zalo, so');
    expect(vi).toContain(
      `7 chat có trạng thái chưa rõ (${WORD}); đã trả lời hay nhỡ là theo bộ lọc chat_status`,
    );
    expect(vi).toContain('CareSoft không đếm riêng chat theo trạng thái (đã trả lời) ở Messenger, Zalo');
    expect(sentence(view(of))).toMatch(/^7% of chats missed/);
  });
});
