import { type Html, html } from './html.ts';
import { heading, INK } from './mail-page.ts';
import type { HourCell, HourSection, ReportView, Shade } from './view.ts';

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
      <td width="42%" style="padding-top:12px">${bar(row.bar)}</td>
      <td align="right" class="n"><b>${row.rate}</b> <span class="m" style="${INK.small};${INK.muted}">${row.ratio}</span></td></tr>`,
    )}</tbody></table>`;
}

function bar(percent: number): Html {
  const filled = html`<td class="f" width="${percent}%" height="10" bgcolor="#c2410c" style="padding:0;border:0;background:#c2410c"></td>`;
  const empty = html`<td class="t" height="10" bgcolor="#e9edf1" style="padding:0;border:0;background:#e9edf1"></td>`;
  return html`<table role="presentation" width="100%" cellpadding="0" aria-hidden="true"><tbody><tr>${percent > 0 && filled}${percent < 100 && empty}</tr></tbody></table>`;
}

/** The columns of one strip: two strips below each other leave a phone's thumb-wide cells room for three digits. */
const COLUMNS = 10;

const SHADES: Readonly<Record<Shade, string>> = {
  0: 'background:#f3f5f7',
  1: 'background:#fff1e3;color:#6b2c00',
  2: 'background:#ffd3a8;color:#5a2300',
  3: 'background:#8f1d0f;color:#ffffff',
};

/** When it was: missed chats over all chats, hour by hour, shaded by the missed rate. */
export function hourTables(section: HourSection): Html | null {
  const { title, body: cells, legend, shades } = section;
  if (cells.length === 0) return null;
  return html`${heading(title)}
    ${strip(cells.slice(0, COLUMNS), section)}
    ${strip(cells.slice(COLUMNS), section)}
    <p class="m" style="margin:6px 0 0;${INK.tiny};${INK.muted}">${legend} ${shades.map(
      ({ shade, label }) =>
        html`<span class="s${shade}" style="padding:1px 6px;white-space:nowrap;${SHADES[shade]}">${label}</span> `,
    )}</p>`;
}

function strip(cells: readonly HourCell[], { hourLabel, chatsLabel, missedLabel }: HourSection): Html {
  const filler = cells.length < COLUMNS && html`<td></td>`;
  return html`<table width="100%" cellpadding="0" cellspacing="1" style="table-layout:fixed;margin-bottom:8px;text-align:center;border-spacing:1px;${INK.tiny}">
    <thead><tr><th scope="col" class="m" width="40" align="left" style="${INK.muted}">${hourLabel}</th>
    ${cells.map(({ label }) => html`<th scope="col" class="m" style="${INK.muted}">${label}</th>`)}${filler}</tr></thead>
    <tbody><tr><th scope="row" align="left">${missedLabel}</th>
    ${cells.map(
      ({ missed, shade }) =>
        html`<td class="s${shade}" height="24" align="center" style="${SHADES[shade]}">${missed}</td>`,
    )}${filler}</tr>
    <tr><th scope="row" class="m" align="left" style="${INK.muted}">${chatsLabel}</th>
    ${cells.map(({ chats }) => html`<td class="m" align="center" style="${INK.muted}">${chats}</td>`)}${filler}</tr></tbody></table>`;
}
