import { describe, expect, it } from 'vitest';
import { CHANNELS } from '../../functions/chat/channel.ts';
import type { Chat } from '../../functions/chat/chat.ts';
import type { Summary } from '../../functions/measure/summary.ts';
import { Links } from '../../functions/on-demand/pages/links.ts';
import { renderDay } from '../../functions/on-demand/pages/render-day.ts';
import { pageVoice } from '../../functions/on-demand/pages/words.ts';
import { callbackSection } from '../../functions/report/callbacks.ts';
import { channelSection, hourSection } from '../../functions/report/channels-and-hours.ts';
import { renderHtml } from '../../functions/report/render-html.ts';
import { renderText } from '../../functions/report/render-text.ts';
import { reportView } from '../../functions/report/report.ts';
import { voiceOf } from '../../functions/report/voice.ts';
import { anyChats, measure } from '../measure/chats.ts';
import { fc } from '../property.ts';
import { ALONE, proven, summary } from './fixture.ts';

const voice = pageVoice('en');
const visit = {
  voice,
  links: new Links(null),
  inLanguage: () => '',
  account: 'demo',
  timeZone: 'Asia/Ho_Chi_Minh',
};

async function summaryOf(chats: readonly Chat[]): Promise<Summary> {
  const channels = CHANNELS.map((channel) => [
    channel,
    proven(chats.filter((chat) => chat.channel === channel).length),
  ]);
  return summary({
    ...(await measure(chats)),
    contacts: 'full',
    completeness: { verdict: 'proven', channels: Object.fromEntries(channels) },
  });
}

/** The texts of a document, one after the other, as a reader comes by them. */
function readable(document: string): string {
  return document
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&nbsp;', ' ');
}

/** And without the colon that a text has between a name and its figure. */
function withoutSpaces(text: string): string {
  return text.replace(/[\s:]+/g, '').toLowerCase();
}

describe('The forms of a report', () => {
  it('say the same of any day, and what they say adds up', async () => {
    await fc.assert(
      fc.asyncProperty(anyChats, async (chats) => {
        const day = await summaryOf(chats);
        const input = { summary: day, locale: 'en', ...ALONE } as const;
        const view = reportView(input);
        const forms = [
          withoutSpaces(readable(renderHtml(input))),
          withoutSpaces(renderText(input)),
          withoutSpaces(readable(renderDay(input, { before: null, after: null }, visit).toString())),
        ];
        const { lead, figure, tail } = view.verdict;
        const said = [
          lead + figure + tail,
          ...view.keyFigures.body.flatMap(({ label, value, notes }) => [label + value, ...notes]),
          view.callbacks.title,
          ...view.callbacks.facts,
          ...view.channels.body.map(({ name, rate }) => name + rate),
          ...view.notes.body,
        ];
        for (const form of forms) {
          for (const text of said) expect(form).toContain(withoutSpaces(text));
        }
        expectSums(day);
      }),
      { numRuns: 60 },
    );
  });
});

/** The totals are the sum of the channels, and of the hours; nobody who was answered later is to be called. */
function expectSums(day: Summary): void {
  const { totals, byChannel, byHour, callbacks } = day;
  for (const of of ['chats', 'answered', 'missed', 'other'] as const) {
    const sum = (parts: readonly Record<typeof of, number>[]) =>
      parts.reduce((total, part) => total + part[of], 0);
    expect(sum(Object.values(byChannel))).toBe(totals[of]);
    expect(sum(byHour)).toBe(totals[of]);
  }
  for (const byHourOfNight of [false, true]) {
    const { rows, chats } = hourSection(day, voiceOf('en'), byHourOfNight);
    const sums = rows.map(({ name, cells }) => [name, sumOf(cells.map(({ missed }) => missed))] as const);
    expect(sums.at(-1)?.[1] ?? 0).toBe(totals.missed);
    expect(sumOf(chats)).toBe(totals.chats);
    // The rows of the channels are what the channels' own section says.
    const ofChannels = new Map(channelSection(day, [], voiceOf('en')).body.map((row) => [row.name, row]));
    for (const [name, missed] of sums) {
      const row = ofChannels.get(name);
      if (row !== undefined) expect(missed).toBe(Number((row.ratio ?? row.rate).split('/')[0]) || 0);
    }
  }
  expect(callbackSection(day, [], voiceOf('en'), null, Number.POSITIVE_INFINITY).body).toHaveLength(
    callbacks.length,
  );
}

function sumOf(cells: readonly string[]): number {
  // Of an hour all of whose statuses are unknown none is known to be missed.
  return cells.reduce((sum, cell) => sum + (cell === '–' ? 0 : Number(cell)), 0);
}
