import type { ChatSource } from '../capture/source.ts';
import type { Clock } from '../time/clock.ts';
import { addDays, dayAt } from '../time/report-day.ts';
import { type ByType, checkTypes, countTypes, judgeCounts, sampleWeekBefore } from './check-channel.ts';
import { checkDirectories } from './check-directories.ts';
import { checkChannels, checkFilters } from './check-filters.ts';
import { checkRows } from './check-rows.ts';
import { type Finding, note } from './finding.ts';
import { failChannel, makeContact, reached } from './first-contact.ts';
import { lookClosely } from './look-closely.ts';
import { openProbe } from './probe.ts';
import type { Sample } from './sample.ts';
import type { CheckSubject } from './subject.ts';
import { Troubles } from './troubles.ts';

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
  yield* checkDirectories(caresoft, troubles);
}
