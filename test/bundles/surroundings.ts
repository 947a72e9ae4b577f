import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import {
  type SimulatorOptions,
  startSimulator,
} from '../../functions/sources/caresoft/simulator/simulator.ts';
import { environmentOf } from '../aws/environment.ts';
import { startEvents } from '../aws/events-endpoint.ts';
import { startLambda } from '../aws/lambda-endpoint.ts';
import { startS3 } from '../aws/s3-endpoint.ts';
import { startSecrets } from '../aws/secrets-endpoint.ts';
import { serveLocally, type WholeRequest } from '../aws/serve-locally.ts';
import { startSes } from '../aws/ses-endpoint.ts';
import { CLIENT } from '../web/serve-issuer.ts';
import { ALIAS_ARN, STACK_LIFE, type SynthesizedFunction, synthesize } from './synthesized.ts';

/** The functions of one account as they would be deployed, and what AWS and the world are to them, for the tests of the bundles. */

const run = promisify(execFile);
/** Compiling a bundle takes a process longer than all that it then does. */
const cache = join(import.meta.dirname, '../../node_modules/.cache/chat-report');
export const DAY = '2026-11-20';
export const DUE = '2026-11-20T23:00:00Z';
const TOKEN = 'never-to-be-shown-4711';
/** What the schedule asks for. */
export const ORDINARY = { channels: null, refresh: false, resend: false, deliver: true };
export const WEBHOOK_KEY = 'A'.repeat(40);
const CLIENT_SECRET_ID = 'login/reports';
export const CLIENT_SECRET = 'c'.repeat(32);
const VIEW_KEY = 'v'.repeat(64);
export const TOKEN_SECRET = `chat-report/demo/caresoft-token-${STACK_LIFE}`;

export const built = await synthesize({
  alarmAddresses: ['oncall@example.com'],
  logRetentionDays: 30,
  accounts: [
    {
      name: 'demo',
      settings: {
        CARESOFT_BASE_URL: 'https://api.caresoft.vn/demo',
        MAIL_FROM: 'report@example.com',
        MAIL_TO: 'a@example.com,b@example.com',
        WEBHOOK_URLS: 'https://example.com/hook',
      },
      reportAt: '06:00',
      reportBy: '07:00',
      mailLinks: true,
      signIn: { issuer: 'https://login.example.com', clientId: CLIENT, clientSecret: CLIENT_SECRET_ID },
    },
  ],
});

const opened: { close(): Promise<void> }[] = [];

/** Closes the servers of all surroundings. A file calls it at its end, because its tests share some. */
export async function closeSurroundings(): Promise<void> {
  await Promise.all(opened.splice(0).map((server) => server.close()));
}

/**
 * What AWS and the world are to a function, each over HTTP.
 *
 * @param simulated how the source differs from one with 90 chats a day
 * @param versioned whether the lake keeps what is written over, as a deployed one does
 */
export async function surroundings(simulated: SimulatorOptions = {}, versioned = false) {
  const hooks: WholeRequest[] = [];
  const bucket = URL.parse(built.functions.workflow.environment.LAKE_URI ?? '')?.host ?? '';
  const [simulator, s3, ses, secrets, events, lambda, receiver] = await Promise.all([
    startSimulator({ chats: 90, ...simulated, token: TOKEN }),
    startS3({ buckets: [bucket], versioned }),
    startSes(),
    startSecrets({
      [TOKEN_SECRET]: TOKEN,
      [`chat-report/demo/webhook-key-${STACK_LIFE}`]: WEBHOOK_KEY,
      [`chat-report/demo/view-key-${STACK_LIFE}`]: VIEW_KEY,
      [CLIENT_SECRET_ID]: CLIENT_SECRET,
    }),
    startEvents(),
    startLambda(),
    serveLocally((request, response) => {
      hooks.push(request);
      response.writeHead(204).end();
    }),
  ]);
  opened.push(simulator, s3, ses, secrets, events, lambda, receiver);
  const objects = () => s3.buckets.get(bucket) ?? new Map();
  const environment = {
    ...environmentOf({ s3, ses, secrets }),
    AWS_ENDPOINT_URL_EVENTBRIDGE: events.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    WORKFLOW_ALIAS_ARN: ALIAS_ARN,
  };
  // Where the world stands in for what is really out there.
  const outside = {
    CARESOFT_BASE_URL: simulator.baseUrl,
    CARESOFT_REQUESTS_PER_SECOND: '15',
    WEBHOOK_URLS: `${receiver.url}/hook`,
  };
  return { bucket, simulator, s3, objects, ses, secrets, events, lambda, hooks, environment, outside };
}

/** Runs a script with a bundle and what it is handed in a fresh process, with the function's own environment and no other. */
export async function fresh<Ended>(
  script: 'invoke.ts' | 'run-durable.ts',
  { bundle, environment }: SynthesizedFunction,
  handed: unknown,
  more: Readonly<Record<string, string>>,
): Promise<{ ended: Ended; lines: Record<string, unknown>[] }> {
  const { stdout, stderr } = await run(
    process.execPath,
    [join(import.meta.dirname, script), bundle, JSON.stringify(handed)],
    { env: { ...environment, ...more, NODE_COMPILE_CACHE: cache }, maxBuffer: 2 ** 26 },
  );
  const said = [...stdout.trim().split('\n'), ...stderr.trim().split('\n')].filter((line) => line !== '');
  for (const line of said) expect(line).not.toContain(TOKEN);
  const ended = stdout.trim().split('\n').at(-1) ?? '';
  const lines = said.filter((line) => line !== ended && line.startsWith('{'));
  return { ended: JSON.parse(ended), lines: lines.map((line) => JSON.parse(line)) };
}

/** Hands a function events, one after the other, as Lambda does while one is warm: to load it takes longer than to answer. */
export async function invoke<Ended>(
  of: SynthesizedFunction,
  events: readonly unknown[],
  more: Readonly<Record<string, string>>,
): Promise<{ ended: Ended[]; lines: Record<string, unknown>[] }> {
  const invoked = await fresh<Ended[]>('invoke.ts', of, events, more);
  expect(invoked.ended).toHaveLength(events.length);
  return invoked;
}

/** The values of a metric in the log, in CloudWatch's embedded format, by the dimensions they are filed under. */
export function measured(lines: readonly Record<string, unknown>[], name: string): unknown[] {
  return lines.flatMap((line) => (line._aws && name in line ? [line[name]].flat() : []));
}

/** What the freshness check says, called as its schedules call it. @param again by the second schedule */
export async function lookAtDeadline(environment: Readonly<Record<string, string>>, again = false) {
  const due = '2026-11-21T00:00:00Z';
  const event = JSON.parse(String(built.inputs.deadline).replace('<aws.scheduler.scheduled-time>', due));
  const looked = await invoke<{ answer: { day: string; outcome: string } }>(
    built.functions.deadline,
    [{ ...event, ...(again && { again }) }],
    environment,
  );
  const answer = looked.ended[0]?.answer;
  expect(answer?.day).toBe(DAY);
  return { outcome: answer?.outcome, missing: measured(looked.lines, 'ReportsMissing') };
}
