import {
  type DurableExecutionInvocationInput,
  DurableExecutionInvocationInputWithClient,
  InvocationStatus,
} from '@aws/durable-execution-sdk-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '../../functions/calendar/day.ts';
import { manifests } from '../../functions/capture/captures.ts';
import type { DailyReportPorts } from '../../functions/pipeline/daily-run.ts';
import { type DurableContext, EXECUTION, REPEATABLE } from '../../functions/pipeline/durable.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { isUnderWay } from '../../functions/pipeline/run-log.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { UnavailableError } from '../../functions/sources/source.ts';
import { failIfMailed } from '../../functions/workflow.lambda.ts';
import { watchedSource } from '../watched-source.ts';
import { DAY } from './one-machine.ts';
import { endSkipping, skipWaits } from './skipped-waits.ts';
import { type Around, waitingRun } from './waiting-run.ts';

beforeAll(skipWaits);
afterAll(endSkipping);

type Invoke = NonNullable<Around['invoke']>;

/** The process of one invocation. Once it is dead, nothing that it has begun goes on. */
class Life {
  readonly #died = Promise.withResolvers<'killed'>();
  isDead = false;

  get death(): Promise<'killed'> {
    return this.#died.promise;
  }

  die(): Promise<never> {
    this.isDead = true;
    this.#died.resolve('killed');
    return new Promise(() => {});
  }

  /** What the process asks of others: after its death it asks nothing, and hears of no answer. */
  async ask<Answer>(asked: () => Promise<Answer>): Promise<Answer> {
    if (this.isDead) return await this.die();
    const answer = await asked();
    return this.isDead ? await this.die() : answer;
  }
}

/**
 * Lambda, where the time of an invocation may run out. The testing library ends the execution there, and Lambda does not: it
 * invokes the function again, with what was checkpointed up to then. So this does the same within one call of the library.
 */
function lambda(): { readonly invoke: Invoke; readonly life: () => Life } {
  let life = new Life();
  return {
    life: () => life,
    async invoke(handler, event, context) {
      let input = event;
      for (;;) {
        life = new Life();
        const ended = await Promise.race([handler(input, context), life.death]);
        if (ended !== 'killed') return ended;
        input = await invocationAfter(input);
      }
    },
  };
}

async function invocationAfter(
  event: DurableExecutionInvocationInput,
): Promise<DurableExecutionInvocationInput> {
  if (!DurableExecutionInvocationInputWithClient.isInstance(event)) throw new Error('it has no journal');
  const { durableExecutionClient: journal, DurableExecutionArn, CheckpointToken } = event;
  const { Operations = [] } = await journal.getExecutionState({ DurableExecutionArn, CheckpointToken });
  const state = { InitialExecutionState: { Operations }, DurableExecutionArn, CheckpointToken };
  return new DurableExecutionInvocationInputWithClient(state as DurableExecutionInvocationInput, journal);
}

/** The ports of a process, on AWS: it does not wait for the lease. */
function portsOf(life: Life, { lake, clock, ...ports }: DailyReportPorts): DailyReportPorts {
  return {
    ...ports,
    lease: { owner: crypto.randomUUID(), ttlMs: 60_000, pollMs: 1_000, settleMs: 0, waitMs: 0 },
    clock: { ...clock, sleep: (...of) => life.ask(() => clock.sleep(...of)) },
    lake: {
      put: (...of) => life.ask(() => lake.put(...of)),
      putIfAbsent: (...of) => life.ask(() => lake.putIfAbsent(...of)),
      get: (...of) => life.ask(() => lake.get(...of)),
      delete: (...of) => life.ask(() => lake.delete(...of)),
      async *list(prefix) {
        for await (const key of lake.list(prefix)) yield await life.ask(async () => key);
      },
    },
  };
}

const INVOCATION_MS = EXECUTION.invocationMinutes * 60_000;

test('a step that overruns its invocation begins again, and the capture goes on from what it kept', async () => {
  const chatsByChannel = { livechat: 3, messenger: 60, zalo: 3 };
  const morning = await waitingRun('06:00', {}, { chatsByChannel, faults: [parseFault('cap:20')] });
  const { invoke, life } = lambda();
  const begun: string[] = [];
  const asked: { readonly isBefore: boolean; readonly params: string }[] = [];
  let isOver = false;
  const { status, outcome, steps } = await morning.run({
    invoke,
    alter: (context) => ({
      ...context,
      step(name, work, retry) {
        const watched = (): ReturnType<typeof work> => {
          begun.push(name);
          return work();
        };
        return context.step(name, watched, retry);
      },
    }),
    alterPorts(ports) {
      const own = life();
      const kept = portsOf(own, ports);
      const { chatSource } = ports;
      return {
        ...kept,
        chatSource: {
          ...watchedSource(chatSource, () => {}),
          count: (...of) => own.ask(() => chatSource.count(...of)),
          async answer(slice, page, options) {
            const answer = await own.ask(() => chatSource.answer(slice, page, options));
            asked.push({ isBefore: !isOver, params: answer.params });
            if (isOver || slice.channel !== 'messenger' || asked.length < 8) return answer;
            isOver = true;
            morning.pass(INVOCATION_MS);
            return await own.die();
          },
        },
      };
    },
  });
  expect([status, outcome?.state, isOver]).toEqual(['SUCCEEDED', 'reported', true]);
  expect(begun.filter((name) => name === 'capture 1')).toHaveLength(2);
  expect(steps.filter(({ name }) => name.startsWith('capture'))).toHaveLength(1);
  const { captureId = '' } = outcome?.completeness.channels.messenger ?? {};
  const manifest = await manifests.read(morning.lake, {
    ...{ day: DAY, channel: 'messenger', captureId: `${captureId}` },
  });
  const keptPages = manifest?.pages.map(({ params }) => params) ?? [];
  const before = asked.filter(({ isBefore, params }) => isBefore && keptPages.includes(params));
  const again = before.filter(({ params }) => asked.some((one) => !one.isBefore && one.params === params));
  // Of what was answered before, only what was being written as the time ran out is asked for again.
  expect(before.length).toBeGreaterThan(again.length + 1);
  expect(again.length).toBeLessThan(4);
  expect(morning.mails()).toEqual(['06:15 report a', '06:15 report b']);
});

const DEAD_ZALO: Around['trouble'] = (channel, at) =>
  channel === 'zalo' && at < '11:00' ? new UnavailableError('HTTP 500') : undefined;

/** Whether an invocation begins after a wait. */
function isAfter(wait: string, { InitialExecutionState }: DurableExecutionInvocationInput): boolean {
  return InitialExecutionState.Operations?.some(({ Name }) => Name === wait) ?? false;
}

test('an execution that is stopped in the middle of a wait leaves its day to the next run', async () => {
  const morning = await waitingRun();
  const { status } = await morning.run({
    trouble: DEAD_ZALO,
    // The library knows no stop. Lambda does not invoke again, and the execution ends.
    async invoke(handler, event, context) {
      if (!isAfter('try 2: before it', event)) return await handler(event, context);
      const stopped = { ErrorType: 'Execution.Stopped', ErrorMessage: 'it was stopped' };
      return { Status: InvocationStatus.FAILED, Error: stopped };
    },
  });
  expect(status).toBe('FAILED');
  const record = await morning.runRecord(`demo-${DAY}-1`);
  const began = Date.parse(record?.startedAt ?? '');
  // Nothing could tell the record.
  expect(record && isUnderWay(record, began + 6 * 3_600_000)).toBe(true);
  expect(record && isUnderWay(record, began + 14 * 3_600_000)).toBe(false);
  expect(morning.mails().map((mail) => mail.split(' ')[1])).toEqual(['partial', 'partial']);

  morning.pass(23 * 3_600_000);
  await morning.another({ run: 'next', day: addDays(DAY, 1) });
  const summary = await new ReportReader(morning.lake).read({ day: DAY });
  expect(summary?.completeness.verdict).toBe('proven');
  expect((await morning.record())?.madeUp).toBeDefined();
  expect(morning.sent.at(-1)?.message.text).toContain('đã đọc lại được, báo cáo đã đủ');
});

type Change = (context: DurableContext) => DurableContext;

/** A context with another step before the one of a name. */
const preceded =
  (name: string): Change =>
  (context) => ({
    ...context,
    async step(of, work, retry) {
      if (of === name) await context.step('another', async () => null, REPEATABLE);
      return await context.step(of, work, retry);
    },
  });

const renamed =
  (name: string): Change =>
  (context) => ({
    ...context,
    step: (of, work, retry) => context.step(of === name ? `${of} as before` : of, work, retry),
  });

const WAIT = 'try 1: before it';

describe('a version that goes on with an execution that waits', () => {
  /** @param change what the version is that is live once the execution waits */
  async function deployMeanwhile(change: Change) {
    const morning = await waitingRun();
    let isNew = false;
    const ended = await morning.run({
      trouble: (channel, at) =>
        channel === 'zalo' && at < '06:20' ? new UnavailableError('HTTP 500') : undefined,
      invoke: (handler, event, context) => {
        isNew = isAfter(WAIT, event);
        return handler(event, context);
      },
      alter: (context) => (isNew ? change(context) : context),
    });
    return { ...ended, mails: morning.mails() };
  }

  const ALL = ['06:10 partial a', '06:10 partial b', '06:25 report a', '06:25 report b'];

  test.each<[string, Change]>([
    ['the same one, as Lambda has it', (context) => context],
    ['one with another step after the wait', preceded('try 1: derive')],
    ['one with another name after the wait', renamed('try 1: derive')],
    [
      'one whose steps before the wait do other work',
      (context) => ({
        ...context,
        step: (name, work, retry) =>
          context.step(name, () => (name === 'derive' ? Promise.reject(new Error('x')) : work()), retry),
      }),
    ],
  ])('ends well: %s', async (_which, change) => {
    const { status, outcome, mails } = await deployMeanwhile(change);
    expect([status, outcome?.state, mails]).toEqual(['SUCCEEDED', 'reported', ALL]);
  });

  test.each<[string, Change]>([
    ['another step before the wait', preceded('derive')],
    ['another name before the wait', renamed('derive')],
    [
      'one step less before the wait',
      (context) => ({
        ...context,
        step: (name, work, retry) => (name === 'note the try' ? work() : context.step(name, work, retry)),
      }),
    ],
    [
      'a wait less',
      (context) => ({
        ...context,
        yieldNow: (name) => (/^before recipient/.test(name) ? Promise.resolve() : context.yieldNow(name)),
      }),
    ],
  ])('breaks off with %s, and sends nothing', async (_what, change) => {
    const { status, error, mails } = await deployMeanwhile(change);
    expect([status, mails]).toEqual(['FAILED', ALL.slice(0, 2)]);
    expect(error).toMatch(/Non-deterministic execution/);
  });
});

describe('a run that breaks off', () => {
  const broken = () => Promise.reject(new Error('AccessDenied'));

  test('fails its execution where people wait for its mail', async () => {
    await expect(failIfMailed({ deliver: true, day: DAY }, broken)).rejects.toThrow('AccessDenied');
  });

  test('ends its execution quietly where it sends none, unless only the invocation is over', async () => {
    const unmailed = { deliver: false, day: DAY };
    await expect(failIfMailed(unmailed, broken)).resolves.toEqual({ state: 'failed', day: DAY });
    const ofInvocation = Object.assign(new Error('no checkpoint'), { isUnrecoverable: true });
    await expect(failIfMailed(unmailed, () => Promise.reject(ofInvocation))).rejects.toBe(ofInvocation);
  });
});
