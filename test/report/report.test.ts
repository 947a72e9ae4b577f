import { describe, expect, it } from 'vitest';
import type { Summary } from '../../functions/measure/summary.ts';
import { reportView } from '../../functions/report/report.ts';
import { BUSY_DAY } from './busy-day.ts';
import { byHour, callback, EMPTY_DAY, figures, keyed, proven, summary } from './fixture.ts';

function english(day: Summary, unusuallyEmpty: Parameters<typeof reportView>[0]['unusuallyEmpty'] = []) {
  return reportView({ summary: day, locale: 'en', unusuallyEmpty });
}

function verdictOf(day: Summary): string {
  const { lead, figure, tail } = english(day).verdict;
  return lead + figure + tail;
}

describe('The verdict', () => {
  it('says in one sentence how many were missed and how many are to be called back', () => {
    expect(verdictOf(BUSY_DAY)).toBe('70 of 681 chats missed (10.3%), 28 customers to call back.');
    const { lead, figure, tail } = reportView({
      summary: BUSY_DAY,
      locale: 'vi',
      unusuallyEmpty: [],
    }).verdict;
    expect(lead + figure + tail).toBe('Nhỡ 70/681 chat (10,3%), 28 khách cần gọi lại.');
  });

  it('is about one chat as well', () => {
    const day = summary({ byHour: byHour({ 9: [1, 1] }), callbacks: [callback('Lý', 1, '09:10')] });
    expect(verdictOf(day)).toBe('1 of 1 chat missed (100%), 1 customer to call back.');
  });

  it('counts a rate’s two numbers without the chats of other statuses', () => {
    expect(verdictOf(summary({ totals: figures(20, 4, 2) }))).toMatch(
      /^4 of 18 chats missed \(22.2%\), nobody left/,
    );
    expect(verdictOf(summary({ totals: figures(3, 0, 3) }))).toBe(
      '3 chats, none recorded as answered or missed.',
    );
  });

  it('is glad of a day without a miss and sure of a day without a chat', () => {
    expect(verdictOf(summary({ byHour: byHour({ 9: [40, 0] }) }))).toBe('None of 40 chats missed.');
    expect(verdictOf(EMPTY_DAY)).toBe('No chats on this day: CareSoft confirms that it is zero.');
  });

  it('names the hour and the channel that stand out plainly', () => {
    const day = summary({
      byHour: byHour({ 9: [200, 8], 14: [40, 12], 20: [4, 4] }),
      byChannel: { messenger: figures(220, 10), zalo: figures(24, 14) },
    });
    expect(english(day).alerts).toEqual([
      'Worst: 14:00–15:00, 12 of 40 chats missed (30%).',
      'Worst: Zalo, 14 of 24 chats missed (58.3%).',
    ]);
  });

  it('names no hour for few missed chats or a rate near the day’s', () => {
    expect(english(summary({ byHour: byHour({ 9: [400, 8], 20: [4, 4] }) })).alerts).toEqual([]);
    expect(english(summary({ byHour: byHour({ 9: [40, 8], 14: [40, 12] }) })).alerts).toEqual([]);
  });
});

describe('Subject and preheader', () => {
  it('hold the date and the key figure, and another fact', () => {
    const view = english(BUSY_DAY);
    expect(view.subject).toBe('Chats 21 Nov 2026: 70 of 681 missed (10.3%), 28 to call back');
    expect(view.preheader).toBe(
      'Worst: 14:00–15:00, 19 of 52 chats missed (36.5%). Wait (median) 0:58 · Service level 71.7%',
    );
  });

  it('mark a channel that is empty as it never is', () => {
    const view = english(EMPTY_DAY, ['zalo']);
    expect(view.subject).toBe('Chats 21 Nov 2026: no chats, Zalo unusually empty');
    expect(view.alerts[0]).toMatch(/^Zalo is unusually empty/);
    expect(view.channels.body.map(({ mark }) => mark)).toEqual([null, null, 'unusually empty']);
  });
});

describe('The sections', () => {
  it('show 30 callbacks and count the rest', () => {
    const callbacks = Array.from({ length: 42 }, (_, index) => callback(`K${index}`, 1, '10:00'));
    const { body, note, title } = english(summary({ callbacks })).callbacks;
    expect([title, body.length, note]).toEqual(['Call back (42)', 30, 'and 12 more customers']);
  });

  it('tell of a callback who, how to reach them, how often and when last', () => {
    const lost = callback(null, 2, '14:26', { channels: ['messenger', 'zalo'] });
    expect(english(summary({ callbacks: [lost] })).callbacks.body).toEqual([
      {
        name: '(no name)',
        contacts: ['0912***678'],
        details: ['Messenger, Zalo', 'ticket\u00a0204817', 'since\u00a008:05'],
        attempts: '2',
        repeated: true,
        lastMissed: '14:26',
      },
    ]);
  });

  it('keep two agents of one name apart and name those without', () => {
    const byAgent = [keyed('a@x.vn', 'An', 9, 1), keyed('b@x.vn', 'An', 8, 1), keyed(null, undefined, 7, 7)];
    const [agents] = english(summary({ byAgent })).lists;
    expect(agents?.body.map(({ name }) => name)).toEqual(['An (a@x.vn)', 'An (b@x.vn)', '(unassigned)']);
    expect(agents?.body[2]).toMatchObject({ ratio: '7/7', rate: '100%', wait: '–' });
  });

  it('leave out a list that would say nothing, and pages that missed nobody', () => {
    const nothing = [keyed(null, undefined, 100, 26)];
    const byLandingPage = [keyed('x.vn/', undefined, 90, 0), ...nothing];
    expect(english(summary({ byAgent: nothing, byGroup: nothing, byLandingPage })).lists).toEqual([]);
  });

  it('rank pages by missed chats', () => {
    const byLandingPage = [8, 1, 0, 5, 9, 2, 3].map((missed) =>
      keyed(`x.vn/${missed}`, undefined, 100 - missed, missed),
    );
    const [pages] = english(summary({ byLandingPage })).lists;
    expect(pages?.body.map(({ ratio }) => ratio)).toEqual(['9/91', '8/92', '5/95', '3/97', '2/98']);
  });

  it('gather the night in one cell and lose no chat of the day', () => {
    const { body } = english(summary({ byHour: byHour({ 0: [5, 2], 5: [4, 1], 23: [2, 1] }) })).hours;
    expect(body).toHaveLength(19);
    expect(body[0]).toEqual({ label: '<6', chats: '9', missed: '3', rate: '33.3%', shade: 2 });
    expect(body.at(-1)).toMatchObject({ label: '23', chats: '2', missed: '1', shade: 1 });
  });

  it('shade an hour by its rate, but not for one or two chats', () => {
    const { body } = english(
      summary({ byHour: byHour({ 6: [1, 1], 7: [50, 4], 8: [30, 4], 9: [20, 9] }) }),
    ).hours;
    expect(body.slice(0, 5).map(({ shade }) => shade)).toEqual([0, 1, 1, 2, 3]);
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
    expect(english(day).notes.body.slice(0, 4)).toEqual([
      '681 of 681 chats proven against CareSoft.',
      'Not in the figures: 4 duplicate rows, 1 row with a known id and other content, 2 unreadable rows, 3 rows of another day.',
      '6 chats with another status, counted neither as answered nor as missed.',
      'Only: inbound chats; groups 1, 2, 3, 4, 5 +2; agents 9.',
    ]);
  });

  it('say no word of what is zero or unfiltered', () => {
    const notes = english(summary()).notes.body;
    expect(notes).toHaveLength(4);
    expect(notes[3]).toBe('Times are Asia/Ho_Chi_Minh. Data read by 06:00 GMT+7, 22 Nov 2026.');
  });
});
