import type { ReportInput } from './report.ts';
import { voiceOf } from './voice.ts';

/** Into the browser, for whoever's mail program shows the report badly. */
export interface MessageLink {
  readonly url: string;
  /** From this instant on, ISO 8601, it leads nowhere. */
  readonly until: string;
}

/** What stands on the link, and until when it is good. */
export function linkLabel({ until }: MessageLink, { summary, locale }: ReportInput): string {
  const { words, format } = voiceOf(locale);
  return words.openInBrowser(format.instant(until, summary.timeZone));
}
