import { describe, expect, it } from 'vitest';
import { missingChannels, provenChannels, toCompleteness } from '../../functions/capture/completeness.ts';
import { CHANNELS, type Channel } from '../../functions/chat/channel.ts';
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
import { missing } from './partial-day.ts';

const voice = pageVoice('en');
const visit = {
  voice,
  links: new Links(null),
  ticket: null,
  query: {},
  here: () => '',
  account: 'demo',
  timeZone: 'Asia/Ho_Chi_Minh',
};

/** @param lacking it could not be read, unless no other channel has a chat */
async function summaryOf(all: readonly Chat[], lacking: Channel | null): Promise<Summary> {
  const others = all.filter(({ channel }) => channel !== lacking);
  const [chats, lacks] = others.length === 0 ? [all, null] : [others, lacking];
  const channels = CHANNELS.map((channel) => [
    channel,
    channel === lacks
      ? missing('unavailable')
      : proven(chats.filter((chat) => chat.channel === channel).length),
  ]);
  const completeness = toCompleteness(Object.fromEntries(channels));
  const measured = await measure(chats);
  const byChannel = provenChannels(completeness).map((channel) => [channel, measured.byChannel[channel]]);
  return summary({
    ...measured,
    byChannel: Object.fromEntries(byChannel),
    contacts: 'full',
    completeness,
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

const anyLack = fc.constantFrom(null, ...CHANNELS);

describe('The forms of a report', () => {
  it.each(['vi', 'en'] as const)('say first what is missing, and do not calm, in %s', async (locale) => {
    const { words } = voiceOf(locale);
    await fc.assert(
      fc.asyncProperty(anyChats, anyLack, async (chats, lacking) => {
        const day = await summaryOf(chats, lacking);
        fc.pre(day.completeness.verdict === 'partial');
        const input = { summary: day, locale, ...ALONE } as const;
        const [name] = missingChannels(day.completeness).map((channel) => words.channels[channel]);
        const says = words.missing(name ?? '');
        const { subject, verdict, callbacks } = reportView(input);
        const text = renderText(input).replaceAll(/\s+/g, ' ');
        expect(subject).toContain(`: ${says}; `);
        expect(verdict.warning).toBe(words.missingLead(name ?? ''));
        const [head = ''] = text.split(verdict.warning.trim());
        expect(head.replaceAll(/\d+\/\d+\/\d+/g, '')).not.toMatch(/\d+[%/]/);
        expect(callbacks.title).toContain(name);
        expect(text).toContain(`${name}: ${words.notRead}`);
        for (const calm of [words.noCallbacks, words.nobodyToCallBack]) expect(text).not.toContain(calm);
      }),
      { numRuns: 40 },
    );
  });

  it('say the same of any day, and what they say adds up', async () => {
    await fc.assert(
      fc.asyncProperty(anyChats, anyLack, async (chats, lacking) => {
        const day = await summaryOf(chats, lacking);
        const input = { summary: day, locale: 'en', ...ALONE, next: 'next-run' } as const;
        const view = reportView(input);
        const forms = [
          withoutSpaces(readable(renderHtml(input))),
          withoutSpaces(renderText(input)),
          withoutSpaces(readable(renderDay(input, { before: null, after: null }, visit).toString())),
        ];
        const { warning, lead, figure, tail } = view.verdict;
        const said = [
          warning + lead + figure + tail,
          ...Object.values(view.missing ?? {}),
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
  for (const kind of ['chats', 'answered', 'missed', 'other'] as const) {
    const sum = (parts: readonly Record<typeof kind, number>[]) =>
      parts.reduce((total, part) => total + part[kind], 0);
    expect(sum(Object.values(byChannel))).toBe(totals[kind]);
    expect(sum(byHour)).toBe(totals[kind]);
  }
  for (const byHourOfNight of [false, true]) {
    const { rows, chats } = hourSection(day, voiceOf('en'), byHourOfNight);
    const sums = rows.map(({ name, cells }) => [name, sumOf(cells.map(({ missed }) => missed))] as const);
    expect(sums.at(-1)?.[1] ?? 0).toBe(totals.missed);
    expect(sumOf(chats)).toBe(totals.chats);
    // The rows of the channels are what the channels' own section says.
    const ofChannels = new Map(channelSection(day, ALONE, voiceOf('en')).body.map((row) => [row.name, row]));
    for (const [name, missed] of sums) {
      const row = ofChannels.get(name);
      if (row !== undefined) expect(missed).toBe(Number((row.ratio ?? row.rate).split('/')[0]) || 0);
    }
  }
  expect(callbackSection(day, ALONE, voiceOf('en'), ALONE, Number.POSITIVE_INFINITY).body).toHaveLength(
    callbacks.length,
  );
}

function sumOf(cells: readonly string[]): number {
  // Of an hour without chats, or all of whose statuses are unknown, none is known to be missed.
  return cells.reduce((sum, cell) => sum + ('–?'.includes(cell) ? 0 : Number(cell)), 0);
}
