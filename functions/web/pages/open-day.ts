import type { Day } from '../../calendar/day.ts';
import type { Coverage } from '../../capture/coverage.ts';
import { type Html, html } from '../../report/formats/mail-page.ts';
import type { OperatorChannel } from '../../report/notes.ts';
import { type NoticeView, noticeView } from '../../report/notice.ts';
import type { ReportPlace } from '../../storage/layout.ts';
import type { Attempt, Neighbours } from '../days.ts';
import { plainPage, type Visit } from '../page.ts';
import { dayHead } from './day.ts';

/** A day that was tried and has no report: what was found, why that is not enough, and what is to be done. */
export function renderUnproven(
  tried: Attempt,
  completeness: Coverage,
  neighbours: Neighbours,
  visit: Visit,
): Html {
  const { formatter, timeZone } = visit;
  const { say } = formatter;
  const { day } = tried;
  const unproven = { day, completeness };
  const view = noticeView({ unproven, locale: formatter.locale, account: null, timeZone, next: null });
  return html`${dayHead(day, view.day, view.verdict.missing, neighbours, visit)}
    <p>${view.why} ${say.unprovenWhy}</p>
    ${view.needsPerson && html`<p>${view.duty}</p>`}
    ${tried.endedAt !== null && html`<p class="muted">${say.lastTried(formatter.report.format.instant(tried.endedAt, timeZone))}</p>`}
    <h2>${view.now.title}</h2>
    <p>${view.now.inCareSoft}</p>
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

/** A day whose last run has not ended, or ended in a way that nobody foresaw. */
export function renderBroken(tried: Attempt, neighbours: Neighbours, visit: Visit): Html {
  const { formatter, timeZone } = visit;
  const { say, report } = formatter;
  const { format } = report;
  const day = format.day(tried.day);
  const isRunning = tried.state === 'running';
  const why = isRunning ? say.runningWhy(format.instant(tried.startedAt, timeZone)) : say.failedWhy;
  const title = isRunning ? say.runningTitle(day) : say.failedTitle(day);
  return html`${dayHead(tried.day, format.weekdayAndDay(tried.day), title, neighbours, visit)}
    <p>${why}</p>
    ${!isRunning && command(say.runAgain, `chat-report run --day ${tried.day}`)}`;
}

/** A day whose report is there, and cannot be read. */
export function renderUnreadable(
  { day, only }: ReportPlace,
  why: 'damaged' | 'newer',
  neighbours: Neighbours,
  visit: Visit,
): Html {
  const { say, report } = visit.formatter;
  const { format } = report;
  const title = say.unreadableTitle(format.day(day));
  // What stands beside the day's own is made by a run alone.
  const again = only === undefined ? `rebuild --day ${day}` : `run --day ${day} --channels ${only.join(',')}`;
  return html`${dayHead(day, format.weekdayAndDay(day), title, neighbours, visit)}
    <p>${why === 'newer' ? say.newerWhy : say.damagedWhy}</p>
    ${why === 'damaged' && command(say.runAgain, `chat-report ${again}`)}`;
}

/** A day of which there is nothing at all, or that is not over. */
export function renderNothing(day: Day, isOver: boolean, neighbours: Neighbours, visit: Visit): Html {
  const { formatter } = visit;
  const { say, report } = formatter;
  const { format } = report;
  const title = isOver ? say.noDayTitle(format.day(day)) : say.notOverTitle(format.day(day));
  return html`${dayHead(day, format.weekdayAndDay(day), title, neighbours, visit)}
    <p>${isOver ? say.noDayWhy : say.notOverWhy}</p>
    ${isOver && command(say.runIt, `chat-report run --day ${day}`)}`;
}

/** What is said where there is no page, or none can be made. */
export function renderFailure(title: string, why: string, { formatter, links }: Visit): Html {
  return plainPage(title, [why, html`<a href="${links.calendar()}">${formatter.say.toCalendar}</a>`]);
}

function command(says: string, text: string): Html {
  return html`<p class="muted">${says}<br><code>${text}</code></p>`;
}
