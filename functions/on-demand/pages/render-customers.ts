import { type Html, html } from '../../report/html.ts';
import type { ReportInput } from '../../report/report.ts';
import type { WorkAction, WorkGroup, WorkRow, WorkSection } from '../../report/view.ts';
import type { Visit } from './page.ts';
import { pageOf, pager } from './paging.ts';
import type { PageVoice } from './words.ts';

/** The mail links to it. */
export const CUSTOMERS_ID = 'waiting';

type Group = Pick<WorkGroup, 'title' | 'note'>;

/** Everyone who waits, in the order of work, as in the mail: who they are, until when, and how to reach them. */
export function renderCustomers(
  section: WorkSection,
  { summary, waiting }: Pick<ReportInput, 'summary' | 'waiting'>,
  visit: Visit,
): Html {
  const { counts, asOf, head, groups, unreachable, facts, isEmpty, none } = section;
  const { say } = visit.voice;
  // That none is known to wait is no zero where a channel is missing, so no number heads an empty list.
  const title = isEmpty ? say.waiting : section.title;
  const all = [...groups, ...(unreachable === null ? [] : [unreachable])].flatMap((group) =>
    group.rows.map((row) => ({ row, group })),
  );
  const page = pageOf(all, visit.query[CUSTOMERS_ID]);
  const [deadline, customer] = head;
  const parts = [...Map.groupBy(page.rows, ({ group }) => group)];
  const table = html`<table class="list customers">
    <thead><tr><th scope="col" class="until">${deadline}</th><th scope="col">${customer}</th></tr></thead>
    ${parts.map(([group, rows]) => html`<tbody>${groupHead(group)}${rows.map(({ row }) => customerRow(row))}</tbody>`)}</table>`;
  return html`<h2 id="${CUSTOMERS_ID}">${title}</h2>
    ${isEmpty && html`<p>${none ?? noneWaits(summary.totals.missed, waiting !== null, visit.voice)}</p>`}
    ${counts !== null && countsLine(counts)}
    ${asOf !== null && html`<p class="muted note">${asOf}</p>`}
    ${page.rows.length > 0 && table}
    ${pager(page, CUSTOMERS_ID, title, visit)}
    ${facts.map((fact) => html`<p class="muted note">${fact}</p>`)}`;
}

/** Where it was not looked at what came after the day, only what was missed and answered on it is known. */
function noneWaits(missed: number, isFollowed: boolean, { say, report }: PageVoice): string {
  const { list, verdict } = report.words;
  if (isFollowed) return list.none;
  return missed === 0 ? say.noMissedChat : verdict.noneUnanswered;
}

function countsLine({ lead, rest }: NonNullable<WorkSection['counts']>): Html | false {
  if (lead === '' && rest === '') return false;
  return html`<p>${lead !== '' && html`<b>${lead}</b> `}${rest}</p>`;
}

function groupHead({ title, note }: Group): Html | false {
  if (title === null) return false;
  return html`<tr class="group"><th scope="rowgroup" colspan="2"><b>${title}</b>${note !== null && html` <span class="muted">${note}</span>`}</th></tr>`;
}

function customerRow(row: WorkRow): Html {
  const { number, name, said, reach, action } = row;
  return html`
    <tr><td class="until">${deadlineCell(row)}</td>
    <th scope="row"><div class="work"><div><b>${number}. ${name}</b><div>${said}</div><div class="muted">${details(row)}</div>${
      reach !== null && html`<div>${reach}</div>`
    }</div>${action !== null && html`<div>${button(action, name)}</div>`}</div></th></tr>`;
}

function deadlineCell({ deadline, noDeadline, isSoon }: WorkRow): Html {
  if (deadline === null) return html`<span class="muted">${noDeadline}</span>`;
  const { time, day, left } = deadline;
  return html`<b${isSoon && html` class="bad"`}>${time}</b> <span>${day}</span>${left !== null && html` <span class="muted">${left}</span>`}`;
}

function details({ channels, contacts, ticket, action }: WorkRow): Html {
  const number =
    ticket === null
      ? null
      : ticket.url === null || action?.kind === 'ticket'
        ? html`${ticket.text}`
        : html`<a href="${ticket.url}">${ticket.text}</a>`;
  const parts = [
    html`${channels}`,
    ...contacts.map((contact) => html`${contact}`),
    ...(number === null ? [] : [number]),
  ];
  return html`${parts.map((part, place) => html`${place > 0 && ' · '}${part}`)}`;
}

function button({ kind, text, url, isUrgent }: WorkAction, name: string): Html {
  return html`<a class="act${isUrgent && ' urgent'}" href="${url}"${kind !== 'call' && html` aria-label="${text}: ${name}"`}>${text}</a>`;
}
