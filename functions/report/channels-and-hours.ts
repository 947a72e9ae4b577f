import { CHANNELS, type Channel } from '../chat/channel.ts';
import type { Figures, Summary } from '../measure/summary.ts';
import type { ChannelRow, HourCell, HourSection, ReportView, Shade } from './view.ts';
import { decided, shortRatio, type Voice } from './voice.ts';

/** A bar that fills its room stands for at least this rate, so that a good day does not look like a bad one. */
const FULL_BAR_AT_LEAST = 0.2;
/** The hours before it are shown as one. */
const FIRST_HOUR = 6;

/** Every channel that was asked, also at zero. */
export function channelSection(
  summary: Summary,
  unusuallyEmpty: readonly Channel[],
  voice: Voice,
): ReportView['channels'] {
  const { words, format } = voice;
  const asked = CHANNELS.flatMap((channel) => {
    const figures = summary.byChannel[channel];
    return figures === undefined ? [] : [{ channel, figures }];
  });
  const full = Math.max(FULL_BAR_AT_LEAST, ...asked.map(({ figures }) => figures.missedRate ?? 0));
  const body = asked.map(
    ({ channel, figures }): ChannelRow => ({
      name: words.channels[channel],
      mark: unusuallyEmpty.includes(channel) ? words.unusuallyEmptyMark : null,
      rate: format.percent(figures.missedRate),
      ratio: shortRatio(voice, figures),
      bar: Math.round((100 * (figures.missedRate ?? 0)) / full),
    }),
  );
  return { title: words.byChannel, head: [words.channel, words.missedRate], body };
}

/** When customers wrote and when they were missed: the night in one cell, then hour by hour; empty without a chat. */
export function hourSection(summary: Summary, voice: Voice): HourSection {
  const { words, format } = voice;
  const night = summary.byHour.filter(({ hour }) => hour < FIRST_HOUR);
  const hours = summary.byHour.filter(({ hour }) => hour >= FIRST_HOUR);
  return {
    title: words.byHour,
    hourLabel: words.hourColumn,
    chatsLabel: words.chatsRow,
    missedLabel: words.missed,
    legend: words.shade,
    shades: [
      { shade: 1, label: `<${format.percent(0.1)}` },
      { shade: 2, label: `≥${format.percent(0.1)}` },
      { shade: 3, label: `≥${format.percent(0.2)} ${words.shadeFew}` },
    ],
    body:
      summary.totals.chats === 0
        ? []
        : [
            hourCell(`<${FIRST_HOUR}`, night, voice),
            ...hours.map((figures) => hourCell(String(figures.hour), [figures], voice)),
          ],
  };
}

function hourCell(label: string, of: readonly Figures[], { format }: Voice): HourCell {
  const chats = of.reduce((sum, figures) => sum + figures.chats, 0);
  const missed = of.reduce((sum, figures) => sum + figures.missed, 0);
  const all = of.reduce((sum, figures) => sum + decided(figures), 0);
  const rate = all === 0 ? null : missed / all;
  return {
    label,
    chats: format.shortCount(chats),
    missed: missed === 0 ? '' : format.shortCount(missed),
    rate: format.percent(rate),
    shade: shadeOf(missed, rate),
  };
}

/** Few missed chats stay pale whatever their rate: one of one is not a bad hour. */
function shadeOf(missed: number, rate: number | null): Shade {
  if (rate === null || missed === 0) return 0;
  if (missed < 3 || rate < 0.1) return 1;
  return missed < 5 || rate < 0.2 ? 2 : 3;
}
