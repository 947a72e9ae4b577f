import { describe, expect, test } from 'vitest';
import { openZone } from '../../../functions/calendar/time-zone.ts';
import { parseChat } from '../../../functions/sources/caresoft/parse-row.ts';
import { DriftAccumulator } from '../../../functions/sources/row-dialect.ts';
import { parseExactJson, toComparableText } from '../../../functions/text/json.ts';
import { anyJson, fc } from '../../property.ts';

const reading = { zone: openZone('Asia/Ho_Chi_Minh'), clock: 'local' } as const;

const row = {
  ticket_id: 387229101,
  ticket_no: 7415,
  customer_id: 165644057,
  group_name: ' CSKH ',
  conversation_id: '20260422094830-DEMO-503996',
  cus_email: '',
  cus_name: 'Trần Đình Trọng',
  cus_phone: null,
  start_time: '2026-04-22 09:48:30',
  end_time: '2026-04-22 09:49:10',
  chat_duration: 39,
  agent_email: 'Agent@Example.com',
  agent_name: 'Ánh',
  ring_time: '2026-04-22 09:48:30',
  meet_time: '2026-04-22 09:48:39',
  waitTime: '00:00:08',
  answer_time: '00:00:31',
  chat_status: 'LBL_CHAT_STATUS_MEET',
  landing_page: null,
  referrer: null,
  is_trigger: 'LBL_CHAT_CUSTOMER_REQUEST_NORMAL',
  facebook_page_id: null,
  service_id: 60047005,
};

const parse = (changes: Record<string, unknown> = {}, drift?: DriftAccumulator) =>
  parseChat({ ...row, ...changes }, 'livechat', reading, drift);

describe('a row', () => {
  test('becomes a chat', () => {
    expect(parse()).toMatchObject({
      channel: 'livechat',
      conversationId: '20260422094830-DEMO-503996',
      ticketId: '387229101',
      ticketNo: '7415',
      customerId: '165644057',
      customerName: 'Trần Đình Trọng',
      customerPhone: null,
      customerEmail: null,
      status: 'answered',
      startedAt: { epochSeconds: Date.parse('2026-04-22T02:48:30Z') / 1_000 },
      waitSeconds: 8,
      answerSeconds: 31,
      durationSeconds: 39,
      agentEmail: 'agent@example.com',
      groupName: 'CSKH',
      serviceId: '60047005',
    });
  });

  test('has the id of its ticket with all its digits, and none where there is none', () => {
    const idOf = (ticket_id: unknown, drift?: DriftAccumulator) => {
      const chat = parse({ ticket_id }, drift);
      return typeof chat === 'string' ? chat : chat.ticketId;
    };
    expect([9007199254740993n, '9007199254740993', 17].map((id) => idOf(id))).toEqual([
      '9007199254740993',
      '9007199254740993',
      '17',
    ]);
    expect([0, null, undefined, '', '0'].map((id) => idOf(id))).toEqual([null, null, null, null, null]);
    const drift = new DriftAccumulator();
    expect(idOf([], drift)).toBeNull();
    expect(drift.toDrift().unreadable).toEqual({ ticket_id: 1 });
  });

  test.each([null, undefined, '', 0, '00:00:00', '0000-00-00 00:00:00'])(
    'of a missed chat that writes "no value" as %j has none',
    (nothing) => {
      const drift = new DriftAccumulator();
      const chat = parse(
        { chat_status: 'LBL_CHAT_STATUS_MISS', meet_time: nothing, end_time: nothing },
        drift,
      );
      expect(chat).toMatchObject({ status: 'missed', metAt: null, endedAt: null });
      expect(drift.toDrift().unreadable).toEqual({});
    },
  );

  test('keeps zero seconds apart from no value', () => {
    expect(parse({ waitTime: '00:00:00', chat_duration: 0 })).toMatchObject({
      waitSeconds: 0,
      durationSeconds: 0,
    });
    expect(parse({ waitTime: '', chat_duration: null })).toMatchObject({
      waitSeconds: null,
      durationSeconds: null,
    });
  });

  test('with an unknown status stays visible as other, and is counted', () => {
    const drift = new DriftAccumulator();
    expect(parse({ chat_status: 'LBL_CHAT_STATUS_TRANSFER' }, drift)).toMatchObject({ status: 'other' });
    expect(drift.toDrift().unknownStatuses).toEqual({ LBL_CHAT_STATUS_TRANSFER: 1 });
  });

  test('with fields that are new or cannot be read is counted, not lost', () => {
    const drift = new DriftAccumulator();
    const chat = parse({ rating: 5, chat_duration: -3, waitTime: '8 s', cus_name: ['x'] }, drift);
    expect(chat).toMatchObject({ durationSeconds: null, waitSeconds: null, customerName: null });
    expect(drift.toDrift()).toEqual({
      unknownFields: { rating: 1 },
      unknownStatuses: {},
      unreadable: { chat_duration: 1, cus_name: 1, waitTime: 1 },
    });
  });

  test('has its new fields counted under names that any reader of JSON tells apart', () => {
    const drift = new DriftAccumulator();
    const fields = ['userid', 'userId', '\ud83d', '\ude00', `${'x'.repeat(59)}😀`, '__proto__'];
    parse(Object.fromEntries(fields.map((field) => [field, 1])), drift);
    expect(Object.entries(drift.toDrift().unknownFields)).toEqual([
      ['__proto__', 1],
      ['userId', 2],
      [`${'x'.repeat(59)}\ufffd…`, 1],
      ['\ufffd', 2],
    ]);
  });

  test.each([
    ['not-an-object', null],
    ['not-an-object', [row]],
    ['not-an-object', 'row'],
    ['no-conversation-id', { ...row, conversation_id: '  ' }],
    ['no-conversation-id', { ...row, conversation_id: undefined }],
    ['no-start-time', { ...row, start_time: '2026-02-30 10:00:00' }],
    ['no-start-time', { ...row, start_time: '0000-00-00 00:00:00' }],
  ])('is rejected as %s', (reason, value) => {
    expect(parseChat(value, 'zalo', reading)).toBe(reason);
  });

  test('in UTC is moved to the wall clock of the account', () => {
    const chat = parseChat(row, 'zalo', { ...reading, clock: 'utc' });
    expect(chat).toMatchObject({
      startedAt: {
        epochSeconds: Date.parse('2026-04-22T09:48:30Z') / 1_000,
        wallSeconds: Date.parse('2026-04-22T16:48:30Z') / 1_000,
      },
    });
  });

  test('is read or rejected, whatever stands in it', () => {
    const anything = fc.oneof(
      fc.anything({ withBigInt: true }),
      fc.constantFrom('', 0, '00:00:00', '44:01:35'),
    );
    const record = fc.record(
      Object.fromEntries(Object.keys(row).map((field) => [field, fc.oneof(anything, fc.constant('1'))])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(record, fc.anything()), (value) => {
        const chat = parseChat(value, 'messenger', reading, new DriftAccumulator());
        if (typeof chat === 'string') return;
        for (const seconds of [chat.waitSeconds, chat.answerSeconds, chat.durationSeconds]) {
          expect(seconds === null || (Number.isSafeInteger(seconds) && seconds >= 0)).toBe(true);
        }
        expect(chat.conversationId).not.toBe('');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('JSON', () => {
  test('loses no digit of a long integer', () => {
    const text =
      '{"chats":[{"id":9007199254740993,"no":-12345678901234567890,"rate":0.1234567890123456789}]}';
    expect(parseExactJson(text)).toEqual({
      chats: [{ id: 9007199254740993n, no: -12345678901234567890n, rate: 0.12345678901234568 }],
    });
  });

  test('is what JSON.parse makes of it, for every text without one', () => {
    fc.assert(
      fc.property(anyJson(), (text) => {
        fc.pre(!/\d{16}/.test(text));
        expect(parseExactJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('keeps every integer, of any size and at any depth', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt()), (integers) => {
        const read = parseExactJson(`{"ids": [${integers.join(',')}]}`) as { ids: unknown[] };
        expect(read.ids.map(String)).toEqual(integers.map(String));
      }),
    );
  });

  test('compares a bigint by its digits, apart from a text of the same digits', () => {
    expect(toComparableText({ id: 1n })).toBe(toComparableText({ id: 1n }));
    expect(toComparableText({ id: 1n })).not.toBe(toComparableText({ id: '1' }));
  });
});
