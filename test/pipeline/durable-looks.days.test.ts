import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type DayOutcome, dailyReport } from '../../functions/pipeline/daily-run.ts';
import { type DurableContext, SCHEDULED } from '../../functions/pipeline/durable.ts';
import { onDurable } from '../../functions/workflow.lambda.ts';
import { changingDays, inputFor, LOOKER, REVISED } from './changing-days.ts';
import { crashingAfter } from './crashing.ts';
import { endSkipping, skipWaits } from './skipped-waits.ts';

describe('looks on durable execution', () => {
  const STEPS = [
    `look at ${REVISED}`,
    `look at ${REVISED}: capture 1`,
    `look at ${REVISED}: conclude`,
    `look at ${REVISED}: derive`,
  ];

  async function onAws(alter: (context: DurableContext) => DurableContext = (context) => context) {
    await skipWaits();
    onTestFinished(endSkipping);
    const days = await changingDays({ LOOK_BACK: '1,2', CHANNELS: 'livechat,zalo' });
    await days.machine.report(REVISED);
    days.change('zalo', (rows) => rows.slice(1));
    const { account, ports } = days.machine.compose();
    const handler = withDurableExecution((event: ReturnType<typeof inputFor>, durable) =>
      dailyReport(event, alter(onDurable(durable)), account, { ...ports, executionProfile: SCHEDULED }),
    );
    const runner = new LocalDurableTestRunner<DayOutcome>({ handlerFunction: handler });
    const execution = await runner.run({ payload: inputFor(LOOKER) });
    const operations = execution.getOperations();
    return { days, outcome: execution.getResult(), operations };
  }

  test('are steps of their own before the mail, each with all of a function’s time', async () => {
    const { days, outcome, operations } = await onAws();
    expect(outcome?.state).toBe('reported');
    const names = operations.map((operation) => ({
      name: operation.getName() ?? '',
      wait: operation.getType() === 'WAIT' ? (operation.getWaitDetails()?.waitSeconds ?? 0) : null,
    }));
    const steps = names.filter(({ wait }) => wait === null).map(({ name }) => name);
    const from = steps.indexOf('plan healing');
    const until = steps.indexOf('note what is told');
    // None at the day before it, which has no report.
    expect(steps.slice(from + 1, until)).toEqual([`time for look ${REVISED}`, ...STEPS]);
    for (const long of STEPS.filter((name) => !name.endsWith('conclude'))) {
      const at = names.findIndex(({ name }) => name === long);
      expect(names[at - 1]?.wait, long).toBe(1);
    }
    for (const operation of operations.filter((one) => one.getType() !== 'WAIT')) {
      expect((JSON.stringify(operation.getStepDetails()?.result) ?? '').length).toBeLessThan(2_000);
    }
    expect((await days.summaryOf(REVISED)).totals).toMatchObject({ chats: 8, missed: 2 });
  });

  test('do nothing twice when each crashes after its work', async () => {
    const crashed = new Set<string>();
    const { days, outcome } = await onAws(crashingAfter(STEPS, crashed));
    expect([[...crashed], outcome?.state]).toEqual([STEPS, 'reported']);
    const captures = (await days.machine.filesOf('lake')).filter((key) =>
      new RegExp(`${REVISED}/channel=zalo/.*manifest`).test(key),
    );
    expect(captures).toHaveLength(2);
    expect((await days.summaryOf(REVISED)).revisions).toHaveLength(1);
  });
});
