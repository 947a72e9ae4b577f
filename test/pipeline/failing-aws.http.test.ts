import { describe, expect, onTestFinished, test } from 'vitest';
import { openSes } from '../../functions/delivery/mailer.ses.ts';
import { dailyReport } from '../../functions/pipeline/daily-run.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { share } from '../../functions/sources/caresoft/simulator/draw.ts';
import { newS3Client, openBucket } from '../../functions/storage/object-store.s3.ts';
import type { Fault } from '../aws/s3/fault.ts';
import type { S3Request } from '../aws/s3/s3-request.ts';
import { startS3 } from '../aws/s3-endpoint.ts';
import { type Ses, type SesFault, startSes } from '../aws/ses-endpoint.ts';
import { drawShortestWaits } from '../aws/shortest-waits.ts';
import { recomputed } from './against-recomputation.ts';
import { DAY, oneMachine } from './one-machine.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const RECIPIENTS = ['a@example.com', 'b@example.com', 'c@example.com'];

/** Of a hundred requests to S3, how many meet which fault. */
const S3_FAULTS: readonly (readonly [number, Fault])[] = [
  [6, { refusal: 'SlowDown' }],
  [5, 'reset-after'],
  [4, 'reset-before'],
  [3, { delayMs: 40 }],
  [2, { refusalAfter: 'InternalError' }],
];

/** The program over an S3 and an SES that fail, as the seed and the list have it. */
async function failingAws(seed: number, sesFaults: readonly SesFault[]) {
  drawShortestWaits();
  let asked = 0;
  const met = new Set<Fault>();
  const pick = ({ headers }: S3Request): Fault | null => {
    // The SDK gives up after its fifth try. Which request that befell would be up to the order of parallel work.
    if (String(headers['amz-sdk-request']).startsWith('attempt=5;')) return null;
    asked += 1;
    let left = share(seed, asked) * 100;
    for (const [part, fault] of S3_FAULTS) {
      if (left < part) {
        met.add(fault);
        return fault;
      }
      left -= part;
    }
    return null;
  };
  const s3 = await startS3({ buckets: ['lake'], faults: pick });
  const ses = await startSes();
  ses.faults.push(...sesFaults);
  onTestFinished(async () => {
    await Promise.all([s3.close(), ses.close()]);
  });
  const machine = await oneMachine({ chats: 120 }, { MAIL_TO: RECIPIENTS.join(), CONTACTS: 'full' });
  const client = newS3Client({ endpoint: s3.url, region: 'eu-west-1', credentials });
  const lake = openBucket({ bucket: 'lake', prefix: 'demo', client });
  const mailer = openSes({
    configurationSet: 'demo',
    client: { endpoint: ses.url, region: 'eu-west-1', credentials },
    firstDelayMs: 1,
  });
  const report = async (run: string) => {
    const { account, context, ports } = machine.compose();
    const input = { run, day: DAY, since: null, resend: false, deliver: true };
    // Of two runs each waits for the other at every step.
    const lease = { ...ports.lease, pollMs: 20 };
    return await dailyReport(input, context, account, { ...ports, lake, mailer, lease });
  };
  return { ses, lake, machine, report, met };
}

const recipientsOf = ({ mails }: Ses) => mails.flatMap(({ destinations }) => destinations).sort();

async function reportTwice(seed: number): Promise<void> {
  const { ses, lake, machine, report, met } = await failingAws(seed, ['Throttling', 'slow', 'Throttling']);
  const outcome = await report('run-1');
  expect(outcome.state).toBe('reported');
  const { counts: _, ...figures } = recomputed(machine, DAY);
  expect(await new ReportReader(lake).read({ day: DAY })).toMatchObject(figures);
  expect(recipientsOf(ses)).toEqual(RECIPIENTS);
  // Every kind of fault has come by then.
  expect(met.size).toBe(S3_FAULTS.length);

  const requests = machine.simulator.seen.requests;
  const again = await report('run-2');
  expect(again.deliveries.map(({ state }) => state)).toEqual(RECIPIENTS.map(() => 'already-sent'));
  expect(machine.simulator.seen.requests).toBe(requests);
  expect(ses.mails).toHaveLength(RECIPIENTS.length);
}

describe('on an AWS that fails', () => {
  test.each([1, 2, 3])(
    'a day is reported whole, each mail sent once, and nothing done twice the next time: seed %i',
    reportTwice,
  );

  test('two runs at once make one report and one mail a recipient', async () => {
    const { ses, lake, machine, report } = await failingAws(5, ['Throttling']);
    const outcomes = await Promise.all([report('run-1'), report('run-2')]);
    expect(outcomes.map(({ state }) => state)).toEqual(['reported', 'reported']);
    expect(recipientsOf(ses)).toEqual(RECIPIENTS);
    const manifests = (await Array.fromAsync(lake.list(`raw/chats/dt=${DAY}/`))).filter((key) =>
      key.endsWith('manifest.json'),
    );
    expect(manifests).toHaveLength(3);
    expect(machine.simulator.seen.requests).toBeGreaterThan(0);
  });

  test('a mail whose answer was lost is not sent again by the next run, and costs no other theirs', async () => {
    const { ses, report } = await failingAws(6, ['accepted-reset']);
    const outcome = await report('run-1');
    expect(outcome.deliveries.map(({ state }) => state)).toEqual(['failed', 'sent', 'sent']);
    expect(outcome.deliveries[0]?.problem).toMatch(/^whether it was sent is not known: .*; free in \d+ s$/);
    expect((await report('run-2')).deliveries[0]?.problem).toMatch(/^another run claimed it/);
    expect(recipientsOf(ses)).toEqual(RECIPIENTS);
  });
});
