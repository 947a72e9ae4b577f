import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifests } from '../../functions/capture/captures.ts';
import type { Channel } from '../../functions/chats/channel.ts';
import { NotSentError } from '../../functions/delivery/mailer.ts';
import { type LogEvent, openLog } from '../../functions/observability/log.ts';
import {
  type DailyReportInput,
  type DailyReportPorts,
  type DayOutcome,
  dailyReport,
} from '../../functions/pipeline/daily-run.ts';
import { type DurableContext, SCHEDULED } from '../../functions/pipeline/durable.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import type { Message } from '../../functions/report/mail-message.ts';
import { RETRY_POLICY as PROGRAMS, type RetryPolicy } from '../../functions/sources/caresoft/retry-policy.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import type { SimulatorOptions } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { LockedOutError, UnavailableError } from '../../functions/sources/source.ts';
import { onDurable } from '../../functions/workflow.lambda.ts';
import { watchedSource } from '../watched-source.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { crashingAfter } from './crashing.ts';
import { DAY, type OneMachine, oneMachine } from './one-machine.ts';
import { endSkipping, skipWaits } from './skipped-waits.ts';

beforeAll(skipWaits);
afterAll(endSkipping);

const input: DailyReportInput = { run: `demo-${DAY}-1`, day: DAY, since: null, resend: false, deliver: true };

/** As long as the program’s where it is for an answer: one that is slow to come is not none, and not asked for twice. */
const RETRY_POLICY: RetryPolicy = { ...PROGRAMS, firstDelayMs: 1, pauseMs: 1 };

/** The workflow on AWS's own durable execution, beside a simulated CareSoft, with a transport that is not repeatable. */
async function onAws(simulated: SimulatorOptions = {}, changes: Partial<DailyReportPorts> = {}) {
  const settings = { MAIL_TO: 'a@example.com,b@example.com' };
  const machine = await oneMachine({ chats: 60, ...simulated }, settings, RETRY_POLICY);
  const sent: Message[] = [];
  const mailer = {
    name: 'mail',
    isRepeatable: false,
    async send(message: Message) {
      sent.push(message);
      return `${sent.length}`;
    },
  };
  const lake = memoryLake();
  const { account, ports } = machine.compose();
  const run = async (
    alter: (context: DurableContext) => DurableContext = (context) => context,
    more: Partial<DailyReportPorts> = {},
  ) => {
    const handler = withDurableExecution((event: DailyReportInput, durable) =>
      dailyReport(event, alter(onDurable(durable)), account, {
        ...ports,
        lake,
        mailer,
        executionProfile: SCHEDULED,
        ...changes,
        ...more,
      }),
    );
    const runner = new LocalDurableTestRunner<DayOutcome>({ handlerFunction: handler });
    const execution = await runner.run({ payload: input });
    const operations = execution.getOperations().map((operation) => {
      const isWait = operation.getType() === 'WAIT';
      return {
        failure: isWait ? undefined : operation.getStepDetails()?.error,
        name: operation.getName() ?? '',
        result: isWait ? undefined : operation.getStepDetails()?.result,
        waitSeconds: isWait ? operation.getWaitDetails()?.waitSeconds : undefined,
      };
    });
    return { status: execution.getStatus(), outcome: execution.getResult(), operations };
  };
  return { machine, lake, sent, run };
}

type GoodDay = Awaited<ReturnType<typeof playGoodDay>>;
let played: Promise<GoodDay> | null = null;

/** The usual run, which is played once for all that is to be seen in it. */
function goodDay(): Promise<GoodDay> {
  played ??= playGoodDay();
  return played;
}

async function playGoodDay() {
  const { sent, run } = await onAws();
  return { sent, ...(await run()) };
}

/** CareSoft, but one channel fails the first so many times that it is asked for. */
function failing(machine: OneMachine, channel: Channel, times: number): Pick<DailyReportPorts, 'chatSource'> {
  const { chatSource } = machine.compose().ports;
  let failures = 0;
  return {
    chatSource: watchedSource(chatSource, (slice) => {
      if (slice.channel !== channel || failures >= times) return;
      failures += 1;
      throw new UnavailableError('HTTP 500');
    }),
  };
}

const STEPS = [
  'capture 1',
  'compare channels',
  'plan healing',
  'note what is told',
  'derive',
  'who waits',
  'time of the first mail',
  'deliver report 1',
  'deliver report 2',
  'note the mail',
  'find stale days',
  'find days to upgrade',
  'index changes',
];

/** Without those that only end an invocation. */
function longWaitsOf(operations: readonly { readonly waitSeconds: number | undefined }[]): number[] {
  return operations.flatMap(({ waitSeconds = 0 }) => (waitSeconds > 1 ? [waitSeconds] : []));
}

describe('the workflow on durable execution', () => {
  test('reports a good day in named steps, whose results are small and hold nobody’s data', async () => {
    const { sent, status, outcome, operations } = await goodDay();
    expect([status, outcome?.state]).toEqual(['SUCCEEDED', 'reported']);
    const steps = operations.filter(({ waitSeconds }) => waitSeconds === undefined);
    expect(steps.map(({ name }) => name)).toEqual(['whose lake', 'begin', ...STEPS, 'end']);
    expect(sent.map(({ kind, to }) => [kind, to.address])).toEqual([
      ['report', 'a@example.com'],
      ['report', 'b@example.com'],
    ]);
    for (const { result } of operations) {
      const text = JSON.stringify(result) ?? '';
      expect(text.length).toBeLessThan(2_000);
      expect(text).not.toMatch(/@|\+?84\d{9}|\b0\d{9}\b/);
    }
  });

  test('reports a day on which a channel fails twice, then works', async () => {
    const { machine, sent, run } = await onAws();
    const { outcome, operations } = await run(undefined, failing(machine, 'zalo', 2));
    expect(outcome?.state).toBe('reported');
    expect(longWaitsOf(operations)).toEqual([300, 300]);
    expect(operations.filter(({ name }) => name.startsWith('capture'))).toHaveLength(3);
    // What is proven is not asked again with what is not.
    const ofMessenger = machine.simulator.seen.entries.filter((entry) => entry.channel === 'messenger');
    expect(ofMessenger).toHaveLength(5);
    expect(sent).toHaveLength(2);
  });

  test('reports the other channels to each when one never recovers, and tries it four times more', async () => {
    const { machine, lake, sent, run } = await onAws();
    const { status, outcome, operations } = await run(
      undefined,
      failing(machine, 'zalo', Number.POSITIVE_INFINITY),
    );
    expect([status, outcome?.state]).toEqual(['SUCCEEDED', 'partial']);
    expect(outcome?.completeness.channels.zalo?.reason).toBe('unavailable');
    expect(operations.filter(({ name }) => name.startsWith('capture'))).toHaveLength(3);
    expect(operations.filter(({ name }) => /^try \d: capture/.test(name))).toHaveLength(4);
    expect(sent.map(({ kind }) => kind)).toEqual(['partial', 'partial']);
    const { totals } = (await new ReportReader(lake).read({ day: DAY })) ?? expect.unreachable('no report');
    expect(totals.channels).toEqual(['livechat', 'messenger']);
  });

  test('waits a lockout out, without a call, and is done', async () => {
    const { machine, sent, run } = await onAws();
    const { chatSource, clock } = machine.compose().ports;
    // The testing library skips waits without moving the clock, so this one is moved by hand.
    let skippedMs = 0;
    const later = { ...clock, now: () => clock.now() + skippedMs };
    let bannedUntil: number | null = null;
    let callsDuringBan = -1;
    const { outcome, operations } = await run(
      (context) => ({
        ...context,
        async wait(name, seconds) {
          await context.wait(name, seconds);
          skippedMs += seconds * 1_000;
        },
      }),
      {
        clock: later,
        chatSource: watchedSource(chatSource, () => {
          bannedUntil ??= later.now() + 900_000;
          if (later.now() >= bannedUntil) return;
          callsDuringBan += 1;
          throw new LockedOutError('locked out for 15 minutes', 900_000);
        }),
      },
    );
    expect(outcome?.state).toBe('reported');
    expect(longWaitsOf(operations)).toEqual([16 * 60]);
    expect(callsDuringBan).toBe(0);
    expect(sent).toHaveLength(2);
  });

  test('sends a notice instead of waiting for longer than a morning', async () => {
    const { sent, run } = await onAws({ faults: [parseFault('retry-after:50000')] });
    const { outcome, operations } = await run();
    expect(outcome?.state).toBe('unproven');
    expect(longWaitsOf(operations)).toEqual([]);
    expect(sent.map(({ kind }) => kind)).toEqual(['notice', 'notice']);
  });

  test('gives each long step an invocation of its own', async () => {
    const { operations } = await goodDay();
    const invocations = operations
      .map(({ name, waitSeconds }) => (waitSeconds === undefined ? name : '|'))
      .join(' ')
      .split(' | ');
    const long = ['capture', 'derive', 'deliver'];
    for (const invocation of invocations) {
      expect(
        long.filter((step) => invocation.includes(step)).length,
        `these share one invocation: ${invocation}`,
      ).toBeLessThanOrEqual(1);
    }
  });

  test('tells many others in invocations of a few, whether or not they can be told', async () => {
    const told: string[] = [];
    const notifiers = Array.from({ length: 12 }, (_, place) => ({
      name: `webhook ${place + 1}`,
      async notify() {
        told.push(`webhook ${place + 1}`);
        throw new Error('it does not answer');
      },
    }));
    const { run } = await onAws({}, { notifiers });
    const { status, outcome, operations } = await run();
    expect([status, outcome?.state, told.length]).toEqual(['SUCCEEDED', 'reported', 24]);
    const invocations = operations
      .map(({ name, waitSeconds }) => (waitSeconds === undefined ? name : '|'))
      .join(' ')
      .split(' | ');
    // Of the report, and of the change of its day's rows.
    for (const step of [/announce \d+ to/g, /tell changes \d+ to/g]) {
      const perInvocation = invocations.map((names) => names.match(step)?.length ?? 0);
      expect(perInvocation.filter((times) => times > 0)).toEqual([5, 5, 2]);
    }
  });

  test('captures in pieces that end long before a function does', async () => {
    const { machine, lake, run } = await onAws(
      { chats: 400, faults: [parseFault('cap:40')] },
      { executionProfile: { ...SCHEDULED, pieceMs: 160_000 } },
    );
    const { chatSource, clock } = machine.compose().ports;
    let passedMs = 0;
    const { outcome, operations } = await run(undefined, {
      clock: { ...clock, now: () => clock.now() + passedMs },
      // Each question takes an eighth of a piece.
      chatSource: watchedSource(chatSource, () => {
        passedMs += 20_000;
      }),
    });
    expect(outcome?.state).toBe('reported');
    expect(operations.filter(({ name }) => name.startsWith('capture')).length).toBeGreaterThan(2);
    const asked = machine.simulator.seen.entries.filter(
      ({ channel, params }) => channel === 'messenger' && params.get('count') === '500',
    );
    const timesOf = (one: string) => asked.filter(({ params }) => params.toString() === one).length;
    const { captureId = '' } = outcome?.completeness.channels.messenger ?? {};
    const manifest = await manifests.read(lake, {
      day: DAY,
      channel: 'messenger',
      captureId: `${captureId}`,
    });
    const kept = manifest?.pages.map(({ params }) => params) ?? [];
    expect(kept.length).toBeGreaterThan(5);
    expect(new Set(kept).size).toBe(kept.length);
    // A piece asks some in vain that it has no time for; what it kept is not asked for again.
    for (const params of kept) expect(timesOf(params)).toBeLessThanOrEqual(3);
    expect(timesOf(kept[0] ?? '')).toBe(1);
    expect(
      operations.filter(({ name }) => name.startsWith('before more')).map(({ waitSeconds }) => waitSeconds),
    ).toContain(1);
  });

  test.each(STEPS)('does nothing twice when it crashes after the work of "%s"', async (step) => {
    const { machine, lake, sent, run } = await onAws();
    const crashed = new Set<string>();
    const { outcome } = await run(crashingAfter([step], crashed));
    expect([[...crashed], outcome?.state]).toEqual([[step], 'reported']);
    expect(outcome?.deliveries.map(({ state }) => state)).not.toContain('failed');
    expect(sent.map(({ to }) => to.address)).toEqual(['a@example.com', 'b@example.com']);
    // The day, what was missed, what was met, and all in two halves, for each channel; and the two lists of names.
    expect(machine.simulator.seen.requests).toBe(3 * 5 + 2);
    const keys = await Array.fromAsync(lake.list(''));
    expect(keys.filter((key) => /chats.*manifest\.json$/.test(key))).toHaveLength(3);
  });

  test('started again under the same name, asks for nothing and sends nothing', async () => {
    const { machine, sent, run } = await onAws();
    const first = await run();
    const requests = machine.simulator.seen.requests;
    const again = await run();
    expect(machine.simulator.seen.requests).toBe(requests);
    expect(sent).toHaveLength(2);
    expect(again.outcome?.deliveries.map(({ state }) => state)).toEqual(['already-sent', 'already-sent']);
    expect(again.outcome?.completeness).toEqual(first.outcome?.completeness);
  });

  test('tells of a mail that cannot be sent, without the address, and still sends the others', async () => {
    const { sent, run } = await onAws();
    const { outcome, operations } = await run(undefined, {
      mailer: {
        name: 'mail',
        isRepeatable: false,
        async send(message) {
          const { address } = message.to;
          if (address === 'a@example.com') throw new NotSentError(`not verified: ${address}`);
          sent.push(message);
          return '1';
        },
      },
    });
    expect(outcome?.deliveries).toMatchObject([{ state: 'failed' }, { state: 'sent' }]);
    expect(sent.map(({ to }) => to.address)).toEqual(['b@example.com']);
    expect(operations.some(({ failure }) => failure !== undefined)).toBe(true);
    expect(
      JSON.stringify([outcome, operations, operations.map(({ failure }) => String(failure))]),
    ).not.toContain('@');
  });

  test('makes the mail from what it measured, whatever another run has put in its place', async () => {
    const { machine, lake, sent, run } = await onAws();
    const other = machine.compose({ CHANNELS: 'zalo', CONTACTS: 'full' });
    await run((context) => ({
      ...context,
      async step(name, work, retry) {
        return await context.step(
          name,
          async () => {
            if (name === 'deliver report 1') {
              await dailyReport({ ...input, run: 'other' }, other.context, other.account, {
                ...other.ports,
                lake,
              });
            }
            return await work();
          },
          retry,
        );
      },
    }));
    expect(sent).toHaveLength(2);
    for (const { text } of sent) {
      expect(text).toContain('Đã đối chiếu đủ 60 chat');
      expect(text).not.toMatch(/\+84\d{9}|\b0900\d{6}\b/);
    }
  });

  test('gives a recipient whom the transport refused once a second chance, and the others theirs', async () => {
    const { sent, run } = await onAws();
    let refusals = 0;
    const { outcome } = await run(undefined, {
      mailer: {
        name: 'mail',
        isRepeatable: false,
        async send(message) {
          const { address } = message.to;
          if (address === 'a@example.com' && refusals < 1) {
            refusals += 1;
            throw new NotSentError(`${address} is throttled`);
          }
          sent.push(message);
          return '1';
        },
      },
    });
    expect(outcome?.deliveries.map(({ state }) => state)).toEqual(['sent', 'sent']);
    expect(sent.map(({ to }) => to.address)).toEqual(['a@example.com', 'b@example.com']);
  });

  test.each([
    ['yesterday', '2026-11-20T23:10:00Z', [60]],
    ['a day that is long past', '2026-11-25T23:10:00Z', []],
  ])('tells the figures of %s to the graphs, or not', async (_of, now, chats) => {
    const { machine, run } = await onAws();
    const told: LogEvent[] = [];
    const { clock } = machine.compose().ports;
    const aheadMs = Date.parse(now) - clock.now();
    await run(undefined, {
      clock: { ...clock, now: () => clock.now() + aheadMs },
      log: openLog((_level, entry) => told.push(entry)),
    });
    const published = told.flatMap((entry) => (entry.event === 'day-published' ? [entry] : []));
    expect(published.map((entry) => entry.chats)).toEqual(chats);
    for (const { freshnessSeconds } of published)
      expect(freshnessSeconds).toBeGreaterThanOrEqual(6 * 3_600 + 600);
    expect(told.filter(({ event }) => event === 'channel-measured')).toHaveLength(chats.length * 3);
  });
});
