import type { Day } from '../../calendar/day.ts';
import type { Coverage } from '../../capture/coverage.ts';
import { type Html, html } from '../../report/formats/mail-page.ts';
import { type NoticeView, noticeView } from '../../report/notice.ts';
import type { OperatorChannel } from '../../report/sections/notes.ts';
import type { ReportPlace } from '../../storage/layout.ts';
import type { Attempt, Neighbours } from '../days.ts';
import { plainPage, type Visit } from '../page.ts';
import { dayHead } from './day.ts';

/** A day that a run could not prove: what was read, why it is not enough, and what to do. */
export function renderUnproven(
  attempt: Attempt,
  completeness: Coverage,
  neighbours: Neighbours,
  visit: Visit,
): Html {
  const { formatter, timeZone } = visit;
  const { pageMessages } = formatter;
  const { day } = attempt;
  const unproven = { day, completeness };
  const view = noticeView({ unproven, locale: formatter.locale, account: null, timeZone, next: null });
  return html`${dayHead(day, view.day, view.lead.missing, neighbours, visit)}
    <p>${view.why} ${pageMessages.unprovenWhy}</p>
    ${view.needsPerson && html`<p>${view.duty}</p>`}
    ${attempt.endedAt !== null && html`<p class="muted">${pageMessages.lastTried(formatter.report.format.instant(attempt.endedAt, timeZone))}</p>`}
    <h2>${view.now.title}</h2>
    <p>${view.now.inSource}</p>
    ${operatorsPart(view.operators)}`;
}

function operatorsPart({ title, channels, runAgain, command: text }: NoticeView['operators']): Html {
  return html`<h2>${title}</h2>
    ${channels.map(channelBlock)}
    ${command(runAgain, text)}`;
}

function channelBlock({ name, code, proven, lines }: OperatorChannel): Html {
  return html`<section class="${proven ? 'found' : 'found unmet'}"><h3>${name}${code !== null && html` <code>${code}</code>`}</h3>
    ${lines.map(({ label, text }) => html`<p>${label !== null && html`<b>${label}:</b> `}${text}</p>`)}</section>`;
}

/** A day whose last run has not ended, or ended with an unexpected error. */
export function renderBroken(attempt: Attempt, neighbours: Neighbours, visit: Visit): Html {
  const { formatter, timeZone } = visit;
  const { pageMessages, report } = formatter;
  const { format } = report;
  const day = format.day(attempt.day);
  const isRunning = attempt.state === 'running';
  const why = isRunning
    ? pageMessages.runningWhy(format.instant(attempt.startedAt, timeZone))
    : pageMessages.failedWhy;
  const title = isRunning ? pageMessages.runningTitle(day) : pageMessages.failedTitle(day);
  return html`${dayHead(attempt.day, format.weekdayAndDay(attempt.day), title, neighbours, visit)}
    <p>${why}</p>
    ${!isRunning && command(pageMessages.runAgain, `chat-report run --day ${attempt.day}`)}`;
}

/** A day whose report exists and cannot be read. */
export function renderUnreadable(
  { day, only }: ReportPlace,
  why: 'damaged' | 'newer',
  neighbours: Neighbours,
  visit: Visit,
): Html {
  const { pageMessages, report } = visit.formatter;
  const { format } = report;
  const title = pageMessages.unreadableTitle(format.day(day));
  // Only a run makes a report of some channels.
  const again = only === undefined ? `rebuild --day ${day}` : `run --day ${day} --channels ${only.join(',')}`;
  return html`${dayHead(day, format.weekdayAndDay(day), title, neighbours, visit)}
    <p>${why === 'newer' ? pageMessages.newerWhy : pageMessages.damagedWhy}</p>
    ${why === 'damaged' && command(pageMessages.runAgain, `chat-report ${again}`)}`;
}

/** A day that no run has tried, or that is not over. */
export function renderNothing(day: Day, isOver: boolean, neighbours: Neighbours, visit: Visit): Html {
  const { formatter } = visit;
  const { pageMessages, report } = formatter;
  const { format } = report;
  const title = isOver
    ? pageMessages.noDayTitle(format.day(day))
    : pageMessages.notOverTitle(format.day(day));
  return html`${dayHead(day, format.weekdayAndDay(day), title, neighbours, visit)}
    <p>${isOver ? pageMessages.noDayWhy : pageMessages.notOverWhy}</p>
    ${isOver && command(pageMessages.runIt, `chat-report run --day ${day}`)}`;
}

/** A page for an address without a page, or for an error. */
export function renderFailure(title: string, why: string, { formatter, links }: Visit): Html {
  return plainPage(title, [
    why,
    html`<a href="${links.calendar()}">${formatter.pageMessages.toCalendar}</a>`,
  ]);
}

function command(says: string, text: string): Html {
  return html`<p class="muted">${says}<br><code>${text}</code></p>`;
}
