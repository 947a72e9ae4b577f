import { describe, expect, it } from 'vitest';
import { reportView } from '../../functions/report/report-view.ts';
import {
  ALONE,
  byChannelHour,
  byHour,
  earlier,
  figures,
  type SummaryParts,
  summary,
  usual,
  workload,
} from './fixture.ts';

type Input = Parameters<typeof reportView>[0];

/** With plain spaces; null where nothing stands out. */
function why(parts: SummaryParts, more: Partial<Input> = {}): string | null {
  const { why: said } = reportView({ summary: summary(parts), locale: 'en', ...ALONE, ...more });
  return said?.text.replaceAll('\u00a0', ' ') ?? null;
}

const HOURS = byHour({ 9: [200, 8], 14: [40, 12], 20: [4, 4] });
const CHANNELS = { messenger: figures(220, 10), zalo: figures(24, 14) };
const BUSY = workload({ 9: [9, 2], 14: [3, 6.4] });
const USUAL = ['18', '19', '20'].map((day) =>
  earlier(`2026-11-${day}`, 240, 12, { workload: usual({ 9: [9, 2], 14: [7, 2.6] }) }),
);

describe('Why', () => {
  it('is the worst hour, with the channel that made it so', () => {
    const of = (at14: { messenger: readonly [number, number]; zalo: readonly [number, number] }) => ({
      ...{ byHour: HOURS, byChannel: CHANNELS },
      byChannelHour: byChannelHour(HOURS, CHANNELS, { 14: at14 }),
    });
    expect(why(of({ messenger: [20, 0], zalo: [20, 12] }))).toBe(
      '12 of 24 missed chats fell on Zalo 14:00–15:00.',
    );
    expect(why(of({ messenger: [20, 6], zalo: [20, 6] }))).toBe('12 of 24 missed chats fell on 14:00–15:00.');
  });

  it('is an hour of one channel where the hour as a whole does not stand out', () => {
    const hours = byHour({ 9: [400, 20], 14: [200, 16] });
    const byChannel = { messenger: figures(400, 26), zalo: figures(200, 10) };
    const cells = byChannelHour(hours, byChannel, { 14: { messenger: [180, 8], zalo: [20, 8] } });
    expect(why({ byHour: hours, byChannel, byChannelHour: cells })).toContain('fell on Zalo 14:00–15:00');
  });

  it('tells how many agents there were and how many chats each held, against what is usual', () => {
    const day = { byHour: HOURS, workload: BUSY };
    expect(why(day, { history: USUAL })).toBe(
      '12 of 24 missed chats fell on 14:00–15:00, when only 3 agents took chats (usually 7), each holding 6.4 at once (usually 2.6).',
    );
    expect(why(day)).toBe(
      '12 of 24 missed chats fell on 14:00–15:00, when 3 agents took chats, each holding 6.4 at once.',
    );
    expect(why({ ...day, workload: workload({ 9: [9, 2] }) }, { history: USUAL })).toContain(
      'when no agent took chats (usually 7).',
    );
  });

  it('tells what share was given to no one', () => {
    const unassigned = { missed: 20, missedInside: null };
    expect(why({ byHour: HOURS, workload: workload({ 14: [3, 6.4] }, unassigned) })).toMatch(
      /; over the day 20 of 24 missed chats were given to no one\.$/,
    );
    const even = byHour({ 9: [100, 8], 14: [100, 8] });
    expect(why({ byHour: even, workload: workload({ 14: [3, 6.4] }, { ...unassigned, missed: 11 }) })).toBe(
      '11 of 16 missed chats were given to no one.',
    );
  });

  it.each([
    ['a few were missed', byHour({ 9: [400, 2], 20: [4, 2] })],
    ['no hour is far above the day', byHour({ 9: [40, 8], 14: [40, 12] })],
    ['no one was missed', byHour({ 9: [40, 0] })],
  ])('is not told where %s', (_, hours) => {
    expect(why({ byHour: hours })).toBeNull();
  });
});
