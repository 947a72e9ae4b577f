import { decided, ratio } from '../../measure/add-up.ts';
import { type Html, html } from '../../report/html.ts';
import { shadeOf } from '../../report/shade.ts';
import { isFew } from '../../report/voice.ts';
import { shadesLegend } from './render-calendar.ts';
import type { WeekHour, WeekHours } from './week-hours.ts';
import type { PageVoice } from './words.ts';

/** Hours by weekdays, each by its missed rate as colour and figure, with the chats that it has on such a day. */
export function renderWeekHours({ rows, days }: WeekHours, voice: PageVoice): Html | null {
  if (rows.length === 0) return null;
  const { say, report } = voice;
  return html`<h2 id="hours">${say.weekHours}</h2>
    <p class="muted note">${say.weekHoursNote}</p>
    <table class="strip week"><thead><tr><th scope="col">${report.words.hourColumn}</th>${say.weekdays.map(
      (name, index) => html`<th scope="col"><abbr title="${name}">${say.weekdaysShort[index]}</abbr></th>`,
    )}</tr></thead>
    <tbody>${rows.map(
      ({ hour, cells }) => html`
      <tr class="cells"><th scope="row">${hour}</th>${cells.map((cell, weekday) => hourCell(cell, days[weekday] ?? 0, voice))}</tr>`,
    )}</tbody></table>
    <p class="legend muted">${shadesLegend(voice)}</p>`;
}

function hourCell(cell: WeekHour, days: number, { report }: PageVoice): Html {
  const { format } = report;
  if (cell.chats === 0) return html`<td class="muted">–</td>`;
  const of = decided(cell);
  // Whole per cent: seven of them stand beside each other on a phone.
  const rate = isFew(cell)
    ? `${format.shortCount(cell.missed)}/${format.shortCount(of)}`
    : format.percent(Math.round((100 * cell.missed) / of) / 100);
  const mean = ratio(cell.chats, days) ?? 0;
  return html`<td class="s${shadeOf(cell)}">${of === 0 ? '–' : rate}<span class="few">${mean < 1 ? '<1' : format.shortCount(Math.round(mean))}</span></td>`;
}
