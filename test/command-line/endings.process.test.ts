import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { beside, DAY, mailIn } from './beside.ts';
import { call } from './call.ts';
import { type Surroundings, start } from './command.ts';

/** The command in this process, where what it says is what matters. */
async function told(args: readonly string[], { cwd, settings }: Required<Surroundings>) {
  const places = { LAKE_URI: join(cwd, 'out/lake') };
  return await call([...args, '--outbox', join(cwd, 'out/outbox')], { ...places, ...settings });
}

describe('chat-report run', () => {
  test('ends with 3 after one call when the token is wrong, and shows it nowhere', async () => {
    const { simulator, settings, cwd } = await beside();
    const wrong = { cwd, settings: { ...settings, CARESOFT_TOKEN: 'wrong-one' } };
    const ended = await told(['run', '--day', DAY], wrong);
    expect(ended.code).toBe(3);
    expect(ended.out).toContain('token-refused');
    expect(simulator.seen.requests).toBe(1);
    expect(ended.out + ended.err).not.toContain('wrong-one');
    const [notice = ''] = await mailIn(join(cwd, 'out/outbox'));
    expect(notice).toBe(`${DAY}-notice-manager@localhost.localdomain.eml`);
    expect(await readFile(join(cwd, 'out/outbox', notice), 'utf8')).not.toContain('wrong-one');
  });

  test.each(['Asia/Ho_Chi_Minh', 'Europe/Berlin', 'America/St_Johns'])(
    'ends with 3 when it is locked out, and names the time by the account’s clock in %s, and in JSON by UTC',
    async (timeZone) => {
      const { simulator, settings, cwd } = await beside({ faults: [parseFault('ban')] });
      const surroundings = { cwd, settings: { ...settings, TIME_ZONE: timeZone } };
      const { code, out } = await told(['run', '--day', DAY], surroundings);
      expect([code, simulator.seen.requests]).toEqual([3, 1]);
      expect(out).toContain(
        'banned: CareSoft says "Domain incorrect too many times , retry after 15 minutes"',
      );
      const json = JSON.parse((await told(['run', '--day', DAY, '--json'], surroundings)).out);
      const { notBefore } = json.completeness.channels.livechat;
      expect(notBefore).toMatch(/^[-\d]{10}T[:.\d]+Z$/);
      const minute = new Date(Math.ceil(Date.parse(notBefore) / 60_000) * 60_000);
      const [day, time] = minute.toLocaleString('sv-SE', { timeZone }).split(' ');
      expect(out).toContain(`not to be asked before ${time?.slice(0, 5)} on ${day} (${timeZone})`);
      expect(out).not.toMatch(/\dT\d\d:/);
    },
  );

  test.each([
    ['the token is reset', 'token', 'token-refused', 'puts it into CARESOFT_TOKEN'],
    ['the account is locked out', 'ban', 'banned', 'makes no call until the lock ends'],
    ['the domain is taken away', 'domain', 'refused', 'checks CHANNELS and the filters'],
  ])('tells what was read when %s in the middle, and who acts', async (_title, by, reason, acts) => {
    const faults = ['cap:20', `broken:${by}:2`].map(parseFault);
    const { settings, cwd } = await beside({ chatsByChannel: { zalo: 100 }, faults });
    const surroundings = { cwd, settings: { ...settings, CHANNELS: 'zalo', LOCALE: 'en' } };
    const { code, out } = await told(['run', '--day', DAY], surroundings);
    expect(code).toBe(3);
    expect(out).toMatch(new RegExp(`^ {2}zalo {2}unproven, ${reason}: the day, page 2: `, 'm'));
    expect(out).toContain('\n        read: 1 page, 20 rows; CareSoft counts 100. Then it broke off.\n');
    expect(out).toMatch(new RegExp(`^ {2}next {4}The engineer who runs the system .*${acts}`, 'm'));
    const again = await told(['run', '--day', DAY, '--json'], surroundings);
    expect(JSON.parse(again.out)).toMatchObject({
      completeness: { channels: { zalo: { reason, pages: 1, rows: 20, numFoundBefore: 100 } } },
    });
  });

  test.each([
    ['token', { CARESOFT_TOKEN: 'wrong-one' }, 'CARESOFT_TOKEN'],
    ['domain', { CARESOFT_BASE_URL: '{origin}/unknown' }, 'CARESOFT_BASE_URL'],
  ])('names the setting where the %s is wrong, in words and as JSON', async (_title, wrong, setting) => {
    const { simulator, settings, cwd } = await beside();
    const { origin } = new URL(simulator.baseUrl);
    const changed = Object.entries(wrong).map(([name, value]) => [name, value.replace('{origin}', origin)]);
    const surroundings = { cwd, settings: { ...settings, ...Object.fromEntries(changed) } };
    const { out } = await told(['run', '--day', DAY], surroundings);
    expect(out.match(/^ {2}next .*$/gm)).toEqual([expect.stringContaining(setting)]);
    const { completeness } = JSON.parse((await told(['run', '--day', DAY, '--json'], surroundings)).out);
    expect(completeness.channels.livechat).toMatchObject({ setting, pages: 0 });
  });

  test('ends with 4 when the report stands and a mail cannot be written', async () => {
    const { settings, cwd } = await beside({ chats: 5 });
    const blocked = `${DAY}-report-b@example.com.eml`;
    await mkdir(join(cwd, 'out/outbox', blocked), { recursive: true });
    const recipients = { MAIL_TO: 'a@example.com,b@example.com,c@example.com' };
    const { code, out } = await told(['run', '--day', DAY], {
      cwd,
      settings: { ...settings, ...recipients },
    });
    expect(code).toBe(4);
    expect(out).toContain('NOT delivered to b@example.com');
    expect(await mailIn(join(cwd, 'out/outbox'))).toHaveLength(3);
    expect(JSON.parse(await readFile(join(cwd, `out/lake/reports/dt=${DAY}/summary.json`), 'utf8')).day).toBe(
      DAY,
    );
  });

  test('ends with 1 in one line, without a stack, when something unforeseen happens', async () => {
    const { settings, cwd } = await beside({ chats: 5 });
    await mkdir(join(cwd, 'out/lake'), { recursive: true });
    // Known at a glance to be the account's, so that it is not looked through before the run.
    const identity = { schema: 'chat-report/lake/1', domain: 'demo', account: 'demo', format: 1 };
    await writeFile(join(cwd, 'out/lake/lake.json'), JSON.stringify(identity));
    await writeFile(join(cwd, 'out/lake/raw'), 'a file in the place of a folder');
    const { code, out, err } = await start(['run', '--day', DAY], { cwd, settings }).ended;
    expect(code).toBe(1);
    expect(out).toMatch(/^2026-11-20 {2}FAILED: cannot \w+ (raw\S+ \w+ )?the folder \S+: E[A-Z]+\n/);
    expect(out + err).not.toMatch(/\n\s+at /);
  });

  test('does all its work, and ends as that ended, for a reader that has seen enough', async () => {
    const { settings, cwd } = await beside({ chats: 3, faults: [parseFault('num-found:+1')] });
    const child = start(['run', '--from', '2026-11-18', '--to', DAY], { cwd, settings });
    child.stdout?.once('data', () => child.stdout?.destroy());
    child.stderr?.destroy();
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(3);
    expect(await mailIn(join(cwd, 'out/outbox'))).toHaveLength(3);
  });
});
