import { type Html, html } from './html.ts';
import { columnHead, heading, INK, muted } from './mail-page.ts';
import type { WorkAction, WorkGroup, WorkRow, WorkSection } from './view.ts';

/** The list of who waits: one table, the deadline in a column of its own as in a diary, and one thing to tap a person. */
export function workTable(section: WorkSection): Html {
  const { title, counts, asOf, facts, isEmpty, none } = section;
  if (isEmpty)
    return html`${none !== null && html`<p style="margin:10px 0 0">${none}</p>`}${facts.map(muted)}`;
  return html`${heading(title)}
    ${
      counts !== null &&
      (counts.lead !== '' || counts.rest !== '') &&
      html`<p style="margin:4px 0 0">${counts.lead !== '' && html`<b>${counts.lead}</b> `}${counts.rest}</p>`
    }
    ${asOf !== null && muted(asOf)}
    ${table(section)}
    ${facts.map(muted)}`;
}

function table({ head, groups, unreachable, more }: WorkSection): Html {
  return rowsTable(
    { head, groups },
    html`${
      more !== null &&
      html`<tbody><tr><td colspan="2" style="padding:12px 0 0">${more.lead}${more.link !== null && html`<a class="u" href="${more.link.url}" style="${INK.link}">${more.link.text}</a>`}${more.tail}</td></tr></tbody>`
    }
    ${
      unreachable !== null &&
      html`<tbody>${groupHead(unreachable.title ?? '', unreachable.note)}${unreachable.rows.map(shortRow)}
      ${unreachable.more !== null && html`<tr><td colspan="2" class="m" style="padding:8px 0 0;${INK.small};${INK.muted}">${unreachable.more}</td></tr>`}</tbody>`
    }`,
  );
}

/** @param after further bodies of the table */
export function rowsTable(
  { head: [deadline, customer], groups }: Pick<WorkSection, 'head' | 'groups'>,
  after: Html | null = null,
): Html {
  return html`<table width="100%" cellpadding="0" cellspacing="0" style="margin:10px 0 0">
    ${groups.length > 0 && html`<thead><tr>${columnHead(deadline, false, '76')}${columnHead(customer, false)}</tr></thead>`}
    ${groups.map(
      (group) => html`<tbody>${group.title !== null && groupHead(group.title, group.note)}
      ${group.rows.map(workRow)}</tbody>`,
    )}${after}</table>`;
}

function groupHead(title: string, note: WorkGroup['note']): Html {
  return html`<tr><th scope="rowgroup" colspan="2" align="left" class="h" style="padding:18px 0 8px;border-bottom:2px solid #1b2129"><b>${title}</b>${
    note !== null && html`<div class="m" style="${INK.small};${INK.muted}">${note}</div>`
  }</th></tr>`;
}

const LINE = 'border-bottom:1px solid #e2e6ea';

/** Text and button stand beside each other where there is room, and below each other where there is not. */
function workRow(row: WorkRow): Html {
  const { number, name, said, action } = row;
  return html`
    <tr><td width="76" valign="top" class="e" style="padding:12px 10px 12px 0;${LINE};${INK.small}">${deadlineCell(row)}</td>
    <th scope="row" valign="top" align="left" class="e w" style="padding:12px 0;${LINE}"><div style="display:inline-block;width:100%;max-width:256px;vertical-align:top"><b>${number}. ${name}</b><div style="font-size:14px;line-height:20px">${said}</div><div class="m" style="${INK.small};${INK.muted}">${details(row)}</div>${
      row.reach !== null && html`<div style="${INK.small}">${row.reach}</div>`
    }</div>${action !== null && html`<div class="g" style="display:inline-block;vertical-align:top">${button(action, name)}</div>`}</th></tr>`;
}

function deadlineCell({ deadline, noDeadline, isSoon }: WorkRow): Html {
  if (deadline === null) return html`${noDeadline}`;
  const { time, day, left } = deadline;
  const clock = isSoon
    ? html`<b class="a" style="font-size:17px;line-height:23px;${INK.accent}">${time}</b>`
    : html`<b style="font-size:17px;line-height:23px">${time}</b>`;
  return html`${clock}<br>${day}${left !== null && html`<br><span class="m" style="${INK.muted}">${left}</span>`}`;
}

/** Where the button opens the ticket the number is a text: it would be the same link again. */
function details({ channels, contacts, ticket, action }: WorkRow): Html {
  const isLinked = ticket !== null && ticket.url !== null && action?.kind !== 'ticket';
  const number =
    ticket === null
      ? null
      : isLinked
        ? html`<a class="u" href="${ticket.url}" style="display:inline-block;padding:4px 0;${INK.link}">${together(ticket.text)}</a>`
        : html`${together(ticket.text)}`;
  const parts = [
    html`${channels}`,
    ...contacts.map((contact) => html`${contact}`),
    ...(number === null ? [] : [number]),
  ];
  return html`${parts.map((part, place) => html`${place > 0 && ' · '}${part}`)}`;
}

/** On one line, unless it is longer than a line. */
function together(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

/** 44 px high, as a thumb needs it. Filled is to be called now. */
function button({ kind, text, url, isUrgent }: WorkAction, name: string): Html {
  const [look, ground, ink] = isUrgent ? ['y', '#a83a0a', '#ffffff'] : ['z', '#ffffff', '#a83a0a'];
  return html`<a class="${look}" href="${url}"${kind !== 'call' && html` aria-label="${text}: ${name}"`} style="display:inline-block;margin:8px 0 0;padding:10px 14px;border:1px solid #a83a0a;border-radius:8px;background:${ground};color:${ink};font-size:15px;line-height:22px;font-weight:bold;text-decoration:none;white-space:nowrap">${text}</a>`;
}

/** Of those who cannot be reached. */
function shortRow({ number, name, said, ticket }: WorkRow): Html {
  return html`
    <tr><th scope="row" colspan="2" align="left" class="e w" style="padding:8px 0;${LINE}"><b>${number}. ${name}</b><div class="m" style="${INK.small};${INK.muted}">${said}${
      ticket !== null &&
      html` ${ticket.url === null ? ticket.text : html`<a class="u" href="${ticket.url}" style="${INK.link}">${ticket.text}</a>`}`
    }</div></th></tr>`;
}
