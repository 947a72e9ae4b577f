import { type Html, html } from './html.ts';
import { columnHead, GROUND, heading, INK, muted } from './mail-page.ts';
import type { Bar, BarRow, BarSection, DayBar, DaysSection, HourColumn, HourStrip } from './view.ts';

/** Charts of table cells: nothing to load, nothing to block, and a screen reader has the figures. */

/** Of the tallest column. */
const TALLEST_PIXELS = 56;

type Ground = keyof typeof GROUND;
const CLASSES: Readonly<Record<Ground, string>> = { fill: 'f', beyond: 'x', track: 't', mark: 'k' };

/** An empty cell would be as high as a line of text: its text is one pixel high. */
const BAR_STYLE = 'font-size:1px;line-height:1px';

/** Each channel's missed rate as a bar beside its figures. */
export function barTable({ title, head, body: rows, scale }: BarSection): Html {
  const [name, rate, missed] = head;
  return html`${heading(title)}
    <table width="100%" cellpadding="0" cellspacing="0" style="margin:8px 0 0;${INK.small}">
    <thead><tr>${columnHead(name, false, '84')}<td></td>${columnHead(rate, true)}${columnHead(missed, true)}</tr></thead>
    <tbody>${rows.map(barRow)}</tbody></table>
    ${rows.some(({ bar }) => bar !== null) && muted(scale)}`;
}

function barRow({ name, mark, rate, ratio, bar }: BarRow): Html {
  const label = html`<th scope="row" height="28" align="left" width="84">${name}${mark !== null && html`<div class="a" style="${INK.accent}">${mark}</div>`}</th>`;
  if (bar === null) return html`<tr>${label}<td colspan="3" class="m" style="${INK.muted}">${rate}</td></tr>`;
  return html`<tr>${label}<td>${barCells(bar)}</td><td align="right" width="50" class="n">${rate}</td><td align="right" width="62" class="m n" style="${INK.muted}">${ratio ?? ''}</td></tr>`;
}

/** Cells of per cent: one of pixels beside them vanishes. */
function barCells({ within, beyond, target }: Bar): Html {
  const LINE = 1;
  const rest = (used: number): number => Math.max(0, Math.round(10 * (100 - used)) / 10);
  const parts: [Ground, number][] =
    target === null
      ? [
          ['fill', within],
          ['track', rest(within)],
        ]
      : within < target
        ? [
            ['fill', within],
            ['track', Math.round(10 * (target - within)) / 10],
            ['mark', LINE],
            ['track', rest(target + LINE)],
          ]
        : [
            ['fill', within],
            ['mark', LINE],
            ['beyond', beyond],
            ['track', rest(within + LINE + beyond)],
          ];
  return html`<table role="presentation" aria-hidden="true" width="100%" cellpadding="0" cellspacing="0" style="${BAR_STYLE}"><tbody><tr>${parts
    .filter(([, width]) => width > 0)
    .map(([ground, width]) => barCell(ground, width))}</tr></tbody></table>`;
}

function barCell(ground: Ground, width: number): Html {
  return html`<td class="${CLASSES[ground]}" width="${width}%" height="12" bgcolor="${GROUND[ground]}"></td>`;
}

/** A column of so many pixels, of one ground upon another. */
function column(parts: readonly (readonly [Ground, number])[]): Html {
  return html`<table role="presentation" aria-hidden="true" width="100%" cellpadding="0" cellspacing="0" style="${BAR_STYLE}"><tbody>${parts
    .filter(([, height]) => height > 0)
    .map(
      ([ground, height]) =>
        html`<tr><td class="${CLASSES[ground]}" height="${height}" bgcolor="${GROUND[ground]}"></td></tr>`,
    )}</tbody></table>`;
}

/** Hours beside each other are as many as a phone has room for. */
const MOST_HOURS = 14;

/** When it was: missed chats as columns, all chats and the agents who took some beneath. */
export function hourTableHtml(strip: HourStrip): Html {
  const { title, worst, body: hours, scale, notes } = strip;
  const rows = hours.length <= MOST_HOURS ? 1 : 2;
  const length = Math.ceil(hours.length / rows);
  const parts = Array.from({ length: rows }, (_, row) => hours.slice(row * length, (row + 1) * length));
  return html`${heading(title)}
    ${worst !== null && html`<p style="margin:4px 0 0">${worst}</p>`}
    ${parts.map((part) => hourPart(part, length, strip))}
    ${muted([scale, ...notes].filter((line) => line !== null).join(' '))}`;
}

function hourPart(hours: readonly HourColumn[], length: number, { labels, hasAgents }: HourStrip): Html {
  const filler = hours.length < length && html`<td></td>`;
  const cells = (of: (hour: HourColumn) => string): Html =>
    html`${hours.map((hour) => html`<td align="center">${hour.isWorst ? html`<b>${of(hour)}</b>` : of(hour)}</td>`)}${filler}`;
  return html`<table width="100%" cellpadding="0" cellspacing="0" style="margin:10px 0 0;table-layout:fixed;text-align:center;${INK.tiny}">
    <thead><tr class="m" style="${INK.muted}"><th scope="col" width="42" align="left">${labels.hour}</th>${hours.map((hour) => html`<th scope="col" align="center" style="text-align:center">${hour.isWorst ? html`<b>${hour.hour}</b>` : hour.hour}</th>`)}${filler}</tr></thead>
    <tbody><tr><th scope="row" valign="bottom" align="left">${labels.missed}</th>${hours.map(hourCell)}${filler}</tr>
    <tr><th scope="row" align="left">${labels.chats}</th>${cells(({ chats }) => chats)}</tr>
    ${hasAgents && html`<tr><th scope="row" align="left">${labels.agents}</th>${cells(({ agents }) => agents)}</tr>`}</tbody></table>`;
}

function hourCell({ missed, bar, isWorst, isBad }: HourColumn): Html {
  const figure = isBad
    ? html`<b class="a" style="${INK.accent}">${missed}</b>`
    : isWorst
      ? html`<b>${missed}</b>`
      : missed;
  const height = Math.round((bar * TALLEST_PIXELS) / 100);
  return html`<td valign="bottom" align="center" style="padding:0 1px">${figure}${height > 0 && column([[isBad ? 'beyond' : 'fill', height]])}</td>`;
}

/** A column a day; what lies beyond the target is in colour. */
export function daysTable({ title, body: days, scale, note }: DaysSection): Html | null {
  if (days.length === 0) return null;
  const says = [scale, note ?? ''].filter((line) => line !== '').join(' ');
  // Of days of a handful each there is nothing to draw.
  if (days.every(({ bar }) => bar === null)) return html`${heading(title)}${muted(says)}`;
  return html`${heading(title)}
    <table width="100%" cellpadding="0" cellspacing="0" style="margin:8px 0 0;table-layout:fixed;text-align:center;${INK.tiny}">
    <tbody><tr>${days.map(dayCell)}</tr></tbody>
    <tfoot><tr>${days.map(({ label, isToday }) =>
      isToday
        ? html`<td align="center"><b>${label}</b></td>`
        : html`<td align="center" class="m" style="${INK.muted}">${label}</td>`,
    )}</tr></tfoot></table>
    ${muted(says)}`;
}

function dayCell({ rate, bar, isToday }: DayBar): Html {
  if (bar === null) return html`<td></td>`;
  const pixels = (percent: number): number => Math.round((percent * TALLEST_PIXELS) / 100);
  const height = Math.max(1, pixels(bar.within));
  return html`<td valign="bottom" align="center" style="padding:0 1px">${isToday ? html`<b>${rate}</b>` : rate}${column(
    [
      ['beyond', pixels(bar.beyond)],
      ['fill', height],
    ],
  )}</td>`;
}
