import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { RunOptions } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { describe, inject } from 'vitest';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe judges by colours. */
export const CONTRAST = 'color-contrast';
export const LINK_COLOURS = 'link-in-text-block';

/** Tests in the browser that all files share; they are skipped, and say so, where there is none. */
export function describeInBrowser(test: (connect: () => Promise<Browser>) => void): void {
  const { executable, endpoint } = inject('browser');
  if (endpoint === null) {
    describe.skip(`In a browser (skipped: no Chromium at ${executable}; set CHROMIUM_PATH)`, () =>
      test(() => Promise.reject(new Error('There is no browser.'))));
  } else {
    describe('In a browser', () => test(() => chromium.connect(endpoint)));
  }
}

/**
 * Gives a page axe, which stays through every `setContent`.
 * To load it for each document, and to run it before it is compiled, takes as long as the checks themselves.
 */
export async function addAxe(page: Page): Promise<void> {
  await page.evaluate(AXE);
}

export async function violationsOf(page: Page, options: RunOptions = {}): Promise<string[]> {
  // To describe what passed too takes an eighth of the time.
  const asked: RunOptions = { resultTypes: ['violations'], ...options };
  return page.evaluate<string[]>(
    `axe.run(${JSON.stringify(asked)}).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ' ' + node.html)))`,
  );
}

export async function widthOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth');
}

/**
 * What the page's styles change from scheme to scheme besides colours.
 * Where there is nothing, only the rules that judge by colours can find in one scheme what they do not find in another.
 */
export async function changedBesidesColours(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const isOfSchemes = (media) => /color/.test(media?.mediaText ?? '');
    const isColour = (style) => (name) =>
      /(^|-)color$|^background-|^(fill|stroke)$/.test(name) ||
      (name.startsWith('--') && CSS.supports('color', style.getPropertyValue(name)));
    const besides = (style) => [...(style ?? [])].filter((name) => !isColour(style)(name));
    const inRules = (rules, within) =>
      [...rules].flatMap((rule) => {
        const isWithin = within || isOfSchemes(rule.media);
        const own = isWithin ? besides(rule.style).map((name) => rule.selectorText + ' ' + name) : [];
        return [...own, ...inRules(rule.cssRules ?? [], isWithin)];
      });
    return [...document.styleSheets].flatMap((sheet) => inRules(sheet.cssRules, isOfSchemes(sheet.media)));
  })()`);
}
