import { poolDays } from '../../measure/add-up.ts';
import { type Html, html } from '../../report/html.ts';
import { shadeOf } from '../../report/shade.ts';
import { tiles, unseen, type Visit } from './page.ts';
import { missedOf, shadesLegend } from './render-calendar.ts';
import type { Year, YearMonth } from './year.ts';

/** Twelve months, each with its missed rate and how many of its days were reported, and the years around them. */
export function renderYear({ year, months, years }: Year, visit: Visit): Html {
  const { voice, links } = visit;
  const { say, report } = voice;
  const { format } = report;
  const { days, all, rated } = poolDays(months.flatMap(({ digests }) => digests));
  const over = months.reduce((sum, month) => sum + month.over, 0);
  return html`<div class="head"><h1>${say.year(year)}</h1>
    <nav aria-label="${say.years}"><ul class="bar">${years.map(
      (one) =>
        html`<li><a class="button" href="${links.year(one)}"${one === year && html` aria-current="page"`}>${one}</a></li>`,
    )}</ul></nav></div>
    ${
      days === 0
        ? html`<p>${say.emptyYear}</p>`
        : tiles([
            { label: say.yearRate, value: format.percent(rated.missedRate), notes: [missedOf(rated, voice)] },
            {
              label: say.chatsOfMonth,
              value: format.count(all.chats),
              notes: [say.chatsADay(format.count(all.chats / days))],
            },
            {
              label: say.daysReported,
              value: format.count(days),
              notes: [say.ofDays(format.count(over), over)],
            },
          ])
    }
    <ul class="year">${months.map((month) => html`<li>${monthCard(month, visit)}</li>`)}</ul>
    ${days > 0 && html`<p class="legend muted">${shadesLegend(voice)}</p>`}`;
}

function monthCard({ month, digests, partial, over }: YearMonth, { voice, links }: Visit): Html {
  const { say, report, dates } = voice;
  const { format } = report;
  const { days, all, rated } = poolDays(digests);
  const hasRate = days > 0 && rated.missedRate !== null;
  return html`<a class="${hasRate ? `day s${shadeOf(rated)}` : 'day'}" href="${links.calendar(month)}"><span class="date">${dates.month(month)}</span>
    ${
      days === 0
        ? html`<span class="state">${say.noReport}</span>`
        : html`<span class="rate">${unseen(`${say.rateIs} `)}${format.percent(rated.missedRate)}</span>
    <span class="count">${format.count(all.chats)} ${say.chats(all.chats)}</span>`
    }
    <span class="count">${say.reportedOf(format.count(days), format.count(over), over)}</span>
    ${partial > 0 && html`<span class="count">${say.partialDays(format.count(partial), partial)}</span>`}</a>`;
}
