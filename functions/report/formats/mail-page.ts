import { forbiddenRemoved, withAccount } from '../plain-text.ts';
import type { MissingSection, ReportView } from '../view.ts';

/** Safe HTML for mails: the template, the colours, and the page around a report. */

/** Markup that is well-formed and safe. Other files make it only with {@link html}. */
class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

export type { Html };

/** A value in a template. Markup is kept, text is escaped, lists are joined. Null, undefined and false give nothing. */
export type HtmlPart = Html | string | number | null | undefined | false | readonly HtmlPart[];

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&#34;'],
  ["'", '&#39;'],
]);

/**
 * A template that escapes all values which are not markup. A value may be the content of an element, or stand in a
 * double-quoted attribute. There no text can become a tag, end the attribute, or hold a character that HTML forbids.
 *
 * It does not protect values in `<style>`, `<script>`, comments or unquoted attributes. Only constants may stand there.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  const [first = '', ...rest] = strings.map(withoutIndent);
  return new Html(first + rest.map((text, index) => render(parts[index]) + text).join(''));
}

/**
 * A comment that only Outlook on Windows reads as markup.
 *
 * @param markup a constant. It is not escaped, so it must never hold text from outside
 */
function conditional(markup: string): Html {
  return new Html(`<!--[if mso]>${markup}<![endif]-->`);
}

/** Removes the indentation of a template. It would be a tenth of the mail's size. */
function withoutIndent(text: string): string {
  return text.replace(/\n\s*/g, '\n');
}

function render(part: HtmlPart): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'string') return escapeText(part);
  if (typeof part === 'number') return String(part);
  return part.map(render).join('');
}

function escapeText(text: string): string {
  return forbiddenRemoved(text).replace(/[&<>"']/g, (character) => ENTITIES.get(character) ?? '');
}

export interface MailPage {
  readonly lang: string;
  readonly title: string;
  /** The account's name. Null where readers know the account. */
  readonly account: string | null;
  readonly preheader: string;
  readonly body: HtmlPart;
}

/**
 * Inline styles, because some mail programs drop each `<style>`. No background has a middle brightness: a program that
 * inverts colours would make the text on it unreadable.
 */
export const INK = {
  muted: 'color:#55606d',
  /** The colour of alarm. Only things that need action have it: a missed target, a missing figure, a near deadline. */
  accent: 'color:#a83a0a',
  link: 'color:#1b2129;text-decoration:underline',
  small: 'font-size:13px;line-height:20px',
  tiny: 'font-size:12px;line-height:18px',
} as const;

/** The colours of bars: up to the target, beyond it, the empty rest, and the mark of the target. */
export const GROUND = { fill: '#66768a', beyond: '#a83a0a', track: '#eceff2', mark: '#1b2129' } as const;

// The styles are in several blocks: Gmail drops a whole block for one rule that it does not know.
const BASE = html`<style>
  body{-webkit-text-size-adjust:100%}
  table{border-collapse:collapse;border-spacing:0}
  th{font-weight:normal;text-align:left}
  .n{text-align:right}
  .w{overflow-wrap:anywhere;word-break:break-word}
</style>`;

const WIDTHS = html`<style>
  @media (min-width:560px){
  .g{padding-left:18px!important}
  }
  @media (max-width:640px){
  .p{padding:0!important}
  }
  @media (max-width:480px){
  .i{padding:18px 16px 24px!important}
  .v{font-size:21px!important;line-height:28px!important}
  }
</style>`;

/** The colours of each class in dark mode. */
const IN_THE_DARK: Readonly<
  Record<string, { readonly ground?: string; readonly ink?: string; readonly edge?: string }>
> = {
  b: { ground: '#0e1318' },
  c: { ground: '#161c23', ink: '#e9edf1' },
  m: { ink: '#a9b4c0' },
  a: { ink: '#ffb08a' },
  u: { ink: '#e9edf1' },
  e: { edge: '#2d3742' },
  h: { edge: '#e9edf1' },
  y: { ground: '#ffb08a', ink: '#2b0f00', edge: '#ffb08a' },
  z: { ground: '#161c23', ink: '#ffb08a', edge: '#ffb08a' },
  t: { ground: '#28313b' },
  f: { ground: '#8595a6' },
  x: { ground: '#ffb08a' },
  k: { ground: '#e9edf1' },
};

const RULES = Object.entries(IN_THE_DARK).map(([name, { ground, ink, edge }]) => ({
  name,
  ground: ground === undefined ? null : `background:${ground}!important`,
  ink: ink === undefined ? null : `color:${ink}!important`,
  edge: edge === undefined ? null : `border-color:${edge}!important`,
}));

const DARK = html`<style>
  :root{color-scheme:light dark;supported-color-schemes:light dark}
  @media (prefers-color-scheme:dark){
  ${RULES.map(({ name, ground, ink, edge }) => `.${name}{${[ground, ink, edge].filter((rule) => rule !== null).join(';')}}`).join('\n')}
  }
</style>`;

// Outlook has its own dark mode, which inverts colours. It heeds only these attributes.
const OUTLOOK_DARK = html`<style>
  ${RULES.flatMap(({ name, ground, ink, edge }) => [
    ...(ink === null && edge === null
      ? []
      : [`[data-ogsc] .${name}{${[ink, edge].filter((rule) => rule !== null).join(';')}}`]),
    ...(ground === null ? [] : [`[data-ogsb] .${name}{${ground}}`]),
  ]).join('\n')}
</style>`;

// iOS turns some texts into links although the page forbids it: it takes a ticket's number for a phone number. Such a
// link looks like the text around it.
const DETECTED = html`<style>
  a[x-apple-data-detectors]{color:inherit!important;text-decoration:none!important;font:inherit!important}
</style>`;

// Outlook on Windows draws mails with Word. Word ignores `max-width`. It gives an empty cell the height of a line. It
// takes another font for Vietnamese letters.
const WORD_HEAD = conditional(
  '<xml><o:OfficeDocumentSettings xmlns:o="urn:schemas-microsoft-com:office:office"><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><style>body,table,td,th,h1,h2,p,div,a{font-family:\'Segoe UI\',Arial,sans-serif!important}td.f,td.t,td.k,td.x{font-size:1px;line-height:1px;mso-line-height-rule:exactly}</style>',
);
const WORD_OPENS = conditional(
  '<table role="presentation" width="600" align="center" cellpadding="0" cellspacing="0"><tr><td width="600">',
);
const WORD_CLOSES = conditional('</td></tr></table>');

/** A complete HTML document. It loads nothing from outside: no image, script, font or style sheet. */
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
    ${WORD_HEAD}
    ${BASE}
    ${WIDTHS}
    ${DARK}
    ${OUTLOOK_DARK}
    ${DETECTED}
    </head>
    <body class="b" style="margin:0;padding:0;background:#f4f5f7">
    <div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${preheader}</div>
    <main>
    <table role="presentation" class="b" width="100%" cellpadding="0" cellspacing="0" bgcolor="#f4f5f7" style="background:#f4f5f7"><tbody><tr>
    <td class="p" align="center" style="padding:20px 12px">
    ${WORD_OPENS}
    <table role="presentation" class="c" width="100%" cellpadding="0" cellspacing="0" bgcolor="#ffffff" style="width:100%;max-width:600px;background:#ffffff;color:#1b2129;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:23px"><tbody><tr>
    <td class="i" align="left" style="padding:24px 28px 28px">
    ${body}
    </td>
    </tr></tbody></table>
    ${WORD_CLOSES}
    </td>
    </tr></tbody></table>
    </main>
    </body>
    </html>
    `.markup;
}

/** The heading of a section. */
export function heading(title: string): Html {
  return html`<h2 style="margin:28px 0 0;font-size:18px;line-height:25px">${title}</h2>`;
}

/** The top of a mail: the date and the account, the lead, the missing channels, the facts, the reason, and the alerts. */
export function opening(
  { day, account }: { readonly day: string; readonly account: string | null },
  sentence: HtmlPart,
  {
    missing = null,
    facts = [],
    why = null,
    alerts = [],
  }: Partial<Pick<ReportView, 'missing' | 'facts' | 'why' | 'alerts'>> = {},
): Html {
  return html`<p class="m" style="margin:0;${INK.small};${INK.muted}">${withAccount(day, account)}</p>
    <h1 class="v" style="margin:4px 0 0;font-size:23px;line-height:31px">${sentence}</h1>${missing !== null && missingPart(missing)}
    ${facts.map((fact) => html`<p style="margin:10px 0 0">${fact}</p>`)}
    ${why !== null && html`<p style="margin:10px 0 0"><b>${why.label}</b> ${why.text}</p>`}
    ${alerts.map(
      (alert) => html`<p class="a" style="margin:10px 0 0;${INK.accent}">
        <span aria-hidden="true">▲ </span>${alert}</p>`,
    )}`;
}

function missingPart({ why, next, without }: MissingSection): Html {
  return html`<p style="margin:10px 0 0;overflow-wrap:anywhere;word-break:break-word">${why} <b>${next}</b></p>
    <p style="margin:10px 0 0">${without}</p>`;
}

export function muted(text: HtmlPart): Html {
  return html`<p class="m" style="margin:8px 0 0;${INK.small};${INK.muted}">${text}</p>`;
}

/** The head of a column. Numbers are aligned to the right. @param width in pixels */
export function columnHead(label: string, isNumber: boolean, width?: string): Html {
  const style = `${INK.tiny};${INK.muted}`;
  return isNumber
    ? html`<th scope="col" class="m n" align="right" valign="bottom" style="padding:0 0 4px 8px;text-align:right;${style}">${label}</th>`
    : html`<th scope="col" class="m" align="left" valign="bottom"${width !== undefined && html` width="${width}"`} style="padding:0 0 4px;${style}">${label}</th>`;
}
