import { type Html, html, type Part } from '../../report/html.ts';
import type { Links } from './links.ts';
import type { PageVoice } from './words.ts';

interface AskForm {
  readonly action: string;
  readonly role?: 'search';
  readonly fields: Part;
}

/** A form that only asks for another page: no more than a link with a part that the reader types. */
function askForm({ action, role, fields }: AskForm, { lang }: Links): Html {
  return html`<form class="ask" method="get" action="${action}"${role && html` role="${role}"`}>${
    lang !== null && html`<input type="hidden" name="lang" value="${lang}">`
  }${fields}</form>`;
}

/** A page has it once: in its frame, or where the results are. */
export function searchForm(
  { voice: { say }, links }: { readonly voice: PageVoice; readonly links: Links },
  typed = '',
): Html {
  const { label, hint, find } = say.search;
  return askForm(
    {
      action: '/search',
      role: 'search',
      fields: html`<input type="search" name="q" value="${typed}" maxlength="100" autocomplete="off" aria-label="${label}" placeholder="${hint}" required>
      <button type="submit">${find}</button>`,
    },
    links,
  );
}
