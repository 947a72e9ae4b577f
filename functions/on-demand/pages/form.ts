import { type Html, type HtmlPart, html } from '../../report/html.ts';
import { type Links, toSearch } from './links.ts';
import type { PageVoice } from './words.ts';

interface AskForm {
  readonly action: string;
  readonly role?: 'search';
  /** What the page is asked for besides: a query in the address of a form is dropped. */
  readonly kept?: Readonly<Record<string, string | undefined>>;
  readonly fields: HtmlPart;
}

/** A form that only asks for another page: no more than a link with a part that the reader types. */
export function askForm({ action, role, kept = {}, fields }: AskForm, { lang }: Links): Html {
  const hidden = [...toSearch({ ...kept, lang: lang ?? undefined })];
  return html`<form class="ask" method="get" action="${action}"${role && html` role="${role}"`}>${hidden.map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}${fields}</form>`;
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
