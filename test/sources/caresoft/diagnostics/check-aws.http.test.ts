import { describe, expect, onTestFinished, test } from 'vitest';
import { checkSes } from '../../../../functions/sources/caresoft/diagnostics/delivery.ses.ts';
import { checkBucket } from '../../../../functions/sources/caresoft/diagnostics/storage.fs.ts';
import { newS3Client, openBucket } from '../../../../functions/storage/object-store.s3.ts';
import type { Lake } from '../../../../functions/storage/object-store.ts';
import { startS3 } from '../../../aws/s3-endpoint.ts';
import { type SesAccount, startSes } from '../../../aws/ses-endpoint.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

describe('a check of a bucket', () => {
  async function check(bucket: string, alter: (lake: Lake) => Lake = (lake) => lake) {
    const s3 = await startS3({ buckets: ['lake'] });
    onTestFinished(s3.close);
    const client = newS3Client({ endpoint: s3.url, region: 'eu-west-1', credentials });
    const lake = alter(openBucket({ bucket, prefix: 'demo', client }));
    const finding = await checkBucket(lake, `s3://${bucket}/demo`, 'LAKE_URI', 'probe');
    return { finding, left: [...(s3.buckets.get('lake')?.keys() ?? [])] };
  }

  test('finds one that works, and leaves nothing in it', async () => {
    expect(await check('lake')).toMatchObject({ finding: { status: 'ok' }, left: [] });
  });

  test('names one that is not there, and the setting', async () => {
    const { finding } = await check('none');
    expect(finding).toMatchObject({
      status: 'fail',
      says: expect.stringContaining('there is no such bucket'),
      do: expect.stringContaining('LAKE_URI'),
    });
  });

  test('notices a store that lets two be the first to write', async () => {
    const careless = (lake: Lake): Lake => ({
      ...lake,
      putIfAbsent: async (key, body) => {
        await lake.put(key, body);
        return true;
      },
    });
    expect(await check('lake', careless)).toMatchObject({ finding: { status: 'fail' }, left: [] });
  });
});

describe('a check of SES', () => {
  const mail = { from: 'report@example.com', recipients: 3 };

  async function check(account: Partial<SesAccount>, asked = mail) {
    const ses = await startSes(account);
    onTestFinished(ses.close);
    const findings = await checkSes(asked, { endpoint: ses.url, region: 'eu-west-1', credentials });
    expect(JSON.stringify(findings)).not.toContain('example.com');
    return findings.map(({ id, status }) => `${status} ${id}`);
  }

  test.each(['report@example.com', 'example.com'])('knows a sender by %s', async (identity) => {
    const identities = new Map([[identity, 'Success' as const]]);
    expect(await check({ identities })).toEqual(['ok ses-sender', 'ok ses-quota']);
  });

  test('finds a sender who is not verified, or not yet', async () => {
    const identities = new Map([['example.com', 'Pending' as const]]);
    expect(await check({ identities })).toEqual(['fail ses-sender', 'ok ses-quota']);
    expect(await check({})).toEqual(['fail ses-sender', 'ok ses-quota']);
  });

  test('tells the sandbox and a quota that is used up', async () => {
    const identities = new Map([['example.com', 'Success' as const]]);
    const sandbox = { identities, max24HourSend: 200 };
    expect(await check(sandbox)).toEqual(['ok ses-sender', 'note ses-quota']);
    expect(await check({ ...sandbox, sentLast24Hours: 198 })).toEqual(['ok ses-sender', 'fail ses-quota']);
    expect(await check({ identities, max24HourSend: -1 })).toEqual(['ok ses-sender', 'ok ses-quota']);
  });

  test('says in one line that SES cannot be asked', async () => {
    const findings = await checkSes(mail, {
      endpoint: 'http://127.0.0.1:1',
      region: 'eu-west-1',
      credentials,
    });
    expect(findings).toMatchObject([{ id: 'ses', status: 'fail' }]);
  });
});
