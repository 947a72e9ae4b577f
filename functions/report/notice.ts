import type { ChannelCompleteness } from '../capture/completeness.ts';
import { CHANNELS, type Channel } from '../chat/channel.ts';
import type { Unproven } from '../measure/summary.ts';
import { clipped, oneLine } from './plain-text.ts';
import { onlyMark, type Voice, voiceOf } from './voice.ts';
import type { Locale } from './words.ts';

export interface NoticeInput {
  readonly unproven: Unproven;
  readonly locale: Locale;
  /** Whose wall clock `notBefore` is told in; UTC when not given. */
  readonly timeZone?: string;
}

/** What a notice says, whatever form it takes. */
export interface NoticeView {
  readonly lang: string;
  readonly title: string;
  readonly subject: string;
  readonly preheader: string;
  readonly day: string;
  readonly verdict: string;
  readonly why: string;
  readonly channels: readonly NoticeChannel[];
  readonly runAgain: string;
  readonly command: string;
}

export interface NoticeChannel {
  readonly name: string;
  readonly proven: boolean;
  readonly lines: readonly { readonly label: string | null; readonly text: string }[];
}

/** That a day could not be proven: what was found, why, what is to be done, and when to try again. No figure. */
export function noticeView({ unproven, locale, timeZone = 'UTC' }: NoticeInput): NoticeView {
  const voice = voiceOf(locale);
  const { words, format } = voice;
  const day = format.day(unproven.day);
  const mark = onlyMark(unproven, voice);
  const { only } = unproven;
  const refresh = Object.values(unproven.completeness.channels).some(
    ({ reason }) => reason === 'raw-damaged',
  );
  const channels = CHANNELS.flatMap((channel) => {
    const found = unproven.completeness.channels[channel];
    return found === undefined ? [] : [channelView(channel, found, voice, timeZone)];
  });
  return {
    lang: words.lang,
    title: [words.noticeTitle(day), ...mark].join(' · '),
    subject: words.subject(day, [...mark, words.noticeHeadline].join(', ')),
    preheader: words.noticeWhy,
    day: format.weekdayAndDay(unproven.day),
    verdict: [...mark, words.noticeVerdict(day)].join(': '),
    why: words.noticeWhy,
    // What stands in the way comes first.
    channels: channels.toSorted((a, b) => Number(a.proven) - Number(b.proven)),
    runAgain: words.runAgain,
    command: [
      `chat-report run --day ${oneLine(unproven.day)}`,
      ...(only === undefined ? [] : [`--channels ${only.join()}`]),
      ...(refresh ? ['--refresh'] : []),
    ].join(' '),
  };
}

function channelView(
  channel: Channel,
  found: ChannelCompleteness,
  { words, format }: Voice,
  timeZone: string,
): NoticeChannel {
  const name = words.channels[channel];
  const got = words.got(format.count(found.unique), format.count(found.pages), found.unique);
  if (found.verdict === 'proven') {
    return { name, proven: true, lines: [{ label: null, text: words.provenChannel }] };
  }
  const reason = found.reason === undefined ? words.reasonUnknown : words.reasons[found.reason];
  const next =
    found.notBefore === undefined
      ? reason.next
      : `${reason.next} ${words.notBefore(format.instant(found.notBefore, timeZone))}`;
  const counted = words.found(format.count(found.numFoundBefore), format.count(found.numFoundAfter));
  return {
    name,
    proven: false,
    lines: [
      { label: words.why, text: reason.what },
      { label: null, text: `${counted} ${got}` },
      { label: words.whatToDo, text: reason.todo },
      { label: words.nextTry, text: next },
      ...(found.detail === undefined ? [] : [{ label: words.detail, text: clipped(found.detail, 300) }]),
    ],
  };
}
