import { describe, expect, it } from 'vitest';
import type { Summary } from '../../functions/metrics/summary.ts';
import { localeFormatterFor } from '../../functions/report/locale-formatter.ts';
import type { ReportInput } from '../../functions/report/report-input.ts';
import { reportView } from '../../functions/report/report-view.ts';
import { hourTable } from '../../functions/report/sections/hours.ts';
import { BUSY_DAY } from './busy-day.ts';
import { ALONE, byHour, callback, EMPTY_DAY, earlier, figures, keyed, proven, summary } from './fixture.ts';
import { MORNING } from './waiting-list.ts';

function english(day: Summary, more: Partial<Omit<ReportInput, 'summary' | 'locale'>> = {}) {
  return reportView({ summary: day, locale: 'en', ...ALONE, seenAt: MORNING, ...more });
}

/** With plain spaces. */
function leadOf(day: Summary, more: Partial<ReportInput> = {}): string {
  const { sentence, rest } = english(day, more).lead;
  return [sentence, rest].join(' ').trim().replaceAll('\u00a0', ' ');
}

const NO_TARGET = { targets: { missedRate: null, serviceLevel: null }, businessHours: null } as const;

describe('The verdict', () => {
  it('says how many were missed, how many wait, and who is to be answered first', () => {
    const day = { ...BUSY_DAY, ...NO_TARGET };
    expect(leadOf(day)).toBe(
      '70 of 681 chats missed (10.3%). 28 customers were not answered on the day, 1 to answer before 9:00 today.',
    );
    const { sentence, rest } = reportView({ summary: day, locale: 'vi', ...ALONE, seenAt: MORNING }).lead;
    expect(`${sentence} ${rest}`.replaceAll('\u00a0', ' ')).toBe(
      'Nhỡ 70/681 chat (10,3%). 28 khách chưa được trả lời trong ngày, cần trả lời 1 khách trước 9 giờ hôm nay.',
    );
  });

  it('is about one chat as well', () => {
    const day = summary({ byHour: byHour({ 9: [1, 1] }), callbacks: [callback('Lý', 1, '09:10')] });
    expect(leadOf(day)).toBe('The one chat was missed. 1 customer was not answered on the day.');
  });

  it('says of all who wait that they are to be answered soon, where they are', () => {
    const soon = ['06:30', '07:30'].map((at) => callback(`K${at}`, 1, at));
    expect(leadOf(summary({ callbacks: soon }))).toMatch(
      / 2 customers were not answered on the day, all to answer before 9:00 today\.$/,
    );
    expect(leadOf(summary({ callbacks: soon.slice(1) }))).toMatch(
      / 1 customer was not answered on the day, to answer before 9:00 today\.$/,
    );
  });

  it('counts a rate’s two numbers without the chats of other statuses', () => {
    expect(leadOf(summary({ totals: figures(220, 44, 2) }))).toBe(
      '44 of 218 chats missed (20.2%). Everyone with a missed chat was answered on the day.',
    );
    expect(leadOf(summary({ totals: figures(3, 0, 3) }))).toBe(
      '3 of 3 chats have a status that is not known, so it is not known how many were missed, or who is waiting.',
    );
  });

  it('is sure of a day without a miss, and of one without a chat', () => {
    expect(leadOf(summary({ byHour: byHour({ 9: [40, 0] }) }))).toBe('None of the 40 chats was missed.');
    expect(leadOf(EMPTY_DAY)).toBe('No chats on this day: CareSoft confirms that it is zero.');
  });

  it('says first that more than half were missed, of few and of many', () => {
    const missed = (chats: number, of: number) => leadOf(summary({ byHour: byHour({ 9: [chats, of] }) }));
    expect(missed(3, 2)).toMatch(/^More than half of the chats missed: 2 of 3\./);
    expect(missed(200, 101)).toMatch(/^More than half of the chats missed: 50.5%\./);
    expect(missed(200, 100)).toMatch(/^100 of 200 chats missed \(50%\)\./);
    expect(missed(3, 3)).toMatch(/^All 3 chats missed\./);
    const history = [1, 2, 3].map((back) => earlier(`2026-11-${21 - back}`, 200, 4));
    expect(leadOf(summary({ byHour: byHour({ 9: [200, 101] }) }), { history })).toMatch(
      /^More than half of the chats missed: 50.5%, far above/,
    );
  });
});

describe('Subject and preheader', () => {
  it('hold the day, the key figure and what is to be done, and another fact', () => {
    const view = english(BUSY_DAY);
    const plain = (text: string) => text.replaceAll('\u00a0', ' ');
    expect(plain(view.subject)).toBe(
      'Chats Sat 21 Nov: 10.6% missed, target not met; 1 to answer before 9:00',
    );
    expect(plain(view.preheader)).toMatch(
      /^28 customers were not answered on the day: 1 expires before 9:00 today, 19 have a phone number\. First: .*, reply by 08:39 today, 22 Nov \(2 h 39 min left\)\.$/,
    );
  });

  it('begin with a channel that is empty as it never is, on a day without a chat', () => {
    const view = english(EMPTY_DAY, { unusuallyEmpty: ['zalo'] });
    expect(view.subject).toBe('Chats Sat\u00a021\u00a0Nov: Zalo unusually empty, no chats');
    expect(view.preheader).toMatch(/^Zalo is unusually empty/);
  });
});

describe('Where a channel is empty as it never is', () => {
  const calming = /confirms|No customer is waiting\.|None of the 4 chats was missed\.|far below/;
  const said = (view: ReturnType<typeof english>) => {
    const { sentence, rest } = view.lead;
    return [view.subject, sentence, rest, ...view.alerts, view.work.none].join('\n');
  };

  it.each([
    [['zalo'], 'No chats, though Zalo usually has some: look whether it is still connected to CareSoft.'],
    [
      ['messenger', 'zalo'],
      'No chats, though Messenger and Zalo usually have some: look whether they are still connected to CareSoft.',
    ],
  ] as const)('a day without a chat says so first, and does not calm: %s', (empty, verdict) => {
    const view = english(EMPTY_DAY, { unusuallyEmpty: empty });
    expect(view.lead.sentence).toBe(verdict);
    expect(view.alerts[0]).toContain('is unusually empty: no chats, although it had some');
    expect(view.work.none).toBe('There were no chats, so it is not known who is waiting.');
    expect(said(view)).not.toMatch(calming);
    const marks = view.channels.body.map(({ mark }) => mark);
    expect(marks.filter((mark) => mark === 'unusually empty')).toHaveLength(empty.length);
  });

  const ELSEWHERE = 'No customer is waiting on the channels that had chats.';
  it.each([
    [figures(40, 0), 'None of the 40 chats was missed, but no chats at all from Zalo.', ELSEWHERE],
    [figures(40, 4), '4 of 40 chats missed (10%), but no chats at all from Zalo.', ELSEWHERE],
    [
      figures(3, 0, 3),
      '3 of 3 chats have a status that is not known, so it is not known how many were missed, or who is waiting, but no chats at all from Zalo.',
      'Some chats have a status that is not known, so it is not known who is waiting.',
    ],
  ])('the verdict on the other channels does not calm: %#', (totals, verdict, none) => {
    const day = summary({ totals, byHour: byHour({ 9: [totals.chats, totals.missed] }), callbacks: [] });
    const view = english(day, {
      unusuallyEmpty: ['zalo'],
      history: ['2026-11-19', '2026-11-20'].map((earlierDay) => earlier(earlierDay, 500, 300)),
    });
    expect(`${view.lead.sentence} ${view.lead.rest}`.trim()).toBe(verdict);
    expect(view.alerts.join('\n')).toContain('Zalo is unusually empty');
    expect(view.work.none).toBe(none);
    expect(said(view)).not.toMatch(calming);
  });
});

describe('The sections', () => {
  it('keep two agents of one name apart, and those given to no one out of their table', () => {
    const byAgent = [keyed('a@x.vn', 'An', 9, 1), keyed('b@x.vn', 'An', 8, 1), keyed(null, undefined, 7, 7)];
    const { agents } = english(summary({ byAgent, totals: figures(24, 9) }));
    expect(agents?.body.map(({ name }) => name)).toEqual(['An (a@x.vn)', 'An (b@x.vn)']);
    // Of eight waits there is no half.
    expect(agents?.body[0]).toEqual({ name: 'An (a@x.vn)', assigned: '9', notTaken: '1', wait: '' });
    expect(agents?.unassigned).toBe(
      '7 missed chats were given to no agent, and so count for none below. The other 2 were assigned and not taken.',
    );
  });

  it('leave out the agents where no chat was given to one', () => {
    const byAgent = [keyed(null, undefined, 100, 26)];
    expect(english(summary({ byAgent })).agents).toBeNull();
  });

  it('gather the night in one column and lose no chat of the day', () => {
    const day = summary({ byHour: byHour({ 0: [5, 2], 5: [4, 1], 9: [40, 1], 23: [2, 1] }) });
    const { body = [] } = english(day).hours ?? {};
    expect([body.length, body[0]?.hour, body[0]?.chats, body[0]?.missed]).toEqual([19, '<6', '9', '3']);
    expect([body.at(-1)?.hour, body.at(-1)?.chats]).toEqual(['23', '2']);
  });

  it('show the hours of business alone where there are some', () => {
    const hours = byHour({ 7: [9, 9], 9: [40, 6], 20: [9, 0] });
    const businessHours = { hours: 'Mon-Sat 08:00-18:00', inside: figures(40, 6), outside: figures(18, 9) };
    const { body = [], notes } = english(summary({ byHour: hours, businessHours })).hours ?? {};
    expect([body[0]?.hour, body.at(-1)?.hour]).toEqual(['8', '17']);
    expect(notes).toEqual(['Out of business hours (Mon–Sat 08:00–18:00): 18 chats, 9 missed.']);
  });

  it('shade an hour of the page by its rate, but not for one or two chats', () => {
    const day = summary({ byHour: byHour({ 6: [1, 1], 7: [50, 4], 8: [30, 4], 9: [20, 9] }) });
    const { rows } = hourTable(day, localeFormatterFor('en'));
    expect(rows[0]?.cells.slice(6, 11).map(({ shade }) => shade)).toEqual([1, 1, 2, 3, 0]);
  });

  it('name the ninetieth percentile, in words, from ten values on', () => {
    const notes = (chats: number) =>
      english(summary({ byHour: byHour({ 9: [chats, 0] }) })).keyFigures.body[2]?.notes.map((note) =>
        note.replaceAll('\u00a0', ' '),
      );
    expect([notes(9), notes(10)]).toEqual([[], ['9 in 10 at most 3 min 53 s']]);
  });

  it('tell a small rate by its two numbers', () => {
    const rate = (chats: number) =>
      english(summary({ byHour: byHour({ 9: [chats, 2] }) })).keyFigures.body[1]?.value;
    expect([rate(19), rate(20)]).toEqual(['2/19', '10%']);
  });
});

describe('The notes', () => {
  it('state the proof and what is not in the figures', () => {
    const day = summary({
      completeness: {
        verdict: 'proven',
        channels: { zalo: proven(681, { duplicates: 5, conflicts: 1, rejected: 2, outsideDay: 3 }) },
      },
      totals: figures(676, 70, 6),
      filters: {
        chatType: 'inbound',
        groups: ['1', '2', '3', '4', '5', '6', '7'],
        services: [],
        assignees: ['9'],
      },
    });
    expect(english(day).notes.body.slice(0, 5)).toEqual([
      '676 chats proven against CareSoft’s own count.',
      'CareSoft counts 681 rows: 676 chats, 3 rows of another day, 2 unreadable rows.',
      'Not in the figures: 4 duplicate rows, 1 row with a known id and other content, 2 unreadable rows, 3 rows of another day.',
      '6 chats with another status, counted neither as answered nor as missed.',
      'Only: inbound chats; groups 1, 2, 3, 4, 5 +2; agents 9.',
    ]);
  });

  it('say no word of what is zero or unfiltered', () => {
    const notes = english(summary()).notes.body;
    expect(notes).toHaveLength(3);
    expect(notes[2]).toBe('The data were read by 06:00 on 22 Nov 2026, Vietnam time.');
  });
});
