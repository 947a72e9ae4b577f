import type { Account } from './pipeline/account.ts';
import type { Settings } from './settings.ts';

export function toAccount(settings: Settings): Account {
  const { account, isNamed, caresoft, zone, channels, filters, lake, mail } = settings;
  const { serviceLevelSeconds, businessHours, replyHours, contacts, locale, lookBack, followUpDays } =
    settings;
  return {
    name: account,
    isNamed,
    source: caresoft.baseUrl,
    reading: { zone, clock: caresoft.clock },
    channels,
    filters,
    serviceLevelSeconds,
    businessHours,
    replyHours,
    contacts,
    locale,
    lookBack,
    followUpDays,
    lakeUri: 'folder' in lake ? lake.folder : lake.uri,
    mail: { from: mail.from, to: mail.to, unsubscribe: mail.unsubscribe },
  };
}
