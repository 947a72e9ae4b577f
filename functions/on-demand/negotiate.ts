interface Range {
  readonly type: string;
  readonly quality: number;
}

/**
 * The media type that suits whoever asks best (RFC 9110, 12.5.1). Of two that suit as well, the one that was named more
 * exactly, then the one that is offered first.
 *
 * @param accept the header; without one, or with an empty one, everything suits
 * @returns null when nothing does
 */
export function negotiate<Offer extends string>(
  accept: string | undefined,
  offers: readonly Offer[],
): Offer | null {
  const ranges = (accept?.trim() || '*/*').split(',').flatMap(readRange);
  const judged = offers.map((offer) => ({ offer, ...judge(offer, ranges) }));
  const [best] = judged.toSorted((a, b) => b.quality - a.quality || b.exactness - a.exactness);
  return best && best.quality > 0 ? best.offer : null;
}

function judge(offer: string, ranges: readonly Range[]): { quality: number; exactness: number } {
  const [kind = ''] = offer.split('/');
  for (const [place, type] of [offer, `${kind}/*`, '*/*'].entries()) {
    const found = ranges.find((range) => range.type === type);
    if (found) return { quality: found.quality, exactness: 3 - place };
  }
  return { quality: 0, exactness: 0 };
}

function readRange(text: string): Range[] {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  if (!/^[^\s/]+\/[^\s/]+$/.test(type)) return [];
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(quality) ? [{ type, quality: Number(quality) }] : [];
}
