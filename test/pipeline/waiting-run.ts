import { type DurableLambdaHandler, withDurableExecution } from '@aws/durable-execution-sdk-js';
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import { addDays } from '../../functions/calendar/day.ts';
import type { Channel } from '../../functions/chats/channel.ts';
import { withChannels } from '../../functions/config/account.ts';
import {
  type DailyReportInput,
  type DailyReportPorts,
  type DayOutcome,
  dailyReport,
} from '../../functions/pipeline/daily-run.ts';
import { readDayRecord } from '../../functions/pipeline/day-record.ts';
import { type DurableContext, INTERACTIVE, SCHEDULED } from '../../functions/pipeline/durable.ts';
import { readRun } from '../../functions/pipeline/run-log.ts';
import type { Message } from '../../functions/report/mail-message.ts';
import { RETRY_POLICY as PROGRAMS } from '../../functions/sources/caresoft/retry-policy.ts';
import type { SimulatorOptions } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { onDurable } from '../../functions/workflow.lambda.ts';
import { dayOfSlice, watchedSource } from '../watched-source.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { DAY, oneMachine } from './one-machine.ts';

/** Where a local clock stands, `HH:MM`; with the days since the morning before it where there are any. */
type Minute = string;

interface Asked {
  readonly at: Minute;
  readonly day: string;
  readonly channel: Channel;
}

/** What CareSoft says to a question in place of an answer; nothing where it answers. */
type Trouble = (channel: Channel, at: Minute) => Error | undefined;

type Invoked = ReturnType<DurableLambdaHandler>;

/** What happens around an execution. */
export interface Around {
  readonly trouble?: Trouble;
  readonly input?: Partial<DailyReportInput>;
  /** Some of the account's; left out for all. */
  readonly channels?: readonly Channel[];
  /** May fail in the place of the transport. */
  readonly onSend?: (message: Message) => void;
  readonly alter?: (context: DurableContext) => DurableContext;
  /** What each process has. It is called for each invocation. */
  readonly alterPorts?: (ports: DailyReportPorts) => DailyReportPorts;
  /** What Lambda does in place of a plain invocation. */
  readonly invoke?: (handler: DurableLambdaHandler, ...of: Parameters<DurableLambdaHandler>) => Invoked;
  /** Once a wait is over, and before the process that goes on with the run does anything. */
  readonly onWoken?: (name: string) => Promise<void> | void;
}

/**
 * A run that waits, on AWS's own durable execution, beside a simulated CareSoft. The clock is the test's: each wait moves it
 * once, and looking at it by a millisecond. Each invocation is a process of its own, which shares the lake with those
 * before it and nothing else.
 *
 * @param beginsAt on the day after the reported one, in Ho Chi Minh City
 */
export async function waitingRun(
  beginsAt: Minute = '06:00',
  settings: Readonly<Record<string, string>> = {},
  simulated: SimulatorOptions = {},
) {
  const midnight = Date.parse(`${addDays(DAY, 1)}T00:00:00+07:00`);
  let nowMs = Date.parse(`${addDays(DAY, 1)}T${beginsAt}:00+07:00`);
  const minute = (ms = nowMs): Minute => {
    const minutes = Math.floor((ms - midnight) / 60_000);
    const [days, left] = [Math.floor(minutes / 1_440), minutes % 1_440];
    const two = (number: number) => `${number}`.padStart(2, '0');
    return `${days > 0 ? `${days}d ` : ''}${two(Math.floor(left / 60))}:${two(left % 60)}`;
  };
  const lake = memoryLake();
  const machine = await oneMachine(
    { chatsByChannel: { livechat: 3, messenger: 6, zalo: 3 }, ...simulated, now: () => nowMs },
    { MAIL_TO: 'a@example.com,b@example.com', LOOK_BACK: 'none', ...settings },
    { ...PROGRAMS, firstDelayMs: 1, pauseMs: 1 },
    lake,
  );
  const sent: { readonly at: Minute; readonly message: Message }[] = [];
  const asked: Asked[] = [];
  const waits: string[] = [];

  /** As a new process has them. */
  const portsOf = (trouble: Trouble = () => undefined, onSend: Around['onSend'] = () => {}) => {
    const { account, ports } = machine.compose();
    const clock = {
      ...ports.clock,
      now: () => {
        nowMs += 1;
        return nowMs;
      },
    };
    const all: DailyReportPorts = {
      ...ports,
      clock,
      executionProfile: SCHEDULED,
      chatSource: watchedSource(ports.chatSource, (slice) => {
        const at = minute();
        asked.push({ at, day: dayOfSlice(slice), channel: slice.channel });
        const error = trouble(slice.channel, at);
        if (error) throw error;
      }),
      mailer: {
        name: 'mail',
        isRepeatable: false,
        async send(message) {
          onSend(message);
          sent.push({ at: minute(), message });
          return `${sent.length}`;
        },
      },
    };
    return { account, ports: all };
  };

  return {
    machine,
    lake,
    minute,
    sent,
    asked,
    /** The names of those that are longer than what ends an invocation, with the minute at which each was over. */
    waits,
    /** The mails in the order in which they went out. */
    mails: () => sent.map(({ at, message }) => `${at} ${message.kind} ${message.to.address[0]}`),
    /** When CareSoft was asked, for a channel or any. */
    askedAt: (channel?: Channel) => [
      ...new Set(asked.filter((one) => !channel || one.channel === channel).map(({ at }) => at)),
    ],
    pass(ms: number) {
      nowMs += ms;
    },
    record: () => readDayRecord(lake, DAY),
    runRecord: (run: string) => readRun(lake, run),
    /** Another run, in a process of its own that cannot wait. */
    async another(input: Partial<DailyReportInput>, trouble?: Trouble): Promise<DayOutcome> {
      const { account, ports } = portsOf(trouble);
      const { context } = machine.compose();
      return await dailyReport({ ...INPUT, ...input }, context, account, {
        ...ports,
        executionProfile: INTERACTIVE,
      });
    },
    async run(around: Around = {}) {
      const { trouble, onSend, input = {}, channels, onWoken } = around;
      const { alter = (context) => context, alterPorts = (ports) => ports } = around;
      const { invoke = (lambda, ...of) => lambda(...of) } = around;
      let waited = 0;
      const handler = withDurableExecution(async (event: DailyReportInput, durable) => {
        const { account, ports } = portsOf(trouble, onSend);
        const ground = onDurable(durable);
        let number = 0;
        return await dailyReport(
          event,
          alter({
            ...ground,
            async wait(name, seconds) {
              const isFirst = number >= waited;
              number += 1;
              await ground.wait(name, seconds);
              if (!isFirst) return;
              waited += 1;
              nowMs += seconds * 1_000;
              waits.push(`${minute()} ${name}`);
              await onWoken?.(name);
            },
          }),
          withChannels(account, channels ?? null),
          alterPorts(ports),
        );
      });
      const runner = new LocalDurableTestRunner<DayOutcome>({
        handlerFunction: (...of) => invoke(handler, ...of),
      });
      const execution = await runner.run({ payload: { ...INPUT, ...input } });
      const steps = execution
        .getOperations()
        .filter((operation) => operation.getType() !== 'WAIT')
        .map((operation) => ({
          name: operation.getName() ?? '',
          result: operation.getStepDetails()?.result,
        }));
      const status = execution.getStatus();
      const isDone = status === 'SUCCEEDED';
      const [outcome, error] = isDone ? [execution.getResult()] : [undefined, execution.getError()];
      return { status, outcome, error: error?.errorMessage, steps };
    },
  };
}

const INPUT: DailyReportInput = {
  run: `demo-${DAY}-1`,
  day: DAY,
  since: null,
  resend: false,
  deliver: true,
};
