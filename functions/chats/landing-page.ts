import { BOUNDS, canonicalText, cutKey } from '../text/bounds.ts';

/** Encoded letters beyond ASCII, and encoded blanks. Other encoded characters stay, because they could divide the path. */
const ENCODED_LETTERS = /(?:%(?:[89a-f][0-9a-f]|20))+/gi;

/**
 * Gives host and path of a web address, because the rest differs from visitor to visitor. A long one is cut, and stays
 * different from others.
 *
 * @returns null when it is no web address
 */
export function landingPageKey(landingPage: string | null): string | null {
  const page = hostAndPath(landingPage);
  return page === null ? null : cutKey(page, BOUNDS.pageKey);
}

/** The same in the form by which pages are compared. Two paths that read alike are one page. */
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
