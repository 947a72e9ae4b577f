import { describe, expect, test } from 'vitest';
import { recipientHash } from '../../functions/delivery/send-once.ts';
import { besideAws, callOnAws } from './beside-aws.ts';

describe('chat-report status, over a bucket', () => {
  test('tells who has the mail, asks for little, and writes nothing', async () => {
    const { s3, settings, cwd } = await besideAws({ chats: 12 });
    const run = await callOnAws(['run', '--day', 'yesterday', '--send'], { cwd, settings });
    expect(run.code).toBe(0);
    const [day = ''] = run.out.split(' ');
    // As the receipt is where SES refuses a recipient, which it is asked for many seconds about.
    const [key = '', object] =
      [...(s3.buckets.get('lake') ?? [])].find(([name]) => name.includes(recipientHash('b@example.com'))) ??
      [];
    const refused = object?.body.toString().replace('"sent"', '"not-sent"');
    if (object)
      s3.buckets.get('lake')?.set(key, { ...object, body: Buffer.from(refused ?? ''), checksums: {} });
    const before = s3.requests.length;
    const { code, out, err } = await callOnAws(['status'], { cwd, settings });
    expect([code, err, out]).toEqual([
      0,
      'chat-report: looking at s3://lake/demo\n',
      expect.stringMatching(/^.{10} {2}proven .* {2}1 of 2 [\d: -]+ {2}/m),
    ]);
    expect(out).toContain('The mail did not reach 1 of 2 recipients.');
    expect(out).toContain(`Next: chat-report run --day ${day} --send\n`);
    const requests = s3.requests.slice(before).map(({ operation }) => operation);
    expect(new Set(requests)).toEqual(new Set(['GetObject', 'ListObjectsV2']));
    // Whose lake it is, twice; the first report, the first attempt, the runs and the reports; the day with its two mails; its run.
    expect(requests.length).toBeLessThanOrEqual(16);

    const { out: ofDay } = await callOnAws(['status', '--day', 'yesterday'], { cwd, settings });
    expect(ofDay).toMatch(/ {2}report {2}sent by ses +a@example\.com\n/);
    expect(ofDay).toMatch(/ {2}report {2}NOT sent +b@example\.com\n/);
    expect(ofDay).toContain(`s3://lake/demo/reports/dt=${day}/summary.json\n`);
    // Another recipient is set now.
    const other = { ...settings, MAIL_TO: 'b@example.com' };
    const { out: later } = await callOnAws(['status', '--day', 'yesterday', '--json'], {
      cwd,
      settings: other,
    });
    const mails: { to: string | null }[] = JSON.parse(later).mails;
    expect(mails.map(({ to }) => to).toSorted()).toEqual(['b@example.com', null]);
  });
});
