import type { Clock } from '../../../calendar/clock.ts';
import { addDays, type Day, dayAt } from '../../../calendar/day.ts';
import type { Channel } from '../../../chats/channel.ts';
import type { ChatSource, FilteredStatus } from '../../source.ts';
import {
  type ChatsByType,
  checkChatTypes,
  connectedFinding,
  contactChannels,
  countTypes,
  failChannel,
  judgeCounts,
  sampleWeekBefore,
} from './channels.ts';
import { checkClock } from './clock.ts';
import { DiagnosticsErrors } from './connection.ts';
import {
  checkCountCap,
  judgeStatusCounts,
  judgeTooLong,
  judgeTrialProof,
  runTrialProof,
  type TrialProof,
  TrialTooLongError,
  whyTooLong,
} from './counts.ts';
import { checkChannels, checkFilters, checkReferenceData, type ListedEntry, readEntries } from './filters.ts';
import {
  checkBounds,
  checkOrder,
  checkPages,
  judgeWindow,
  type NarrowSample,
  takeNarrowSample,
} from './pagination.ts';
import { type AccountUnderTest, type Finding, note, openProbe, type Probe, type Sample } from './probe.ts';
import { checkMissed, checkRows, requestStatuses } from './rows.ts';

export interface DiagnosticsPorts {
  readonly chatSource: ChatSource;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Finds out what the vendor's description leaves open, and which settings do not fit the account.
 * It sends about thirty to forty requests, or fewer if it ends early.
 * It ends at once after a refused token, a lockout, a wrong address, or a host that cannot be reached.
 */
export async function* checkAccount(
  account: AccountUnderTest,
  ports: DiagnosticsPorts,
): AsyncGenerator<Finding> {
  const errors = new DiagnosticsErrors(account, ports.clock);
  try {
    yield* checkInOrder(account, ports, errors);
  } catch (error) {
    const { finding, wasReached } = errors.explain(error);
    if (!errors.hasAnswered && wasReached) yield connectedFinding(account);
    yield errors.hasAnswered && finding.id === 'connection' ? { ...finding, id: 'interrupted' } : finding;
  }
}

/** First each channel, then how the source answers, and the reference data last. */
async function* checkInOrder(
  account: AccountUnderTest,
  { chatSource, clock }: DiagnosticsPorts,
  errors: DiagnosticsErrors,
): AsyncGenerator<Finding> {
  const probe = openProbe(chatSource, account.filters);
  const day = addDays(dayAt(clock.now(), account.reading.zone.name), -1);
  const { findings, samples } = await contactChannels(probe, day, account, errors);
  yield* findings;
  if (samples.length === 0) return;

  const weeks: Sample[] = [];
  const counted: { sample: Sample; byType: ChatsByType | null }[] = [];
  for (const sample of samples) {
    const { channel } = sample.request;
    yield await errors.attempt(
      async () => {
        const all = sample.numFound;
        const week = all === 0 ? await sampleWeekBefore(probe, sample, account) : null;
        if (week) weeks.push(week);
        const byType = all === 0 ? null : await countTypes(probe, sample);
        counted.push({ sample, byType });
        const counts = { channel, all, byType, weekBefore: week?.numFound ?? null };
        return judgeCounts(counts, day, account.filters.chatType);
      },
      (failure) => failChannel(channel, failure),
    );
  }
  /** A check that fails becomes a note. */
  const attempt = (id: string, what: string, find: () => Promise<Finding | null>) =>
    errors.attempt(find, ({ finding }) => note(id, `${what} could not be found out: ${finding.says}`));
  for (const finding of [
    await attempt('channels', 'Whether channels are told apart', () =>
      checkChannels(probe, [...samples, ...weeks], account),
    ),
    await attempt('chat-type', 'Whether chat_type is applied', () => checkChatTypes(probe, counted, account)),
    await attempt('filters', 'What the filters leave', () =>
      checkFilters(probe, samples, account, chatSource),
    ),
  ]) {
    if (finding !== null) yield finding;
  }

  yield* checkSamples(probe, { day, samples, weeks }, account, { errors, clock });
  yield* checkReferenceData(chatSource, errors);
}

/** Checks what needs chats: those of the day, or of the week before if the day has none. */
async function* checkSamples(
  probe: Probe,
  {
    day,
    samples,
    weeks,
  }: { readonly day: Day; readonly samples: readonly Sample[]; readonly weeks: readonly Sample[] },
  account: AccountUnderTest,
  ports: AnswerPorts,
): AsyncGenerator<Finding> {
  const ofDay = samples.filter(({ chats }) => chats.length > 0);
  const ofWeek = weeks.filter(({ chats }) => chats.length > 0);
  const all = [...samples, ...weeks].filter(({ rows }) => rows.length > 0);
  const [busiest] = (ofDay.length > 0 ? ofDay : ofWeek).toSorted(
    (one, other) => other.numFound - one.numFound,
  );
  if (busiest !== undefined) {
    if (ofDay.length === 0) {
      yield note('evidence', `No chat came for ${day}. The next checks use the seven days before.`);
    }
    yield* checkAnswers(probe, { busiest, all }, account, ports);
    return;
  }
  const none = all.length === 0 ? 'No chat' : 'No readable chat';
  yield note(
    'evidence',
    `${none} came for ${day} or the seven days before. Clock, bounds and pages could not be checked.`,
    'check again after the first chats',
  );
  if (all.length > 0) yield* checkRows(all, account.reading);
}

interface AnswerPorts {
  readonly errors: DiagnosticsErrors;
  readonly clock: Pick<Clock, 'now'>;
}

interface SampledChannels {
  /** The channel with the most chats. */
  readonly busiest: Sample;
  /** All channels with rows. */
  readonly all: readonly Sample[];
}

const COUNT_QUESTION = 'Whether the count is right';
const NO_STATUSES: ReadonlyMap<string, FilteredStatus> = new Map();

/** Checks how the source answers, by chats that it gave. */
async function* checkAnswers(
  probe: Probe,
  { busiest, all }: SampledChannels,
  account: AccountUnderTest,
  { errors, clock }: AnswerPorts,
): AsyncGenerator<Finding> {
  const { reading } = account;
  /** A check without an answer becomes a note. The other checks continue. */
  const attempt = <Result>(id: string, what: string, check: () => Promise<Result>) =>
    errors.attempt<Result | Finding>(check, ({ finding }) =>
      note(id, `${what} could not be found out: ${finding.says}`, 'check again later'),
    );

  yield await attempt('clock', 'The clock', () => checkClock(probe, { busiest, all }, account, clock.now()));
  const sampled = await attempt('window', 'How time windows are applied', () =>
    takeNarrowSample(probe, busiest, account),
  );
  const narrow = 'status' in sampled ? null : sampled;
  const window = 'status' in sampled ? sampled : judgeWindow(busiest, sampled);
  yield window;
  const isOfDates = narrow?.isOfDates === true;
  yield isOfDates
    ? note('bounds', 'The dates of both bounds are included.')
    : await attempt('bounds', 'Whether bounds are included', () => checkBounds(probe, busiest, account));
  yield checkOrder(busiest);
  yield await attempt('pages', 'The size of pages', () => checkPages(probe, busiest, { isOfDates, errors }));
  const notHeeded = narrow === null ? [] : yield* checkCounts(narrow);
  yield await attempt('missed', 'What a missed chat lacks', () =>
    checkMissed(probe, all, busiest, !notHeeded.includes('missed')),
  );
  const filterStatuses = await errors.attempt(
    async () => (notHeeded.length > 0 ? NO_STATUSES : await requestStatuses(probe, all)),
    () => NO_STATUSES,
  );
  yield* checkRows(all, reading, filterStatuses);

  /** @returns the statuses that the source does not filter by */
  async function* checkCounts(sample: NarrowSample): AsyncGenerator<Finding, readonly FilteredStatus[]> {
    const trial = await attempt('count', COUNT_QUESTION, () => tryToProve(sample));
    if ('status' in trial) {
      yield trial;
      if (trial.status === 'note') yield* checkCaps();
      return [];
    }
    const { proof, failure } = trial;
    yield await attempt('count', COUNT_QUESTION, () => judgeTrialProof(probe, trial, busiest));
    const statuses = judgeStatusCounts(trial);
    if (statuses !== null) yield statuses;
    if (failure === null) yield* checkCaps();
    return proof?.closing.notHeeded ?? [];
  }

  async function* checkCaps(): AsyncGenerator<Finding> {
    if (isOfDates) return;
    const cap = await attempt('count-cap', 'Whether counts stop at a number', () =>
      checkCountCap(probe, busiest),
    );
    if (cap !== null) yield cap;
  }

  async function tryToProve(sample: NarrowSample): Promise<TrialProof | Finding> {
    const why = window.status === 'fail' ? 'time windows are not applied' : whyTooLong(busiest, sample);
    if (why !== null) return note('count', `${COUNT_QUESTION} was not tried: ${why}.`);
    try {
      return await runTrialProof(probe, busiest, sample, { day: busiest.day, reading });
    } catch (error) {
      if (!(error instanceof TrialTooLongError)) throw error;
      return await judgeTooLong(probe, busiest, error.message);
    }
  }
}

/** What the first requests to an account bring. */
export type AccountReply =
  | {
      readonly isWelcome: true;
      /** The chats of yesterday. Null: the channel does not answer. */
      readonly counts: ReadonlyMap<Channel, number | null>;
    }
  | {
      readonly isWelcome: false;
      /** Why no channel answers. */
      readonly failure: Finding;
    };

/** Tries the address and the token with one request for each channel. It ends early if nothing can be reached. */
export async function contactAccount(
  account: AccountUnderTest,
  ports: DiagnosticsPorts,
): Promise<AccountReply> {
  const { chatSource, clock } = ports;
  const errors = new DiagnosticsErrors(account, clock);
  const day = addDays(dayAt(clock.now(), account.reading.zone.name), -1);
  const probe = openProbe(chatSource, account.filters);
  try {
    const { findings, samples } = await contactChannels(probe, day, account, errors);
    const failure = findings.find(({ status }) => status === 'fail');
    if (samples.length === 0 && failure !== undefined) return { isWelcome: false, failure };
    const counts = new Map(samples.map(({ request, numFound }) => [request.channel, numFound]));
    return {
      isWelcome: true,
      counts: new Map(account.channels.map((channel) => [channel, counts.get(channel) ?? null])),
    };
  } catch (error) {
    return { isWelcome: false, failure: errors.explain(error).finding };
  }
}

/** The account's own list, in its order. Null: the account does not give it. An entry whose id no filter takes is left out. */
export async function listEntries(
  kind: 'groups' | 'services',
  account: AccountUnderTest,
  { chatSource, clock }: DiagnosticsPorts,
): Promise<readonly ListedEntry[] | null> {
  const errors = new DiagnosticsErrors(account, clock);
  errors.hasAnswered = true;
  try {
    return await readEntries(kind, chatSource);
  } catch (error) {
    // An error that is not of the account goes on.
    errors.explain(error);
    return null;
  }
}
