import { describe, expect, it } from 'vitest';
import { addDays } from '../../functions/calendar/day.ts';
import type { Channel } from '../../functions/chats/channel.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { baselinesOf } from '../../functions/report/baselines.ts';
import { type Digest, staleDigestOf } from '../../functions/report/digest.ts';
import { compareWithEarlier } from '../../functions/report/earlier-days.ts';
import { contentHashOf, renderWorkbook } from '../../functions/report/formats/workbook/workbook.ts';
import { localeFormatterFor } from '../../functions/report/locale-formatter.ts';
import { noticeView } from '../../functions/report/notice.ts';
import type { NextAttempt } from '../../functions/report/report-input.ts';
import { reportView } from '../../functions/report/report-view.ts';
import { movedLine } from '../../functions/report/sections/why.ts';
import { ALONE, earlier, figures, proven, summary, unproven } from './fixture.ts';
import { openWorkbook } from './open-workbook.ts';
import { missing, PARTIAL_DAY } from './partial-day.ts';

const TODAY = '2026-11-21';

/** A day of so many chats a channel, a tenth of them missed; those that are null could not be proven. */
function dayOf(back: number, chats: Readonly<Partial<Record<Channel, number | null>>>): Summary {
  const all = Object.entries(chats);
  const read = all.flatMap(([channel, count]) => (count === null ? [] : [{ channel, count }]));
  const sum = read.reduce((total, { count }) => total + count, 0);
  const found = all.map(([channel, count]) => [
    channel,
    count === null ? missing('unavailable') : proven(count),
  ]);
  const verdict = read.length < all.length ? 'partial' : 'proven';
  return summary({
    day: addDays(TODAY, -back),
    totals: figures(sum, sum / 10),
    byChannel: Object.fromEntries(read.map(({ channel, count }) => [channel, figures(count, count / 10)])),
    completeness: { verdict, channels: Object.fromEntries(found) },
  });
}

const digestsOf = (days: readonly Summary[]): Digest[] => days.map((day) => staleDigestOf(day));

describe('Days are compared channel by channel', () => {
  const whole = [1, 2, 7].map((back) => dayOf(back, { livechat: 100, messenger: 200, zalo: 300 }));

  it('a day that lacks a channel with what the days before had of the others', () => {
    const today = dayOf(0, { livechat: 100, messenger: 400, zalo: null });
    const { history, lacking } = compareWithEarlier(today, digestsOf(whole));
    expect(history.map(({ totals: { chats, answered, missed } }) => [chats, answered, missed])).toEqual(
      Array.from({ length: 3 }, () => [300, 270, 30]),
    );
    expect(lacking).toEqual([]);
    const { previousDay, lastSevenDays } = baselinesOf(today.day, 60, history);
    // 80 and 160 of those answered, and a median of medians is none.
    expect(previousDay).toMatchObject({ chats: 300, within: 72 + 144 });
    expect(lastSevenDays).toMatchObject({ days: 3, chats: 900, byChannel: { messenger: { missed: 60 } } });
    expect(lastSevenDays?.byChannel).not.toHaveProperty('zalo');
    expect(movedLine(today, baselinesOf(today.day, 60, history), localeFormatterFor('en'))).toContain(
      'last 3 days',
    );
  });

  it('with the waits of its only channel', () => {
    const today = dayOf(0, { livechat: 100, messenger: null, zalo: null });
    const { history } = compareWithEarlier(today, digestsOf(whole));
    expect(baselinesOf(today.day, 60, history).previousDay).toMatchObject({
      ...{ chats: 100, meanWait: figures(100, 10).waitSeconds.mean },
    });
  });

  it('a day of all channels with none that lacks one of them, and says which those are', () => {
    const today = dayOf(0, { livechat: 100, messenger: 200, zalo: 300 });
    const days = [
      dayOf(2, { livechat: 100, messenger: 200, zalo: 300 }),
      dayOf(1, { livechat: 100, messenger: 200, zalo: null }),
    ];
    const { history, lacking } = compareWithEarlier(today, digestsOf(days));
    expect(history.map(({ day }) => day)).toEqual(['2026-11-19']);
    expect(lacking).toEqual([{ day: '2026-11-20', channels: ['zalo'] }]);
    const view = reportView({ ...ALONE, summary: today, locale: 'en', history, lacking });
    expect(view.days.body.at(-2)).toMatchObject({ text: 'lacks Zalo', bar: null });
    expect(view.days.note).toContain('20 Nov: the report lacks a channel');
    expect(view.work.facts.join()).toContain('the report of that day lacks Zalo');
  });

  it('two days that lack the same channel with each other', () => {
    const [today, before] = [0, 1].map((back) => dayOf(back, { livechat: 100, messenger: 200, zalo: null }));
    const { history, lacking } = compareWithEarlier(today ?? PARTIAL_DAY, digestsOf(before ? [before] : []));
    expect([history.map(({ totals }) => totals.chats), lacking]).toEqual([[300], []]);
  });

  it('a channel that fell silent with days that lack another', () => {
    const days = [1, 2, 3, 4].map((back) => dayOf(back, { messenger: 200, zalo: null, livechat: 10 }));
    const today = dayOf(0, { messenger: 0, zalo: 300, livechat: 10 });
    const { silent, unusuallyEmpty } = compareWithEarlier(today, digestsOf(days));
    expect([silent.map(({ channel }) => channel), unusuallyEmpty]).toEqual([['messenger'], []]);
    // What could not be read has not fallen silent.
    const partial = dayOf(0, { messenger: null, zalo: 300, livechat: 10 });
    expect(compareWithEarlier(partial, digestsOf(days))).toMatchObject({ silent: [], unusuallyEmpty: [] });
  });
});

describe('What is missing', () => {
  const says = (next: NextAttempt, found = missing('unavailable')) => {
    const completeness = {
      ...PARTIAL_DAY.completeness,
      channels: { ...PARTIAL_DAY.completeness.channels, zalo: found },
    };
    const seenAt = Date.parse('2026-11-21T23:12:00.000Z');
    return reportView({ ...ALONE, summary: { ...PARTIAL_DAY, completeness }, locale: 'en', next, seenAt });
  };

  it.each([
    [
      { at: '2026-11-22T00:05:00.000Z' },
      'again by itself at 07:05\u00a0today,\u00a022\u00a0Nov. If it can be read',
    ],
    ['next-run', 'The next daily run reads Zalo again by itself.'],
    [null, 'Once Zalo can be read'],
  ] as const)('is read again: %j', (next, text) => {
    const { missing: section, preheader } = says(next);
    expect(section?.next).toContain(text);
    expect(preheader).toContain(text);
  });

  it('is not read again where CareSoft refused it: a person has to act', () => {
    const found = missing('refused', { detail: 'HTTP 400: no such channel' });
    for (const next of [{ at: '2026-11-22T00:05:00.000Z' }, 'next-run', null] as const) {
      const { missing: section, notes } = says(next, found);
      expect(notes.body.join(' ')).toMatch(
        /For the engineer who runs the system: Zalo \(refused\)\. .* CareSoft answers: HTTP 400: no such channel\. .*CHANNELS.* Run it again with: chat-report run --day 2026-11-21$/,
      );
      expect(section?.why).toBe(
        'CareSoft refuses one channel, perhaps because the account does not have it, so the chats of Zalo have not all been read yet.',
      );
      expect(section?.next).toBe(
        'The system does not read Zalo again until this has been mended. Please tell the engineer who runs the system: what to do stands under “About the figures”.',
      );
      expect(section?.next).not.toMatch(/by itself|takes the place|in place of/);
    }
  });

  it('is for a person to mend where it cannot pass by itself, and tried again all the same', () => {
    const { missing: section, notes } = says(
      'next-run',
      missing('clock-contradicted', { detail: 'rows begin 7 h off' }),
    );
    expect(Object.values(section ?? {}).join(' ')).not.toMatch(
      /7 h off|CARESOFT|clock-contradicted|chat-report/,
    );
    expect(section?.next).toMatch(
      /^The next daily run reads Zalo again by itself\..* Please tell the engineer /,
    );
    expect(notes.body.join(' ')).toMatch(
      /Zalo \(clock-contradicted\)\..* Detail: rows begin 7 h off\. .* changes CARESOFT_CLOCK\./,
    );
  });

  it('is not praised over', () => {
    const history = [1, 2, 7].map((back) => ({
      ...earlier(addDays(TODAY, -back), 300, 90),
      byChannel: dayOf(back, { messenger: 300 }).byChannel,
    }));
    const today = { ...PARTIAL_DAY, totals: { ...PARTIAL_DAY.totals, ...figures(480, 5) } };
    const { lead, subject } = reportView({ ...ALONE, summary: today, locale: 'en', history });
    expect(`${lead.sentence} ${lead.rest} ${subject}`).not.toMatch(/far below|No customer is waiting|target/);
  });

  it('stands before the mark of a report of some channels', () => {
    const view = reportView({
      ...ALONE,
      summary: { ...PARTIAL_DAY, only: ['messenger', 'zalo'] },
      locale: 'en',
    });
    expect(view.subject).toMatch(
      /: no figures of Zalo yet; Messenger, Zalo only · LiveChat and Messenger: 9.6% missed/,
    );
    expect(view.lead.warning + view.lead.sentence).toMatch(
      /^No figures of Zalo yet\. Messenger, Zalo only · /,
    );
  });
});

describe('The workbook of a partial day', () => {
  it('says what is missing in its first lines, and gives no channel figures that it has none of', async () => {
    const workbook = await renderWorkbook({ ...ALONE, summary: PARTIAL_DAY, locale: 'en' }, null);
    const rows = openWorkbook(workbook)
      .sheet('Overview')
      .rows.map((row) => row.map(({ value }) => value));
    const lines = rows.map(([first]) => first);
    expect(lines[0]).toBe('Chat report 21 Nov 2026 · no figures of Zalo yet');
    expect(lines[1]).toMatch(/^No figures of Zalo yet\. LiveChat and Messenger: 45 of 470 chats missed/);
    expect(lines.slice(2, 5).join(' ')).toMatch(
      /^CareSoft did not answer.*chats of Zalo.*Once Zalo.*without Zalo/,
    );
    expect(lines).toContain('Customers who wait, without Zalo');
    expect(lines).toContain('Total, without Zalo');
    const ofZalo = rows.filter(([first]) => first === 'Zalo');
    expect(ofZalo.map((row) => row.slice(0, 3))).toEqual([
      ['Zalo', 'could not be read, which is not zero'],
      ['Zalo', 'not proven, not counted', 217],
    ]);
  });

  it('is the same whenever it is read, and whenever the channel is read again', () => {
    const input = { ...ALONE, summary: PARTIAL_DAY, locale: 'vi' } as const;
    const later = { ...input, seenAt: 1, next: { at: '2026-11-22T00:05:00.000Z' } } as const;
    expect(contentHashOf(later)).toBe(contentHashOf(input));
  });
});

describe('A notice', () => {
  const next = (reason: 'rows-missing' | 'refused', when: NextAttempt) => {
    const input = {
      unproven: unproven(reason),
      locale: 'en',
      account: null,
      timeZone: 'UTC',
      next: when,
    } as const;
    const { operators, lead } = noticeView(input);
    return { line: operators.channels[0]?.lines.at(-1)?.text, says: lead.next };
  };

  it('says when the program tries again, and what can be done by hand', () => {
    const at = { at: '2026-11-22T00:05:01.000Z' };
    const said = 'The system reads it again by itself at 00:06 on 22 Nov 2026, UTC time.';
    expect(next('rows-missing', at).line).toBe(`${said} Or: in an hour or so, with the command below.`);
    expect(next('rows-missing', at).says.replaceAll('\u00a0', ' ')).toBe(
      'The system reads it again by itself at 00:06 on 22 Nov.',
    );
    expect(next('rows-missing', 'next-run').line).toMatch(
      /^The next daily run reads it again by itself\. Or: /,
    );
    expect(next('rows-missing', null).line).toBe('In an hour or so, with the command below.');
  });

  it('names no time where CareSoft refused: a person has to act', () => {
    const { line, says } = next('refused', 'next-run');
    expect(line).toBe('As soon as that is done, with the command below.');
    expect(says).toBe('The engineer who runs the system has to act.');
  });
});
