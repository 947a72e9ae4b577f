/**
 * A landing page without what differs from visitor to visitor: host and path of a web address.
 *
 * @returns null for what is no web address.
 */
export function landingPageKey(landingPage: string | null): string | null {
  const url = landingPage === null ? null : URL.parse(landingPage);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null;
  return `${url.host}${url.pathname}`;
}
