import type { ChannelCompleteness } from '../capture/completeness.ts';
import { inChannelOrder } from '../chat/channel.ts';
import { compareText } from '../chat/compare-text.ts';
import { maskName } from '../measure/mask.ts';
import type { Summary } from '../measure/summary.ts';
import { isStatusUnknown } from '../measure/unknown-status.ts';
import { provenIn } from './missing.ts';
import { visible } from './plain-text.ts';
import { missedOfAll, type Voice } from './voice.ts';

/** Of a word that CareSoft writes. */
const LONGEST_WORD = 40;
const IN_SUBJECT = 2;
const IN_NOTES = 5;

/** CareSoft's words of status that are not known, the most frequent first; those that can be seen. */
function unknownWords({ completeness }: Summary, most: number): string {
  const times = new Map<string, number>();
  for (const { unknownStatuses = {} } of provenIn(completeness)) {
    for (const [word, count] of Object.entries(unknownStatuses)) {
      const shown = visible(maskName(word), LONGEST_WORD);
      if (shown !== null) times.set(shown, (times.get(shown) ?? 0) + count);
    }
  }
  const words = [...times].toSorted(
    ([one, times], [other, otherTimes]) => otherTimes - times || compareText(one, other),
  );
  const shown = words.slice(0, most).map(([word]) => word);
  return [...shown, ...(words.length > most ? ['…'] : [])].join(', ');
}

/** What is said first of a day on which the status of too many chats is not known; null on others. */
export function unknownVerdict(summary: Summary, but: string, voice: Voice): string | null {
  const { totals } = summary;
  if (!isStatusUnknown(totals)) return null;
  const { words, format } = voice;
  const said = words.statusUnknown(unknownWords(summary, IN_NOTES), totals.other);
  const least = words.missedAtLeast(format.count(totals.missed), totals.missed);
  const rest = totals.missed === 0 ? words.unknownWhetherMissed : `${words.unknownHowManyMissed}: ${least}`;
  return `${missedOfAll(voice, totals)}${said}, ${rest}${but}.`;
}

/** The same as a headline. */
export function unknownHeadline(summary: Summary, voice: Voice): string | null {
  const { totals } = summary;
  if (!isStatusUnknown(totals)) return null;
  const { words, format } = voice;
  return [
    `${missedOfAll(voice, totals)}${words.statusUnknown(unknownWords(summary, IN_SUBJECT), totals.other)}`,
    ...(totals.missed === 0 ? [] : [words.missedAtLeast(format.count(totals.missed), totals.missed)]),
  ].join(', ');
}

/** Who finds out what the words mean. */
export function unknownAlert(summary: Summary, { words }: Voice): string[] {
  if (!isStatusUnknown(summary.totals)) return [];
  const names = unknownWords(summary, IN_NOTES);
  return names === '' ? [] : [words.statusUnknownAlert(names)];
}

/** How statuses were understood, where CareSoft's words do not tell. */
export function statusNotes(summary: Summary, { words, format }: Voice): string[] {
  const names = unknownWords(summary, IN_NOTES);
  const { other } = summary.totals;
  const channels = provenIn(summary.completeness);
  const byFilter = channels.reduce((sum, { statusByFilter = 0 }) => sum + statusByFilter, 0);
  const say = names === '' ? words.otherNote : words.unknownNote(names);
  return [
    ...(other === 0 ? [] : [say(format.count(other), other)]),
    ...(byFilter === 0 ? [] : [words.statusByFilter(format.count(byFilter), names, byFilter)]),
    ...notHeededNotes(summary, words),
  ];
}

/** Once for all channels of which it is the same. */
function notHeededNotes({ completeness }: Summary, words: Voice['words']): string[] {
  const namesOf = ({ notHeeded = [] }: ChannelCompleteness): string =>
    notHeeded.map((status) => words.statusNames[status]).join(', ');
  const all = inChannelOrder(completeness.channels).flatMap(([channel, found]) => {
    const names = found.verdict === 'proven' ? namesOf(found) : '';
    return names === '' ? [] : [{ channel, names }];
  });
  return [...Map.groupBy(all, ({ names }) => names)].map(([names, of]) =>
    words.notHeeded(names, of.map(({ channel }) => words.channels[channel]).join(', ')),
  );
}
