import { OFFERS, PAGE, type ReportFormat } from '../../report/formats.ts';
import type { Locale } from '../../report/words.ts';
import type { ReportPlace } from '../../storage/keys.ts';
import { pathOf } from '../reports.ts';

/** The forms of a report that a browser would not ask for by itself: what is saved first, and what is for programs last. */
export const DAY_FORMS = OFFERS.filter((format) => format !== PAGE).toReversed();

/** Links within the pages keep the language that was chosen; where none was, none is put into them. */
export class Links {
  readonly lang: Locale | null;

  constructor(lang: Locale | null) {
    this.lang = lang;
  }

  calendar(month?: string): string {
    return this.#to('/', { month });
  }

  year(year: string): string {
    return this.#to('/', { year });
  }

  day(day: string): string {
    return this.report({ day });
  }

  report({ day, only }: ReportPlace): string {
    return this.#to(`/days/${day}`, { channels: only?.join() });
  }

  /** A day beside another. */
  twoDays({ day, only }: ReportPlace, beside: string): string {
    return this.#to(`/days/${day}`, { channels: only?.join(), with: beside });
  }

  form(place: ReportPlace, format: ReportFormat): string {
    if (format === PAGE) return pathOf(place);
    const { day, only } = place;
    return `/days/${day}/${format.id}${only === undefined ? '' : `?channels=${only.join()}`}`;
  }

  trends(weeks?: number): string {
    return this.#to('/trends', { weeks: weeks?.toString() });
  }

  /** @param before the days that are searched are before it */
  search(q?: string, before?: string): string {
    return this.#to('/search', { q, before });
  }

  #to(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
    const search = toSearch({ ...query, lang: this.lang ?? undefined });
    return search.size === 0 ? path : `${path}?${search}`;
  }
}

/** What an address asks for, without what is not given. */
export function toSearch(query: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
  return search;
}
