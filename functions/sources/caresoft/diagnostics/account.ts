import type { Clock } from '../../../calendar/clock.ts';
import { addDays, dayAt } from '../../../calendar/day.ts';
import type { ChatSource, FilteredStatus } from '../../source.ts';
import {
  type ByType,
  checkTypes,
  countTypes,
  failChannel,
  judgeCounts,
  makeContact,
  reached,
  sampleWeekBefore,
} from './channels.ts';
import { checkClock } from './clock.ts';
import { Troubles } from './connection.ts';
import {
  checkCap,
  judgeEndless,
  judgeStatusCounts,
  judgeTrial,
  type Trial,
  TrialTooLongError,
  tryProof,
  whyNotTried,
} from './counts.ts';
import { checkChannels, checkFilters, checkReferenceData } from './filters.ts';
import {
  checkBounds,
  checkOrder,
  checkPages,
  judgeWindow,
  lookNarrowly,
  type NarrowLook,
} from './pagination.ts';
import { type CheckSubject, type Finding, note, openProbe, type Probe, type Sample } from './probe.ts';
import { askStatuses, checkMissed, checkRows } from './rows.ts';

const COUNT = 'Whether the count is right';
const NOTHING: ReadonlyMap<string, FilteredStatus> = new Map();

interface Evidence {
  /** The channel with the most chats. */
  readonly busiest: Sample;
  /** Of every channel that had chats. */
  readonly all: readonly Sample[];
}

/** How CareSoft answers, seen on chats that are there. */
async function* lookClosely(
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

export interface CheckPorts {
  readonly caresoft: ChatSource;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Finds out what CareSoft's description leaves open, and which settings do not fit the account: some thirty to
 * forty requests, fewer where it ends early. A refused token, a lockout, a wrong address and a host that cannot be reached end it at
 * once.
 */
export async function* checkAccount(subject: CheckSubject, ports: CheckPorts): AsyncGenerator<Finding> {
  const troubles = new Troubles(subject, ports.clock);
  try {
    yield* look(subject, ports, troubles);
  } catch (error) {
    const { finding, wasReached } = troubles.explain(error);
    if (!troubles.hasAnswered && wasReached) yield reached(subject);
    yield troubles.hasAnswered && finding.id === 'connection' ? { ...finding, id: 'interrupted' } : finding;
  }
}

async function* look(
  subject: CheckSubject,
  { caresoft, clock }: CheckPorts,
  troubles: Troubles,
): AsyncGenerator<Finding> {
  const probe = openProbe(caresoft, subject.filters);
  const day = addDays(dayAt(clock.now(), subject.reading.zone.name), -1);
  const { findings, samples } = await makeContact(probe, day, subject, troubles);
  yield* findings;
  if (samples.length === 0) return;

  const weeks: Sample[] = [];
  const counted: { sample: Sample; byType: ByType | null }[] = [];
  for (const sample of samples) {
    const { channel } = sample.asked;
    yield await troubles.attempt(
      async () => {
        const all = sample.numFound;
        const week = all === 0 ? await sampleWeekBefore(probe, sample, subject) : null;
        if (week) weeks.push(week);
        const byType = all === 0 ? null : await countTypes(probe, sample);
        counted.push({ sample, byType });
        const counts = { channel, all, byType, weekBefore: week?.numFound ?? null };
        return judgeCounts(counts, day, subject.filters.chatType);
      },
      (trouble) => failChannel(channel, trouble),
    );
  }
  /** What CareSoft does not answer is noted. */
  const attempt = (id: string, what: string, find: () => Promise<Finding | null>) =>
    troubles.attempt(find, ({ finding }) => note(id, `${what} could not be found out: ${finding.says}`));
  for (const finding of [
    await attempt('channels', 'Whether channels are told apart', () =>
      checkChannels(probe, [...samples, ...weeks], subject),
    ),
    await attempt('chat-type', 'Whether chat_type is heeded', () => checkTypes(probe, counted, subject)),
    await attempt('filters', 'What the filters leave', () => checkFilters(probe, samples, subject, caresoft)),
  ]) {
    if (finding !== null) yield finding;
  }

  const ofDay = samples.filter(({ chats }) => chats.length > 0);
  const ofWeek = weeks.filter(({ chats }) => chats.length > 0);
  const all = [...samples, ...weeks].filter(({ rows }) => rows.length > 0);
  const [busiest] = (ofDay.length > 0 ? ofDay : ofWeek).toSorted(
    (one, other) => other.numFound - one.numFound,
  );
  if (busiest === undefined) {
    const none = all.length === 0 ? 'No chat' : 'No chat that can be read';
    yield note(
      'evidence',
      `${none} came of ${day}, nor of the seven days before: clock, bounds and pages could not be looked at.`,
      'check again after the first chats',
    );
    if (all.length > 0) yield* checkRows(all, subject.reading);
  } else {
    if (ofDay.length === 0) {
      yield note('evidence', `No chat came of ${day}; what follows is seen on the seven days before.`);
    }
    yield* lookClosely(probe, { busiest, all }, subject, { troubles, clock });
  }
  yield* checkReferenceData(caresoft, troubles);
}
