import type { CapturedPage } from './capture/capture-channel.ts';
import { openCareSoft, type Retry } from './capture/caresoft.http.ts';
import { PATIENCE, type Patience } from './capture/patience.ts';
import { RequestBudget } from './capture/request-budget.ts';
import { openOutbox } from './deliver/outbox.fs.ts';
import { openFolder } from './lake/folder.fs.ts';
import type { Settings } from './settings.ts';
import { systemClock } from './time/clock.system.ts';
import type { Account } from './workflow/account.ts';
import type { DailyReportPorts } from './workflow/daily-report.ts';

export interface LocalOptions {
  /** The folder that mail is written into. */
  readonly outbox: string;
  readonly patience?: Patience;
  readonly onPage?: (page: CapturedPage) => void;
  readonly onRetry?: (retry: Retry) => void;
}

/** The program on one machine: a folder for the lake, files for mail. */
export function composeLocal(
  settings: Settings,
  { outbox, patience = PATIENCE, onPage, onRetry }: LocalOptions,
): { account: Account; ports: DailyReportPorts } {
  const { caresoft, zone, lakeUri, channels, filters, serviceLevelSeconds, contacts, locale, mail } =
    settings;
  const { baseUrl, token, requestsPerSecond, clock } = caresoft;
  const budget = new RequestBudget({ requestsPerSecond, clock: systemClock, patience });
  return {
    account: { reading: { zone, clock }, channels, filters, serviceLevelSeconds, contacts, locale, mail },
    ports: {
      caresoft: openCareSoft({
        baseUrl,
        token,
        budget,
        ...(patience && { patience }),
        ...(onRetry && { onRetry }),
      }),
      lake: openFolder(lakeUri),
      mailer: openOutbox(outbox),
      clock: systemClock,
      ...(onPage && { onPage }),
    },
  };
}
