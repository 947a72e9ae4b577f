import { describe, expect, test } from 'vitest';
import { openCase } from './run-case.ts';

const DAYS = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'];

describe('a trouble that holds for every day of a range', () => {
  test('is told once: a refused token', async () => {
    const { run, readMails } = await openCase('38');
    const { code, out, asked } = await run('--locale', 'en', '--json');
    expect({ code, requests: asked.length }).toEqual({ code: 3, requests: 1 });
    const days = JSON.parse(out);
    expect(days.map(({ day }: { day: string }) => day)).toEqual(DAYS);
    expect(days[0].completeness.channels.livechat).toMatchObject({ reason: 'token-refused' });
    for (const day of days.slice(1)) {
      expect(day).toMatchObject({
        completeness: { verdict: 'unproven', channels: {} },
        notAsked: { reason: 'token-refused', setting: 'CARESOFT_TOKEN' },
      });
    }
    const [notice, ...others] = Object.values(await readMails());
    expect(others).toEqual([]);
    expect(notice?.subject).toBe('Chats Mon 16 Nov – Fri 20 Nov: no report yet, the engineer has to act');
    const text = notice?.text?.replaceAll(/\s+/g, ' ');
    for (const date of [16, 17, 18, 19, 20]) expect(text).toContain(`${date} Nov 2026`);
    expect(text).toContain('CARESOFT_TOKEN');
    expect(text).toContain('chat-report run --from 2026-11-16 --to 2026-11-20');
  });

  test.each([
    [
      'an unknown domain',
      { status: 404, body: { code: 'errors', message: 'Not found' } },
      'CARESOFT_BASE_URL',
    ],
    [
      'a lockout',
      {
        status: 404,
        body: { code: 'errors', message: 'You have tried too many times, retry after 12 minutes' },
      },
      'lockout',
    ],
  ])('is told in one sentence for a person: %s', async (_, always, names) => {
    const { run, readMails, server, input } = await openCase('38');
    server.host({
      domain: 'tai-khoan-1',
      token: 'token-1',
      behaviour: { always },
      rows: { livechat: [], messenger: [], zalo: [] },
    });
    expect(input.arguments).toContain('--from');
    const { code, out, asked } = await run();
    expect({ code, requests: asked.length }).toEqual({ code: 3, requests: 1 });
    expect(out).toMatch(new RegExp(`^2026-11-17 to 2026-11-20 {2}NOT asked: [^\\n]*${names}[^\\n]*$`, 'm'));
    expect(out.match(/^2026-11-\d\d {2}NOT (?:proven|asked) +–.*$/gm)).toHaveLength(5);
    expect(out).toMatch(/^5 days {6}0 proven +– +–/m);
    expect(Object.keys(await readMails())).toHaveLength(1);
  });

  test('ends with the totals where all is well', async () => {
    const { call } = await openCase('22');
    const { code, out } = await call(['run', '--from', '2026-11-18', '--to', '2026-11-20']);
    expect(code).toBe(0);
    expect(out).toMatch(/^3 days {6}3 proven +15 +4 +26\.7 %$/m);
  });
});
