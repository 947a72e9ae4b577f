import { openLog } from './log/log.ts';
import { powertools } from './log/powertools.lambda.ts';
import type { OnDemandPorts, Views } from './on-demand/ports.ts';
import { openPresigner } from './on-demand/presigner.s3.ts';
import type { Starter } from './pipeline/starter.ts';
import { apiVariables, toLinks } from './settings.ts';
import { domainOf } from './storage/domain.ts';
import { openOwnLake } from './storage/lake-identity.ts';
import { openLakeAt } from './storage/open-lake.s3.ts';
import { systemClock } from './time/clock.system.ts';
import { readVariables } from './variables.ts';
import { WrongSettingsError } from './wrong-settings-error.ts';

/** The API in a function on AWS: what most requests need no SDK for is loaded for those that do. @throws WrongSettingsError */
export function composeApi(): OnDemandPorts {
  const read = readVariables(apiVariables, process.env);
  if ('problems' in read) throw new WrongSettingsError(read.problems);
  const { ACCOUNT: name, TIME_ZONE: timeZone, CHANNELS: channels, LOCALE: locale } = read.values;
  const {
    CARESOFT_BASE_URL: source,
    LAKE_URI: place,
    WORKFLOW_ALIAS_ARN: alias,
    MAIL_TO: recipients,
    VIEW_KEY_SECRET: keySecret,
  } = read.values;
  return {
    account: { name, timeZone, channels, locale, links: toLinks(read.values) },
    lake: openOwnLake(openLakeAt(place), source === undefined ? null : domainOf(source)),
    clock: systemClock,
    log: openLog(powertools()).about({ account: name }),
    starter: lazyStarter(alias),
    presigner: 'folder' in place ? null : openPresigner(place),
    views:
      keySecret === undefined
        ? null
        : lazyViews(
            keySecret,
            recipients.map(({ address }) => address),
          ),
  };
}

function lazyStarter(alias: string): Starter {
  const opened = once(async () => {
    const { openLambdaStarter } = await import('./pipeline/starter.lambda.ts');
    return openLambdaStarter(alias);
  });
  return { start: async (request) => await (await opened()).start(request) };
}

function lazyViews(secretId: string, recipients: readonly string[]): Views {
  const opened = once(async () => {
    const { openTokenSecret } = await import('./capture/token.secrets.ts');
    return openTokenSecret({ secretId });
  });
  return { recipients, key: async () => await (await opened()).read(false) };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
