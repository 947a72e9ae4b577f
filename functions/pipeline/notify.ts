import * as z from 'zod';
import type { Clock } from '../calendar/clock.ts';
import type { Day } from '../calendar/day.ts';
import type { Coverage } from '../capture/coverage.ts';
import type { Account } from '../config/account.ts';
import { changeNotification, type Notifier, reportNotification } from '../delivery/notification.ts';
import type { Log } from '../observability/log.ts';
import { problemOf } from '../observability/redact.ts';
import { type Change, listChanges, readChange } from '../storage/changes.ts';
import { defineRecord } from '../storage/json-record.ts';
import { CHANGES_NOTIFIED_KEY } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';
import { type DurableContext, REPEATABLE, WORK_MS } from './durable.ts';
import { readOwnReport } from './report-parts.ts';

/** Notifies listeners of reports and of changed days. */

export interface NotifyPorts {
  /** The listeners that are notified beside the recipients. */
  readonly notifiers: readonly Notifier[];
  readonly lake: Lake;
  readonly log: Log;
}

/** Each listener may take two minutes. */
const NOTIFIED_AT_ONCE = 5;

/** Notifies every listener of a report. A failed listener does not stop the others or the run. */
export async function notifyReport(
  day: Day,
  completeness: Coverage,
  context: DurableContext,
  account: Account,
  { lake, log, notifiers }: NotifyPorts,
): Promise<void> {
  for (const [place, notifier] of notifiers.entries()) {
    // Many silent listeners could use up the function's time, and the report is out already. So the next ones
    // start with all of its time.
    if (place > 0 && place % NOTIFIED_AT_ONCE === 0) await context.yieldNow(`before telling ${place + 1}`);
    const notify = async (): Promise<void> => {
      try {
        const basis = { day, completeness, counting: account };
        const { summary, silent } = await readOwnReport(basis, account.locale, lake);
        await notifier.notify(
          reportNotification(summary, silent, { account: account.name, lake: account.lakeUri }),
        );
      } catch (error) {
        log({ event: 'announcement-failed', to: notifier.name, problem: problemOf(error) });
      }
    };
    await context.step(`announce ${place + 1} to ${notifier.name}`, notify, REPEATABLE);
  }
}

/** Older changes are not notified. A new listener reads the whole tables. */
const NOTIFIED_DAYS_MS = 7 * 86_400_000;

const schema = z.strictObject({
  schema: z.literal('chat-report/changes-told/1'),
  /** By the name of the listener: the last change that it was notified of. */
  through: z.record(z.string(), z.string()),
});

/** Where it cannot be read, the changes of the last week are notified once more. */
const records = defineRecord({ schema, key: () => CHANGES_NOTIFIED_KEY, unreadable: 'null' });

interface Ports extends NotifyPorts {
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Notifies each listener of every new change, in order, at least once. The progress is written afterwards. A
 * failed listener does not stop the others, and the next run notifies it again.
 *
 * @param prefix the start of each step's name
 */
export async function notifyChanges(
  context: DurableContext,
  account: Account,
  ports: Ports,
  prefix: string,
): Promise<void> {
  // Two webhooks of one host share a name, so they share their progress.
  const names = new Set(ports.notifiers.map(({ name }) => name));
  for (const [place, name] of [...names].entries()) {
    const listeners = ports.notifiers.filter((notifier) => notifier.name === name);
    const notify = () => notifyBatch(name, listeners, account, ports);
    const step = `${prefix}tell changes ${place + 1} to ${name}`;
    if (place % NOTIFIED_AT_ONCE === 0) await context.yieldNow(`before ${step}`);
    for (let round = 1; await context.step(`${step}, ${round}`, notify, REPEATABLE); round += 1) {
      await context.yieldNow(`before ${step}, ${round + 1}`);
    }
  }
}

/** @returns whether this run has more to notify */
async function notifyBatch(
  name: string,
  listeners: readonly Notifier[],
  { name: account, lakeUri }: Account,
  { lake, clock, log }: Ports,
): Promise<boolean> {
  const startedAt = clock.now();
  const before = (await records.read(lake, null))?.through[name] ?? '';
  const sequences = (await listChanges(lake)).filter((sequence) => sequence > before);
  const changes = await readSince(startedAt - NOTIFIED_DAYS_MS, sequences, lake);
  let through = changes.length === 0 ? (sequences.at(-1) ?? before) : before;
  let isMore = false;
  try {
    for (const change of changes) {
      if (clock.now() - startedAt >= WORK_MS.notifyChanges) {
        isMore = true;
        break;
      }
      for (const notifier of listeners) {
        await notifier.notify(changeNotification(change, { account, lake: lakeUri }));
      }
      through = change.sequence;
    }
  } catch (error) {
    log({ event: 'announcement-failed', to: name, problem: problemOf(error) });
  }
  if (through !== before) await noteThrough(name, through, lake);
  return isMore;
}

/** In order. They are read from the newest on, because a lake holds many old ones. */
async function readSince(since: number, sequences: readonly string[], lake: Lake): Promise<Change[]> {
  const found: Change[] = [];
  for (const sequence of sequences.toReversed()) {
    const change = await readChange(lake, sequence);
    if (change === null) continue;
    if (Date.parse(change.at) < since) break;
    found.push(change);
  }
  return found.reverse();
}

async function noteThrough(name: string, through: string, lake: Lake): Promise<void> {
  const known = (await records.read(lake, null))?.through ?? {};
  await records.write(lake, null, {
    schema: 'chat-report/changes-told/1',
    through: { ...known, [name]: through },
  });
}
