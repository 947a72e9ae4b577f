import type { Coverage } from '../capture/coverage.ts';
import type { ReportFile, ReportPlace } from '../storage/layout.ts';
import { renderHtml } from './formats/html.ts';
import { renderText } from './formats/text.ts';
import { type Locale, messagesFor } from './i18n/messages.ts';
import { inAscii } from './plain-text.ts';
import type { ReportInput } from './report-input.ts';

/** What can be had of a report. */
export interface ReportFormat {
  /** In events, and in the addresses of pages. */
  readonly id: string;
  readonly file: ReportFile;
  readonly mediaType: string;
  /** Of a link to it. */
  readonly label: Readonly<Record<Locale, string>>;
  /** In the document of the API: a report is had as this. */
  readonly noun: string;
  /** Whether it is to be saved, and so has a name of its own. */
  readonly isSaved?: true;
}

/** One that is made of the report alone, and so in no time: with the report, and whenever it is asked for. */
export interface TextFormat extends ReportFormat {
  readonly render: (input: ReportInput) => string;
}

/** What the others are made of. */
export const FIGURES: ReportFormat = {
  id: 'json',
  file: 'summary.json',
  mediaType: 'application/json',
  noun: 'figures',
  label: { vi: 'JSON', en: 'JSON' },
};

export const PAGE: TextFormat = {
  id: 'html',
  file: 'report.html',
  mediaType: 'text/html',
  noun: 'a page',
  label: { vi: 'Như trong thư', en: 'As in the mail' },
  render: renderHtml,
};

const TEXT: TextFormat = {
  id: 'text',
  file: 'report.txt',
  mediaType: 'text/plain',
  noun: 'a text',
  label: { vi: 'Văn bản', en: 'Text' },
  render: renderText,
};

/** It lists the chats too. So the pipeline makes it, and reads them again only where the digest does not tell that it is the report's. */
export const WORKBOOK: ReportFormat = {
  id: 'workbook',
  file: 'report.xlsx',
  noun: 'a workbook',
  isSaved: true,
  mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  label: { vi: 'Tệp Excel', en: 'Excel file' },
};

export const TEXT_FORMATS: readonly TextFormat[] = [PAGE, TEXT];

/** All that lie in the lake beside a summary: an erasure makes each of them again. */
export const FORMATS: readonly ReportFormat[] = [...TEXT_FORMATS, WORKBOOK];

/** Of those that suit a reader as well, the first is given. */
export const OFFERS: readonly ReportFormat[] = [FIGURES, ...FORMATS];

export function contentTypeOf({ mediaType }: ReportFormat): string {
  return mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType;
}

/** Where it is saved, perhaps beside those of other accounts, and beside the full one of a day that was partial. */
export function fileNameOf(
  { file }: ReportFormat,
  { day, only = [] }: ReportPlace,
  verdict: Coverage['verdict'],
  { name, locale }: { readonly name: string; readonly locale: Locale },
): string {
  const account = name === '' ? [] : [inAscii(name)];
  const partial = verdict === 'partial' ? [verdict] : [];
  const parts = [messagesFor(locale).workbook.fileName, ...account, day, ...partial, ...only];
  return `${parts.join('-')}${file.slice(file.lastIndexOf('.'))}`;
}
