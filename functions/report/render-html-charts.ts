import { type Html, html } from './html.ts';
import { heading, INK, muted } from './mail-page.ts';
import { SHADES, type Shade, shadeStyle } from './shade.ts';
import type { ChannelRow, DayBar, DaysSection, HourRow, HourSection, ReportView } from './view.ts';

/** Charts of table cells: nothing to load, nothing to block, and a screen reader has the figures. */

/** Each channel's missed rate as a bar beside its figures. */
export function channelTable({ title, head, body: rows }: ReportView['channels']): Html {
  const [channel, rate] = head;
  return html`${heading(title)}
    <table class="d" width="100%" cellpadding="6">
    <thead><tr><th scope="col" class="m" align="left" style="${INK.tiny};${INK.muted}">${channel}</th>
    <th scope="col" colspan="2" class="m" align="right" style="${INK.tiny};${INK.muted}">${rate}</th></tr></thead>
    <tbody>${rows.map(
      (row) => html`
      <tr><th scope="row" align="left" width="28%">${row.name}${
        row.mark !== null && html`<div class="r" style="${INK.small};${INK.bad}">${row.mark}</div>`
      }</th>
      ${row.bar === null ? html`<td colspan="2" class="m" style="${INK.muted}">${row.rate}</td>` : barAndRate(row, row.bar)}</tr>`,
    )}</tbody></table>`;
}

function barAndRate({ rate, ratio }: ChannelRow, percent: number): Html {
  return html`<td width="42%" style="padding-top:12px">${bar(percent)}</td>
      <td align="right" class="n"><b>${rate}</b>${ratio !== null && html` <span class="m" style="${INK.small};${INK.muted}">${ratio}</span>`}</td>`;
}

function bar(percent: number): Html {
  const filled = html`<td class="f" width="${percent}%" height="10" bgcolor="#c2410c" style="padding:0;border:0;background:#c2410c"></td>`;
  const empty = html`<td class="t" height="10" bgcolor="#e9edf1" style="padding:0;border:0;background:#e9edf1"></td>`;
  return html`<table role="presentation" width="100%" cellpadding="0" aria-hidden="true"><tbody><tr>${percent > 0 && filled}${percent < 100 && empty}</tr></tbody></table>`;
}

/** The columns of one strip: two strips below each other leave a phone's thumb-wide cells room for three digits. */
const COLUMNS = 10;

/** The last is bold, since not everybody sees colours, nor every screen. */
function shaded(shade: Shade): string {
  return `${shadeStyle(SHADES[shade].light)}${shade === 3 ? ';font-weight:bold' : ''}`;
}

/** When it was: missed chats of each channel hour by hour, shaded by the missed rate, and all chats beneath. */
export function hourTables(section: HourSection): Html | null {
  const { title, rows, legend, emptyLegend, shades, facts } = section;
  if (rows.length === 0) return null;
  return html`${heading(title)}
    ${strip(section, 0)}
    ${strip(section, COLUMNS)}
    <p class="m" style="margin:6px 0 0;${INK.tiny};${INK.muted}">${legend} ${shades.map(
      ({ shade, label }) =>
        html`<span class="s${shade}" style="padding:1px 6px;white-space:nowrap;${shaded(shade)}">${label}</span> `,
    )}${emptyLegend !== null && html`<span style="white-space:nowrap">${emptyLegend}</span>`}</p>
    ${facts.map(muted)}`;
}

function strip({ hourLabel, chatsLabel, labels, rows, chats }: HourSection, from: number): Html {
  const part = <Cell>(cells: readonly Cell[]): readonly Cell[] => cells.slice(from, from + COLUMNS);
  const filler = part(labels).length < COLUMNS && html`<td></td>`;
  return html`<table class="h" width="100%" cellpadding="0" cellspacing="1" style="table-layout:fixed;margin-bottom:8px;text-align:center;border-spacing:1px;${INK.tiny}">
    <thead><tr class="m" style="${INK.muted}"><th scope="col" width="72" align="left">${hourLabel}</th>
    ${part(labels).map((label) => html`<th scope="col">${label}</th>`)}${filler}</tr></thead>
    <tbody>${rows.map((row) => stripRow({ name: row.name, cells: part(row.cells) }, filler))}
    <tr class="m" align="center" style="${INK.muted}"><th scope="row" align="left">${chatsLabel}</th>
    ${part(chats).map((count) => html`<td>${count}</td>`)}${filler}</tr></tbody></table>`;
}

function stripRow({ name, cells }: HourRow, filler: Html | false): Html {
  return html`<tr align="center"><th scope="row" height="24" align="left">${name}</th>
    ${cells.map(({ missed, hasChats, shade }) =>
      hasChats
        ? html`<td class="s${shade}" style="${shaded(shade)}">${missed}</td>`
        : html`<td class="m" style="${INK.muted}">${missed}</td>`,
    )}${filler}</tr>`;
}

const TALLEST_PIXELS = 56;

/** A bar a day; today's in the colour of what is missed. */
export function daysTable({ title, body: days, note }: DaysSection): Html | null {
  if (days.length === 0) return null;
  return html`${heading(title)}
    <table width="100%" cellpadding="0" cellspacing="2" style="table-layout:fixed;text-align:center;border-spacing:2px;${INK.tiny}">
    <tbody><tr>${days.map(dayBar)}</tr></tbody>
    <tfoot><tr>${days.map(({ label, isToday }) =>
      isToday ? html`<td><b>${label}</b></td>` : html`<td class="m" style="${INK.muted}">${label}</td>`,
    )}</tr></tfoot></table>
    ${note !== null && muted(note)}`;
}

function dayBar({ rate, bar: percent, isToday }: DayBar): Html {
  if (percent === null) return html`<td class="m" valign="bottom" style="${INK.muted}">–</td>`;
  const height = Math.max(2, Math.round((percent * TALLEST_PIXELS) / 100));
  const value = isToday ? html`<b>${rate}</b>` : rate;
  // Outlook gives no height to a <div>.
  const fill = isToday
    ? html`<td class="f" height="${height}" bgcolor="#c2410c" style="background:#c2410c"></td>`
    : html`<td class="g" height="${height}" bgcolor="#5f7f9f" style="background:#5f7f9f"></td>`;
  return html`<td valign="bottom">${value}<table role="presentation" width="100%" cellpadding="0" aria-hidden="true"><tbody><tr>${fill}</tr></tbody></table></td>`;
}
