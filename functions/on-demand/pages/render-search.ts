import { ticketLink } from '../../chat/ticket-link.ts';
import { wallClock } from '../../report/format.ts';
import { type Html, html } from '../../report/html.ts';
import { visible } from '../../report/plain-text.ts';
import { namesOf } from '../../report/voice.ts';
import { searchForm } from './form.ts';
import type { Visit } from './page.ts';
import type { Hit, SearchResult } from './search-days.ts';
import type { Sought } from './sought.ts';
import type { PageVoice } from './words.ts';

/** Of one day; more are on the page of that day. */
const SHOWN_A_DAY = 50;

export interface SearchPage {
  readonly typed: string;
  /** Null where nothing was typed. */
  readonly sought: Sought | 'too-short' | 'too-long' | null;
  /** Null where nothing was looked for. */
  readonly found: SearchResult | null;
}

/** In which reports a customer is named: as each of them names its customers, and no more. */
export function renderSearch({ typed, sought, found }: SearchPage, visit: Visit): Html {
  const { say } = visit.voice;
  return html`<h1>${say.search.title}</h1>
    ${searchForm(visit, typed)}
    <p class="muted note">${say.search.what}</p>
    ${sought === 'too-short' && html`<p>${say.search.tooShort}</p>`}
    ${sought === 'too-long' && html`<p>${say.search.tooLong}</p>`}
    ${found !== null && results(found, typed, visit)}`;
}

function results(found: SearchResult, typed: string, visit: Visit): Html {
  const { voice, links } = visit;
  const { say, report } = voice;
  const { hits, searched, unreadable, before } = found;
  if (searched === null) return html`<p>${say.search.noReports}</p>`;
  const { format } = report;
  const span = say.period(format.day(searched.from), format.day(searched.to));
  const days = format.count(searched.days);
  const says =
    hits.length === 0
      ? say.search.none(days, span, searched.days)
      : say.search.found(format.count(hits.length), days, span, hits.length, searched.days);
  const byDay = [...Map.groupBy(hits, ({ day }) => day)];
  return html`<p role="status">${says}</p>
    ${hits.some(({ match }) => match === 'may-be') && html`<p class="muted note">${say.search.mayBeNote}</p>`}
    ${byDay.map(([day, ofDay]) => dayHits(day, ofDay, visit))}
    ${
      unreadable.length > 0 &&
      html`<p class="bad">${say.search.unreadable} ${unreadable.map((day) => html`<a href="${links.day(day)}">${format.day(day)}</a> `)}</p>`
    }
    ${before !== null && html`<p><a class="button inline" rel="next" href="${links.search(typed, before)}">${say.search.further(format.day(before))}</a></p>`}`;
}

function dayHits(day: string, hits: readonly Hit[], visit: Visit): Html {
  const { voice, links } = visit;
  const { say, report } = voice;
  const rest = hits.length - SHOWN_A_DAY;
  const list = `${links.day(day)}#waiting`;
  return html`<section class="hits"><h2><a href="${list}">${report.format.weekdayAndDay(day)}</a></h2>
    <ul>${hits.slice(0, SHOWN_A_DAY).map((hit) => html`<li>${hitLines(hit, visit)}</li>`)}</ul>
    ${rest > 0 && html`<p><a href="${list}">${say.search.more(report.format.count(rest), rest)}</a></p>`}</section>`;
}

function hitLines({ customer, contacts, missed, match, fate, day }: Hit, visit: Visit): Html {
  const { voice } = visit;
  const { say, report } = voice;
  const { words, format } = report;
  const { attempts, channels, firstMissedAt, lastMissedAt } = missed;
  const phone = visible(customer.phone, 20);
  const email = visible(customer.email, 40);
  const last = timeOf(lastMissedAt, day, voice);
  const details = [
    namesOf(channels, report),
    attempts > 1
      ? say.search.missedTimes(format.count(attempts), timeOf(firstMissedAt, day, voice), last)
      : say.search.missedAt(last),
  ].join('\u00a0· ');
  const ticket = ticketOf(missed, visit);
  return html`<b>${visible(customer.name, 80) ?? words.noName}</b>${match === 'may-be' && html` <span class="tag">${say.search.mayBe}</span>`}
    ${phone !== null && html` <span class="contact">${dialled(phone, contacts)}</span>`}${email !== null && html` <span class="contact">${email}</span>`}
    <div class="muted">${details}${ticket !== null && html`\u00a0· ${ticket}`}</div>
    ${fate !== null && html`<div>${sayFate(fate, day, voice)}</div>`}`;
}

function ticketOf(missed: Hit['missed'], { voice, ticket: template }: Visit): Html | null {
  const number = visible(missed.ticketNo, 20);
  if (number === null) return null;
  const says = voice.report.words.list.ticket(number);
  const url = ticketLink(template, missed);
  return url === null ? html`${says}` : html`<a href="${url}">${says}</a>`;
}

function dialled(phone: string, contacts: Hit['contacts']): Html {
  const number = phone.replaceAll(/[\s().-]/g, '');
  const isDialled = contacts === 'full' && /^\+?\d{7,15}$/.test(number);
  return isDialled ? html`<a href="tel:${number}">${phone}</a>` : html`${phone}`;
}

function sayFate(fate: NonNullable<Hit['fate']>, day: string, voice: PageVoice): string {
  const { say, report } = voice;
  return fate.state === 'answered'
    ? say.search.answered(timeOf(fate.at, day, voice), report.words.channels[fate.channel])
    : say.search.waiting(timeOf(fate.asOf, day, voice));
}

/** With its date, unless it is of the day that stands above it. */
function timeOf(at: string, day: string, { dates }: PageVoice): string {
  const on = at.slice(0, 10);
  return on === day ? wallClock(at) : `${wallClock(at)}, ${dates.dayAndMonth(on)}`;
}
