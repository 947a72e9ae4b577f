import { describe, expect, test } from 'vitest';
import { DAY } from './beside.ts';

import { besideAws, callOnAws, SECRET, TOKEN } from './beside-aws.ts';
import { start } from './command.ts';

describe('the command line, over AWS', () => {
  test('reports into a bucket, with a token from Secrets Manager and mail through SES', async () => {
    const { s3, ses, settings, cwd } = await besideAws();
    const args = ['run', '--day', DAY, '--send'];
    const { code, out, err } = await start(args, { cwd, settings }).ended;
    expect([code, out]).toEqual([0, expect.stringContaining(`s3://lake/demo/reports/dt=${DAY}/report.html`)]);
    expect(out + err).not.toContain(TOKEN);
    expect(s3.buckets.get('lake')?.has(`demo/reports/dt=${DAY}/report.html`)).toBe(true);
    expect(ses.mails.map(({ destinations }) => destinations)).toEqual([['a@example.com'], ['b@example.com']]);

    const again = await callOnAws(args, { cwd, settings });
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('(sent before)')]);
    expect(ses.mails).toHaveLength(2);
  });

  test('rebuilds a day in a bucket, the same to the byte, with CareSoft gone', async () => {
    const { s3, simulator, settings, cwd } = await besideAws();
    const looking = { ...settings, LOOK_BACK: '1' };
    for (const day of ['2026-11-19', DAY]) {
      expect((await callOnAws(['run', '--day', day], { cwd, settings: looking })).code).toBe(0);
    }
    const derived = () =>
      [...(s3.buckets.get('lake') ?? [])].flatMap(([key, { body }]) =>
        /^demo\/(curated|reports)\//.test(key) ? [[key, body.toString('base64')] as const] : [],
      );
    const before = new Map(derived());
    expect([...before.keys()].filter((key) => key.endsWith('.parquet'))).toHaveLength(2 * 4 + 2);
    await simulator.close();
    const range = ['--from', '2026-11-19', '--to', DAY];
    const { code } = await callOnAws(['rebuild', ...range], { cwd, settings: looking });
    expect(code).toBe(0);
    expect(new Map(derived())).toEqual(before);
  });

  test('ends with 4 when one recipient is not reached, who costs the other nothing', async () => {
    const { ses, settings, cwd } = await besideAws();
    ses.unverified.add('a@example.com');
    const { code, out, err } = await callOnAws(['run', '--day', DAY, '--send'], { cwd, settings });
    expect(code).toBe(4);
    expect(out).toMatch(/NOT delivered to a@example\.com: .*verify/);
    expect(err).not.toContain('a@example.com');
    expect(ses.mails.map(({ destinations }) => destinations)).toEqual([['b@example.com']]);
  });

  test('ends with 3 when the secret holds no token yet, and asks CareSoft nothing', async () => {
    const { secrets, simulator, settings, cwd } = await besideAws();
    secrets.texts.set(SECRET, 'put the CareSoft token here');
    const { code, out } = await callOnAws(['run', '--day', DAY], { cwd, settings });
    expect([code, out]).toEqual([3, expect.stringContaining('put-secret-value')]);
    expect(simulator.seen.requests).toBe(0);
  });

  test('refuses to send where nobody would get it, or into files at the same time', async () => {
    const { simulator, settings, cwd } = await besideAws();
    const { MAIL_FROM: _from, MAIL_TO: _to, ...unset } = settings;
    const args = ['run', '--day', DAY, '--send', '--outbox', 'out'];
    const { code, err } = await callOnAws(args, { cwd, settings: unset });
    expect(code).toBe(2);
    for (const name of ['MAIL_FROM', 'MAIL_TO', '--outbox'])
      expect(err).toMatch(new RegExp(`^ +${name} `, 'm'));
    expect(simulator.seen.requests).toBe(0);
  });

  test('refuses to begin without a Region and credentials', async () => {
    const { simulator, settings, cwd } = await besideAws();
    const { AWS_REGION: _region, AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...bare } = settings;
    const { code, err } = await start(['run', '--day', DAY, '--send'], {
      cwd,
      // Not that of whoever runs the tests, nor of a machine in AWS.
      settings: { ...bare, AWS_EC2_METADATA_DISABLED: 'true', HOME: cwd },
    }).ended;
    expect(code).toBe(2);
    expect(err).toMatch(/LAKE_URI +needs AWS, but no AWS Region is set/);
    expect(err).toMatch(/LAKE_URI +needs AWS, but no AWS credentials were found/);
    expect(simulator.seen.requests).toBe(0);
    for (const [args, of] of [
      [['serve', '--port', '0'], 'LAKE_URI'],
      [['check', '--account', 'demo'], '--account'],
    ] as const) {
      const own = { AWS_EC2_METADATA_DISABLED: 'true', HOME: cwd };
      const ended = await start(args, { cwd, settings: of === 'LAKE_URI' ? { ...bare, ...own } : own }).ended;
      expect(ended.code).toBe(2);
      expect(ended.err).toMatch(new RegExp(`${of} .*needs AWS, but no AWS Region is set; set AWS_REGION`));
    }
  });

  test('says in a line which bucket there is not', async () => {
    const { settings, cwd } = await besideAws();
    const { code, out, err } = await callOnAws(['run', '--day', DAY, '--lake', 's3://none'], {
      cwd,
      settings,
    });
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/--lake {2}is "s3:\/\/none", .*bucket none: there is no such bucket/);
    expect(out + err).not.toMatch(/^ +at /m);
  });

  test('checks bucket, token and SES', async () => {
    const { secrets, ses, settings, cwd } = await besideAws();
    const check = () => callOnAws(['check', '--send'], { cwd, settings });
    const fine = await check();
    expect(fine.out).toMatch(/ok .*s3:\/\/lake\/demo can be written, read and listed/);
    expect(fine.out).toMatch(/ok .*SES knows the sender/);
    expect(fine.code).toBe(0);

    secrets.texts.delete(SECRET);
    ses.account.identities.clear();
    const wrong = await check();
    expect(wrong.code).toBe(3);
    expect(wrong.out).toMatch(/fail .*the secret chat-report\/demo\/caresoft-token cannot be read/);
    expect(wrong.out).toMatch(/fail .*SES has verified neither/);
  });
});
