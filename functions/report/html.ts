import { forbiddenRemoved } from './plain-text.ts';

/** Markup that is known to be well-formed and safe. Only {@link html} makes one. */
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

/** What a template takes: markup as it is, text and numbers escaped, lists joined, and nothing for the rest. */
export type HtmlPart = Html | string | number | null | undefined | false | readonly HtmlPart[];

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&#34;'],
  ["'", '&#39;'],
]);

/**
 * A template whose every value is escaped unless it is markup itself: as an element's content or inside a
 * double-quoted attribute no text can become a tag, end the attribute, or carry a character that HTML forbids.
 * It is not made for `<style>`, `<script>`, comments or unquoted attributes; ours hold no value but colours.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  const [first = '', ...rest] = strings.map(withoutIndent);
  return new Html(first + rest.map((text, index) => render(parts[index]) + text).join(''));
}

/**
 * A comment that Outlook on Windows reads, and everything else passes over. @param markup of ours, with nothing of strangers in it
 */
export function conditional(markup: string): Html {
  return new Html(`<!--[if mso]>${markup}<![endif]-->`);
}

/** Indentation is for who reads the template; in the mail it would be a tenth of the size. */
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
