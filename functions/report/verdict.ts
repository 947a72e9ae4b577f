import { CHANNELS } from '../chat/channel.ts';
import type { Figures, Summary } from '../measure/summary.ts';
import type { Verdict } from './view.ts';
import { decided, missedRatio, type Voice } from './voice.ts';

/** Below this many missed chats, a high rate is as likely chance. */
const PLAINLY_MISSED = 5;
/** And only a rate of so many times the day's is named. */
const PLAINLY_ABOVE = 2;

/** How the day was, in one sentence. */
export function verdictOf(summary: Summary, voice: Voice): Verdict {
  const { words, format } = voice;
  const { totals } = summary;
  const of = decided(totals);
  if (totals.chats === 0) {
    const rejected = Object.values(summary.completeness.channels).some((channel) => channel.rejected > 0);
    return { lead: rejected ? words.noneReadable : words.noChatsProven, figure: '', tail: '' };
  }
  if (of === 0) {
    return { lead: `${words.onlyOther(format.count(totals.chats), totals.chats)}.`, figure: '', tail: '' };
  }
  if (totals.missed === 0)
    return { lead: `${words.noneMissed(format.count(of), of)}.`, figure: '', tail: '' };
  return {
    lead: words.missedLead,
    figure: missedRatio(voice, totals),
    tail: `${words.missedTail(format.percent(totals.missedRate), of)}, ${toCallBack(summary, voice)}.`,
  };
}

/** The verdict as a headline after the date: no two days' mails have the same. */
export function headlineOf(summary: Summary, voice: Voice): string {
  const { words, format } = voice;
  const { totals, callbacks } = summary;
  if (totals.chats === 0) return words.noChats;
  if (decided(totals) === 0) return words.onlyOther(format.count(totals.chats), totals.chats);
  const missed = words.subjectMissed(missedRatio(voice, totals), format.percent(totals.missedRate));
  if (callbacks.length === 0) return missed;
  return `${missed}, ${words.subjectToCallBack(format.count(callbacks.length))}`;
}

/** The hour and the channel that were plainly worse than the day, where there are such. */
export function worstOf(summary: Summary, { words, format }: Voice): string[] {
  const hours = summary.byHour.map((figures) => ({ name: words.hour(figures.hour), figures }));
  const channels = CHANNELS.flatMap((channel) => {
    const figures = summary.byChannel[channel];
    return figures === undefined ? [] : [{ name: words.channels[channel], figures }];
  });
  return [hours, channels].flatMap((all) => {
    const worst = worstAgainst(summary.totals, all);
    if (worst === null) return [];
    const ratio = missedRatio({ words, format }, worst.figures);
    return [words.worst(worst.name, ratio, format.percent(worst.figures.missedRate))];
  });
}

interface Named {
  readonly name: string;
  readonly figures: Figures;
}

/** Of those that stand out, the one with the most missed chats beyond what the day's rate would have given it. */
function worstAgainst(day: Figures, all: readonly Named[]): Named | null {
  const dayRate = day.missedRate ?? 0;
  const excess = ({ figures }: Named): number => figures.missed - dayRate * decided(figures);
  return all
    .filter(({ figures }) => figures.missed >= PLAINLY_MISSED)
    .filter(({ figures }) => (figures.missedRate ?? 0) >= PLAINLY_ABOVE * dayRate)
    .reduce<Named | null>(
      (worst, one) => (worst === null || excess(one) > excess(worst) ? one : worst),
      null,
    );
}

function toCallBack({ callbacks }: Summary, { words, format }: Voice): string {
  const count = callbacks.length;
  return count === 0 ? words.nobodyToCallBack : words.toCallBack(format.count(count), count);
}
