import PostalMime from 'postal-mime';
import { afterAll, describe, expect, test } from 'vitest';
import { addDays } from '../../functions/calendar/day.ts';
import { DEFINITIONS } from '../../functions/metrics/measures.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { newS3Client, openBucket } from '../../functions/storage/object-store.s3.ts';
import { serveLocally } from '../aws/serve-locally.ts';
import { summaryAsOf } from '../pipeline/earlier-summary.ts';
import {
  built,
  closeSurroundings,
  DAY,
  DUE,
  fresh,
  measured,
  ORDINARY,
  surroundings,
} from './surroundings.ts';

afterAll(closeSurroundings);

interface Ended {
  readonly status: string;
  readonly error: unknown;
  readonly steps: readonly string[];
  readonly waits: readonly (readonly [name: string, seconds: number])[];
  readonly answer: { readonly state: string };
}

type Around = Awaited<ReturnType<typeof surroundings>>;

/** Runs the built workflow on the morning after a day. */
function report(day: string, { environment, outside }: Around, more: Readonly<Record<string, string>> = {}) {
  const request = { run: `demo-${day}-1`, day, ...ORDINARY };
  const BEGINS_AT = DUE.replace(DAY, day);
  const all = { ...environment, ...outside, BEGINS_AT, ...more };
  return fresh<Ended>('run-durable.ts', built.functions.workflow, request, all);
}

/** A text in no charset: it is asked for once more, and then the channel has not answered. */
const UNREADABLE = Buffer.from([0x7b, 0x80, 0x81, 0x7d]);
const ZALO = '3';

/** The simulator, but the first questions for a channel have no readable answer. */
async function behindTrouble({ simulator }: Around, questions: number) {
  let left = questions;
  const server = await serveLocally(async ({ url, headers }, response) => {
    if (url.searchParams.get('conversation_type') === ZALO && left > 0) {
      left -= 1;
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(UNREADABLE);
      return;
    }
    const { authorization = '' } = headers;
    const to = new URL(`${url.pathname}${url.search}`, simulator.baseUrl);
    const answer = await fetch(to, { headers: { authorization } });
    const type = answer.headers.get('content-type') ?? '';
    response.writeHead(answer.status, { 'content-type': type }).end(Buffer.from(await answer.arrayBuffer()));
  });
  return { ...server, baseUrl: `${server.url}${new URL(simulator.baseUrl).pathname}`, left: () => left };
}

/** The kind and the text of each mail. */
async function mailsOf({ ses }: Around) {
  const read = ses.mails.map(async ({ raw, destinations }) => {
    const { headers, text = '' } = await PostalMime.parse(raw);
    const kind = headers.find(({ key }) => key === 'x-chat-report')?.value;
    return { mail: `${kind} ${destinations.join()}`, text: text.replaceAll(/\s+/g, ' ') };
  });
  return await Promise.all(read);
}

const summaryOf = ({ objects }: Around, day: string): Summary =>
  JSON.parse(objects().get(`demo/reports/dt=${day}/summary.json`)?.body.toString() ?? 'null');

describe.concurrent('the built workflow', () => {
  test('asks again 15 minutes to 6 hours after a partial report, and then sends the full one', async () => {
    const around = await surroundings();
    // Two for each of three attempts before the mail, and of three after it.
    const trouble = await behindTrouble(around, 12);
    const { ended, lines } = await report(DAY, around, { CARESOFT_BASE_URL: trouble.baseUrl });
    await trouble.close();
    expect(ended).toMatchObject({ status: 'SUCCEEDED', error: null, answer: { state: 'reported' } });
    expect(trouble.left()).toBe(0);
    const minutes = ended.waits.flatMap(([name, seconds]) =>
      seconds > 30 ? [`${name}: ${Math.round(seconds / 60)}`] : [],
    );
    expect(minutes).toEqual([
      'before trying again 1: 5',
      'before trying again 2: 5',
      'try 1: before it: 15',
      'try 2: before it: 45',
      'try 3: before it: 120',
      'try 4: before it: 180',
    ]);
    const mails = await mailsOf(around);
    expect(mails.map(({ mail }) => mail)).toEqual([
      ...['partial a@example.com', 'partial b@example.com'],
      ...['report a@example.com', 'report b@example.com'],
    ]);
    expect(mails[0]?.text).toMatch(/06:2\d/);
    const { completeness, totals } = summaryOf(around, DAY);
    expect(completeness.verdict).toBe('proven');
    const rows = (['livechat', 'messenger', 'zalo'] as const).flatMap((of) => around.simulator.rows(of, DAY));
    expect(totals.chats).toBe(rows.length);
    expect([measured(lines, 'RunsReported'), measured(lines, 'RunsUnproven')]).toEqual([[1], [0]]);
  });

  test('counts a day of an earlier version again, without a question, and tells of no correction', async () => {
    const around = await surroundings();
    const { bucket, s3, simulator } = around;
    const before = addDays(DAY, -1);
    const only = { LOOK_BACK: 'none' };
    expect((await report(before, around, only)).ended.answer.state).toBe('reported');
    const whole = summaryOf(around, before);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = newS3Client({ endpoint: s3.url, region: 'eu-west-1', credentials });
    const lake = openBucket({ bucket, prefix: 'demo', client });
    const earlier = Buffer.from(JSON.stringify(summaryAsOf(1, whole)));
    await lake.put(`reports/dt=${before}/summary.json`, earlier);
    for (const key of [`reports/dt=${before}/digest.json`, 'days/definitions.json']) await lake.delete(key);
    const asked = simulator.seen.entries.length;

    const { ended } = await report(DAY, around, only);
    expect(ended).toMatchObject({ status: 'SUCCEEDED', error: null, answer: { state: 'reported' } });
    expect(ended.steps.some((name) => /^(upgrade|derive) /.test(name) && name.includes(before))).toBe(true);
    const again = summaryOf(around, before);
    expect(again).toMatchObject({ definitions: DEFINITIONS, totals: whole.totals });
    const days = simulator.seen.entries.slice(asked).map(({ params }) => params.get('start_time_to') ?? '');
    expect(days.filter((until) => until.startsWith(before))).toEqual([]);
    for (const { text } of await mailsOf(around)) expect(text).not.toMatch(/đính chính/i);
  });
});
