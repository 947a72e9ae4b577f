import type { FilteredStatus } from '../capture/slice.ts';
import type { Clock } from '../time/clock.ts';
import { checkClock } from './check-clock.ts';
import { checkCap, judgeEndless, judgeStatusCounts, judgeTrial } from './check-count.ts';
import { checkMissed } from './check-missed.ts';
import { checkOrder, checkPages } from './check-pages.ts';
import { askStatuses, checkRows } from './check-rows.ts';
import { checkBounds, judgeWindow, lookNarrowly, type NarrowLook } from './check-window.ts';
import { type Finding, note } from './finding.ts';
import type { Probe } from './probe.ts';
import type { Sample } from './sample.ts';
import type { CheckSubject } from './subject.ts';
import { type Trial, TrialTooLongError, tryProof, whyNotTried } from './trial.ts';
import type { Troubles } from './troubles.ts';

const COUNT = 'Whether the count is right';
const NOTHING: ReadonlyMap<string, FilteredStatus> = new Map();

export interface Evidence {
  /** The channel with the most chats. */
  readonly busiest: Sample;
  /** Of every channel that had chats. */
  readonly all: readonly Sample[];
}

/** How CareSoft answers, seen on chats that are there. */
export async function* lookClosely(
  probe: Probe,
  { busiest, all }: Evidence,
  subject: CheckSubject,
  { troubles, clock }: { readonly troubles: Troubles; readonly clock: Pick<Clock, 'now'> },
): AsyncGenerator<Finding> {
  const { reading } = subject;
  /** One look that CareSoft does not answer leaves the others as they are. */
  const attempt = <Seen>(id: string, what: string, look: () => Promise<Seen>) =>
    troubles.attempt<Seen | Finding>(look, ({ finding }) =>
      note(id, `${what} could not be found out: ${finding.says}`, 'check again later'),
    );

  yield await attempt('clock', 'The clock', () => checkClock(probe, { busiest, all }, subject, clock.now()));
  const narrow = await attempt('window', 'How windows are heeded', () =>
    lookNarrowly(probe, busiest, subject),
  );
  const look = 'status' in narrow ? null : narrow;
  const window = 'status' in narrow ? narrow : judgeWindow(busiest, narrow);
  yield window;
  const isOfDates = look?.isOfDates === true;
  yield isOfDates
    ? note('bounds', 'The dates of both bounds are included.')
    : await attempt('bounds', 'Whether bounds are included', () => checkBounds(probe, busiest, subject));
  yield checkOrder(busiest);
  yield await attempt('pages', 'The size of pages', () =>
    checkPages(probe, busiest, { isOfDates, troubles }),
  );
  const notHeeded = look === null ? [] : yield* checkCounts(look);
  yield await attempt('missed', 'What a missed chat lacks', () =>
    checkMissed(probe, all, busiest, !notHeeded.includes('missed')),
  );
  const told = await troubles.attempt(
    async () => (notHeeded.length > 0 ? NOTHING : await askStatuses(probe, all)),
    () => NOTHING,
  );
  yield* checkRows(all, reading, told);

  /** @returns statuses by which CareSoft does not count */
  async function* checkCounts(close: NarrowLook): AsyncGenerator<Finding, readonly FilteredStatus[]> {
    const tried = await attempt('count', COUNT, () => tryTo(close));
    if ('status' in tried) {
      yield tried;
      if (tried.status === 'note') yield* checkCaps();
      return [];
    }
    const { proof, failure } = tried;
    yield await attempt('count', COUNT, () => judgeTrial(probe, tried, busiest));
    const statuses = judgeStatusCounts(tried);
    if (statuses !== null) yield statuses;
    if (failure === null) yield* checkCaps();
    return proof?.closing.notHeeded ?? [];
  }

  async function* checkCaps(): AsyncGenerator<Finding> {
    if (isOfDates) return;
    const cap = await attempt('count-cap', 'Whether counts stop short', () => checkCap(probe, busiest));
    if (cap !== null) yield cap;
  }

  async function tryTo(close: NarrowLook): Promise<Trial | Finding> {
    const why = window.status === 'fail' ? 'windows are not heeded' : whyNotTried(busiest, close);
    if (why !== null) return note('count', `${COUNT} was not tried: ${why}.`);
    try {
      return await tryProof(probe, busiest, close, { day: busiest.day, reading });
    } catch (error) {
      if (!(error instanceof TrialTooLongError)) throw error;
      return await judgeEndless(probe, busiest, error.message);
    }
  }
}
