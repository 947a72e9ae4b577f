import { BOUNDS, canonicalText, cutKey } from '../text/bounds.ts';

/** Letters beyond ASCII, and blanks. What else is written so in a path would part it otherwise. */
const ENCODED_LETTERS = /(?:%(?:[89a-f][0-9a-f]|20))+/gi;

/**
 * A landing page without what differs from visitor to visitor: host and path of a web address. One that is too long is
 * cut, and stays another than the rest.
 *
 * @returns null for what is no web address.
 */
export function landingPageKey(landingPage: string | null): string | null {
  const page = hostAndPath(landingPage);
  return page === null ? null : cutKey(page, BOUNDS.pageKey);
}

/** The same as it is told from others: two paths that read alike are one page. */
export function canonicalPage(landingPage: string | null): string | null {
  const page = hostAndPath(landingPage);
  return page === null ? null : cutKey(canonicalText(page.replace(ENCODED_LETTERS, decode)), BOUNDS.pageKey);
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

export function isPageCut(landingPage: string): boolean {
  return (hostAndPath(landingPage)?.length ?? 0) > BOUNDS.pageKey;
}

function hostAndPath(landingPage: string | null): string | null {
  const url = landingPage === null ? null : URL.parse(landingPage);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null;
  return `${url.host}${url.pathname}`;
}
