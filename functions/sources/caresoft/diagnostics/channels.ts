import { addDays, type Day } from '../../../calendar/day.ts';
import { typeNotKept } from '../../../capture/contradictions.ts';
import type { Channel } from '../../../chats/channel.ts';
import type { Filters } from '../../../storage/json-record.ts';
import { toWindow } from '../../source.ts';
import type { DiagnosticsError, DiagnosticsErrors } from './connection.ts';
import {
  type AccountUnderTest,
  type Finding,
  fail,
  formatCount,
  isWhole,
  note,
  ok,
  type Probe,
  type Sample,
  spanInMiddle,
  takeSample,
} from './probe.ts';

/** If a day has no chats, this many days before it are sampled. */
const DAYS_BACK = 7;

export interface FirstContact {
  readonly findings: readonly Finding[];
  /** The samples of the channels that answered. */
  readonly samples: readonly Sample[];
}

/** Sends the first request for each channel. It shows at once whether host, domain and token are right. */
export async function contactChannels(
  probe: Probe,
  day: Day,
  account: AccountUnderTest,
  errors: DiagnosticsErrors,
): Promise<FirstContact> {
  const samples: Sample[] = [];
  const failed: { readonly channel: Channel; readonly failure: DiagnosticsError }[] = [];
  for (const channel of account.channels) {
    await errors.attempt(
      async () => {
        samples.push(await sampleDay(probe, channel, day, account));
        errors.hasAnswered = true;
      },
      (failure) => {
        failed.push({ channel, failure });
      },
    );
  }
  const [first] = failed;
  if (samples.length === 0 && first !== undefined && failed.every(({ failure }) => !failure.wasReached)) {
    return { findings: [first.failure.finding], samples };
  }
  const welcomed = samples.length > 0 ? accountFindings() : [];
  const missing = failed.map(({ channel, failure }) => failChannel(channel, failure));
  return { findings: [connectedFinding(account), ...welcomed, ...missing], samples };
}

export function connectedFinding({ baseUrl }: AccountUnderTest): Finding {
  return ok('connection', `CareSoft answers at ${URL.parse(baseUrl)?.host ?? baseUrl}.`);
}

export function failChannel(channel: Channel, { finding }: DiagnosticsError): Finding {
  return fail(`chats.${channel}`, `${channel}: ${finding.says}`, finding.do);
}

function accountFindings(): Finding[] {
  return [ok('domain', 'The account is known there.'), ok('token', 'The token is accepted.')];
}

/** The first request for a channel. */
function sampleDay(probe: Probe, channel: Channel, day: Day, { reading }: AccountUnderTest): Promise<Sample> {
  return takeSample(probe, { channel, day, first: day, days: 1 }, reading);
}

/** The number of chats of each kind. */
export interface ChatsByType {
  readonly inbound: number;
  readonly outbound: number;
}

/** The counts of one channel. */
export interface ChannelCounts {
  readonly channel: Channel;
  readonly all: number;
  /** Null if there are no chats, or CareSoft refuses to count by kind. */
  readonly byType: ChatsByType | null;
  /** The chats of the week before. It is only requested if the day has no chats. */
  readonly weekBefore: number | null;
}

/** Samples the seven days before a sampled day. */
export function sampleWeekBefore(
  probe: Probe,
  { request: { channel }, day }: Sample,
  { reading }: AccountUnderTest,
): Promise<Sample> {
  return takeSample(probe, { channel, day, first: addDays(day, -DAYS_BACK), days: DAYS_BACK }, reading);
}

/** Counts the chats of a channel by kind; null if CareSoft refuses. */
export async function countTypes(
  probe: Probe,
  { request }: Pick<Sample, 'request'>,
): Promise<ChatsByType | null> {
  const inbound = await probe.countUnlessRefused({ ...request, chatType: 'inbound' });
  const outbound =
    inbound === null ? null : await probe.countUnlessRefused({ ...request, chatType: 'outbound' });
  return inbound === null || outbound === null ? null : { inbound, outbound };
}

/** Judges the counts of a channel. If the day has no chats, it shows the week before. */
export function judgeCounts(counts: ChannelCounts, day: Day, chatType: Filters['chatType']): Finding {
  const { channel, all, byType, weekBefore } = counts;
  const id = `chats.${channel}`;
  if (all === 0) return judgeNoChats(id, counts, day, weekBefore);
  if (byType === null) return ok(id, `${channel}: ${formatCount(all, 'chat')} on ${day}.`);

  const { inbound, outbound } = byType;
  const says = `${channel}: ${formatCount(all, 'chat')} on ${day}, ${inbound} inbound and ${outbound} outbound.`;
  if (inbound + outbound !== all) {
    return chatType === 'all'
      ? note(id, `${says} These do not add up. That does no harm while CHAT_TYPE is all.`)
      : note(
          id,
          `${says} These do not add up, and CHAT_TYPE=${chatType} reports ${byType[chatType]}.`,
          'set CHAT_TYPE=all, so the report does not depend on the kind of a chat',
        );
  }
  const leftOut = chatType === 'all' ? 0 : all - byType[chatType];
  if (leftOut === 0) return ok(id, says);
  return note(
    id,
    `${says} CHAT_TYPE=${chatType} leaves ${leftOut} of them out of the report.`,
    'set CHAT_TYPE=all to report them too',
  );
}

function judgeNoChats(id: string, { channel }: ChannelCounts, day: Day, weekBefore: number | null): Finding {
  const none = `${channel}: no chats on ${day}`;
  if (weekBefore === null) return note(id, `${none}.`);
  return weekBefore > 0
    ? note(
        id,
        `${none}, but ${weekBefore} in the seven days before.`,
        'if the day was a working day, check in CareSoft that the channel is still connected',
      )
    : note(
        id,
        `${none}, nor in the seven days before.`,
        `if you do not use ${channel}, leave it out of CHANNELS`,
      );
}

/** Whether CareSoft tells inbound from outbound chats; null if there are no chats. */
export async function checkChatTypes(
  probe: Probe,
  counted: readonly (Pick<ChannelCounts, 'byType'> & { readonly sample: Sample })[],
  { filters: { chatType } }: AccountUnderTest,
): Promise<Finding | null> {
  const ID = 'chat-type';
  const busy = counted
    .filter(({ sample }) => sample.numFound > 0)
    .toSorted((one, other) => other.sample.numFound - one.sample.numFound);
  if (busy.length === 0) return null;
  if (busy.some(({ byType }) => byType === null)) {
    const says = 'CareSoft refuses to count by chat_type, whether a chat is inbound or outbound.';
    return chatType === 'all'
      ? note(ID, `${says} No report needs it while CHAT_TYPE is all.`)
      : fail(ID, `${says} Every request of CHAT_TYPE=${chatType} needs it.`, 'set CHAT_TYPE=all');
  }
  for (const { sample, byType } of busy) {
    const found = await recountContradiction(probe, sample, byType);
    if (found === null) continue;
    const { all, inbound, outbound } = found;
    // A server may ignore one of the two values and apply the other.
    const [request, other] = chatType === 'outbound' ? [outbound, inbound] : [inbound, outbound];
    if (chatType !== 'all' && request === all) {
      return fail(ID, `${typeNotKept(chatType, all, other).message}.`, 'set CHAT_TYPE=all');
    }
    return note(
      ID,
      `CareSoft does not tell inbound from outbound chats: of ${all} it counts ${inbound} inbound and ${outbound} outbound. No report needs it while CHAT_TYPE is all.`,
    );
  }
  return ok(ID, 'CareSoft tells inbound from outbound chats.');
}

/**
 * Finds counts that contradict each other: all chats have one kind, but some have the other kind.
 * It counts again in a narrow window, because large counts may be capped.
 */
async function recountContradiction(probe: Probe, sample: Sample, byType: ChatsByType | null) {
  const areBoth = (counts: ChatsByType, all: number): boolean =>
    Math.max(counts.inbound, counts.outbound) >= all && Math.min(counts.inbound, counts.outbound) > 0;
  if (byType === null || !areBoth(byType, sample.numFound)) return null;
  if (isWhole(sample)) return { all: sample.numFound, ...byType };
  const request = { ...sample.request, window: toWindow(spanInMiddle(sample)) };
  const [all, closer] = [await probe.count(request), await countTypes(probe, { request })];
  return closer !== null && all > 0 && areBoth(closer, all) ? { all, ...closer } : null;
}
