import { describe, expect, test } from 'vitest';
import { openZone } from '../../../functions/calendar/time-zone.ts';
import { toSearchParams, withPage } from '../../../functions/sources/caresoft/dialect.ts';
import { daySlice, type Slice } from '../../../functions/sources/source.ts';

const all = { chatType: 'all', groups: [], services: [], assignees: [] } as const;
const window = {
  since: Date.parse('2026-11-20T23:59:59Z') / 1_000,
  to: Date.parse('2026-11-22T00:00:00Z') / 1_000,
};

describe('the query', () => {
  test('writes every parameter that is asked by', () => {
    const slice: Slice = {
      channel: 'zalo',
      window,
      status: 'missed',
      filters: { chatType: 'outbound', assignees: ['1', '2'], groups: ['3'], services: ['4'] },
    };
    expect(decodeURIComponent(withPage(slice, { page: 2, size: 500 }).toString())).toBe(
      'conversation_type=3&chat_status=0&chat_type=1&assignees[]=1&assignees[]=2&groups[]=3&services[]=4' +
        '&start_time_since=2026-11-20T23:59:59Z&start_time_to=2026-11-22T00:00:00Z&page=2&count=500',
    );
  });

  test.each([
    ['livechat', '0'],
    ['messenger', '1'],
    ['zalo', '3'],
  ] as const)('always names its channel: %s is %s', (channel, type) => {
    const params = toSearchParams({ channel, window, filters: all });
    expect([...params.keys()]).toEqual(['conversation_type', 'start_time_since', 'start_time_to']);
    expect(params.get('conversation_type')).toBe(type);
  });

  test.each([
    ['missed', '0'],
    ['answered', '1'],
  ] as const)('asks for those %s alone by chat_status %s', (status, word) => {
    expect(toSearchParams({ channel: 'zalo', window, filters: all, status }).get('chat_status')).toBe(word);
  });

  const boundsOf = (zoneName: string, clock: 'local' | 'utc', day: string) => {
    const params = toSearchParams(daySlice(day, 'zalo', all, { zone: openZone(zoneName), clock }));
    return [params.get('start_time_since'), params.get('start_time_to')];
  };

  test('asks for the wall clock of the day, with a second of margin', () => {
    expect(boundsOf('Asia/Ho_Chi_Minh', 'local', '2026-03-01')).toEqual([
      '2026-02-28T23:59:59Z',
      '2026-03-02T00:00:00Z',
    ]);
  });

  test('asks an account that speaks UTC for the instants of the same day', () => {
    expect(boundsOf('Asia/Ho_Chi_Minh', 'utc', '2026-03-01')).toEqual([
      '2026-02-28T16:59:59Z',
      '2026-03-01T17:00:00Z',
    ]);
    expect(boundsOf('America/New_York', 'utc', '2026-11-01')).toEqual([
      '2026-11-01T03:59:59Z',
      '2026-11-02T05:00:00Z',
    ]);
  });
});
