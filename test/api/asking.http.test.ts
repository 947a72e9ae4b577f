import { describe, expect, test } from 'vitest';
import type { Launcher } from '../../functions/pipeline/run-log.ts';
import { NO_LINKS } from '../../functions/report/report-input.ts';
import { DAY, NOON, note, posted, serveApi } from './served.ts';

const MINUTE = 60_000;
const ways = ['event', 'http'] as const;

/** The parts of a request that are wrong, as the answer names them. */
function wrongParts(text: string): string[] {
  const { errors = [] } = JSON.parse(text) as { errors?: Record<string, string>[] };
  return errors.map(
    ({ pointer, parameter, header, detail }) => `${pointer ?? parameter ?? header}: ${detail}`,
  );
}

const idOf = (text: string): string => (JSON.parse(text) as { id: string }).id;

describe.each(ways)('asking for reports by %s', (way) => {
  test.each([
    ['nothing', {}, [/^: must have either day, or from and to$/]],
    ['a day and a range', { day: DAY, from: DAY }, [/^: must have either/]],
    ['half a range', { from: DAY }, [/^: must have either/]],
    ['today', { day: '2026-11-22' }, [/^\/day: is not over yet in Asia\/Ho_Chi_Minh$/]],
    ['a day that comes', { from: DAY, to: '2027-01-01' }, [/^\/to: is not over yet/]],
    ['a day that does not exist', { day: '2026-02-30' }, [/^\/day: is no day, written YYYY-MM-DD$/]],
    ['a range that is turned', { from: DAY, to: '2026-11-20' }, [/^\/from: is after to$/]],
    ['a quarter and a day', { from: '2026-08-21', to: DAY }, [/^\/to: makes more than 92 days/]],
    ['no channel', { day: DAY, channels: [] }, [/^\/channels: names none$/]],
    ['a list', [], [/^: .*expected object/]],
    ['nothing at all', null, [/^: .*expected object/]],
    ['a day before there were chats', { day: '1999-12-31' }, [/^\/day: is before 2000-01-01$/]],
    [
      'all days that can be written',
      { from: '0001-01-01', to: DAY },
      [/^\/from: is before/, /^\/to: makes more than 92 days/],
    ],
    [
      'everything wrong at once',
      { from: 20261121, to: 'x', channels: ['viber', 'zalo'], refresh: 'yes', deliver: 1, 'a/b~c': 1 },
      [
        /^\/from: is no day/,
        /^\/to: is no day/,
        /^\/channels\/0: can be/,
        /^\/refresh/,
        /^\/deliver/,
        /^\/a~1b~0c: is unknown/,
      ],
    ],
  ] as const)('refuses %s, and says what is wrong', async (_title, body, expected) => {
    const { ask, started, lake } = await serveApi();
    const { status, text, headers } = await ask[way](posted(body));
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(wrongParts(text)).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
    expect(started).toEqual([]);
    expect(await Array.fromAsync(lake.list(''))).toEqual([]);
  });

  test('refuses a channel that the account has not, and a key that is none, both at once', async () => {
    const account = {
      name: 'demo',
      timeZone: 'UTC',
      channels: ['zalo'],
      locale: 'en',
      links: NO_LINKS,
    } as const;
    const { ask } = await serveApi({ account });
    const wrong = posted({ day: DAY, channels: ['livechat'] }, { 'idempotency-key': '"' });
    expect(wrongParts((await ask[way](wrong)).text)).toEqual([
      expect.stringMatching(/^Idempotency-Key: is no text/),
      expect.stringMatching(/^\/channels\/0: is none of the account's; it has zalo$/),
    ]);
  });

  test('refuses what is no JSON, is called otherwise, or is too large', async () => {
    const { ask, started } = await serveApi();
    const large = posted(`{"day":"${DAY}"}${' '.repeat(8_192)}`);
    expect((await ask[way](posted('{"day":'))).status).toBe(400);
    expect((await ask[way](posted('day=1', { 'content-type': 'text/plain' }))).status).toBe(415);
    expect((await ask[way]({ method: 'POST', path: '/reports' })).status).toBe(415);
    expect((await ask[way](large)).status).toBe(413);
    expect(
      (await ask[way](posted({ day: DAY }, { 'content-type': 'Application/JSON; charset=utf-8' }))).status,
    ).toBe(202);
    expect(started).toHaveLength(1);
  });

  test('takes no field for one of its own, however it is called', async () => {
    const { ask, started } = await serveApi();
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const { status, text } = await ask[way](posted(`{"day":"${DAY}","${name}":{"refresh":true}}`));
      expect([status, wrongParts(text)]).toEqual([400, [`/${name}: is unknown`]]);
    }
    expect(started).toEqual([]);
  });

  test('begins a run for each day, oldest first, of what was asked for', async () => {
    const { ask, started } = await serveApi();
    const body = {
      from: '2026-11-20',
      to: DAY,
      channels: ['zalo', 'livechat'],
      refresh: true,
    };
    const { status, text, headers } = await ask[way](posted(body));
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/runs/${idOf(text)}`);
    expect(started).toEqual(
      ['2026-11-20', DAY].map((day) => ({
        run: expect.stringMatching(new RegExp(`^demo-${day}-[0-9a-f]{12}$`)),
        day,
        channels: ['livechat', 'zalo'],
        refresh: true,
        resend: false,
        deliver: false,
        isOfRange: true,
      })),
    );
  });

  test('mails where all channels are named, in whatever order', async () => {
    const { ask, started } = await serveApi();
    const channels = ['zalo', 'messenger', 'livechat'];
    expect((await ask[way](posted({ day: DAY, channels, deliver: true }))).status).toBe(202);
    expect(started).toMatchObject([{ channels: null, deliver: true }]);
    expect(started[0]).not.toHaveProperty('isOfRange');
  });

  test('asks for all channels, what is there, and no mail, unless told otherwise', async () => {
    const { ask, started } = await serveApi();
    await ask[way](posted({ day: DAY }));
    expect(started).toMatchObject([{ channels: null, refresh: false, deliver: false }]);
    // The same in other words.
    await ask[way](
      posted({ from: DAY, to: DAY, channels: ['zalo', 'messenger', 'livechat'], deliver: false }),
    );
    expect(new Set(started.map(({ run }) => run)).size).toBe(1);
  });

  test('is asking once with one key, whatever it is written in, and refuses the key for anything else', async () => {
    const { ask, started, clock, lake } = await serveApi();
    const key = { 'idempotency-key': '8e03978e-40d5-43e8' };
    const first = await ask[way](posted({ day: DAY }, key));
    await note(lake, started[0]?.run ?? '', DAY, 'reported');
    clock.now += 30 * 86_400_000;
    const again = await ask[way](
      posted({ from: DAY, to: DAY }, { 'idempotency-key': '"8e03978e-40d5-43e8"' }),
    );
    expect([again.status, again.text]).toEqual([202, first.text]);
    expect(started).toHaveLength(1);
    const other = await ask[way](posted({ day: DAY, refresh: true }, key));
    expect(other.status).toBe(422);
    expect(wrongParts(other.text)).toEqual([
      expect.stringMatching(/^Idempotency-Key: belongs to another body/),
    ]);
    expect(started).toHaveLength(1);
  });

  test.each([
    ['with a key', { 'idempotency-key': 'one' }],
    ['without a key', {}],
  ])('is one run, however many ask at once %s', async (_title, headers) => {
    const { ask, started, lake } = await serveApi();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ask[way](posted({ day: DAY }, headers))),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(new Set(started.map((request) => JSON.stringify(request))).size).toBe(1);
    expect(await Array.fromAsync(lake.list('requests/'))).toHaveLength(1);
  });

  test('is one run, whichever of two bodies is first with a key', async () => {
    const { ask, started } = await serveApi();
    const asked = [DAY, '2026-11-20'].map((day) => ask[way](posted({ day }, { 'idempotency-key': 'one' })));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([202, 422]);
    expect(started).toHaveLength(1);
  });

  test('without a key is the same request for ten minutes, and as long as its runs are at work', async () => {
    const { ask, started, clock, lake } = await serveApi();
    const asked = async () => idOf((await ask[way](posted({ day: DAY }))).text);
    const first = await asked();
    const { run = '' } = started[0] ?? {};
    await note(lake, run, DAY, 'reported');
    clock.now += 9 * MINUTE;
    expect(await asked()).toBe(first);
    await note(lake, run, DAY, 'running');
    clock.now = NOON + 60 * MINUTE;
    expect(await asked()).toBe(first);
    await note(lake, run, DAY, 'unproven');
    const second = await asked();
    expect(second).not.toBe(first);
    expect(started.at(-1)?.run).not.toBe(run);
    expect(second.slice(0, 16)).toBe(first.slice(0, 16));
    expect(second > first).toBe(true);
  });
});

describe('a request that was kept, and whose runs were not all begun', () => {
  /** Dies at the second day, as a function does that is stopped. */
  function dying() {
    const names: string[] = [];
    const state = { isDead: true };
    const launcher: Launcher = {
      async start({ run }) {
        if (state.isDead && names.length > 0) throw new Error('killed');
        if (!names.includes(run)) names.push(run);
        return 'started';
      },
    };
    return { names, state, launcher };
  }
  const three = posted({ from: '2026-11-19', to: DAY }, { 'idempotency-key': 'three' });

  test('is begun to its end by asking again', async () => {
    const { names, state, launcher } = dying();
    const { ask } = await serveApi({ launcher });
    const failed = await ask.http(three);
    expect(failed.status).toBe(500);
    expect(failed.text).not.toContain('killed');
    state.isDead = false;
    expect((await ask.http(three)).status).toBe(202);
    expect(names).toHaveLength(3);
  });

  test('is begun to its end by whoever follows it, once it is overdue', async () => {
    const { names, state, launcher } = dying();
    const { ask, lake, clock } = await serveApi({ launcher });
    await ask.http(three);
    state.isDead = false;
    const [key = ''] = await Array.fromAsync(lake.list('requests/'));
    const path = key.replace('requests', '/runs').replace('.json', '');
    expect(JSON.parse((await ask.http({ path })).text)).toMatchObject({ state: 'accepted' });
    expect(names).toHaveLength(1);
    clock.now += MINUTE;
    await ask.http({ path });
    expect(names).toHaveLength(3);
  });

  test('is not begun where a name belongs to somebody else', async () => {
    const { ask, log } = await serveApi({ launcher: { start: async () => 'taken' } });
    expect((await ask.http(three)).status).toBe(500);
    expect(log).toContainEqual(expect.objectContaining({ event: 'request-failed', route: '/reports' }));
  });
});

describe('a run’s name', () => {
  test('is one that AWS takes, for the longest account too', async () => {
    const name = 'a'.repeat(40);
    const account = { name, timeZone: 'UTC', channels: ['zalo'], locale: 'en', links: NO_LINKS } as const;
    const { ask, started } = await serveApi({ account });
    await ask.http(posted({ day: DAY }));
    expect(started[0]?.run).toMatch(/^[A-Za-z0-9-]{1,64}$/);
  });
});
