import { type Html, html, type Part } from './html.ts';
import { withAccount } from './named-account.ts';
import { SHADES, shadeStyle } from './shade.ts';
import type { MissingSection, ReportView } from './view.ts';

export interface MailPage {
  readonly lang: string;
  readonly title: string;
  /** Whose it is; null where that is known. */
  readonly account: string | null;
  readonly preheader: string;
  readonly body: Part;
}

// Inline: what must hold where a client drops every <style>. No background is of middle brightness, because a
// client that turns colours over would leave the text on it unreadable.
export const INK = {
  muted: 'color:#526170',
  bad: 'color:#b3261e',
  good: 'color:#1b6e3c',
  link: 'color:#0b57a4',
  small: 'font-size:13px;line-height:18px',
  tiny: 'font-size:12px;line-height:17px',
} as const;

// Several blocks, because Gmail drops a whole block for one rule that it does not know.
const BASE = html`<style>
  body{-webkit-text-size-adjust:100%}
  table{border-spacing:0}
  th{font-weight:normal}
  .d{border-collapse:collapse}
  .d td,.d th{border-bottom:1px solid #e1e6eb;vertical-align:top}
  .d thead th{vertical-align:bottom}
  .d th:first-child{padding-left:0}
  .d th:last-child,.d td:last-child{padding-right:0}
  .n{white-space:nowrap;text-align:right}
  .w{overflow-wrap:anywhere;word-break:break-word;text-align:left}
</style>`;

const NARROW = html`<style>
  @media (max-width:480px){
  .p{padding:0!important}
  .i{padding:18px 16px 24px!important}
  .v{font-size:20px!important}
  }
</style>`;

const DARK = html`<style>
  :root{color-scheme:light dark;supported-color-schemes:light dark}
  @media (prefers-color-scheme:dark){
  .b{background:#0f151b!important}
  .c{background:#18212b!important;color:#e8edf2!important}
  .m{color:#a6b4c2!important}
  .r{color:#ff9c8f!important}
  .k{color:#8fdcab!important}
  .l{color:#8fc0ff!important}
  .d td,.d th{border-color:#2c3844!important}
  .t{background:#2a3541!important}
  .f{background:#ff9d66!important}
  .g{background:#6f9dcc!important}
  ${SHADES.map(({ dark }, shade) => `.s${shade}{${shadeStyle(dark, '!important')}}`).join('\n')}
  }
</style>`;

// What iOS takes for a number to call, a date or a place all the same looks like the text around it: a ticket's number is none.
const DETECTED = html`<style>
  a[x-apple-data-detectors]{color:inherit!important;text-decoration:none!important;font:inherit!important}
</style>`;

/** A whole document that asks for nothing from outside: no image, no script, no font, no link. */
export function mailPage({ lang, title, account, preheader, body }: MailPage): string {
  return html`<!DOCTYPE html>
    <html lang="${lang}">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="supported-color-schemes" content="light dark">
    <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
    <title>${withAccount(title, account)}</title>
    ${BASE}
    ${NARROW}
    ${DARK}
    ${DETECTED}
    </head>
    <body class="b" style="margin:0;padding:0;background:#f3f5f7">
    <div style="display:none;max-height:0;overflow:hidden">${preheader}</div>
    <main>
    <table role="presentation" class="b" width="100%" cellpadding="0" bgcolor="#f3f5f7" style="background:#f3f5f7"><tbody><tr>
    <td class="p" align="center" style="padding:16px">
    <table role="presentation" class="c" width="600" cellpadding="0" bgcolor="#ffffff" style="width:100%;max-width:600px;background:#ffffff;color:#17212b;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:21px"><tbody><tr>
    <td class="i" align="left" style="padding:22px 28px 28px">
    ${body}
    </td>
    </tr></tbody></table>
    </td>
    </tr></tbody></table>
    </main>
    </body>
    </html>
    `.markup;
}

/** What a section stands under. */
export function heading(title: string): Html {
  return html`<h2 style="margin:28px 0 6px;font-size:17px;line-height:23px">${title}</h2>`;
}

/** The first thing read: the date and whose it is, one sentence, what is missing, and what stands out. */
export function opening(
  { day, account }: { readonly day: string; readonly account: string | null },
  sentence: Part,
  {
    missing = null,
    alerts = [],
    praise = [],
  }: Partial<Pick<ReportView, 'missing' | 'alerts' | 'praise'>> = {},
): Html {
  return html`<p class="m" style="margin:0;${INK.small};${INK.muted}">${withAccount(day, account)}</p>
    <h1 class="v" style="margin:4px 0 0;font-size:22px;line-height:29px">${sentence}</h1>${missing !== null && missingPart(missing)}
    ${alerts.map(
      (alert) => html`<p class="r" style="margin:6px 0 0;${INK.bad}">
        <span aria-hidden="true">▲ </span>${alert}</p>`,
    )}
    ${praise.map(
      (text) => html`<p class="k" style="margin:6px 0 0;${INK.good}">
        <span aria-hidden="true">▼ </span>${text}</p>`,
    )}`;
}

function missingPart({ why, next, without }: MissingSection): Html {
  return html`<p style="margin:10px 0 0;overflow-wrap:anywhere;word-break:break-word">${why} <b>${next}</b></p>
    <p style="margin:10px 0 0">${without}</p>`;
}

export function muted(text: Part): Html {
  return html`<p class="m" style="margin:8px 0 0;${INK.small};${INK.muted}">${text}</p>`;
}
