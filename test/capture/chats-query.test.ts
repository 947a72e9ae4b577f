import { describe, expect, test } from 'vitest';
import { toSearchParams, withPage } from '../../functions/capture/chats-query.ts';
import { dayQuery } from '../../functions/capture/day-query.ts';
import { openZone } from '../../functions/time/zone.ts';

const all = { chatType: 'all', groups: [], services: [], assignees: [] } as const;

describe('the query', () => {
  test('writes every parameter that CareSoft knows', () => {
    const params = withPage(
      {
        channel: 'zalo',
        status: 'missed',
        chatType: 'outbound',
        assignees: ['1', '2'],
        groups: ['3'],
        services: ['4'],
        customers: ['9007199254740993'],
        ticketNo: '7415',
        conversationId: 'a b',
        startedSince: '2026-11-20T23:59:59Z',
        startedTo: '2026-11-22T00:00:00Z',
        endedSince: '2026-11-21T00:00:00Z',
        endedTo: '2026-11-23T00:00:00Z',
      },
      { page: 2, count: 500 },
    );
    expect(decodeURIComponent(params.toString())).toBe(
      'conversation_type=3&chat_status=0&chat_type=1&assignees[]=1&assignees[]=2&groups[]=3&services[]=4' +
        '&customers[]=9007199254740993&ticket_no=7415&conversation_id=a+b' +
        '&start_time_since=2026-11-20T23:59:59Z&start_time_to=2026-11-22T00:00:00Z' +
        '&end_time_since=2026-11-21T00:00:00Z&end_time_to=2026-11-23T00:00:00Z&page=2&count=500',
    );
  });

  test.each([
    ['livechat', '0'],
    ['messenger', '1'],
    ['zalo', '3'],
  ] as const)('always names its channel: %s is %s', (channel, type) => {
    expect(toSearchParams({ channel }).toString()).toBe(`conversation_type=${type}`);
  });

  const boundsOf = (zoneName: string, clock: 'local' | 'utc', day: string) => {
    const { startedSince, startedTo } = dayQuery(day, 'zalo', all, { zone: openZone(zoneName), clock });
    return [startedSince, startedTo];
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
