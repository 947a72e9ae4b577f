import type { Deadline } from '../../report/deadline.ts';
import { type Html, html } from '../../report/html.ts';
import type { CallbackRow, CallbackSection, Contact } from '../../report/view.ts';
import type { Visit } from './page.ts';
import { pageOf, pager } from './paging.ts';

/** The mail links to it. */
export const CUSTOMERS_ID = 'waiting';

/** Whom to call back, all of them: the columns beside the name are part of its cell, so that a phone can put them below it. */
export function renderCustomers({ title, facts, head, body, note }: CallbackSection, visit: Visit): Html {
  const [customer, lastMissed, waited] = head;
  const { say, report } = visit.voice;
  const page = pageOf(body, visit.query[CUSTOMERS_ID]);
  const table = html`<table class="list customers">
    <thead><tr><th scope="col"><span class="row"><span>${customer}</span><span class="wide">${say.contacts}</span><span class="wide">${say.details}</span></span></th>
    <th scope="col" class="number">${lastMissed}</th><th scope="col" class="number">${waited}</th></tr></thead>
    <tbody>${page.rows.map((row) => customerRow(row, report.words.causes.unknown))}</tbody></table>`;
  return html`<h2 id="${CUSTOMERS_ID}">${title}</h2>
    ${facts.map((fact) => html`<p>${fact}</p>`)}
    ${body.length > 0 && table}
    ${pager(page, CUSTOMERS_ID, title, visit)}
    ${note !== null && html`<p class="muted">${note}</p>`}`;
}

function customerRow(row: CallbackRow, unknownCause: string): Html {
  const { name, contacts, attempts, details, replyBy, cause, lastMissed, waited } = row;
  const mark = attempts !== null && html`<b class="bad">${attempts}</b> · `;
  const rest = [...details, ...(cause === unknownCause ? [] : [cause])];
  return html`
    <tr><th scope="row"><span class="row"><b>${name}</b> <span>${contacts.map((contact, place) => html`${place > 0 && '\u00a0· '}${contactPart(contact)}`)}</span> <span>${replyBy !== null && deadlineLine(replyBy)}${mark}<span class="muted">${rest.join('\u00a0· ')}</span></span></span></th>
    <td class="number">${lastMissed}</td><td class="number">${waited}</td></tr>`;
}

function deadlineLine({ text, isOpen }: Deadline): Html {
  return isOpen ? html`<b class="until">${text}</b>` : html`<span class="until muted">${text}</span>`;
}

function contactPart({ text, tel }: Contact): Html {
  return tel === null ? html`${text}` : html`<a href="tel:${tel}">${text}</a>`;
}
