import { CHANNELS } from '../chat/channel.ts';
import { decided } from '../measure/add-up.ts';
import type { Figures } from '../measure/measures.ts';
import type { Summary } from '../measure/summary.ts';
import { isRateUnknown } from '../measure/unknown-status.ts';
import { outsideLine } from './facts.ts';
import { isPartial, missingOf } from './missing.ts';
import { scopeOf } from './scope.ts';
import { shadeLegend, shadeOf } from './shade.ts';
import type { HourCell, HourRow, HourSection } from './view.ts';
import { isFew, type Voice } from './voice.ts';

/**
 * The whole day by hours: when customers were missed, channel by channel, when they wrote, how many agents took chats, and how many
 * each of them held at once. Empty without a chat.
 */
export function hourTable(summary: Summary, voice: Voice): HourSection {
  const { words, format } = voice;
  const rows = summary.totals.chats === 0 ? [] : hourRows(summary, voice);
  const hasGaps = rows.some(({ cells }) => cells.some(({ hasChats }) => !hasChats));
  const outside = outsideLine(summary, scopeOf(summary), voice);
  const workload = isPartial(summary) ? null : summary.workload;
  const say = words.hourStrip;
  return {
    title: words.byHour,
    hourLabel: words.hourColumn,
    chatsLabel: words.chatsRow,
    legend: words.shade,
    shades: rows.some(({ cells }) => cells.some(({ shade }) => shade > 0)) ? shadeLegend(voice) : [],
    emptyLegend: hasGaps ? words.hourWithoutChats(format.percent(null)) : null,
    labels: summary.byHour.map(({ hour }) => String(hour)),
    rows,
    chats: summary.byHour.map(({ chats }) => format.shortCount(chats)),
    staff:
      workload == null
        ? []
        : [
            { name: say.agents, cells: workload.byHour.map(({ agents }) => format.shortCount(agents)) },
            {
              name: say.atOnce,
              cells: workload.byHour.map(({ chatsAtOnce }) =>
                chatsAtOnce === null ? '' : format.decimal(chatsAtOnce),
              ),
            },
          ],
    facts: [
      ...(workload == null ? [] : [`${say.agentsMeans} ${say.atOnceMeans}`]),
      ...(isPartial(summary) ? [words.hoursWithout(missingOf(summary, voice))] : []),
      ...(outside === null ? [] : [outside]),
    ],
  };
}

/** Channels that had a chat, and all of them together where there are several. A day of a handful has no shades of a rate. */
function hourRows({ byHour, byChannelHour, totals }: Summary, voice: Voice): HourRow[] {
  const { words } = voice;
  const isShaded = !isFew(totals);
  const rowOf = (name: string, of: readonly ({ readonly hour: number } & Figures)[]): HourRow => ({
    name,
    cells: byHour.map(({ hour }) =>
      hourCell(
        of.find((figures) => figures.hour === hour),
        isShaded,
        voice,
      ),
    ),
  });
  const channels = CHANNELS.flatMap((channel) => {
    const of = byChannelHour.filter((figures) => figures.channel === channel);
    return of.length === 0 ? [] : [rowOf(words.channels[channel], of)];
  });
  return channels.length === 1 ? channels : [...channels, rowOf(words.allChannels, byHour)];
}

function hourCell(figures: Figures | undefined, isShaded: boolean, { format }: Voice): HourCell {
  if (figures === undefined || figures.chats === 0) {
    const none = format.percent(null);
    return { missed: none, hasChats: false, of: none, rate: none, shade: 0 };
  }
  const isUnknown = isRateUnknown(figures);
  return {
    // None that is known is not the same as none.
    missed: figures.missed === 0 && isUnknown ? '?' : format.shortCount(figures.missed),
    hasChats: true,
    of: format.shortCount(decided(figures)),
    rate: format.percent(isUnknown ? null : figures.missedRate),
    shade: isShaded ? shadeOf(figures) : 0,
  };
}
