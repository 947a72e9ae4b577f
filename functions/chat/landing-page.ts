import { BOUNDS, cutKey } from './bounds.ts';

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

export function isPageCut(landingPage: string): boolean {
  return (hostAndPath(landingPage)?.length ?? 0) > BOUNDS.pageKey;
}

function hostAndPath(landingPage: string | null): string | null {
  const url = landingPage === null ? null : URL.parse(landingPage);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null;
  return `${url.host}${url.pathname}`;
}
