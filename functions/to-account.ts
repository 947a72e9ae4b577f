import { recipeFrom } from './measure/recipe.ts';
import type { Account } from './pipeline/account.ts';
import type { Settings } from './settings.ts';
import { openZone } from './time/zone.ts';

export function toAccount(settings: Settings): Account {
  const { account, isNamed, caresoft, timeZone, locale, links, lookBack, followUpDays, lake, mail } =
    settings;
  return {
    ...recipeFrom(settings),
    name: account,
    isNamed,
    source: caresoft.baseUrl,
    reading: { zone: openZone(timeZone), clock: caresoft.clock },
    locale,
    links,
    lookBack,
    followUpDays,
    lakeUri: 'folder' in lake ? lake.folder : lake.uri,
    mail: { from: mail.from, to: mail.to, unsubscribe: mail.unsubscribe },
  };
}
