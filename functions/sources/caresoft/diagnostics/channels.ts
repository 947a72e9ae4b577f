import { addDays, type Day } from '../../../calendar/day.ts';
import { typeNotKept } from '../../../capture/contradictions.ts';
import type { Channel } from '../../../chats/channel.ts';
import type { Filters } from '../../../storage/json-record.ts';
import { toWindow } from '../../source.ts';
import type { Trouble, Troubles } from './connection.ts';
import {
  type CheckSubject,
  countOf,
  type Finding,
  fail,
  isWhole,
  note,
  ok,
  type Probe,
  type Sample,
  spanInMiddle,
  takeSample,
} from './probe.ts';

/** How far is looked back from a day without chats. */
const DAYS_BACK = 7;

/** Chats of a channel by their kind. */
export interface ByType {
  readonly inbound: number;
  readonly outbound: number;
}

/** What CareSoft counts of one channel. */
export interface ChannelCounts {
  readonly channel: Channel;
  readonly all: number;
  /** Null where there are none to be told apart, or CareSoft does not count by their kind. */
  readonly byType: ByType | null;
  /** In the week before the day; asked only of a channel without chats on the day. */
  readonly weekBefore: number | null;
}

/** The first look at a channel. */
function sampleDay(probe: Probe, channel: Channel, day: Day, { reading }: CheckSubject): Promise<Sample> {
  return takeSample(probe, { channel, day, first: day, days: 1 }, reading);
}

/** The days before the one that was sampled. */
export function sampleWeekBefore(
  probe: Probe,
  { asked: { channel }, day }: Sample,
  { reading }: CheckSubject,
): Promise<Sample> {
  return takeSample(probe, { channel, day, first: addDays(day, -DAYS_BACK), days: DAYS_BACK }, reading);
}

/** Counts a channel's chats by their kind; null where CareSoft refuses to. */
export async function countTypes(probe: Probe, { asked }: Pick<Sample, 'asked'>): Promise<ByType | null> {
  const inbound = await probe.countUnlessRefused({ ...asked, chatType: 'inbound' });
  const outbound =
    inbound === null ? null : await probe.countUnlessRefused({ ...asked, chatType: 'outbound' });
  return inbound === null || outbound === null ? null : { inbound, outbound };
}

/** What there is of a channel; of one that had none the week before is told. */
export function judgeCounts(counts: ChannelCounts, day: Day, chatType: Filters['chatType']): Finding {
  const { channel, all, byType, weekBefore } = counts;
  const id = `chats.${channel}`;
  if (all === 0) return judgeNone(id, counts, day, weekBefore);
  if (byType === null) return ok(id, `${channel}: ${countOf(all, 'chat')} on ${day}.`);

  const { inbound, outbound } = byType;
  const says = `${channel}: ${countOf(all, 'chat')} on ${day}, ${inbound} inbound and ${outbound} outbound.`;
  if (inbound + outbound !== all) {
    return chatType === 'all'
      ? note(id, `${says} These do not add up, which does no harm while CHAT_TYPE is all.`)
      : note(
          id,
          `${says} These do not add up, and CHAT_TYPE=${chatType} reports ${byType[chatType]}.`,
          'set CHAT_TYPE=all, so that no chat depends on its kind',
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

function judgeNone(id: string, { channel }: ChannelCounts, day: Day, weekBefore: number | null): Finding {
  const none = `${channel}: no chats on ${day}`;
  if (weekBefore === null) return note(id, `${none}.`);
  return weekBefore > 0
    ? note(
        id,
        `${none}, but ${weekBefore} in the seven days before.`,
        'if that is not a day off, see in CareSoft whether the channel is still connected',
      )
    : note(
        id,
        `${none}, nor in the seven days before.`,
        `if you do not use ${channel}, leave it out of CHANNELS`,
      );
}

/** Whether CareSoft tells chats from customers and chats from agents apart; null where there was none to tell. */
export async function checkTypes(
  probe: Probe,
  counted: readonly (Pick<ChannelCounts, 'byType'> & { readonly sample: Sample })[],
  { filters: { chatType } }: CheckSubject,
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
      : fail(ID, `${says} CHAT_TYPE=${chatType} asks for it in every question.`, 'set CHAT_TYPE=all');
  }
  for (const { sample, byType } of busy) {
    const found = await findBothKinds(probe, sample, byType);
    if (found === null) continue;
    const { all, inbound, outbound } = found;
    // A server that passes over one of the two values keeps the other.
    const [asked, other] = chatType === 'outbound' ? [outbound, inbound] : [inbound, outbound];
    if (chatType !== 'all' && asked === all) {
      return fail(ID, `${typeNotKept(chatType, all, other).message}.`, 'set CHAT_TYPE=all');
    }
    return note(
      ID,
      `CareSoft does not tell inbound from outbound chats: of ${all} it counts ${inbound} inbound and ${outbound} outbound. No report needs it while CHAT_TYPE is all.`,
    );
  }
  return ok(ID, 'CareSoft tells inbound from outbound chats.');
}

/** A count that all chats are of one kind, beside one that some are of the other: looked at closely, for counts may be capped. */
async function findBothKinds(probe: Probe, sample: Sample, byType: ByType | null) {
  const areBoth = (counts: ByType, all: number): boolean =>
    Math.max(counts.inbound, counts.outbound) >= all && Math.min(counts.inbound, counts.outbound) > 0;
  if (byType === null || !areBoth(byType, sample.numFound)) return null;
  if (isWhole(sample)) return { all: sample.numFound, ...byType };
  const asked = { ...sample.asked, window: toWindow(spanInMiddle(sample)) };
  const [all, closer] = [await probe.count(asked), await countTypes(probe, { asked })];
  return closer !== null && all > 0 && areBoth(closer, all) ? { all, ...closer } : null;
}

export interface FirstContact {
  readonly findings: readonly Finding[];
  /** Of the channels that answered. */
  readonly samples: readonly Sample[];
}

/** The first request to each channel, which shows at once whether host, domain and token are right. */
export async function makeContact(
  probe: Probe,
  day: Day,
  subject: CheckSubject,
  troubles: Troubles,
): Promise<FirstContact> {
  const samples: Sample[] = [];
  const failed: { readonly channel: Channel; readonly trouble: Trouble }[] = [];
  for (const channel of subject.channels) {
    await troubles.attempt(
      async () => {
        samples.push(await sampleDay(probe, channel, day, subject));
        troubles.hasAnswered = true;
      },
      (trouble) => {
        failed.push({ channel, trouble });
      },
    );
  }
  const [first] = failed;
  if (samples.length === 0 && first !== undefined && failed.every(({ trouble }) => !trouble.wasReached)) {
    return { findings: [first.trouble.finding], samples };
  }
  const welcomed = samples.length > 0 ? welcome() : [];
  const missing = failed.map(({ channel, trouble }) => failChannel(channel, trouble));
  return { findings: [reached(subject), ...welcomed, ...missing], samples };
}

export function reached({ baseUrl }: CheckSubject): Finding {
  return ok('connection', `CareSoft answers at ${URL.parse(baseUrl)?.host ?? baseUrl}.`);
}

export function failChannel(channel: Channel, { finding }: Trouble): Finding {
  return fail(`chats.${channel}`, `${channel}: ${finding.says}`, finding.do);
}

function welcome(): Finding[] {
  return [ok('domain', 'The account is known there.'), ok('token', 'The token is accepted.')];
}
