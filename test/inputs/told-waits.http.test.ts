import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { serveRaw } from './raw-server.ts';
import { openCase } from './run-case.ts';

const DAY_MS = 86_400_000;
const NOW = '2026-11-21T01:00:00Z';

/** Sets the clock to so long after the first run. It goes on: requests are spaced by it. */
function setClock(afterMs: number): void {
  vi.useRealTimers();
  vi.useFakeTimers({
    toFake: ['Date'],
    now: Date.parse(NOW) + afterMs,
    shouldAdvanceTime: true,
    advanceTimeDelta: 1,
  });
}

/** What is told of a wait: whole minutes from the first run on, and whether CareSoft asked for more. */
const waitOf = ({ notBefore, isWaitCut = false }: Record<string, unknown>) => [
  Math.floor((Date.parse(String(notBefore)) - Date.parse(NOW)) / 60_000),
  isWaitCut,
];

async function openAt(number: string) {
  const opened = await openCase(number);
  setClock(0);
  return opened;
}

afterEach(() => {
  vi.useRealTimers();
});

const channelsOf = (out: string) =>
  Object.values<Record<string, string>>(JSON.parse(out).completeness.channels);

describe('a 429 that asks for 31 years', () => {
  test('is believed for a day, its words are told, and the next run asks again', async () => {
    const opened = await openAt('30');
    const first = await opened.run('--json');
    expect([first.code, first.asked.length]).toEqual([3, 1]);
    for (const channel of channelsOf(first.out)) {
      const detail = 'too many requests; CareSoft says Retry-After: 999999999';
      expect(channel).toMatchObject({ reason: 'throttled', detail });
      expect(waitOf(channel)).toEqual([1_440, true]);
    }
    const [mail] = Object.values(await opened.readMails());
    for (const form of [mail?.text?.replaceAll(/\s+/g, ' '), mail?.html?.replaceAll(/\s+/g, ' ')]) {
      expect(form).toContain('CareSoft yêu cầu chờ lâu hơn một ngày; chương trình chỉ chờ đến 08:0');
      expect(form).toContain('Retry-After: 999999999');
    }
    const english = await opened.run('--locale', 'en');
    expect(english.out).toContain('CareSoft asked for more, which is not believed; an earlier run asks once');
    setClock(60_000);
    const second = await opened.runLater(0, '--json');
    expect([second.code, JSON.parse(second.out).totals.chats]).toEqual([0, 5]);
  });

  test.each([
    ['a date in ten years', 'Thu, 20 Nov 2036 01:00:00 GMT', 1_440, true],
    ['two headers', ['120', '999999999'], 1_440, true],
    ['a day to the second', '86400', 1_440, false],
    ['two hours', '7200', 120, false],
    ['a date in two hours', 'Sat, 21 Nov 2026 03:00:00 GMT', 120, false],
  ])('is read as %s', async (_title, header, minutes, isWaitCut) => {
    const answer = () => ({ status: 429, headers: { 'retry-after': header }, body: ['{}'] });
    const { settings } = await serveRaw(answer);
    const opened = await openAt('30');
    const { code, out } = await opened.call(['run', '--day', '2026-11-20', '--json'], settings);
    const { messenger } = JSON.parse(out).completeness.channels;
    expect([code, messenger.reason, waitOf(messenger)]).toEqual([3, 'throttled', [minutes, isWaitCut]]);
  });
});

describe('a lock-out', () => {
  const WORDS = 'Domain incorrect too many times , retry after 9999 minutes';

  test('of a week is believed for a day; a run after a quarter of an hour asks again, and check at once', async () => {
    const opened = await openAt('31');
    const first = await opened.run('--json');
    expect([first.code, first.asked.length]).toEqual([3, 1]);
    for (const channel of channelsOf(first.out)) {
      expect(channel).toMatchObject({ reason: 'banned', detail: `CareSoft says "${WORDS}"` });
      expect(waitOf(channel)).toEqual([1_440, true]);
    }
    const [mail] = Object.values(await opened.readMails());
    // In the line of every channel, which are one here.
    for (const form of [mail?.text, mail?.html?.replaceAll(/&quot;|&#34;/g, '"')]) {
      const line = form?.replaceAll(/\s+/g, ' ');
      expect(line).toContain('CareSoft says "Domain incorrect too many times , retry after 9999 minutes"');
      expect(line).toContain('CareSoft yêu cầu chờ lâu hơn một ngày');
    }
    // Known lock-outs are as long: asking within would only make it longer.
    setClock(60_000);
    const soon = await opened.run('--json');
    expect([soon.code, soon.asked.length]).toEqual([3, 0]);
    expect(channelsOf(soon.out).map(({ detail }) => detail)).toEqual(
      Array(3).fill(`CareSoft says "${WORDS}"`),
    );
    const check = await opened.call(['check']);
    expect([check.code, check.asked.length]).toEqual([3, 1]);
    expect(check.out).toContain(`locked this account out for longer than a day. CareSoft says "${WORDS}"`);
    setClock(3_600_000);
    const later = await opened.runLater(0, '--json');
    expect([later.code, JSON.parse(later.out).totals.chats]).toEqual([0, 5]);
  });

  test('that check finds to be over is over for the next run too', async () => {
    const opened = await openAt('31');
    expect((await opened.run()).code).toBe(3);
    const { server, input } = opened;
    setClock(60_000);
    server.host({ domain: 'tai-khoan-1', token: 'token-1', behaviour: {}, rows: NO_ROWS });
    expect((await opened.call(['check'])).code).toBe(0);
    const { code, asked } = await opened.call(['run', '--day', input.day ?? '']);
    expect([code, asked.length > 0]).toEqual([0, true]);
  });

  test.each([
    ['15 minutes', 15],
    ['2 hours', 120],
    ['1,440 minutes', 1_440],
    ['0 minutes', 15],
    ['some time', 15],
  ])('that says "retry after %s" is honoured for as long as it is to be believed', async (says, minutes) => {
    const message = `Domain incorrect too many times , retry after ${says} `;
    const answer = () => ({ status: 404, body: [JSON.stringify({ code: 'errors', message })] });
    const { settings, asked } = await serveRaw(answer);
    const opened = await openAt('31');
    const run = ['run', '--day', '2026-11-20', '--channels', 'messenger', '--json'];
    const { out } = await opened.call(run, settings);
    expect(waitOf(JSON.parse(out).completeness.channels.messenger)).toEqual([minutes, false]);
    setClock(minutes * 60_000 - 30_000);
    await opened.call(run, settings);
    expect(asked).toHaveLength(1);
    setClock(minutes * 60_000 + 60_000);
    await opened.call(run, settings);
    expect(asked).toHaveLength(2);
  });

  test('of an earlier version, barred for a week, is tried', async () => {
    const opened = await openAt('31');
    expect((await opened.run()).code).toBe(3);
    const lease = (await opened.readLake('lease/000000000001.json')) as object;
    expect(lease).toMatchObject({ barredBecause: expect.stringContaining('9999 minutes') });
    const older = { ...lease, barredUntil: Date.parse(NOW) + 7 * DAY_MS };
    await writeFile(join(opened.cwd, 'out/lake/lease/000000000099.json'), JSON.stringify(older));
    const { code } = await opened.runLater(0);
    expect(code).toBe(0);
  });
});

const NO_ROWS = { livechat: [], messenger: [], zalo: [] };
