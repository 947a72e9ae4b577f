import { describe, expect, it } from 'vitest';
import { html } from '../../functions/report/formats/mail-page.ts';
import { forbiddenRemoved } from '../../functions/report/plain-text.ts';
import { fc } from '../property.ts';

/** Any sequence of UTF-16 units, halves of characters included. */
const anyText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
const hostileText = fc.oneof(
  anyText,
  fc.string({
    unit: fc.constantFrom('<', '>', '"', "'", '&', '=', '/', 'script', '&lt;', '\0', '\u{1F338}', '-->', 'a'),
  }),
);

function decoded(markup: string): string {
  const entities: Record<string, string> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&#34;': '"',
    '&#39;': "'",
  };
  return markup.replace(/&[^;]*;/g, (entity) => entities[entity] ?? '?');
}

describe('The template', () => {
  it('lets no text become a tag or leave its attribute, and gives the text back unchanged when it is parsed', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const { markup } = html`<p title="${text}">${text}</p>`;
        const [, attribute, content] = /^<p title="([^"<>]*)">([^<>]*)<\/p>$/.exec(markup) ?? [];
        expect(decoded(attribute ?? '')).toBe(forbiddenRemoved(text));
        expect(decoded(content ?? '')).toBe(forbiddenRemoved(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('passes markup of its own through, joins lists and leaves out what is nothing', () => {
    const rows = ['a', '<b>'].map((name) => html`<li>${name}</li>`);
    expect(html`<ul>${rows}${null}${undefined}${false}${[]}${0}</ul>`.markup).toBe(
      '<ul><li>a</li><li>&lt;b&gt;</li>0</ul>',
    );
  });

  it('takes no object for markup only because it looks like it', () => {
    const forged = { markup: '<script>' } as unknown as string;
    expect(() => html`${forged}`).toThrow(TypeError);
  });

  it('drops what HTML forbids and makes half characters whole', () => {
    expect(html`${'a\u0000\u0008\u009f\ufffe\ud800b\r\nc'}`.markup).toBe('a\ufffdb\nc');
  });

  it('forgets its own indentation but no value’s', () => {
    expect(
      html`<p>
      ${'a\n   b'}</p>`.markup,
    ).toBe('<p>\na\n   b</p>');
  });
});
