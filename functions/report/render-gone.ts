import { html } from './html.ts';
import { mailPage } from './mail-page.ts';
import { voiceOf } from './voice.ts';
import type { Locale } from './words.ts';

/** What a link shows that leads nowhere. */
export function renderGone(locale: Locale): string {
  const { words } = voiceOf(locale);
  const body = html`<h1 class="v" style="margin:0;font-size:22px;line-height:29px">${words.linkGone}</h1>
    <p style="margin:8px 0 0">${words.linkGoneWhy}</p>`;
  return mailPage({ lang: words.lang, title: words.linkGone, account: null, preheader: '', body });
}
