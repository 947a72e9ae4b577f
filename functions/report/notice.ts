import type { ChannelCompleteness, Completeness } from '../capture/completeness.ts';
import { settingAtFault } from '../capture/faulty-setting.ts';
import { type Channel, inChannelOrder } from '../chat/channel.ts';
import { toJsonText } from '../chat/write-json.ts';
import type { Unproven } from '../measure/summary.ts';
import { toWholeMinute } from '../time/zone.ts';
import type { OpenDay } from './days-made-up.ts';
import { type NamedAccount, subjectOf } from './named-account.ts';
import { isRefusal, type NextTry, waitsForPerson } from './next-try.ts';
import { clipped, oneLine, withinSentence } from './plain-text.ts';
import { sayOpen } from './say-made-up.ts';
import { onlyMark, type Voice, voiceOf } from './voice.ts';
import type { ReasonWords } from './words/vi-reasons.ts';
import type { Locale, Words } from './words.ts';

export interface NoticeInput {
  readonly unproven: Unproven;
  readonly locale: Locale;
  /** Where its reader may have several. */
  readonly account: NamedAccount | null;
  /** Whose wall clock instants are told in. */
  readonly timeZone: string;
  /** Of what does not wait for a person. */
  readonly next: NextTry;
  /** Other days of the last week that have no whole report, oldest first; left out where that is not told. */
  readonly open?: readonly OpenDay[];
}

/** What a notice says, whatever form it takes. */
export interface NoticeView {
  readonly lang: string;
  readonly title: string;
  /** Whose day it is; null where that is known. */
  readonly account: string | null;
  readonly subject: string;
  readonly preheader: string;
  readonly day: string;
  readonly verdict: string;
  readonly why: string;
  readonly channels: readonly NoticeChannel[];
  readonly runAgain: string;
  readonly command: string;
}

/** One channel, or several of which the same is to be said. */
export interface NoticeChannel {
  readonly name: string;
  readonly proven: boolean;
  readonly lines: readonly { readonly label: string | null; readonly text: string }[];
}

/** That a day could not be proven: what was found, why, what is to be done, and when to try again. No figure. */
export function noticeView(input: NoticeInput): NoticeView {
  const { unproven, locale, account } = input;
  const voice = voiceOf(locale);
  const { words, format } = voice;
  const { only, unasked = [] } = unproven;
  const days = [unproven.day, ...unasked.slice(-1)];
  const day = days.map(format.day).join(' – ');
  const mark = onlyMark(unproven, voice);
  const refresh = Object.values(unproven.completeness.channels).some(
    ({ reason }) => reason === 'raw-damaged',
  );
  const channels = inChannelOrder(unproven.completeness.channels).map(([channel, found]) =>
    channelView(channel, found, voice, input),
  );
  return {
    lang: words.lang,
    title: [words.noticeTitle(day), ...mark].join(' · '),
    account: account?.name ?? null,
    subject: subjectOf(day, [...mark, words.noticeHeadline].join(', '), account, voice),
    preheader: [
      ...againOf(Object.values(unproven.completeness.channels), voice, input),
      words.noticeWhy,
    ].join(' '),
    day: days.map(format.weekdayAndDay).join(' – '),
    verdict: [...mark, words.noticeVerdict(day)].join(': '),
    why: [
      words.noticeWhy,
      ...(unasked.length === 0 ? [] : [words.notAsked(unasked.map(format.day).join(', '), unasked.length)]),
      ...sayOpen(input.open ?? [], voice),
    ].join(' '),
    // What stands in the way comes first.
    channels: together(channels).toSorted((a, b) => Number(a.proven) - Number(b.proven)),
    runAgain: words.runAgain,
    command: [
      `chat-report run ${oneLine(days.length === 1 ? `--day ${days[0]}` : `--from ${days[0]} --to ${days[1]}`)}`,
      ...(only === undefined ? [] : [`--channels ${only.join()}`]),
      ...(refresh ? ['--refresh'] : []),
    ].join(' '),
  };
}

/** One trouble is told once, whichever channels it is of. */
function together(channels: readonly NoticeChannel[]): NoticeChannel[] {
  const alike = Map.groupBy(channels, ({ lines }) => toJsonText(lines));
  return [...alike.values()].flatMap(([first, ...others]) => {
    const name = [first, ...others].map((channel) => channel?.name).join(', ');
    return first === undefined ? [] : [{ ...first, name }];
  });
}

function channelView(
  channel: Channel,
  found: ChannelCompleteness,
  voice: Voice,
  input: NoticeInput,
): NoticeChannel {
  const { words } = voice;
  const name = words.channels[channel];
  if (found.verdict === 'proven') {
    return { name, proven: true, lines: [{ label: null, text: words.provenChannel }] };
  }
  const { what, todo } = reasonFor(found, words, input.unproven.completeness.channels);
  const detail = detailOf(found, voice);
  return {
    name,
    proven: false,
    lines: [
      { label: words.why, text: what },
      // What CareSoft answers says more than how far it came, which is nowhere.
      ...(isRefusal(found) ? detail : []),
      { label: words.wasRead, text: whatWasRead(found, voice) },
      ...(isRefusal(found) ? [] : detail),
      { label: words.whoActs, text: todo },
      { label: words.nextTry, text: whenAgain(found, voice, input).join(' ') },
    ],
  };
}

/** What was seen, or what CareSoft answered to a request that it refused. */
export function detailOf(
  { reason, detail }: ChannelCompleteness,
  { words }: Voice,
): { readonly label: string; readonly text: string }[] {
  const label = reason === 'refused' ? words.careSoftSays : words.detail;
  return detail === undefined ? [] : [{ label, text: clipped(detail, 300) }];
}

/** By the program itself, where it reads the channel again; and by the command, which is sooner. */
function whenAgain(found: ChannelCompleteness, voice: Voice, input: NoticeInput): string[] {
  const { words, format } = voice;
  const { notBefore, isWaitCut = false } = found;
  const at = notBefore && format.instant(toWholeMinuteIso(notBefore), input.timeZone);
  const asks = at && (isWaitCut ? words.waitCut(at) : words.notBefore(at));
  const again = againOf([found], voice, input);
  const { next } = reasonFor(found, words, input.unproven.completeness.channels);
  const byCommand = again.length === 0 ? next : words.byHand(withinSentence(next));
  return [...again, ...(isWaitCut ? [] : [byCommand]), ...(asks ? [asks] : [])];
}

/** When the program reads again by itself; nothing where that is not known, or where all that is not proven waits for a person. */
function againOf(
  all: readonly ChannelCompleteness[],
  { words, format }: Voice,
  { next, timeZone }: NoticeInput,
): string[] {
  const isRead = all.some((found) => found.verdict === 'unproven' && !waitsForPerson(found));
  if (next === null || !isRead) return [];
  if (next === 'next-run') return [words.dayReadAgainNextRun];
  return [words.dayReadAgainAt(format.instant(toWholeMinuteIso(next.at), timeZone))];
}

/** Rounded up: at the minute that is named, the bar has ended. */
function toWholeMinuteIso(iso: string): string {
  return new Date(toWholeMinute(Date.parse(iso))).toISOString();
}

/**
 * What happened, who does what about it, and when: of the setting that is at fault, where one is.
 *
 * @param all the channels of the day, this one among them: what is refused of one alone is often not there
 */
export function reasonFor(
  found: ChannelCompleteness,
  { reasons, reasonUnknown, wrongAddress, channelRefused }: Words,
  all: Completeness['channels'] = {},
): ReasonWords {
  // A newer program, whose run it may have been, knows more of them.
  const reason = (found.reason && reasons[found.reason]) ?? reasonUnknown;
  switch (settingAtFault(found)) {
    case 'CARESOFT_TOKEN':
      return { ...reasons['token-refused'], what: reason.what };
    case 'CARESOFT_BASE_URL':
      return { ...wrongAddress, what: reason.what };
    case null:
      return isRefusedAlone(found, all) ? { ...reason, todo: channelRefused } : reason;
  }
}

/** Of a channel that gave an answer before it is not that it is not there. */
function isRefusedAlone({ reason, pages }: ChannelCompleteness, all: Completeness['channels']): boolean {
  const channels = Object.values(all);
  const refused = channels.filter((channel) => channel.reason === 'refused');
  return reason === 'refused' && pages === 0 && refused.length === 1 && channels.length > 1;
}

/** How far it came, beside CareSoft's own count. These are no figures of the day, and are not to be taken for them. */
export function whatWasRead(found: ChannelCompleteness, { words, format }: Voice): string {
  const { pages, rows, unique, numFoundBefore: before, numFoundAfter: after } = found;
  if (pages === 0) return words.nothingRead;
  const read = [
    words.pagesAndRows(format.count(pages), format.count(rows), pages, rows),
    ...(rows === unique ? [] : [words.differentRows(format.count(unique), unique)]),
  ].join(', ');
  // What came to its end without a closing count did not break off: it could not be had.
  if (after === null && found.captureId === null) {
    return `${read}; ${words.counted(format.count(before))}. ${words.brokeOff}`;
  }
  const counted =
    before === after || after === null
      ? words.counted(format.count(before))
      : words.countedTwice(format.count(before), format.count(after));
  return `${read}; ${counted}.`;
}
