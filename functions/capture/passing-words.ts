/**
 * What CareSoft, its framework and servers like it say of a trouble that passes, without accents. A sentence that is
 * taken for it wrongly costs a minute of tries; one that is taken for a refusal wrongly costs the day its report.
 */
const PASSING: readonly RegExp[] = [
  /too many (attempts|requests)|rate limit|qua nhieu (yeu cau|lan)/,
  /\bbusy\b|\bdang ban\b|overload|qua tai/,
  /try again|retry|\blater\b|thu lai/,
  /maintenance|bao tri|temporar|tam thoi|unavailable|gian doan/,
  /(server|system|internal|unexpected|unknown) error|went wrong|loi (he thong|may chu)|(co|xay ra) loi/,
  /time[ -]?out|timed out|bad gateway|deadlock|sqlstate|connection (refused|reset|lost)/,
];

/** Whether a sentence says that it is not for good, however often it comes. */
export function saysItPasses(words: string): boolean {
  const plain = words.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd');
  return PASSING.some((known) => known.test(plain));
}
