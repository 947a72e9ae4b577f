import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../../functions/sources/caresoft/diagnostics/probe.ts';
import { FAULTS, parseFault } from '../../../../functions/sources/caresoft/simulator/fault.ts';
import { AGENTS, GROUPS, SERVICES } from '../../../../functions/sources/caresoft/simulator/roster.ts';
import type { SimulatorOptions } from '../../../../functions/sources/caresoft/simulator/simulator.ts';
import { type Checked, checked, DAY, NOW } from './checked.ts';

const withFaults = (...faults: readonly string[]): SimulatorOptions => ({ faults: faults.map(parseFault) });

const [GROUP, AGENT, SERVICE] = [`${GROUPS[0]?.id}`, `${AGENTS[0]?.id}`, `${SERVICES[1]?.id}`];
const ALL_GROUPS = GROUPS.map(({ id }) => id).join(',');

const known = new Map<string, Promise<Checked>>();

/** What is found of the usual account with these faults: it is checked once for all that is to be seen in that. */
function checkedWith(...faults: readonly string[]): Promise<Checked> {
  const key = faults.join();
  const checking = known.get(key) ?? checked(withFaults(...faults));
  known.set(key, checking);
  return checking;
}

const failing = (findings: readonly Finding[]) =>
  findings.filter(({ status }) => status === 'fail').map(({ id }) => id);

describe('a check of an account that is as expected', () => {
  test('fails nothing, tells each thing once, and asks for little', async () => {
    const { findings, simulator, of } = await checkedWith();
    expect(findings.map(({ id, status }) => `${status} ${id}`)).toEqual([
      ...['ok connection', 'ok domain', 'ok token'],
      ...['ok chats.livechat', 'ok chats.messenger', 'ok chats.zalo', 'ok channels', 'ok chat-type'],
      ...['ok clock', 'ok window', 'note bounds', 'note order', 'note pages'],
      ...['ok count', 'ok chat-status', 'ok count-cap', 'note missed'],
      ...['ok rows', 'note cut', 'ok fields', 'ok statuses', 'ok agents', 'ok groups', 'ok services'],
    ]);
    expect(simulator.seen.requests).toBeLessThanOrEqual(30);
    expect(of('chats.messenger').says).toMatch(
      /^messenger: 525 chats on 2026-11-20, \d+ inbound and \d+ outbound\.$/,
    );
  });

  test('counts as many chats of a channel, inbound and outbound, as there are', async () => {
    const { of } = await checkedWith();
    const [, all, inbound, outbound] =
      /(\d+) chats on .*, (\d+) inbound and (\d+) outbound/.exec(of('chats.zalo').says) ?? [];
    expect(Number(all)).toBe(133);
    expect(Number(inbound) + Number(outbound)).toBe(133);
    expect(Number(outbound)).toBeGreaterThan(0);
  });
});

describe('a check names each thing that CareSoft does not describe', () => {
  test.each<[string, readonly string[], string, RegExp]>([
    ['bounds that are included', [], 'bounds', /both bounds are included/],
    ['bounds that are excluded', ['bounds-exclusive'], 'bounds', /bounds are excluded/],
    ['newest first', [], 'order', /newest first/],
    ['oldest first', ['oldest-first'], 'order', /oldest first/],
    ['bounds whose seconds are dropped', ['seconds-dropped'], 'bounds', /seconds of a bound are dropped/],
    ['times of day', [], 'window', /CareSoft applies times of day/],
    ['dates alone', ['dates-only'], 'window', /dates alone.*page by page, twice/],
    ['pages of 500', [], 'pages', /holds the 500 requested rows.*up to the last/],
    ['pages of 100', ['cap:100'], 'pages', /no more than 100 rows of 500/],
    ['pages of one row', ['cap:1'], 'pages', /no more than 1 row of 500/],
    ['pages that are short', ['short-pages'], 'pages', /Pages are shorter than requested: \d+ of 500 rows/],
    ['rows that stop on a page', ['rows-cap:200'], 'pages', /counts 525 rows and gives no more than the 200/],
    ['rows that stop at a page', ['rows-cap:500'], 'pages', /rows stop before page 2: CareSoft counts 525/],
    ['pages that are refused', ['refuse-beyond:500'], 'pages', /does not give page 2: .*HTTP 500/],
    [
      'a count that holds',
      [],
      'count',
      /count is right: 525 in two requests; 41 chats in the middle of .* proven/,
    ],
    ['a count without times of day', ['dates-only'], 'count', /count is right: 525 messenger chats/],
    [
      'counts that stop at 400',
      ['num-found-cap:400'],
      'count-cap',
      /counts no more than 400: .*parts have 525/,
    ],
    [
      'counts that stop at 500',
      ['num-found-cap:500'],
      'count-cap',
      /counts no more than 500: .*parts have 525/,
    ],
    [
      'counts that stop at 510',
      ['num-found-cap:510'],
      'count-cap',
      /counts no more than 510: .*parts have 525/,
    ],
    [
      'counts and rows that stop',
      ['num-found-cap:400', 'rows-cap:400'],
      'count-cap',
      /counts no more than 400/,
    ],
    ['chat_status', [], 'chat-status', /of 41 it counts 5 missed and 36 met\. A report compares both/],
    [
      'chat_status unknown',
      ['ignore:chat_status'],
      'chat-status',
      /ignores chat_status: .*41 missed and 41 met.* all chats instead/,
    ],
    [
      'chat_status refused',
      ['reject:chat_status'],
      'chat-status',
      /refuses to count by chat_status.* all chats instead/,
    ],
    [
      'chat_status refused in words',
      ['refuse-words:chat_status'],
      'chat-status',
      /refuses to count by chat_status/,
    ],
    [
      'chat_status=0 as not set',
      ['zero-unset'],
      'chat-status',
      /for missed chats: .* compares met chats and all/,
    ],
    ['chat_type unknown', ['ignore:chat_type'], 'chat-type', /of 41 it counts 41 inbound and 41 outbound/],
    ['chat_type refused', ['reject:chat_type'], 'chat-type', /refuses to count by chat_type/],
    ['chat_type refused in words', ['refuse-words:chat_type'], 'chat-type', /refuses to count by chat_type/],
    ['chat_type=0 as not set', ['zero-unset'], 'chat-type', /of 41 it counts 41 inbound and 1 outbound/],
    ['a renamed status', ['renamed-status'], 'statuses', /LBL_CHAT_STATUS_MISSED \(\d+\)/],
    ['a third status', ['third-status:5'], 'statuses', /LBL_CHAT_STATUS_FORWARD \(136\)/],
    ['ids of their own', ['channel-ids'], 'channels', /tells the channels apart/],
    ['chats that arrive', ['arriving:forever'], 'count', /count changed between requests, from 525 to 5\d\d/],
    [
      'what a missed chat lacks',
      [],
      'missed',
      /Of \d+ missed chats all lack meet_time, answer_time.*absent.*null/,
    ],
  ])('%s', async (_title, faults, id, expected) => {
    const { findings, of, simulator } = await checkedWith(...faults);
    expect(of(id).says).toMatch(expected);
    expect(failing(findings)).toEqual([]);
    expect(simulator.seen.requests).toBeLessThanOrEqual(40);
  });

  test.each(['numfound-text', 'chats-null', 'chats-absent', 'chats-object', 'no-status:5', 'no-times:20'])(
    'nothing that stands in the way where it can be read: %s',
    async (fault) => {
      const { findings, of } = await checked({
        ...withFaults(fault),
        chats: 120,
        chatsByChannel: { zalo: 0 },
      });
      expect(failing(findings)).toEqual([]);
      expect(of('count').status).toBe('ok');
    },
  );

  test.each(honestFaults())('nothing that stands in the way of an honest server: %s', async (fault) => {
    const { findings, simulator } = await checked({ ...withFaults(fault), chats: 120 });
    expect(failing(findings)).toEqual([]);
    expect(simulator.seen.requests).toBeLessThanOrEqual(40);
  });

  test('what only stands in the way where there is much of it', async () => {
    const { findings, of } = await checkedWith('hostile');
    expect(of('fields').says).toMatch(/csat_score \(\d+\)/);
    expect(of('statuses').says).toMatch(/LBL_CHAT_STATUS_TRANSFER \(\d+\)/);
    expect(of('rows').says).toMatch(/without an id or a start.*unreadable values.*meet_time/);
    expect(failing(findings)).toEqual([]);
    // More than one row in ten, of which no report is made.
    const { of: ofOdd, findings: found } = await checkedWith('odd-times:3');
    expect(ofOdd('rows').says).toMatch(/225 without an id or a start/);
    expect(failing(found)).toEqual(['rows']);
  });

  test.each([
    ['too high', 'num-found:+3', /counted 44 and gave the same 41 rows again/],
    ['too low', 'num-found:-5', /counted 15 rows and gave 20/],
    ['one number', 'num-found-is:300000', /counted 300000 and gave the same \d+ rows/],
    ['no higher than a page', 'num-found-page', /counted 1 missed rows where 5 were read/],
    ['of the other status', 'status-inverted', /counted 5 met rows where 36 were read/],
  ])('a count that is %s', async (_title, fault, expected) => {
    const { findings, of } = await checked(withFaults(fault));
    expect(of('count').says).toMatch(expected);
    expect(failing(findings)).toEqual(['count']);
    expect(findings.map(({ id }) => id)).not.toContain('count-cap');
  });

  test('what CareSoft’s filter says of a status that is not known, where it says anything', async () => {
    const { of: ofRenamed } = await checkedWith('renamed-status');
    expect(ofRenamed('statuses')).toMatchObject({
      status: 'note',
      do: "LBL_CHAT_STATUS_MISSED is missed by CareSoft's filter chat_status, and counts as that",
    });
    for (const faults of [['third-status:5'], ['renamed-status', 'ignore:chat_status']]) {
      const { of, findings } = await checkedWith(...faults);
      expect(of('statuses').do).toMatch(/^these chats are counted, but in no rate; from one in a hundred on/);
      expect(failing(findings)).toEqual([]);
    }
  });

  test.each([
    ['livechat, messenger and zalo', 'ignore:conversation_type', undefined],
    ['livechat, messenger and zalo', 'channels-mixed', undefined],
    ['livechat came with a conversation of zalo', 'ignore:conversation_type', 'zalo'],
    ['livechat came with a conversation of zalo', 'channels-mixed', 'zalo'],
  ])('channels that are not kept apart: %s (%s)', async (says, fault, only) => {
    const { findings, of } = await checked(withFaults(fault), only === undefined ? {} : { CHANNELS: only });
    expect(of('channels').says).toContain(says);
    expect(of('channels').says).toContain('did not tell the channels apart');
    expect(failing(findings)).toEqual(['channels']);
  });

  test.each([300, 700])('a window that is not applied, of %i chats', async (chats) => {
    const { findings, of } = await checked({ ...withFaults('ignore:start_time'), chats });
    expect(of('window').says).toContain('no report would be made of it');
    expect(of('count').says).toContain('time windows are not applied');
    expect(failing(findings)).toEqual(['window']);
  });

  test('all of them at once', async () => {
    const faults = withFaults('utc', 'bounds-exclusive', 'oldest-first', 'cap:60', 'hostile', 'repeat-ids');
    const { findings, of } = await checked({ ...faults, chats: 1_000 }, { CARESOFT_CLOCK: 'local' });
    expect(failing(findings)).toEqual(['clock']);
    expect(of('bounds').says).toContain('excluded');
    expect(of('order').says).toContain('oldest first');
    expect(of('pages').says).toContain('60 rows');
  });
});

describe('a check of the clock', () => {
  test.each([
    [
      'local',
      [],
      'local',
      'ok',
      /^Times are local, as CARESOFT_CLOCK says: .*their start in their id.*at night/,
    ],
    ['local', [], 'utc', 'fail', /^Times are local, but CARESOFT_CLOCK is utc: /],
    ['UTC', ['utc'], 'utc', 'ok', /^Times are UTC, as CARESOFT_CLOCK says: /],
    ['UTC', ['utc'], 'local', 'fail', /^Times are UTC, but CARESOFT_CLOCK is local: .*in the row by UTC/],
  ])('tells an account in %s time (%s), set to %s', async (_name, faults, setting, status, says) => {
    const { of, findings } = await checked(withFaults(...faults), { CARESOFT_CLOCK: setting });
    expect(of('clock')).toMatchObject({ status, says: expect.stringMatching(says) });
    expect(of('clock').do).toBe(
      status === 'ok' ? undefined : `set CARESOFT_CLOCK=${faults.length > 0 ? 'utc' : 'local'}`,
    );
    expect(of('window').status).toBe('ok');
    expect(failing(findings)).toEqual(status === 'ok' ? [] : ['clock']);
  });

  test.each([
    ['local', 7, [], 'ok', /later than now by UTC, and none later than now by the time in Asia\/Ho_Chi_Minh/],
    ['UTC', 0, ['utc'], 'fail', /no chat began later than now by UTC, but \d+ began.*at night/],
  ] as const)(
    'tells %s time by the present where ids tell nothing',
    async (_name, ahead, faults, status, says) => {
      // A chat every ten minutes until now, at night one an hour.
      const rows = Array.from({ length: 12 * 24 }, (_, index) => NOW - index * 600_000)
        .filter((at) => new Date(at + 7 * 3_600_000).getUTCHours() >= 7 || at % 3_600_000 === 0)
        .map((at) => ({ at, row: rowAt(`c-${at}`, new Date(at + ahead * 3_600_000)) }));
      const dayOf = (at: number) => new Date(at + 7 * 3_600_000).toISOString().slice(0, 10);
      const { of } = await checked({
        ...withFaults(...faults),
        rows: (_channel, day) => rows.filter(({ at }) => dayOf(at) === day).map(({ row }) => row),
      });
      expect(of('clock')).toMatchObject({ status, says: expect.stringMatching(says) });
    },
  );

  test('says that it could not tell where a handful of chats is all there is', async () => {
    const { of } = await checked({
      rows: (_channel, day) => (day === DAY ? [rowAt('c-1', new Date(`${DAY}T15:00:00Z`))] : []),
    });
    expect(of('clock').status).toBe('note');
    expect(of('clock').says).toBe('Whether times are local or UTC could not be found out.');
  });

  test('says that it makes no difference where the zone is UTC', async () => {
    const { of } = await checked({ timeZone: 'UTC' }, { TIME_ZONE: 'UTC' });
    expect(of('clock')).toMatchObject({ status: 'ok', says: expect.stringContaining('makes no difference') });
  });
});

describe('a check of the settings', () => {
  test('says what CHAT_TYPE leaves out', async () => {
    const { of } = await checked({}, { CHAT_TYPE: 'inbound' });
    expect(of('chats.zalo')).toMatchObject({
      status: 'note',
      says: expect.stringMatching(/CHAT_TYPE=inbound leaves [1-9]\d* of them out/),
      do: 'set CHAT_TYPE=all to report them too',
    });
  });

  test('says what CARESOFT_GROUPS leaves, and that an id that is nobody’s leaves nothing', async () => {
    const { of } = await checked({}, { CARESOFT_GROUPS: String(GROUPS[0]?.id) });
    expect(of('filters')).toMatchObject({
      status: 'ok',
      says: expect.stringMatching(
        new RegExp(`^Only group ${GROUPS[0]?.id} ${GROUPS[0]?.name}: [1-9]\\d* of 700 chats\\.$`),
      ),
    });
    const { of: ofNobody } = await checked({}, { CARESOFT_GROUPS: '999999', CARESOFT_ASSIGNEES: '1' });
    expect(ofNobody('filters')).toMatchObject({
      status: 'note',
      says: 'Only group 999999 and agent 1: 0 of 700 chats.',
      do: expect.stringContaining('check the ids'),
    });
  });

  test.each([
    [
      'CHAT_TYPE',
      'inbound',
      'ignore:chat_type',
      'chat-type',
      /CHAT_TYPE asks for inbound.*41 inbound, 41 outbound and 41 in all/,
    ],
    ['CHAT_TYPE', 'inbound', 'zero-unset', 'chat-type', /41 inbound, 1 outbound and 41 in all/],
    [
      'CHAT_TYPE',
      'outbound',
      'reject:chat_type',
      'chat-type',
      /refuses.*request of CHAT_TYPE=outbound needs it/,
    ],
    [
      'CARESOFT_SERVICES',
      SERVICE,
      'ignore:services',
      'filters',
      /CARESOFT_SERVICES asks for \d+, and rows of \d+.* came/,
    ],
    [
      'CARESOFT_GROUPS',
      GROUP,
      'ignore:groups',
      'filters',
      /CARESOFT_GROUPS asks for \d+, and rows of .* leaves nothing out/,
    ],
    [
      'CARESOFT_ASSIGNEES',
      AGENT,
      'ignore:assignees',
      'filters',
      /CARESOFT_ASSIGNEES asks for \d+, and rows of/,
    ],
    [
      'CARESOFT_GROUPS',
      ALL_GROUPS,
      'last-id',
      'filters',
      /counts \d+ by all of them and \d+ by one after the other/,
    ],
  ])('fails where %s=%s is not kept (%s)', async (setting, value, fault, id, says) => {
    const { findings, of, simulator } = await checked(withFaults(fault), { [setting]: value });
    expect(of(id)).toMatchObject({ status: 'fail', says: expect.stringMatching(says) });
    expect(of(id).do).toContain(setting);
    expect(failing(findings)).toEqual([id]);
    expect(simulator.seen.requests).toBeLessThanOrEqual(42);
  });

  test.each([
    ['CHAT_TYPE', 'outbound', 'zero-unset'],
    ['CARESOFT_SERVICES', SERVICE, 'chats-object'],
    ['CARESOFT_GROUPS', ALL_GROUPS, 'renamed-groups'],
    ['CARESOFT_ASSIGNEES', AGENT, 'agents-left'],
  ])('fails nothing where %s=%s is kept (%s)', async (setting, value, fault) => {
    const { findings } = await checked(withFaults(fault), { [setting]: value });
    expect(failing(findings)).toEqual([]);
  });

  test('asks for the channels that are set, and of another that it is another', async () => {
    const { findings, simulator, of } = await checked({}, { CHANNELS: 'zalo' });
    expect(of('channels').says).toBe('CareSoft tells zalo from livechat.');
    expect(findings.map(({ id }) => id).filter((id) => id.startsWith('chats.'))).toEqual(['chats.zalo']);
    const channels = simulator.seen.entries.map(({ channel }) => channel);
    expect(channels.filter((channel) => channel === 'livechat')).toHaveLength(1);
    expect(new Set(channels)).toEqual(new Set(['zalo', 'livechat', undefined]));
  });
});

describe('a check where chats are missing', () => {
  test('says so of a channel at zero, and whether it had any in the week before', async () => {
    const { of } = await checked({
      chatsByChannel: { livechat: 0 },
      rows: (channel, day) => (channel === 'zalo' && day === DAY ? [] : undefined),
    });
    expect(of('chats.livechat')).toMatchObject({
      status: 'note',
      says: `livechat: no chats on ${DAY}, nor in the seven days before.`,
      do: expect.stringContaining('leave it out of CHANNELS'),
    });
    expect(of('chats.zalo').says).toMatch(
      /^zalo: no chats on 2026-11-20, but \d+ in the seven days before\.$/,
    );
    expect(of('order').says).toContain('newest first');
  });

  test('looks at the week before where the day had none at all, and says so', async () => {
    const { of, findings } = await checked({ rows: (_channel, day) => (day === DAY ? [] : undefined) });
    expect(of('evidence').says).toBe(`No chat came for ${DAY}. The next checks use the seven days before.`);
    expect(of('clock').status).toBe('ok');
    expect(failing(findings)).toEqual([]);
  });

  test('says that nothing could be checked where there are none for a week', async () => {
    const { of, findings } = await checked({ chats: 0 });
    expect(of('evidence')).toMatchObject({ status: 'note', do: 'check again after the first chats' });
    expect(findings.map(({ id }) => id)).not.toContain('clock');
    expect(failing(findings)).toEqual([]);
  });
});

describe('a check of rows that cannot be read', () => {
  test('fails where most have no id, which a report is not made of either', async () => {
    const { of, findings } = await checked({ rows: () => Array.from({ length: 5 }, (_, id) => ({ id })) });
    expect(of('evidence').says).toMatch(/^No readable chat came for 2026-11-20/);
    expect(of('rows')).toMatchObject({
      status: 'fail',
      says: 'Of 15 rows that came: 15 without an id or a start, which are in no figure.',
    });
    expect(of('fields').says).toBe('Unknown fields: id (15).');
    expect(failing(findings)).toEqual(['rows']);
  });
});

describe('a check of what is broken', () => {
  test('fails a channel that does not answer, and looks at the others', async () => {
    const { of, findings } = await checked(withFaults('dead:zalo'));
    expect(of('chats.zalo')).toMatchObject({ status: 'fail', says: expect.stringContaining('HTTP 500') });
    expect(of('chats.messenger').status).toBe('ok');
    expect(of('clock').status).toBe('ok');
    expect(failing(findings)).toEqual(['chats.zalo']);
  });

  test('notes lists of names that do not answer: the report stands without', async () => {
    const { of, findings } = await checked(withFaults('dead-agents', 'dead-groups', 'dead-services'));
    for (const name of ['agents', 'groups', 'services']) {
      expect(of(name)).toMatchObject({
        status: 'note',
        says: expect.stringContaining(`/${name} gives no names`),
      });
    }
    expect(failing(findings)).toEqual([]);
  });

  test.each([
    ['a maintenance page', 'html:forever', /a web page instead of data/],
    ['an error for everything', 'error:forever', /answers HTTP 500/],
    ['connections that break off', 'drop:forever', /could not be reached, or broke off/],
    ['errors that say 200', 'code-errors:forever', /answered code "errors"/],
  ])('says that it is %s', async (_title, fault, says) => {
    const { findings } = await checked(withFaults(fault));
    expect(findings).toEqual([
      { id: 'connection', status: 'fail', says: expect.stringMatching(says), do: expect.any(String) },
    ]);
  });

  test('gets through what passes', async () => {
    const { findings } = await checked(withFaults('error:some', 'drop:some', 'html:some', 'throttle:some'));
    expect(failing(findings)).toEqual([]);
  });
});

describe('a check that is not let in', () => {
  test('stops after the one request that refuses the token', async () => {
    const { findings, simulator } = await checked({}, { CARESOFT_TOKEN: 'wrong-and-not-to-be-shown' });
    expect(findings.map(({ id, status }) => `${status} ${id}`)).toEqual(['ok connection', 'fail token']);
    expect(findings[1]?.do).toContain('CARESOFT_TOKEN');
    expect(simulator.seen.requests).toBe(1);
  });

  test('stops after the one request that tells of the lockout, and says until when', async () => {
    const { findings, simulator } = await checked(withFaults('ban'));
    expect(findings.map(({ id, status }) => `${status} ${id}`)).toEqual(['ok connection', 'fail lockout']);
    expect(findings[1]?.says).toBe(
      'CareSoft has locked this account out until 12:15 on 2026-11-21 (Asia/Ho_Chi_Minh). CareSoft says "Domain incorrect too many times , retry after 15 minutes".',
    );
    expect(simulator.seen.requests).toBe(1);
  });

  test('stops after the one request that does not know the domain', async () => {
    const { simulator } = await checked();
    const { findings } = await checked({}, { CARESOFT_BASE_URL: simulator.baseUrl.replace('demo', 'other') });
    expect(findings.map(({ id, status }) => `${status} ${id}`)).toEqual(['ok connection', 'fail domain']);
    expect(findings[1]).toMatchObject({
      says: 'There is no such account at this address (HTTP 404: Domain incorrect).',
      do: expect.stringContaining('CARESOFT_BASE_URL'),
    });
  });

  test('does not go on against a limit', async () => {
    const { findings, simulator } = await checked(withFaults('throttle:forever'));
    expect(findings.map(({ id, status }) => `${status} ${id}`)).toEqual(['ok connection', 'fail rate']);
    expect(simulator.seen.longestThrottledRun).toBeLessThanOrEqual(10);
  });
});

/** One of each form; UTC is a matter of CARESOFT_CLOCK. */
function honestFaults(): string[] {
  const numbers = new Map<string, number>([
    ...([
      ['cap', 100],
      ['rows-cap', 200],
      ['num-found-cap', 400],
      ['refuse-beyond', 500],
    ] as const),
    ...([
      ['limit', 1_000],
      ['slow', 1],
      ['third-status', 5],
      ['no-status', 5],
    ] as const),
  ]);
  return FAULTS.filter(({ honest, name }) => honest && name !== 'utc').flatMap(({ name, forms }) =>
    forms.map((form) => form.replace(/:(N|MS)$/, `:${numbers.get(name) ?? 30}`)),
  );
}

/** An answered chat as CareSoft writes it. */
function rowAt(conversationId: string, start: Date) {
  const start_time = start.toISOString().slice(0, 19).replace('T', ' ');
  return { conversation_id: conversationId, start_time, chat_status: 'LBL_CHAT_STATUS_MEET' };
}
