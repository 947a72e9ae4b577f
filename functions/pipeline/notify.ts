import * as z from 'zod';
import type { Clock } from '../calendar/clock.ts';
import type { Day } from '../calendar/day.ts';
import type { Coverage } from '../capture/coverage.ts';
import { changeNotification, type Notifier, reportNotification } from '../delivery/notification.ts';
import type { Log } from '../observability/log.ts';
import { problemOf } from '../observability/redact.ts';
import { type Change, listChanges, readChange } from '../storage/changes.ts';
import { defineRecord } from '../storage/json-record.ts';
import { CHANGES_NOTIFIED_KEY } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';
import type { Account } from './account.ts';
import { type Context, REPEATABLE } from './durable.ts';
import { readOwnReport } from './report-parts.ts';

export interface NotifyPorts {
  /** Who is told, besides the recipients, that a report is out. */
  readonly notifiers: readonly Notifier[];
  readonly lake: Lake;
  readonly log: Log;
}

/** Each may take two minutes until it is given up. */
const NOTIFIED_AT_ONCE = 5;

/** Whoever cannot be told does not hold up the others, nor spoil the report. */
export async function notifyReport(
  day: Day,
  completeness: Coverage,
  context: Context,
  account: Account,
  { lake, log, notifiers }: NotifyPorts,
): Promise<void> {
  for (const [place, notifier] of notifiers.entries()) {
    // A function that is stopped for the many who do not answer would spoil a run whose report is out.
    if (place > 0 && place % NOTIFIED_AT_ONCE === 0) await context.yieldNow(`before telling ${place + 1}`);
    const tell = async (): Promise<void> => {
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
    await context.step(`announce ${place + 1} to ${notifier.name}`, tell, REPEATABLE);
  }
}

/** What changed before is not told: who begins to listen reads the tables whole. */
const TOLD_DAYS_MS = 7 * 86_400_000;
/** So long one step tells; the next goes on. */
const A_STEP_MS = 60_000;

const schema = z.strictObject({
  schema: z.literal('chat-report/changes-told/1'),
  /** By the names of those who are told. */
  through: z.record(z.string(), z.string()),
});

/** Where it cannot be read, the last week is told once more. */
const records = defineRecord({ schema, key: () => CHANGES_NOTIFIED_KEY, unreadable: 'null' });

interface Ports extends NotifyPorts {
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Tells each change that was not told yet, in order, at least once: how far each listener was told is written after. One who
 * cannot be told holds up no other, and is told by the next run.
 *
 * @param prefix what the names of the steps begin with
 */
export async function notifyChanges(
  context: Context,
  account: Account,
  ports: Ports,
  prefix: string,
): Promise<void> {
  // Two webhooks of one host are called the same, and are told together.
  const names = new Set(ports.notifiers.map(({ name }) => name));
  for (const [place, name] of [...names].entries()) {
    const told = ports.notifiers.filter((notifier) => notifier.name === name);
    const tell = () => tellSome(name, told, account, ports);
    const step = `${prefix}tell changes ${place + 1} to ${name}`;
    if (place % NOTIFIED_AT_ONCE === 0) await context.yieldNow(`before ${step}`);
    for (let round = 1; await context.step(`${step}, ${round}`, tell, REPEATABLE); round += 1) {
      await context.yieldNow(`before ${step}, ${round + 1}`);
    }
  }
}

/** @returns whether there are more to be told by this run */
async function tellSome(
  name: string,
  told: readonly Notifier[],
  { name: account, lakeUri }: Account,
  { lake, clock, log }: Ports,
): Promise<boolean> {
  const startedAt = clock.now();
  const before = (await records.read(lake, null))?.through[name] ?? '';
  const sequences = (await listChanges(lake)).filter((sequence) => sequence > before);
  const news = await readSince(startedAt - TOLD_DAYS_MS, sequences, lake);
  let through = news.length === 0 ? (sequences.at(-1) ?? before) : before;
  let isMore = false;
  try {
    for (const change of news) {
      if (clock.now() - startedAt >= A_STEP_MS) {
        isMore = true;
        break;
      }
      for (const notifier of told) {
        await notifier.notify(changeNotification(change, { account, lake: lakeUri }));
      }
      through = change.sequence;
    }
  } catch (error) {
    log({ event: 'announcement-failed', to: name, problem: problemOf(error) });
  }
  if (through !== before) await noteTold(name, through, lake);
  return isMore;
}

/** In their order. They are read from the last on: a lake has many that are long past. */
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

async function noteTold(name: string, through: string, lake: Lake): Promise<void> {
  const known = (await records.read(lake, null))?.through ?? {};
  await records.write(lake, null, {
    schema: 'chat-report/changes-told/1',
    through: { ...known, [name]: through },
  });
}
