import type { Locale } from '../../report/words.ts';

const LOCALES: readonly Locale[] = ['vi', 'en'];

/** The language that an address asks for by `lang`; null where it asks for none that there is. */
export function askedLanguage(lang: string | undefined): Locale | null {
  return LOCALES.find((locale) => locale === lang) ?? null;
}

/** The one of our languages that an `Accept-Language` likes best; null where it names neither. */
export function acceptedLanguage(header: string | undefined): Locale | null {
  const liked = (header ?? '').split(',').flatMap((part) => {
    const [tag = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const locale = askedLanguage(tag.split('-')[0]);
    const quality = Number(parameters.find((text) => text.startsWith('q='))?.slice(2) ?? 1);
    return locale !== null && quality > 0 ? [{ locale, quality }] : [];
  });
  return liked.toSorted((a, b) => b.quality - a.quality)[0]?.locale ?? null;
}
