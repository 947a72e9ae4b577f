import { describe, expect, it } from 'vitest';
import { missingChannels, provenChannels, toCoverage } from '../../functions/capture/coverage.ts';
import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import type { Chat } from '../../functions/chats/chat.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { everyoneIn, toWorkList } from '../../functions/metrics/work-list.ts';
import { renderHtml } from '../../functions/report/formats/html.ts';
import { renderText } from '../../functions/report/formats/text.ts';
import { scopeOf } from '../../functions/report/judge.ts';
import { localeFormatterFor } from '../../functions/report/locale-formatter.ts';
import { reportView } from '../../functions/report/report-view.ts';
import { channelBars } from '../../functions/report/sections/bars.ts';
import { hourStrip, hourTable } from '../../functions/report/sections/hours.ts';
import type { ReportView } from '../../functions/report/view.ts';
import { pageFormatter } from '../../functions/web/locale.ts';
import { Links } from '../../functions/web/page.ts';
import { renderDay } from '../../functions/web/pages/day.ts';
import { anyChats, measure } from '../metrics/chats.ts';
import { fc } from '../property.ts';
import { ALONE, proven, summary } from './fixture.ts';
import { missing } from './partial-day.ts';
import { LINKS } from './waiting-list.ts';

const formatter = pageFormatter('en');
const visit = {
  formatter,
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
  const completeness = toCoverage(Object.fromEntries(channels));
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

function saidEverywhere(view: ReportView): string[] {
  const { work, why, lead } = view;
  return [
    ...[lead.warning, lead.sentence, lead.rest],
    ...Object.values(view.missing ?? {}),
    ...view.facts,
    ...(why === null ? [] : [why.label + why.text]),
    ...view.alerts,
    ...(work.counts === null ? [] : [work.title, work.counts.lead, work.counts.rest]),
    ...work.facts,
    ...view.notes.body,
  ];
}

function expectIn(form: string, texts: readonly string[]): void {
  for (const text of texts) expect(form).toContain(withoutSpaces(text));
}

const anyLack = fc.constantFrom(null, ...CHANNELS);

describe('The forms of a report', () => {
  it.each(['vi', 'en'] as const)('say first what is missing, and do not calm, in %s', async (locale) => {
    const { messages } = localeFormatterFor(locale);
    await fc.assert(
      fc.asyncProperty(anyChats, anyLack, async (chats, lacking) => {
        const day = await summaryOf(chats, lacking);
        fc.pre(day.completeness.verdict === 'partial');
        const input = { summary: day, locale, ...ALONE } as const;
        const [name] = missingChannels(day.completeness).map((channel) => messages.channels[channel]);
        const says = messages.missing(name ?? '');
        const { subject, lead, work } = reportView(input);
        const text = renderText(input).replaceAll(/\s+/g, ' ');
        expect(subject).toContain(`: ${says}; `);
        expect(lead.warning).toBe(messages.missingLead(name ?? ''));
        const [head = ''] = text.split(lead.warning.trim());
        expect(head.replaceAll(/\d+\/\d+\/\d+/g, '')).not.toMatch(/\d+[%/]/);
        expect(work.title).toContain(name);
        expect(text).toContain(`${name}: ${messages.notRead}`);
        for (const calm of [messages.list.none, messages.lead.noneWaits]) expect(text).not.toContain(calm);
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
        const [html = '', text = '', page = ''] = forms;
        const { brief } = view;
        const everywhere = saidEverywhere(view);
        const figures = view.channels.body.map(({ name, rate }) => name + rate);
        for (const form of forms) expectIn(form, everywhere);
        for (const form of [html, text]) expectIn(form, brief === null ? figures : brief.body);
        expectIn(page, figures);
        expectSums(day);
      }),
      { numRuns: 60 },
    );
  });

  it('name the same people, each once and in one order', async () => {
    await fc.assert(
      fc.asyncProperty(anyChats, fc.constantFrom('vi' as const, 'en' as const), async (chats, locale) => {
        const drawn = await summaryOf(chats, null);
        // Each of another name, so that a name is one person.
        const callbacks = drawn.callbacks.map((one, at) => ({
          ...one,
          customer: { ...one.customer, name: `Nguyễn-${at}.` },
        }));
        const day = { ...drawn, callbacks };
        const input = { summary: day, locale, ...ALONE, links: LINKS } as const;
        const seen = { ...visit, formatter: pageFormatter(locale) };
        const expected = everyoneIn(toWorkList(day, null)).map(({ customer }) => customer.name);
        const list =
          readable(renderHtml(input)).split(localeFormatterFor(locale).messages.aboutData)[0] ?? '';
        const page = readable(renderDay(input, { before: null, after: null }, seen).toString());
        const namesIn = (form: string): string[] => form.match(/(?<=\d\. )Nguyễn-\d+\./g) ?? [];
        expect(namesIn(page)).toEqual(expected);
        const { soon, next, unreachable } = toWorkList(day, null);
        const shown = [...[...soon, ...next].slice(0, 15), ...unreachable.slice(0, 3)];
        const inMail = shown.map(({ customer }) => customer.name);
        expect(namesIn(list)).toEqual(inMail);
        expect(namesIn(renderText(input))).toEqual(inMail);
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
  const { rows, chats } = hourTable(day, localeFormatterFor('en'));
  const sums = rows.map(({ name, cells }) => [name, sumOf(cells.map(({ missed }) => missed))] as const);
  expect(sums.at(-1)?.[1] ?? 0).toBe(totals.missed);
  expect(sumOf(chats)).toBe(totals.chats);
  // The rows of the channels are what the channels' own section says.
  const ofChannels = new Map(
    channelBars(day, scopeOf(day), ALONE, localeFormatterFor('en')).body.map((row) => [row.name, row]),
  );
  for (const [name, missed] of sums) {
    const row = ofChannels.get(name);
    if (row !== undefined) expect(missed).toBe(Number((row.ratio ?? row.rate).split('/')[0]) || 0);
  }
  const strip = hourStrip(day, scopeOf(day), false, localeFormatterFor('en'));
  if (strip !== null) expect(sumOf(strip.body.map(({ chats: of }) => of))).toBe(totals.chats);
  expect(everyoneIn(toWorkList(day, null))).toHaveLength(callbacks.length);
}

function sumOf(cells: readonly string[]): number {
  // Of an hour without chats, or all of whose statuses are unknown, none is known to be missed.
  return cells.reduce((sum, cell) => sum + ('–?'.includes(cell) ? 0 : Number(cell)), 0);
}
