import { describe, expect, test } from 'vitest';
import { openZone } from '../../../../functions/calendar/time-zone.ts';
import { judgeCounts } from '../../../../functions/sources/caresoft/diagnostics/channels.ts';
import { explainError } from '../../../../functions/sources/caresoft/diagnostics/connection.ts';
import { checkMail } from '../../../../functions/sources/caresoft/diagnostics/delivery.ses.ts';
import {
  checkBounds,
  checkOrder,
  judgeWindow,
} from '../../../../functions/sources/caresoft/diagnostics/pagination.ts';
import {
  type Probe,
  type Sample,
  sampleChats,
  takeSample,
} from '../../../../functions/sources/caresoft/diagnostics/probe.ts';
import { checkRows } from '../../../../functions/sources/caresoft/diagnostics/rows.ts';
import { DIALECT } from '../../../../functions/sources/caresoft/dialect.ts';
import {
  daySlice,
  daySpan,
  RefusedError,
  ThrottledError,
  UnavailableError,
} from '../../../../functions/sources/source.ts';

const DAY = '2026-11-20';
const zone = openZone('Asia/Ho_Chi_Minh');
const reading = { dialect: DIALECT, zone, clock: 'local' } as const;
const filters = { chatType: 'all', groups: [], services: [], assignees: [] } as const;
const subject = { baseUrl: 'https://api.caresoft.vn/demo', channels: ['zalo'], filters, reading } as const;

const startOf = (time: string) => Date.parse(`${DAY}T${time}Z`) / 1_000;
const rowsAt = (...times: readonly string[]) =>
  times.map((time) => ({ conversation_id: `c-${time}`, start_time: `${DAY} ${time}` }));

const span = daySpan(DAY, reading);

function sampleOf(rows: readonly unknown[]): Sample {
  const { channel, window } = daySlice(DAY, 'zalo', filters, reading);
  const counts = { day: DAY, span, numFound: rows.length, strays: 0, isOfDates: false };
  return { ...counts, request: { channel, window }, rows, chats: sampleChats(rows, 'zalo', reading) };
}

/** CareSoft, that answers so. */
const answering = (rowsFor: (since: number, to: number) => readonly unknown[]): Pick<Probe, 'ask'> => ({
  ask: async ({ window: { since, to } }) => {
    const rows = rowsFor(since, to);
    const answer = { params: '', status: 200, body: new Uint8Array(), askedAt: '', answeredAt: '' };
    return { ...answer, numFound: rows.length, rows };
  },
});

test.each(['local', 'utc'] as const)(
  'the window of a day is what a report asks for, by a clock that is %s',
  async (clock) => {
    const asked: unknown[] = [];
    const probe = answering((since, to) => {
      asked.push({ since, to });
      return [];
    });
    await takeSample(
      probe,
      { channel: 'zalo', day: DAY, first: DAY, days: 1 },
      { dialect: DIALECT, zone, clock },
    );
    expect(asked).toEqual([daySlice(DAY, 'zalo', filters, { zone, clock }).window]);
  },
);

describe('what comes of a window', () => {
  const narrow = { from: startOf('10:00:00'), until: startOf('11:00:00') };
  const looked = (...times: readonly string[]) => {
    const rows = rowsAt(...times);
    return {
      span: narrow,
      numFound: rows.length,
      rows,
      chats: sampleChats(rows, 'zalo', reading),
      isOfDates: false,
    };
  };
  const known = sampleOf(rowsAt('10:00:00', '10:30:00', '11:00:00', '12:00:00'));

  test('is right with or without the chats of its margins', () => {
    expect(judgeWindow(known, looked('10:00:00', '10:30:00', '11:00:00')).status).toBe('ok');
    expect(judgeWindow(known, looked('09:59:30', '10:00:00', '10:30:00')).status).toBe('ok');
  });

  test('fails where chats are of another time: two clocks are at work', () => {
    expect(judgeWindow(known, looked('10:30:00', '18:00:00'))).toMatchObject({
      status: 'fail',
      says: expect.stringContaining('1 chat that start up to 7.0 h outside'),
    });
  });

  test('fails where chats of other days come with a margin and without', () => {
    expect(judgeWindow({ ...known, strays: 3 }, looked('10:00:00', '10:30:00'))).toMatchObject({
      status: 'fail',
      says: expect.stringContaining('3 chats of other days'),
    });
  });

  test('is of dates alone where all of the date came', () => {
    expect(judgeWindow(known, { ...looked('10:30:00', '18:00:00'), isOfDates: true })).toMatchObject({
      status: 'note',
      says: expect.stringContaining('dates alone'),
    });
  });

  test('fails where a chat is missing that came before, but not where more are counted than came', () => {
    expect(judgeWindow(known, looked('10:31:00')).says).toContain('left out 2 chats that it gave before');
    expect(judgeWindow(known, { ...looked('10:31:00'), numFound: 2 }).status).toBe('ok');
  });
});

describe('bounds', () => {
  const sample = sampleOf(rowsAt('10:00:30'));
  const at = startOf('10:00:30');
  const minute = (second: number) => second - (second % 60);

  test.each<[string, (since: number, to: number) => boolean, RegExp]>([
    ['included', (since, to) => since <= at && at <= to, /both bounds are included/],
    ['excluded', (since, to) => since < at && at < to, /bounds are excluded/],
    [
      'included at the start',
      (since, to) => since <= at && at < to,
      /first bound is included, the last one is not/,
    ],
    [
      'included at the end',
      (since, to) => since < at && at <= to,
      /last bound is included, the first one is not/,
    ],
    [
      'without their seconds',
      (since, to) => minute(since) <= at && at <= minute(to),
      /seconds of a bound are dropped/,
    ],
    ['unknown, where the chat does not come again', () => false, /could not be found out/],
  ])('are %s', async (_title, comes, says) => {
    const probe = answering((since, to) => (comes(since, to) ? sample.rows : []));
    expect(await checkBounds(probe, sample, subject)).toMatchObject({
      status: 'note',
      says: expect.stringMatching(says),
    });
  });
});

test.each([
  [
    'newest first',
    ['11:00:00', '10:00:00', '10:00:00', '09:00:00'],
    /newest first\. A report does not depend on the order/,
  ],
  ['oldest first', ['09:00:00', '10:00:00', '10:00:00'], /come oldest first\./],
  ['in no order', ['09:00:00', '11:00:00', '10:00:00'], /neither newest nor oldest first/],
  ['alone', ['09:00:00'], /could not be found out/],
])('chats that come %s are said to', (_title, times, says) => {
  expect(checkOrder(sampleOf(rowsAt(...times))).says).toMatch(says);
});

describe('counts of a channel', () => {
  test('that do not add up are noted, with what to do only where it matters', () => {
    const counts = {
      channel: 'zalo',
      all: 10,
      byType: { inbound: 6, outbound: 3 },
      weekBefore: null,
    } as const;
    expect(judgeCounts(counts, DAY, 'all')).toEqual({
      id: 'chats.zalo',
      status: 'note',
      says: `zalo: 10 chats on ${DAY}, 6 inbound and 3 outbound. These do not add up. That does no harm while CHAT_TYPE is all.`,
    });
    expect(judgeCounts(counts, DAY, 'inbound').do).toContain('CHAT_TYPE=all');
  });
});

describe('names of unknown fields and statuses', () => {
  test('are shown, but for those that might be somebody’s data', () => {
    const row = {
      ...rowsAt('10:00:00')[0],
      chat_status: 'lan@example.com',
      vip_level: 1,
      '0912345678': 1,
      'Nguyễn Thị Lan': 1,
    };
    const findings = checkRows([sampleOf([row])], reading);
    const said = JSON.stringify(findings);
    expect(said).toContain('vip_level (1)');
    expect(said).toContain('something that is no name');
    for (const secret of ['lan@', '0912', 'Nguyễn']) expect(said).not.toContain(secret);
  });
});

describe('mail', () => {
  test.each([
    ['nobody is set', { recipients: 1, isToSet: false, isFromSet: false }, 'note', /MAIL_TO is not set/],
    [
      'no sender is set',
      { recipients: 2, isToSet: true, isFromSet: false },
      'note',
      /2 recipients\. MAIL_FROM is not set/,
    ],
    [
      'both are set',
      { recipients: 1, isToSet: true, isFromSet: true },
      'ok',
      /^MAIL_TO names 1 recipient\.$/,
    ],
  ] as const)('is told of where %s', (_title, settings, status, says) => {
    expect(checkMail(settings)).toMatchObject({ status, says: expect.stringMatching(says) });
  });
});

describe('a failure of CareSoft', () => {
  const circumstances = { baseUrl: subject.baseUrl, zoneName: zone.name, now: 0, hasAnswered: false };
  const unreachable = (code: string) =>
    new UnavailableError(`could not be reached, or broke off: ${code}`, {
      cause: new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) }),
    });

  test.each([
    ['a name without an address', 'ENOTFOUND', /^api\.caresoft\.vn cannot be found/, true],
    ['a name server out of reach', 'EAI_AGAIN', /cannot be found/, true],
    ['a closed port', 'ECONNREFUSED', /^Nothing listens at api\.caresoft\.vn/, true],
    ['a network that is away', 'ENETUNREACH', /cannot be reached from here/, true],
    ['a firewall that is silent', 'UND_ERR_CONNECT_TIMEOUT', /cannot be reached from here/, true],
    [
      'a certificate that no authority signed',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      /certificate is not valid/,
      true,
    ],
    ['a certificate for another host', 'ERR_TLS_CERT_ALTNAME_INVALID', /certificate is not valid/, true],
    ['a connection that breaks off', 'ECONNRESET', /broke off: ECONNRESET/, false],
  ])('is told as %s', (_title, code, says, isFinal) => {
    const failure = explainError(unreachable(code), circumstances);
    expect(failure).toMatchObject({
      isFinal,
      wasReached: false,
      finding: { id: 'connection', status: 'fail' },
    });
    expect(failure?.finding.says).toMatch(says);
    expect(failure?.finding.do).not.toBe('');
  });

  test('is looked for behind each of a host’s several addresses', () => {
    const tried = new AggregateError(
      [Object.assign(new Error('x'), { code: 'ECONNREFUSED' })],
      'each try failed',
    );
    const failure = explainError(new UnavailableError('away', { cause: tried }), circumstances);
    expect(failure?.finding.says).toContain('Nothing listens');
  });

  test.each([
    ['a redirect', 'HTTP 301: a redirect, which is not followed', true, 'domain'],
    ['a host that is no CareSoft', 'HTTP 404', true, 'domain'],
    ['a token without rights', 'HTTP 403: forbidden', true, 'token'],
    ['a parameter it does not like', 'HTTP 400: groups must be an array of integers', false, 'refusal'],
  ])('is told as %s', (_title, message, isFinal, id) => {
    const failure = explainError(new RefusedError(message, { isOfAccount: isFinal }), circumstances);
    expect(failure).toMatchObject({ isFinal, wasReached: true, finding: { id } });
    expect(failure?.finding.says).toContain(message);
  });

  test('is no wrong domain once CareSoft has answered', () => {
    const failure = explainError(new RefusedError('HTTP 404: Not found', { isOfAccount: true }), {
      ...circumstances,
      hasAnswered: true,
    });
    expect(failure).toMatchObject({ isFinal: false, finding: { id: 'refusal' } });
  });

  test('ends the check where a limit is met, and none where it is something else’s', () => {
    expect(explainError(new ThrottledError('too many requests', null), circumstances)?.isFinal).toBe(true);
    expect(explainError(new TypeError('a mistake of ours'), circumstances)).toBeNull();
  });
});
