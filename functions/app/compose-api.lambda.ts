import type { ApiPorts, ShareAccess } from '../api/ports.ts';
import { openPresigner } from '../api/presign.s3.ts';
import { systemClock } from '../calendar/clock.system.ts';
import { apiVariables, toLinks } from '../config/settings.ts';
import { readVariables, WrongSettingsError } from '../config/variables.ts';
import { openLog } from '../observability/log.ts';
import { powertools } from '../observability/powertools.lambda.ts';
import type { Launcher } from '../pipeline/run-log.ts';
import { openOwnLake } from '../storage/lake-identity.ts';
import { domainOf } from '../storage/layout.ts';
import { openLakeAt } from '../storage/object-store.s3.ts';

/** The API in a function on AWS: what most requests need no SDK for is loaded for those that do. @throws WrongSettingsError */
export function composeApi(): ApiPorts {
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
    launcher: lazyLauncher(alias),
    presigner: 'folder' in place ? null : openPresigner(place),
    share:
      keySecret === undefined
        ? null
        : lazyViews(
            keySecret,
            recipients.map(({ address }) => address),
          ),
  };
}

function lazyLauncher(alias: string): Launcher {
  const opened = once(async () => {
    const { openLambdaLauncher } = await import('../pipeline/launcher.lambda.ts');
    return openLambdaLauncher(alias);
  });
  return { start: async (request) => await (await opened()).start(request) };
}

function lazyViews(secretId: string, recipients: readonly string[]): ShareAccess {
  const opened = once(async () => {
    const { openTokenSecret } = await import('../sources/caresoft/credentials.secrets.ts');
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
