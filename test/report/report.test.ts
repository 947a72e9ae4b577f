import { describe, expect, it } from 'vitest';
import type { Summary } from '../../functions/measure/summary.ts';
import { reportView } from '../../functions/report/report.ts';
import { BUSY_DAY } from './busy-day.ts';
import {
  ALONE,
  byChannelHour,
  byHour,
  callback,
  EMPTY_DAY,
  earlier,
  figures,
  keyed,
  proven,
  summary,
} from './fixture.ts';

function english(day: Summary, unusuallyEmpty: Parameters<typeof reportView>[0]['unusuallyEmpty'] = []) {
  return reportView({ summary: day, locale: 'en', ...ALONE, unusuallyEmpty });
}

function verdictOf(day: Summary): string {
  const { lead, figure, tail } = english(day).verdict;
  return lead + figure + tail;
}

describe('The verdict', () => {
  it('says in one sentence how many were missed and how many are to be called back', () => {
    expect(verdictOf(BUSY_DAY)).toBe(
      '70 of 681 chats missed (10.3%), especially 14:00–15:00 Messenger (14/24); 28 customers to call back.',
    );
    const { lead, figure, tail } = reportView({
      summary: BUSY_DAY,
      locale: 'vi',
      ...ALONE,
    }).verdict;
    expect(lead + figure + tail).toBe(
      'Nhỡ 70/681 chat (10,3%), nhất là 14–15h Messenger (14/24); 28 khách cần gọi lại.',
    );
  });

  it('is about one chat as well', () => {
    const day = summary({ byHour: byHour({ 9: [1, 1] }), callbacks: [callback('Lý', 1, '09:10')] });
    expect(verdictOf(day)).toBe('1 of 1 chat missed (100%); 1 customer to call back.');
  });

  it('counts a rate’s two numbers without the chats of other statuses', () => {
    expect(verdictOf(summary({ totals: figures(220, 44, 2) }))).toMatch(
      /^44 of 218 chats missed \(20.2%\); nobody left/,
    );
    expect(verdictOf(summary({ totals: figures(3, 0, 3) }))).toBe(
      '3 of 3 chats have a status that is not known, so it is not known how many were missed, or whom to call back.',
    );
  });

  it('is glad of a day without a miss and sure of a day without a chat', () => {
    expect(verdictOf(summary({ byHour: byHour({ 9: [40, 0] }) }))).toBe('None of 40 chats missed.');
    expect(verdictOf(EMPTY_DAY)).toBe('No chats on this day: CareSoft confirms that it is zero.');
  });

  it('names the hour that stands out plainly, with the channel that made it so', () => {
    const hours = byHour({ 9: [200, 8], 14: [40, 12], 20: [4, 4] });
    const byChannel = { messenger: figures(220, 10), zalo: figures(24, 14) };
    const at14 = { messenger: [20, 0], zalo: [20, 12] } as const;
    const cells = byChannelHour(hours, byChannel, { 14: at14 });
    expect(verdictOf(summary({ byHour: hours, byChannel, byChannelHour: cells }))).toContain(
      ', especially 14:00–15:00 Zalo (12/20); ',
    );
    const shared = byChannelHour(hours, byChannel, { 14: { messenger: [20, 6], zalo: [20, 6] } });
    const both = summary({ byHour: hours, byChannel, byChannelHour: shared });
    expect(verdictOf(both)).toContain(', especially 14:00–15:00 (12/40); ');
    // The channel as a whole is plainly worse than the day too.
    expect(english(both).alerts).toEqual(['Far above the day’s rate: Zalo, 14 of 24 chats missed (58.3%).']);
  });

  it('names an hour of one channel where the hour as a whole does not stand out', () => {
    const hours = byHour({ 9: [400, 20], 14: [200, 16] });
    const byChannel = { messenger: figures(400, 26), zalo: figures(200, 10) };
    const cells = byChannelHour(hours, byChannel, { 14: { messenger: [180, 8], zalo: [20, 8] } });
    expect(verdictOf(summary({ byHour: hours, byChannel, byChannelHour: cells }))).toContain(
      ', especially 14:00–15:00 Zalo (8/20); ',
    );
  });

  it('names no hour for few missed chats or a rate near the day’s', () => {
    const says = (day: Summary) => [verdictOf(day), ...english(day).alerts].join(' ');
    expect(says(summary({ byHour: byHour({ 9: [400, 8], 20: [4, 4] }) }))).not.toMatch(
      /especially|far above/i,
    );
    expect(says(summary({ byHour: byHour({ 9: [40, 8], 14: [40, 12] }) }))).not.toMatch(
      /especially|far above/i,
    );
  });
});

describe('Subject and preheader', () => {
  it('hold the date and the key figure, and another fact', () => {
    const view = english(BUSY_DAY);
    expect(view.subject).toBe('Chats 21 Nov 2026: 70 of 681 missed (10.3%), 28 to call back');
    expect(view.preheader).toBe('Wait (median) 0:58 · Service level 71.7%');
  });

  it('begin with a channel that is empty as it never is, on a day without a chat', () => {
    const view = english(EMPTY_DAY, ['zalo']);
    expect(view.subject).toBe('Chats 21 Nov 2026: Zalo unusually empty, no chats');
    expect(view.preheader).toMatch(/^Zalo is unusually empty/);
  });
});

describe('Where a channel is empty as it never is', () => {
  const calming = /confirms|nobody|None of 4 chats missed\.|below that/;
  const said = (view: ReturnType<typeof english>) => {
    const { lead, figure, tail } = view.verdict;
    return [view.subject, lead + figure + tail, ...view.alerts, ...view.praise, view.callbacks.note].join(
      '\n',
    );
  };

  it.each([
    [['zalo'], 'No chats, though Zalo usually has some: look whether it is still connected to CareSoft.'],
    [
      ['messenger', 'zalo'],
      'No chats, though Messenger, Zalo usually have some: look whether they are still connected to CareSoft.',
    ],
  ] as const)('a day without a chat says so first, and does not calm: %s', (empty, verdict) => {
    const view = english(EMPTY_DAY, empty);
    expect(view.verdict.lead).toBe(verdict);
    expect(view.alerts[0]).toContain('is unusually empty: no chats, although it had some');
    expect(view.callbacks).toMatchObject({
      title: 'Call back (–)',
      note: 'There were no chats, so it is not known whom to call back.',
    });
    expect(said(view)).not.toMatch(calming);
    const marks = view.channels.body.map(({ mark }) => mark);
    expect(marks.filter((mark) => mark === 'unusually empty')).toHaveLength(empty.length);
  });

  const ELSEWHERE = 'No customer is to be called back on the channels that had chats.';
  it.each([
    [figures(40, 0), 'None of 40 chats missed, but no chats at all from Zalo.', ELSEWHERE],
    [figures(40, 4), '4 of 40 chats missed (10%).', ELSEWHERE],
    [
      figures(3, 0, 3),
      '3 of 3 chats have a status that is not known, so it is not known how many were missed, or whom to call back, but no chats at all from Zalo.',
      'Some chats have a status that is not known, so it is not known whom to call back.',
    ],
  ])('the verdict on the other channels does not calm: %#', (totals, verdict, note) => {
    const day = summary({ totals, byHour: byHour({ 9: [totals.chats, totals.missed] }), callbacks: [] });
    const view = reportView({
      ...{ summary: day, locale: 'en', ...ALONE, unusuallyEmpty: ['zalo'] },
      history: ['2026-11-19', '2026-11-20'].map((earlierDay) => earlier(earlierDay, 500, 300)),
    });
    expect(view.verdict.lead + view.verdict.figure + view.verdict.tail).toBe(verdict);
    expect(view.alerts[0]).toMatch(/^Zalo is unusually empty/);
    expect(view.praise).toEqual([]);
    expect(view.callbacks.note).toBe(note);
    expect(said(view)).not.toMatch(calming);
  });
});

describe('The sections', () => {
  it('show 15 callbacks and say where the rest is', () => {
    const callbacks = Array.from({ length: 42 }, (_, index) => callback(`K${index}`, 1, '10:00'));
    const { body, note, title } = english(summary({ callbacks })).callbacks;
    expect([title, body.length]).toEqual(['Call back (42)', 15]);
    expect(note).toContain('27 more customers are in the report’s workbook.');
  });

  it('tell of a callback who, how to reach them, how often and when last', () => {
    const lost = callback(null, 2, '14:26', { channels: ['messenger', 'zalo'] });
    expect(english(summary({ callbacks: [lost] })).callbacks.body).toEqual([
      {
        name: '(no name)',
        contacts: [{ text: '0912***678', tel: null }],
        attempts: 'missed\u00a02×',
        details: ['Messenger, Zalo', 'since\u00a008:05', 'ticket\u00a0204817'],
        replyBy: { text: 'reply\u00a0by 14:26\u00a0on\u00a022\u00a0Nov', isOpen: true },
        cause: 'not known',
        lastMissed: '14:26',
        waited: '1:35',
      },
    ]);
  });

  it('put those first whose time to be answered ends soonest, and those whose time has ended where they were', () => {
    const callbacks = [
      callback('many', 5, '20:00', { replyBy: null }),
      callback('ended', 3, '05:00', { replyBy: '2026-11-22T05:00:00+07:00' }),
      callback('tomorrow', 2, '10:00', { replyBy: '2026-11-23T10:00:00+07:00' }),
      callback('soon', 1, '07:00', { replyBy: '2026-11-22T07:00:00+07:00' }),
    ];
    const { body, note } = english(summary({ callbacks })).callbacks;
    expect(body.map(({ name, replyBy }) => [name, replyBy?.text])).toEqual([
      ['soon', 'reply\u00a0by 07:00\u00a0on\u00a022\u00a0Nov'],
      ['tomorrow', 'reply\u00a0by 10:00\u00a0on\u00a023\u00a0Nov'],
      ['many', undefined],
      ['ended', '24\u00a0hours\u00a0are\u00a0over (05:00\u00a0on\u00a022\u00a0Nov)'],
    ]);
    expect(note).toBe('Those with the soonest reply deadline come first.');
    const ended = english(summary({ callbacks: callbacks.slice(0, 2) })).callbacks;
    expect([ended.body.map(({ replyBy }) => replyBy?.isOpen), ended.note]).toEqual([
      [undefined, false],
      null,
    ]);
  });

  it('let a phone dial a number that is shown in full, and nothing else', () => {
    const telOf = (phone: string, contacts: 'masked' | 'full') => {
      const customer = { key: 'id:1', name: 'An', phone, email: 'a@b.vn' };
      const [row] = english(summary({ contacts, callbacks: [callback('An', 1, '10:00', { customer })] }))
        .callbacks.body;
      return row?.contacts.map(({ tel }) => tel);
    };
    expect(telOf('+84 90 123-45.67', 'full')).toEqual(['+84901234567', null]);
    expect(telOf('+84 90 123-45.67', 'masked')).toEqual([null, null]);
    expect(telOf('090123456;ext=1', 'full')).toEqual([null, null]);
  });

  it('tell who was answered later, and what became of the list of the day before', () => {
    const followUp = {
      ...{ day: '2026-11-20', generatedAt: '2026-11-20T23:00:12.000Z', customers: 9 },
      ...{ answered: 6, missedAgain: 1, silent: 2, unrecognizable: 0 },
    };
    const day = summary({ recovered: 3, callbacks: [callback('An', 1, '10:00')], followUp });
    expect(english(day).callbacks.facts).toEqual([
      '4 customers were missed: 3 answered later that day, 1 still not.',
      'Of 9 customers to call back on 20 Nov: 6 answered since, 1 missed again, 2 not heard from since.',
    ]);
  });

  it('keep two agents of one name apart and name those without', () => {
    const byAgent = [keyed('a@x.vn', 'An', 9, 1), keyed('b@x.vn', 'An', 8, 1), keyed(null, undefined, 7, 7)];
    const [agents] = english(summary({ byAgent })).lists;
    expect(agents?.body.map(({ name }) => name)).toEqual(['An (a@x.vn)', 'An (b@x.vn)', '(unassigned)']);
    expect(agents?.body[2]).toMatchObject({ chats: '7', missed: '7/7', wait: '–' });
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
    expect(pages?.body.map(({ missed }) => missed)).toEqual([
      ...['9 (9.9%)', '8 (8.7%)', '5 (5.3%)', '3 (3.1%)', '2 (2%)'],
    ]);
  });

  it('gather the night in one cell and lose no chat of the day', () => {
    const { labels, rows, chats } = english(
      summary({ byHour: byHour({ 0: [5, 2], 5: [4, 1], 23: [2, 1] }) }),
    ).hours;
    expect([labels.length, labels[0], chats[0]]).toEqual([19, '<6', '9']);
    expect(rows.map(({ name }) => name)).toEqual(['Messenger']);
    expect(rows[0]?.cells[0]).toEqual({ missed: '3', hasChats: true, of: '9', rate: '33.3%', shade: 2 });
    expect([labels.at(-1), chats.at(-1), rows[0]?.cells.at(-1)?.shade]).toEqual(['23', '2', 1]);
  });

  it('shade an hour by its rate, but not for one or two chats', () => {
    const { rows } = english(
      summary({ byHour: byHour({ 6: [1, 1], 7: [50, 4], 8: [30, 4], 9: [20, 9] }) }),
    ).hours;
    expect(rows[0]?.cells.slice(0, 5).map(({ shade }) => shade)).toEqual([0, 1, 1, 2, 3]);
  });

  it('name the ninetieth percentile from ten values on', () => {
    const p90 = (chats: number) =>
      english(summary({ byHour: byHour({ 9: [chats, 0] }) })).keyFigures.body[2]?.notes[0];
    expect([p90(9), p90(10)]).toEqual(['P90 –', 'P90 3:53']);
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
    expect(notes).toHaveLength(4);
    expect(notes[3]).toBe('Times are Vietnam time. Data read by 06:00 on 22 Nov 2026, Vietnam time.');
  });
});
