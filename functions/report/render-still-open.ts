import { type Html, html } from './html.ts';
import { INK } from './mail-page.ts';
import type { StillOpenRow, StillOpenSection } from './still-open.ts';
import { wrapped } from './text-layout.ts';
import type { Contact } from './view.ts';

/** As in a diary: until when, and then who. */
export function stillOpenTable({ says, head, rows, more }: StillOpenSection): Html {
  const { deadline, customer } = head;
  return html`<p style="margin:8px 0 0">${says}</p>
    <table class="d" width="100%" cellpadding="6" style="margin-top:8px">
    <thead><tr>${columnHead(deadline)}${columnHead(customer)}</tr></thead>
    <tbody>${rows.map(row)}</tbody></table>
    ${more !== null && html`<p style="margin:8px 0 0">${more}</p>`}`;
}

function columnHead(label: string): Html {
  return html`<th scope="col" class="m" align="left" valign="bottom" style="${INK.tiny};${INK.muted}">${label}</th>`;
}

function row({ deadline, name, contacts, missed, details, note }: StillOpenRow): Html {
  const { time, day, left } = deadline;
  return html`
    <tr><td width="84" valign="top" style="padding-left:0;${INK.small}"><b style="font-size:17px">${time}</b><br>${day}${left !== null && html`<br><span class="m" style="${INK.muted}">${left}</span>`}</td>
    <th scope="row" align="left" class="w"><b>${name}</b>
    ${contacts.map((contact) => html`<div>${contactPart(contact)}</div>`)}
    <div style="${INK.small}">${missed}</div>
    <div class="m" style="${INK.small};${INK.muted}">${details.join('\u00a0· ')}</div>
    ${note !== null && html`<div style="${INK.small}">${note}</div>`}</th></tr>`;
}

function contactPart({ text, tel }: Contact): Html {
  return tel === null ? html`${text}` : html`<a class="l" href="tel:${tel}" style="${INK.link}">${text}</a>`;
}

export function stillOpenText({ says, head, rows, more }: StillOpenSection): string {
  const lines = rows.map(({ deadline, name, contacts, missed, details, note }, index) => {
    const { time, day, left } = deadline;
    const until = `${head.deadline}: ${time} ${day}${left === null ? '' : ` (${left})`}`;
    return [
      wrapped(name, '     ', `${`${index + 1}.`.padStart(4)} `),
      wrapped([until, ...contacts.map(({ text }) => text), ...details].join(' · '), '     '),
      wrapped(note === null ? missed : `${missed} ${note}`, '     '),
    ].join('\n');
  });
  return [wrapped(says, '  '), ...lines, ...(more === null ? [] : [wrapped(more, '  ')])].join('\n');
}
